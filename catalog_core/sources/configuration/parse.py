"""From the bytes of a ``sources.yaml`` to what it says."""

from dataclasses import replace

from catalog_core.exceptions import InvalidDocument
from catalog_core.sources.configuration.label_entries import read_labels
from catalog_core.sources.configuration.query_entries import read_queries
from catalog_core.sources.configuration.reader import Reader
from catalog_core.sources.configuration.schema import Configuration, ParsedConfiguration, Section, SourceSpec
from catalog_core.sources.configuration.source_entries import read_source
from catalog_core.sources.formats import CONFIGURATION_LIMITS, Fault, Path, parse_document, shortened

_HEAD = {"apiVersion": "catalog/v1alpha1", "kind": "CatalogSources"}
_SECTION_KEYS = ("sources", "labels", "namedQueries")
_ENTRY_STEPS = 4
"""``catalogs``, the section, one of its keys, and the entry."""


def parse_configuration(
    content: bytes, *, file: str, origin: str | None = None, max_bytes: int = CONFIGURATION_LIMITS.max_bytes
) -> ParsedConfiguration:
    """Return what one configuration file says, and what is wrong with single entries of it; those are left out.

    An entry need not state everything, as it may override one of another file: after the last file was merged,
    :func:`complete` finds what is missing.

    Args:
        content: the file.
        file: how people know it, for messages.
        origin: what :attr:`SourceSpec.origin` is to be; ``file`` if absent. It does not appear in messages.
        max_bytes: largest size of the file, in bytes.

    Raises:
        InvalidDocument: nothing of the file may be applied: it is no YAML, empty, too large, several documents, or has
            no mapping under ``catalogs``; or something is wrong with it outside of single entries.
    """
    limits = replace(CONFIGURATION_LIMITS, max_bytes=max_bytes)
    reader = Reader(parse_document(content, file=file, limits=limits, tolerates_faults=True))
    if fatal := [fault.problem(file) for fault in reader.document.faults if not _is_within_entry(fault)]:
        raise InvalidDocument(fatal)
    if not isinstance(reader.document.value, dict):
        raise _invalid(reader, (), "The configuration has to be a mapping.", 'Begin with "catalogs:".')
    fields = reader.fields((), (*_HEAD, "catalogs"))
    _check_head(reader, fields)
    catalogs = _catalogs(reader, fields)
    sections = {
        key: _section(reader, (*catalogs, key), file if origin is None else origin) for key in reader.mapping(catalogs)
    }
    return ParsedConfiguration(configuration=Configuration(sections=sections), problems=tuple(reader.problems))


def _is_within_entry(fault: Fault) -> bool:
    """Whether a fault lies inside of something that can be left out on its own."""
    path = [str(step).lower() for step in fault.path()]
    entries = [key.lower() for key in _SECTION_KEYS]
    return len(path) >= _ENTRY_STEPS and path[0] == "catalogs" and path[2] in entries


def _check_head(reader: Reader, fields: dict[str, Path]) -> None:
    for key, expected in _HEAD.items():
        if key in fields and reader.value(fields[key]) != expected:
            message = f'"{key}" is not "{expected}"; the file is read as if it were.'
            reader.warning(fields[key], message, "unknown-version", f'Write "{key}: {expected}".')


def _catalogs(reader: Reader, fields: dict[str, Path]) -> Path:
    path = fields.get("catalogs")
    if path is None:
        hint = 'Add "catalogs:", with a key for each catalog; "catalogs: {}" stands for none.'
        raise _invalid(reader, (), 'There is no mapping under "catalogs".', hint)
    if not isinstance(reader.value(path), dict):
        hint = 'Write "catalogs:", then a key such as "models:", then "sources:" with the list.'
        raise _invalid(reader, path, '"catalogs" has to be a mapping with a key for each catalog.', hint)
    return path


def _section(reader: Reader, path: Path, origin: str) -> Section:
    errors_before = reader.errors
    fields = reader.fields(path, _SECTION_KEYS)
    has_unread = reader.errors > errors_before
    section = _sources(reader, fields["sources"], origin) if "sources" in fields else Section()
    return replace(
        section,
        labels=read_labels(reader, fields["labels"]) if "labels" in fields else (),
        named_queries=read_queries(reader, fields["namedQueries"]) if "namedQueries" in fields else {},
        states_labels="labels" in fields and isinstance(reader.value(fields["labels"]), list),
        is_incomplete=section.is_incomplete or has_unread,
    )


def _sources(reader: Reader, path: Path, origin: str) -> Section:
    specs: dict[str, SourceSpec] = {}
    refused: dict[str, Path] = {}
    errors_before = reader.errors
    elements = reader.elements(path)
    is_incomplete = reader.errors > errors_before
    for element in elements:
        found = read_source(reader, element, origin=origin, position=len(specs))
        if isinstance(found, str):
            is_incomplete = is_incomplete or not found
            if found and found not in specs:
                refused.setdefault(found, element)
        elif found.id in specs or found.id in refused:
            first = specs[found.id].line if found.id in specs else reader.document.position(refused[found.id])[0]
            message = f'The id "{shortened(found.id)}" stands twice in this catalog, first in line {first}.'
            reader.error(element, message, "duplicate-id", "This one is left out; give it another id.")
        else:
            specs[found.id] = found
    return Section(sources=tuple(specs.values()), refused=frozenset(refused), is_incomplete=is_incomplete)


def _invalid(reader: Reader, path: Path, message: str, hint: str) -> InvalidDocument:
    return InvalidDocument([reader.document.problem(path, message, "wrong-structure", hint)])
