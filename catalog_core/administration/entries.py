"""Entries of the configuration: those that clients send, checked as the reconciler would, and those in force."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from catalog_core.conf import catalog_settings
from catalog_core.exceptions import InvalidDocument, NotFound
from catalog_core.plugins.contract import Plugin, source_key
from catalog_core.problems import Problem
from catalog_core.reconcile.sources import spec_problems
from catalog_core.sources.configuration import SourceSpec, complete, parse_configuration
from catalog_core.sources.documents import Documents, read_configuration
from catalog_core.sources.editing import is_stated, json_text
from catalog_core.sources.formats import path_text, shortened


def checked_entry(plugin: Plugin, entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return an entry in its usual form, with the keys that it states, if nothing is wrong with it.

    Args:
        plugin: the catalog that it is for.
        entry: the entry as it would stand in the file, as a JSON value.

    Raises:
        InvalidDocument: something is wrong with it; the paths of the problems begin inside of the entry.
    """
    section = source_key(plugin)
    try:
        content = json_text({"catalogs": {section: {"sources": [entry]}}}).encode()
    except (TypeError, ValueError) as error:
        problem = Problem(
            message="The entry is not JSON.", rule="not-json", hint="Send texts, numbers, lists, objects."
        )
        raise InvalidDocument([problem]) from error
    parsed = parse_configuration(content, file="", max_bytes=len(content))
    whole = complete(parsed.configuration)
    problems = [*parsed.problems, *whole.problems]
    specs = whole.configuration.sections[section].sources
    problems += [problem for spec in specs for problem in spec_problems(plugin, spec)]
    if not specs or any(problem.severity == "error" for problem in problems):
        raise InvalidDocument(_within_entry(problem, section, entry) for problem in problems)
    return _stated(specs[0])


def current_entry(documents: Documents, section: str, source_id: str) -> dict[str, Any]:
    """Return what all files together say about a source, with the keys that one of them states.

    Empty if it says nothing about it, or nothing that can be understood.

    Raises:
        InvalidDocument: a file cannot be taken over as a whole.
    """
    spec = _specs(documents, section).get(source_id)
    return {} if spec is None else _stated(spec)


def find_source(documents: Documents, plugin: Plugin, source_id: str) -> dict[str, Any]:
    """Return what the configuration says about a source, as :func:`current_entry` does.

    Raises:
        NotFound: it says nothing about it.
        InvalidDocument: what it says is faulty, or a file cannot be taken over as a whole.
    """
    section = source_key(plugin)
    if entry := current_entry(documents, section, source_id):
        return entry
    if not is_stated(documents, section, source_id, max_bytes=catalog_settings().configuration_max_bytes):
        raise NotFound(f"{plugin.name} has no source {source_id!r}.")
    message = f'The entry of the source "{shortened(source_id)}" is faulty, so it cannot be changed in part.'
    hint = "Replace it as a whole, or mend it in the file."
    raise InvalidDocument([Problem(message=message, rule="faulty-entry", hint=hint)])


def order_of(documents: Documents, section: str, source_id: str) -> Sequence[str]:
    """Return the ids that stand before a source."""
    known = list(_specs(documents, section))
    return known[: known.index(source_id)] if source_id in known else known


def _specs(documents: Documents, section: str) -> dict[str, SourceSpec]:
    configuration, _ = read_configuration(documents, max_bytes=catalog_settings().configuration_max_bytes)
    found = configuration.sections.get(section)
    return {spec.id: spec for spec in found.sources} if found else {}


def _stated(spec: SourceSpec) -> dict[str, Any]:
    return {key: value for key, value in spec.as_dict().items() if key == "id" or key in spec.stated}


def _within_entry(problem: Problem, section: str, entry: Mapping[str, Any]) -> Problem:
    """Return a problem with its path as the sender of the entry knows it, and without lines that he never saw."""
    sources = path_text(("catalogs", section, "sources"))
    names = ("0", str(entry.get("id", "")), shortened(str(entry.get("id", ""))))
    path = problem.path
    for prefix in (f"{sources}[{name}]" for name in names):
        if path.startswith(prefix):
            path = path.removeprefix(prefix).removeprefix(".")
    return replace(problem, path=path, file="", line=None, column=None)
