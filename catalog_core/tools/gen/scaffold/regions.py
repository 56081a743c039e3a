"""Parts of a page that are written again, between marks; the rest of the page is its author's."""

import re

_BEGIN = "<!-- catalog-gen: {name} -->"
_END = "<!-- catalog-gen: end -->"


def region(name: str, content: str) -> str:
    """Return content between marks."""
    return f"{_BEGIN.format(name=name)}\n\n{content.strip()}\n\n{_END}"


def find_region(page: str, name: str) -> str | None:
    """Return a region with its marks as the page has it; nothing if the marks are not there."""
    pattern = f"{re.escape(_BEGIN.format(name=name))}.*?{re.escape(_END)}"
    found = re.search(pattern, page, re.DOTALL)
    return found.group() if found else None


def with_region(page: str, name: str, marked: str) -> str:
    """Return the page with another text in place of a region that it has."""
    present = find_region(page, name)
    return page if present is None else page.replace(present, marked, 1)
