"""One kind of entities: its list, walked page by page, and its look-up."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import quote

from catalog_core.tools.conformance.checks import Skipped
from catalog_core.tools.conformance.values import Item, identity, source_id
from catalog_core.tools.conformance.wire import Wire, WireError, as_object, as_objects, shown

LARGE_PAGE = 1000
MOST_ITEMS = 20_000
"""Lists with more entries are not read as a whole."""
MOST_PAGES = 500
"""A list that is read as a whole has to end within so many pages."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list.

    Attributes:
        items: its entries.
        document: the whole answer.
        next_token: leads to the next page; empty on the last one.
    """

    items: list[dict[str, Any]]
    document: dict[str, Any]
    next_token: str

    def number(self, key: str) -> int:
        """Return a whole number of the answer.

        Raises:
            WireError: it is absent or something else.
        """
        value = self.document.get(key)
        if type(value) is not int:
            raise WireError(f"{key} of the list is {shown(value)}, not a whole number")
        return value


class Kind:
    """A kind of entities of a catalog.

    Args:
        wire: asks for lists and entities.
        entity: what the V2 document says of the kind.
    """

    def __init__(self, wire: Wire, entity: dict[str, Any]) -> None:
        self._wire = wire
        self.entity = entity
        self.name = str(entity.get("kind"))

    @property
    def list_path(self) -> str:
        """Where the list is."""
        return str(self._endpoints.get("list") or "")

    @property
    def get_path(self) -> str:
        """Where one entity is, with placeholders in braces."""
        return str(self._endpoints.get("get") or "")

    @property
    def _endpoints(self) -> dict[str, Any]:
        return as_object(self.entity.get("endpoints"), f"endpoints of {self.name}")

    @property
    def columns(self) -> list[dict[str, Any]]:
        """The columns that the V2 document names."""
        return self._fields("columns")

    @property
    def filters(self) -> list[dict[str, Any]]:
        """The filters that the V2 document names."""
        return self._fields("filterFields")

    @property
    def details(self) -> list[dict[str, Any]]:
        """The fields of the detail view that the V2 document names."""
        return self._fields("detailFields")

    def _fields(self, part: str) -> list[dict[str, Any]]:
        fields = as_object(self.entity.get("fields"), f"fields of {self.name}")
        return as_objects(fields.get(part, []), f"fields.{part} of {self.name}")

    def path_of(self, name: str) -> str:
        """Return where the value of a filter or column stands in an entity, with dots between the steps."""
        paths = (field.get("path") for field in (*self.columns, *self.details) if field.get("name") == name)
        return str(next(filter(None, paths), name))

    def page(self, **query: str) -> Page:
        """Return one page of the list.

        Raises:
            WireError: the answer is no page.
        """
        document = self._wire.read(self.list_path, query)
        token = document.get("nextPageToken", "")
        if not isinstance(token, str):
            raise WireError(f"nextPageToken of {self.name} is {shown(token)}, not a text")
        return Page(as_objects(document.get("items"), f"items of {self.name}"), document, token)

    def pages(self, most: int, **query: str) -> Iterator[Page]:
        """Yield the pages of the list, following the tokens.

        Args:
            most: the list has to end within so many pages.
            query: filter, order and size of the pages.

        Raises:
            WireError: an answer is no page, or the list does not end.
        """
        page = self.page(**query)
        yield page
        seen: set[str] = set()
        while page.next_token:
            if page.next_token in seen or len(seen) + 1 >= most:
                again = "comes back to a page that was there before" if page.next_token in seen else "does not end"
                size = f" of {query['pageSize']}" if "pageSize" in query else ""
                raise WireError(f"the list of {self.name}, in pages{size}, {again} after {len(seen) + 1} pages")
            seen.add(page.next_token)
            page = self.page(**query, pageToken=page.next_token)
            yield page

    def found(self, **query: str) -> list[dict[str, Any]]:
        """Return all entries that a query finds.

        Raises:
            Skipped: there are more than can be compared.
            WireError: an answer is no page.
        """
        items: list[dict[str, Any]] = []
        for page in self.pages(MOST_PAGES, **{"pageSize": str(LARGE_PAGE), **query}):
            items += page.items
            if len(items) > MOST_ITEMS:
                raise Skipped(f"{self.name} has more than {MOST_ITEMS} entries, too many to compare")
            if page.next_token and not page.items:
                raise WireError(f"the list of {self.name} has an empty page that leads to another")
        return items

    @cached_property
    def items(self) -> list[dict[str, Any]]:
        """The whole list without filter, in its own order; read once."""
        return self.found()

    def some_items(self) -> list[dict[str, Any]]:
        """Return the whole list.

        Raises:
            Skipped: it is empty, so nothing can be seen by it.
        """
        if not self.items:
            raise Skipped(f"the list of {self.name} is empty; give the catalog a source with entries")
        return self.items

    def address(self, item: Item, *, safe: str = "") -> str:
        """Return the path of an entity, percent-encoded but for the characters in ``safe``."""
        path = self.get_path.replace("{source_id}", quote(source_id(item), safe=""))
        return path.replace("{name}", quote(str(item.get("name")), safe=safe))

    def get(self, item: Item, *, safe: str = "") -> dict[str, Any]:
        """Return an entity, looked up by its name.

        Raises:
            WireError: the answer is not 200 or no JSON object.
        """
        query = {} if "{source_id}" in self.get_path or not source_id(item) else {"source": source_id(item)}
        return self._wire.read(self.address(item, safe=safe), query)

    def forget(self) -> None:
        """Forget the list."""
        self.__dict__.pop("items", None)

    def has_changed(self) -> bool:
        """Say whether the list differs from what was read of it before."""
        before = self.__dict__.get("items")
        return before is not None and _by_identity(self.found()) != _by_identity(before)


def _by_identity(items: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {identity(item): item for item in items}
