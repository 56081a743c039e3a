"""Category B: filters really filter; their answers are compared with the unfiltered list."""

import re
from collections.abc import Mapping
from typing import Any

from catalog_core.tools.conformance.checks import Category, Findings, Note, check
from catalog_core.tools.conformance.expectations import expectations
from catalog_core.tools.conformance.subjects import Catalog
from catalog_core.tools.conformance.suite.errors import refusal_problems
from catalog_core.tools.conformance.values import identity, literal, source_id
from catalog_core.tools.conformance.wire import Query, WireError, excerpt, listed

NOBODY = "no entry is called so"
NOT_UNDERSTOOD = ("name = ", "name LIKE", "(name = 'a'", "no_such_field = 1", "name ~ 'a'", "name = 'a' name = 'b'")

_check = check(Category.LIST_GET)


@_check
def every_filter_filters(catalog: Catalog) -> Findings:
    """Each filter finds, for each operator and each value that occurs, exactly the entries that it should."""
    for kind in catalog.kinds:
        silent = []
        for field in kind.filters:
            expected = list(expectations(field, kind.path_of(str(field.get("name"))), kind.some_items()))
            for expectation in expected:
                try:
                    problem = expectation.problem(kind.found(filterQuery=expectation.query))
                except WireError as error:
                    problem = str(error)
                if problem:
                    yield f"{kind.name}: {excerpt(problem, 300)}"
            silent += [] if expected else [field.get("name")]
        if silent:
            yield Note(f"no entry of {kind.name} has a value to filter by for {listed(silent)}")


@_check
def every_option_is_accepted(catalog: Catalog) -> Findings:
    """Filtering by an option is possible even where nothing has that value."""
    for kind in catalog.kinds:
        for field in kind.filters:
            for option in field.get("options", []):
                query = {"filterQuery": f"{field.get('name')} = {literal(option)}"}
                try:
                    kind.page(**query)
                except WireError as error:
                    yield str(error)


@_check
def filters_are_joined(catalog: Catalog) -> Findings:
    """AND, OR, NOT, parentheses and IN mean what they say."""
    for kind in catalog.kinds:
        items = kind.some_items()
        first, last = str(items[0].get("name")), str(items[-1].get("name"))
        one, other = f"name = {literal(first)}", f"name = {literal(last)}"
        everything = {identity(item) for item in items}
        is_one = {identity(item) for item in items if item.get("name") == first}
        is_other = {identity(item) for item in items if item.get("name") == last}
        wanted = {
            f"{one} OR {other}": is_one | is_other,
            f"{one} AND {other}": is_one & is_other,
            f"NOT {one}": everything - is_one,
            f"NOT ({one} OR {other})": everything - is_one - is_other,
            f"name IN ({literal(first)}, {literal(last)})": is_one | is_other,
        }
        for query, expected in wanted.items():
            if {identity(item) for item in kind.found(filterQuery=query)} != expected:
                yield f"{kind.name}: {excerpt(query, 300)} does not find what it should"


@_check
def no_match_is_an_empty_list(catalog: Catalog) -> Findings:
    """A filter that nothing matches gives an empty array with sizes of nought, not null and not an error."""
    for kind in catalog.kinds:
        page = kind.page(filterQuery=f"name = '{NOBODY}'")
        if page.items:
            yield f"{kind.name}: {len(page.items)} entries are found by a name that none has"
        elif page.number("size") or page.number("totalSize"):
            yield f"{kind.name}: nothing is found, but size or totalSize is not 0"
        if page.next_token:
            yield f"{kind.name}: nothing is found, but there is a token for more"


@_check
def filters_not_understood_are_refused(catalog: Catalog) -> Findings:
    """A syntax error or an unknown field is refused, never everything and never a failure of the server."""
    for kind in catalog.kinds:
        for query in NOT_UNDERSTOOD:
            yield from refusal_problems(catalog.reader.get(kind.list_path, {"filterQuery": query}), 400)


@_check
def texts_in_filters_are_texts(catalog: Catalog) -> Findings:
    """Quotes, comment signs and words of databases inside a text are part of the text."""
    texts = ("x' OR 'a' = 'a", "--", "; DROP TABLE x", "100%", "a AND b", "\\", "größer 数")
    for kind in catalog.kinds:
        for text in texts:
            query = {"filterQuery": f"name = {literal(text)}"}
            wanted = {identity(item) for item in kind.items if item.get("name") == text}
            try:
                found = {identity(item) for item in kind.found(**query)}
            except WireError as error:
                yield str(error)
                continue
            if found != wanted:
                yield f"{kind.name}: {query['filterQuery']} finds {len(found)} entries, not {len(wanted)}"


@_check
def sources_select(catalog: Catalog) -> Findings:
    """The parameter source leaves the entries of that source, and none of an unknown one."""
    for kind in catalog.kinds:
        for source in sorted({source_id(item) for item in kind.some_items()} - {""}):
            wanted = {identity(item) for item in kind.items if source_id(item) == source}
            if {identity(item) for item in kind.found(source=source)} != wanted:
                yield f"{kind.name}: source={source} does not give the {len(wanted)} entries of that source"
        if found := kind.found(source="no-source-is-called-so"):
            yield f"{kind.name}: an unknown source gives {len(found)} entries"


@_check
def free_text_searches(catalog: Catalog) -> Findings:
    """The parameter q finds an entry by a word of its name, in any case, and nothing by a word that is nowhere."""
    for kind in catalog.kinds:
        items = kind.some_items()
        word = max(re.findall(r"[A-Za-z0-9]+", str(items[0].get("name"))), key=len, default="")
        queries: list[Query] = [{"q": word.upper()}, {"q": word.lower()}] if word else []
        for query in queries:
            found = {identity(item) for item in kind.found(**query)}
            by_name = {identity(item) for item in items if word.lower() in _words(item)}
            if not by_name <= found:
                yield f"{kind.name}: q={query['q']} misses {len(by_name - found)} entries that have it in their name"
        if kind.found(q="qqzzxxwwvv"):
            yield f"{kind.name}: q finds entries by a word that is in none"


def _words(item: Mapping[str, Any]) -> list[str]:
    return re.findall(r"[a-z0-9]+", str(item.get("name")).lower())


CHECKS = (
    every_filter_filters,
    every_option_is_accepted,
    filters_are_joined,
    no_match_is_an_empty_list,
    filters_not_understood_are_refused,
    texts_in_filters_are_texts,
    sources_select,
    free_text_searches,
)
