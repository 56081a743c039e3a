"""Category B: entities are found by their names, and unchanged answers are not sent twice."""

from collections.abc import Iterator
from urllib.parse import quote

from catalog_core.tools.conformance.checks import Category, Findings, Skipped, check
from catalog_core.tools.conformance.kinds import Kind
from catalog_core.tools.conformance.subjects import PLUGINS_PATH, Catalog
from catalog_core.tools.conformance.suite.errors import refusal_problems
from catalog_core.tools.conformance.values import Item
from catalog_core.tools.conformance.wire import Query, WireError, shown

MOST_LOOKUPS = 20
UNKNOWN_NAMES = ("no entry is called so", "no/entry/is/called/so", "größer' OR 'a'='a")

_check = check(Category.LIST_GET)


@_check
def entries_are_found_by_name(catalog: Catalog) -> Findings:
    """The look-up gives the very document that the list shows, with slashes in names as they are or encoded."""
    for kind in catalog.kinds:
        kind.some_items()
        for item in _telling(kind):
            for safe in ("", "/") if "/" in str(item.get("name")) else ("",):
                try:
                    found = kind.get(item, safe=safe)
                except WireError as error:
                    yield str(error)
                    continue
                if found != item:
                    keys = sorted(key for key in {*found, *item} if found.get(key) != item.get(key))
                    yield f"{kind.address(item, safe=safe)} differs from the list in {shown(keys)}"


@_check
def unknown_names_are_not_found(catalog: Catalog) -> Findings:
    """A name that no entry has is 404 in JSON."""
    for kind in catalog.kinds:
        known = kind.items[0] if kind.items else {"sourceId": "no-source"}
        for name in UNKNOWN_NAMES:
            yield from refusal_problems(catalog.reader.get(kind.address({**known, "name": name})), 404)


@_check
def unchanged_answers_are_not_sent_again(catalog: Catalog) -> Findings:
    """Every read has an ETag, and is 304 without a body where the client has it already (RFC 9110, 13.1.2)."""
    for path, query in _readable(catalog):
        first = catalog.reader.get(path, query).expect(200)
        etag = first.headers.get("etag", "")
        if not etag:
            yield f"{first.question}: there is no ETag"
            continue
        again = catalog.reader.get(path, query, headers={"If-None-Match": etag})
        if again.status != 304:
            yield f"{first.question}: the ETag sent back is answered {again.status}, not 304"
        elif again.body:
            yield f"{first.question}: the 304 has a body"
        other = catalog.reader.get(path, query, headers={"If-None-Match": '"no-such-tag"'})
        if other.status != 200:
            yield f"{first.question}: an ETag of nobody is answered {other.status}, not 200"


@_check
def etags_tell_queries_apart(catalog: Catalog) -> Findings:
    """The ETag of one query is not taken for that of another."""
    for kind in catalog.kinds:
        etag = catalog.reader.get(kind.list_path).expect(200).headers.get("etag", "")
        if not etag:
            raise Skipped("lists have no ETag")
        query = {"filterQuery": "name = 'no entry is called so'"}
        answer = catalog.reader.get(kind.list_path, query, headers={"If-None-Match": etag})
        if answer.status != 200:
            yield f"{answer.question}: the ETag of the unfiltered list is answered {answer.status}, not 200"


@_check
def head_answers_like_get(catalog: Catalog) -> Findings:
    """HEAD has the status and the ETag of GET, and no body (RFC 9110, 9.3.2)."""
    for path, query in _readable(catalog):
        got, head = (catalog.reader.ask(method, path, query) for method in ("GET", "HEAD"))
        if head.status != got.status:
            yield f"{head.question}: answered {head.status}, but GET {got.status}"
        elif head.body:
            yield f"{head.question}: the answer has a body"
        elif head.headers.get("etag") != got.headers.get("etag"):
            yield f"{head.question}: the ETag differs from that of GET"


def _readable(catalog: Catalog) -> Iterator[tuple[str, Query]]:
    yield PLUGINS_PATH, {}
    yield catalog.capabilities_path, {}
    for kind in catalog.kinds:
        yield kind.list_path, {"pageSize": "2"}
        if kind.items:
            yield kind.address(kind.items[0]), {}


def _telling(kind: Kind) -> list[Item]:
    """Return the first and the last entry, those whose names are not plain, and further ones, at most so many."""
    odd = [item for item in kind.items if quote(str(item.get("name")), safe="") != item.get("name")]
    chosen: list[Item] = [kind.items[0], kind.items[-1], *odd, *kind.items[:MOST_LOOKUPS]]
    return list({str(item.get("name")): item for item in chosen}.values())[:MOST_LOOKUPS]


CHECKS = (
    entries_are_found_by_name,
    unknown_names_are_not_found,
    unchanged_answers_are_not_sent_again,
    etags_tell_queries_apart,
    head_answers_like_get,
)
