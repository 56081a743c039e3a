"""Whether what a plugin declares fits together: every field that a column, filter, section or hint names exists, and
every word that clients have to know is one of those that they do know."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, get_args

from catalog_core.plugins.declarations import Column, Detail, Display, FieldType, Filter, FilterType, ViewField, Width
from catalog_core.problems import did_you_mean

if TYPE_CHECKING:
    from catalog_core.entities.catalog import CatalogPlugin

_DIRECTIONS = ("asc", "desc")
_REFERENCE_PATH = re.compile(r"[^.\[\]\s]+(\[\])?(\.[^.\[\]\s]+(\[\])?)*")
_KIND = re.compile(r"[A-Za-z][A-Za-z0-9]{0,99}")
_LONGEST_RELATION = 100


def declaration_problems(plugin: "CatalogPlugin", known: Iterable[str]) -> Iterator[str]:
    """Yield everything that does not fit in the columns, filters, sections and hints of a plugin.

    Args:
        plugin: the plugin.
        known: the names of the fields that the JSON of an entity can have.
    """
    fields = frozenset(known)
    yield from _unknown(_paths(plugin), fields)
    yield from _twice("column", (column.name for column in plugin.columns))
    yield from _twice("filter", (filter_.name for filter_ in plugin.filters))
    yield from _strange_words(plugin)
    names = fields | {column.name for column in plugin.columns} | {filter_.name for filter_ in plugin.filters}
    names |= {entry.name for section in plugin.sections for entry in section.fields if isinstance(entry, Detail)}
    yield from _unknown(_hinted(plugin), names)
    yield from _hint_problems(plugin)
    yield from _reference_problems(plugin, fields)


def _paths(plugin: "CatalogPlugin") -> Iterator[tuple[str, str]]:
    declared: tuple[Column | Filter, ...] = (*plugin.columns, *plugin.filters)
    for one in declared:
        yield type(one).__name__.lower(), one.path or one.name
    for section in plugin.sections:
        for entry in section.fields:
            yield f"field of section {section.title!r}", entry if isinstance(entry, str) else entry.path or entry.name


def _hinted(plugin: "CatalogPlugin") -> Iterator[tuple[str, str]]:
    yield from (("list_columns", column.field) for column in plugin.list_columns)
    yield from (("detail_fields", name) for name in plugin.detail_fields)
    yield from (("cli_columns", name) for name in plugin.cli_columns)
    yield from (("cli_filters", name) for name in plugin.cli_filters)
    hints = plugin.hints
    if hints is None:
        return
    yield from (("hints.searchable_fields", name) for name in hints.searchable_fields)
    if hints.title_field:
        yield "hints.title_field", hints.title_field
    if hints.default_sort:
        yield "hints.default_sort", hints.default_sort[0]
    yield from ((where, view.field) for where, view in _view_fields(plugin))


def _view_fields(plugin: "CatalogPlugin") -> Iterator[tuple[str, ViewField]]:
    if plugin.hints is None:
        return
    yield from (("hints.list_columns", view) for view in plugin.hints.list_columns)
    yield from (("hints.facets", view) for view in plugin.hints.facets)
    for title, views in plugin.hints.detail_sections:
        yield from ((f"hints.detail_sections {title!r}", view) for view in views)


def _unknown(named: Iterable[tuple[str, str]], known: frozenset[str]) -> Iterator[str]:
    for where, path in named:
        if path.partition(".")[0] not in known:
            yield f"{where}: {path!r} is no field of the kind. {did_you_mean(path, known)}".rstrip()


def _twice(what: str, names: Iterable[str]) -> Iterator[str]:
    yield from (f"{what} {name!r} is declared {count} times" for name, count in Counter(names).items() if count > 1)


def _strange_words(plugin: "CatalogPlugin") -> Iterator[str]:
    """Yield the words that no client knows, among those that are chosen from a list."""
    words: list[tuple[str, str | None, Any]] = []
    words += [(f"type of column {column.name!r}", column.type, FieldType) for column in plugin.columns]
    words += [(f"width of column {column.name!r}", column.width, Width) for column in plugin.columns]
    words += [(f"type of filter {filter_.name!r}", filter_.type, FilterType) for filter_ in plugin.filters]
    for where, view in _view_fields(plugin):
        words += [(f"display of {view.field!r} in {where}", view.display, Display)]
        words += [(f"width of {view.field!r} in {where}", view.width, Width)]
    for where, word, choices in words:
        if word and word not in get_args(choices):
            yield f"{where}: {word!r} is not one of {', '.join(get_args(choices))}"


def _hint_problems(plugin: "CatalogPlugin") -> Iterator[str]:
    yield from ("a section has no title" for section in plugin.sections if not section.title)
    hints = plugin.hints
    if hints is None:
        return
    if hints.default_sort and hints.default_sort[1] not in _DIRECTIONS:
        yield f"hints.default_sort: {hints.default_sort[1]!r} is neither asc nor desc"
    yield from ("hints.detail_sections: a section has no title" for title, _ in hints.detail_sections if not title)
    for action, prompt in hints.confirmations:
        if not (action and prompt):
            yield f"hints.confirmations: ({action!r}, {prompt!r}) lacks the action or the prompt"


def _reference_problems(plugin: "CatalogPlugin", known: frozenset[str]) -> Iterator[str]:
    yield from _twice("reference", (f"{one.path} to {one.kind}" for one in plugin.references))
    for reference in plugin.references:
        where = f"reference {reference.path!r}"
        if not _REFERENCE_PATH.fullmatch(reference.path):
            yield f"{where}: a path is keys with dots between them and [] behind a key that holds a list"
        else:
            yield from _unknown([(where, reference.steps[0])], known)
        if not _KIND.fullmatch(reference.kind):
            yield f"{where}: {reference.kind!r} is no name of a kind, such as McpServer"
        if not reference.relation.strip() or len(reference.relation) > _LONGEST_RELATION:
            yield f"{where}: its relation {reference.relation!r} is not a verb of 1 to {_LONGEST_RELATION} characters"
