"""Category B: a list has its form, is cut into pages without loss, and refuses what it does not understand."""

from collections.abc import Iterator

from catalog_core.tools.conformance.checks import Category, Findings, Note, Skipped, check
from catalog_core.tools.conformance.kinds import Kind
from catalog_core.tools.conformance.subjects import Catalog
from catalog_core.tools.conformance.suite.errors import refusal_problems
from catalog_core.tools.conformance.values import Item, identity
from catalog_core.tools.conformance.wire import WireError, listed, shown

MOST_PAGES = 60
"""A walk through a list takes about so many pages at the most."""

REFUSED_PARAMETERS = (
    ("pageToken", "bm8gc3VjaCB0b2tlbg"),
    ("pageSize", "many"),
    ("orderBy", "no_such_field"),
    ("sortOrder", "SIDEWAYS"),
)

_check = check(Category.LIST_GET)


@_check
def list_has_its_form(catalog: Catalog) -> Findings:
    """A list is an array of objects with names, no two of the same identity."""
    for kind in catalog.kinds:
        nameless = [item for item in kind.items if not isinstance(item.get("name"), str) or not item["name"]]
        if nameless:
            yield f"{len(nameless)} entries of {kind.name} have no name, the first is {shown(nameless[0])}"
        ids = [identity(item) for item in kind.items]
        if len(set(ids)) < len(ids):
            yield f"{len(ids) - len(set(ids))} entries of {kind.name} have the identity of another"
        if not kind.items:
            yield Note(f"the list of {kind.name} is empty, so little can be seen by it")


@_check
def sizes_are_true(catalog: Catalog) -> Findings:
    """totalSize counts what matches, size that or the page, and pageSize is what the page was cut to."""
    for kind in catalog.kinds:
        total = len(kind.items)
        for page_size in sorted({1, max(1, total - 1), total + 1}):
            page = kind.page(pageSize=str(page_size))
            what = f"with pageSize={page_size} the list of {kind.name}"
            if page.number("totalSize") != total:
                yield f"{what} says totalSize {page.number('totalSize')}, but holds {total}"
            if page.number("size") not in (total, len(page.items)):
                yield f"{what} says size {page.number('size')}, but holds {total}, {len(page.items)} on the page"
            if page.document.get("pageSize", page_size) != page_size:
                yield f"{what} says pageSize {shown(page.document['pageSize'])}"


@_check
def paging_meets_every_entry_once(catalog: Catalog) -> Findings:
    """Following the tokens gives the whole list in its order, whatever the size of the pages."""
    for kind in catalog.kinds:
        whole = [identity(item) for item in kind.items]
        least = -(-len(whole) // MOST_PAGES) or 1
        for page_size in (least, least + 1, least + 2):
            try:
                yield from _walk_problems(kind, page_size, whole)
            except WireError as error:
                yield str(error)


@_check
def both_names_of_the_token_work(catalog: Catalog) -> Findings:
    """nextPageToken is understood as a parameter too, and leads where pageToken does."""
    for kind in _with_two_pages(catalog):
        token = kind.page(pageSize="1").next_token
        pages = [kind.page(pageSize="1", **{name: token}) for name in ("pageToken", "nextPageToken")]
        if pages[0].items != pages[1].items:
            yield f"nextPageToken leads to another page of {kind.name} than pageToken"


@_check
def tokens_of_other_lists_are_refused(catalog: Catalog) -> Findings:
    """A token works for the list that it came from only, not with another filter or order."""
    for kind in _with_two_pages(catalog):
        token = kind.page(pageSize="1").next_token
        for query in ({"sortOrder": "DESC"}, {"filterQuery": "name != 'no entry is called so'"}):
            answer = catalog.reader.get(kind.list_path, {**query, "pageSize": "1", "pageToken": token})
            yield from refusal_problems(answer, 400)


@_check
def bad_parameters_are_refused(catalog: Catalog) -> Findings:
    """A token of nobody, a page size that is no number and an unknown order are refused, never ignored."""
    for kind in catalog.kinds:
        for name, value in REFUSED_PARAMETERS:
            yield from refusal_problems(catalog.reader.get(kind.list_path, {name: value}), 400)


@_check
def page_sizes_are_bounded(catalog: Catalog) -> Findings:
    """However much is asked for, a page stays within a limit, and zero means the usual size."""
    for kind in catalog.kinds:
        usual = kind.page().document.get("pageSize")
        for asked in ("0", "-1"):
            page = kind.page(pageSize=asked)
            if page.document.get("pageSize") != usual:
                yield f"pageSize={asked} gives pages of {shown(page.document.get('pageSize'))}, not of {shown(usual)}"
        if len(huge := kind.page(pageSize="1000000000").items) > 10_000:
            yield f"a page of {kind.name} holds {len(huge)} entries, so its size is not bounded"


@_check
def lists_are_stable(catalog: Catalog) -> Findings:
    """Asking twice gives the same entries in the same order."""
    for kind in catalog.kinds:
        pages = [[identity(item) for item in kind.page().items] for _ in range(3)]
        if any(page != pages[0] for page in pages):
            yield f"the list of {kind.name} differs from one call to the next"


def _walk_problems(kind: Kind, page_size: int, whole: list[str]) -> Iterator[str]:
    met: list[str] = []
    for page in kind.pages(2 * MOST_PAGES, pageSize=str(page_size)):
        if len(page.items) > page_size:
            yield f"{kind.name}: a page of {page_size} holds {len(page.items)} entries"
        if len(page.items) < page_size and page.next_token:
            yield f"{kind.name}: a page of {page_size} holds {len(page.items)} entries, though more follow"
        met += [identity(item) for item in page.items]
    names = {identity(item): _name(item) for item in kind.items}
    pages = f"in pages of {page_size} the list of {kind.name}"
    if twice := sorted({names.get(key, key) for key in met if met.count(key) > 1}):
        yield f"{pages} repeats {listed(twice)}"
    if missing := [names[key] for key in whole if key not in met]:
        yield f"{pages} misses {listed(missing)}"
    if surplus := [key for key in met if key not in names]:
        yield f"{pages} holds entries that the whole list does not: {listed(surplus)}"
    if sorted(met) == sorted(whole) and met != whole:
        yield f"{pages} has another order than in one page"


def _with_two_pages(catalog: Catalog) -> list[Kind]:
    kinds = [kind for kind in catalog.kinds if len(kind.items) > 1]
    if not kinds:
        raise Skipped("no list has two entries, so there is no second page; add entries to a source")
    return kinds


def _name(item: Item) -> str:
    return str(item.get("name"))


CHECKS = (
    list_has_its_form,
    sizes_are_true,
    paging_meets_every_entry_once,
    both_names_of_the_token_work,
    tokens_of_other_lists_are_refused,
    bad_parameters_are_refused,
    page_sizes_are_bounded,
    lists_are_stable,
)
