"""Category A: hints for user interfaces, where a catalog gives some, can be followed."""

from collections.abc import Iterator, Mapping
from typing import Any

from catalog_core.tools.conformance.checks import Category, Findings, check
from catalog_core.tools.conformance.subjects import Catalog
from catalog_core.tools.conformance.suite.capabilities import WIDTHS, absent, outside
from catalog_core.tools.conformance.wire import as_object, as_objects

DISPLAYS = (
    "text",
    "markdown",
    "badge",
    "tags",
    "link",
    "repoRef",
    "imageRef",
    "dateTime",
    "code",
    "json",
    "secretRef",
)

Hints = Mapping[str, Any]


@check(Category.CAPABILITIES)
def ui_hints(catalog: Catalog) -> Findings:
    """Hints name fields and labels, and displays, widths and directions that exist."""
    for kind in catalog.kinds:
        hints = as_object(kind.entity.get("uiHints", {}), f"uiHints of {kind.name}")
        for part, rules in (("listView", _list_view), ("detailView", _detail_view), ("search", _search)):
            where = f"{part} of {kind.name}"
            yield from rules(as_object(hints.get(part, {}), where), where)
        yield from _confirmations(hints, kind.name)


@check(Category.CAPABILITIES)
def short_hints(catalog: Catalog) -> Findings:
    """The short hints of discovery name a field and a label for each column and detail."""
    hints = as_object(catalog.entry.get("uiHints", {}), "uiHints")
    for part in ("listColumns", "detailFields"):
        for index, field in enumerate(as_objects(hints.get(part, []), f"uiHints.{part}")):
            yield from absent(field, ("field", "label"), f"uiHints.{part}[{index}]")


def _list_view(view: Hints, where: str) -> Iterator[str]:
    for index, column in enumerate(as_objects(view.get("columns", []), f"columns in {where}")):
        what = f"columns[{index}] in {where}"
        yield from absent(column, ("field", "label"), what)
        yield from _field(column, what)
    sort = as_object(view.get("defaultSort", {}), f"defaultSort in {where}")
    if sort:
        yield from absent(sort, ("field",), f"defaultSort in {where}")
        yield from outside(sort.get("direction", ""), ("", "asc", "desc"), f"direction of defaultSort in {where}")


def _detail_view(view: Hints, where: str) -> Iterator[str]:
    for index, section in enumerate(as_objects(view.get("sections", []), f"sections in {where}")):
        what = f"sections[{index}] in {where}"
        yield from absent(section, ("title",), what)
        for field in as_objects(section.get("fields", []), f"fields of {what}"):
            yield from absent(field, ("field",), f"a field of {what}")
            yield from _field(field, f"a field of {what}")


def _search(search: Hints, where: str) -> Iterator[str]:
    for index, facet in enumerate(as_objects(search.get("facets", []), f"facets in {where}")):
        yield from absent(facet, ("field",), f"facets[{index}] in {where}")
        yield from _field(facet, f"facets[{index}] in {where}")


def _confirmations(hints: Hints, kind: str) -> Iterator[str]:
    actions = as_object(hints.get("actionHints", {}), f"actionHints of {kind}")
    for entry in as_objects(actions.get("confirmations", []), f"confirmations of {kind}"):
        yield from absent(entry, ("action", "prompt"), f"a confirmation of {kind}")


def _field(field: Hints, what: str) -> Iterator[str]:
    if field.get("display"):
        yield from outside(field["display"], DISPLAYS, f"display of {what}")
    if field.get("width"):
        yield from outside(field["width"], WIDTHS, f"width of {what}")


CHECKS = (ui_hints, short_hints)
