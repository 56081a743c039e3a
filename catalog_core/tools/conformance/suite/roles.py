"""Category D: what only operators may do is refused to everybody else; readers see no configuration."""

from collections.abc import Iterator, Mapping
from typing import Any

from catalog_core.tools.conformance.checks import Category, Findings, Skipped, check
from catalog_core.tools.conformance.subjects import Catalog
from catalog_core.tools.conformance.suite.errors import refusal_problems
from catalog_core.tools.conformance.suite.sources import UNKNOWN
from catalog_core.tools.conformance.trial import require_managed, source_list
from catalog_core.tools.conformance.wire import Answer, Wire, listed, shown

# Each is without effect even where it is not refused: about a source that does not exist, or with an empty body.
CHANGES: tuple[tuple[str, str, Any], ...] = (
    ("POST", "/validate-source", {}),
    ("POST", "/apply-source", {}),
    ("POST", f"/sources/{UNKNOWN}/enable", {}),
    ("POST", f"/sources/{UNKNOWN}:validate", {}),
    ("POST", f"/sources/{UNKNOWN}:rollback", {}),
    ("DELETE", f"/sources/{UNKNOWN}", None),
    ("POST", f"/sources/{UNKNOWN}:action", {}),
    ("POST", f"/entities/{UNKNOWN}:action", {}),
)
REFRESHES: tuple[tuple[str, str, Any], ...] = (("POST", f"/refresh/{UNKNOWN}", {}),)
ROLE_HEADERS = {
    "X-User-Role": "operator",
    "X-User-Principal": "admin",
    "X-Remote-User": "admin",
    "X-Remote-Group": "catalog-operators,system:masters",
    "X-Role": "operator",
}
FOR_OPERATORS_ONLY = ("properties", "content", "origin", "path", "url")

_check = check(Category.SECURITY)


@_check
def strangers_change_nothing(catalog: Catalog) -> Findings:
    """Without credentials every change is 401 or 403, before the body is looked at."""
    yield from _not_refused(catalog, catalog.server.nobody, (401, 403))


@_check
def unknown_tokens_change_nothing(catalog: Catalog) -> Findings:
    """A token that nobody gave out is no credential."""
    for header in (
        "Bearer no-such-token",
        "Bearer eyJhbGciOiJub25lIn0.eyJyb2xlIjoib3BlcmF0b3IifQ.",
        "Basic YWRtaW46YWRtaW4=",
    ):
        yield from _not_refused(catalog, catalog.server.nobody, (401, 403), {"Authorization": header})


@_check
def role_headers_mean_nothing(catalog: Catalog) -> Findings:
    """Nobody becomes an operator by a header that any caller can send (unless this machine is a trusted proxy)."""
    yield from _not_refused(catalog, catalog.server.nobody, (401, 403), ROLE_HEADERS)


@_check
def viewers_change_nothing(catalog: Catalog) -> Findings:
    """A caller who is known, but no operator, gets 403 for every change."""
    require_managed(catalog)
    if catalog.server.viewer is None:
        raise Skipped("no viewer's token was given; give --viewer-token")
    yield from _not_refused(catalog, catalog.server.viewer, (403,))


@_check
def operators_are_known(catalog: Catalog) -> Findings:
    """The token that was given belongs to an operator."""
    require_managed(catalog)
    if catalog.server.operator is None:
        raise Skipped("no operator's token was given; give --token")
    answer = catalog.server.operator.ask("POST", f"{catalog.management_path}/validate-source", document={})
    if answer.status in (401, 403):
        yield f"{answer.question}: the operator's token is answered {answer.status}; is it one of an operator?"


@_check
def readers_see_no_configuration(catalog: Catalog) -> Findings:
    """Readers see which sources there are and how they do, but not what they are read from."""
    require_managed(catalog)
    if catalog.reader is catalog.server.operator:
        raise Skipped("the server lets only identified callers read, and no viewer's token was given")
    for info in source_list(catalog.reader, catalog):
        found = [key for key in FOR_OPERATORS_ONLY if info.get(key)]
        if found:
            yield f"readers see {listed(found)} of source {shown(info.get('id'))}"


def _not_refused(
    catalog: Catalog, wire: Wire, statuses: tuple[int, ...], headers: Mapping[str, str] | None = None
) -> Iterator[str]:
    """Yield what is wrong with the answers to changes that the caller may not make."""
    require_managed(catalog)
    problems = [problem for answer in _tried(catalog, wire, headers) for problem in refusal_problems(answer, *statuses)]
    yield from problems


def _tried(catalog: Catalog, wire: Wire, headers: Mapping[str, str] | None) -> Iterator[Answer]:
    refreshes = REFRESHES if catalog.source_capabilities.get("refreshable") is True else ()
    for method, path, document in (*CHANGES, *refreshes):
        yield wire.ask(method, f"{catalog.management_path}{path}", document=document, headers=headers)
    yield wire.ask("POST", f"{catalog.management_path}/apply-source", body=b"{", headers=headers)


CHECKS = (
    strangers_change_nothing,
    unknown_tokens_change_nothing,
    role_headers_mean_nothing,
    viewers_change_nothing,
    operators_are_known,
    readers_see_no_configuration,
)
