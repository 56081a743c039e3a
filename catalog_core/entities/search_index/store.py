"""The table of words, and everything that the two databases do differently about it.

SQLite has it as a virtual table (FTS5), PostgreSQL as a table of ``tsvector`` with a GIN index; both were made by a
migration. No Django model stands for it. Rows are found by the primary key of the asset; one that is left over when
its asset is gone is never seen, since every search looks for the assets.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import orjson
from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, F, Func
from django.db.models.sql.compiler import SQLCompiler

from catalog_core.entities.bulk import COPIED_FROM
from catalog_core.entities.envelope import Asset
from catalog_core.entities.query.expressions import Sql
from catalog_core.entities.search_index.entries import GAP, IndexEntry, index_entry
from catalog_core.entities.search_index.expressions import EVERYTHING, Match, as_fts5, as_tsquery

TABLE = "catalog_core_assetwords"
_MAX_POSITION = 16383  # the largest that a tsvector keeps


class Matches(Func):
    """Whether the asset with this primary key satisfies a condition on its words. For filters of query sets.

    Args:
        match: the condition.
        key: the column of the primary key.
        is_walked: whether assets are looked at one after the other, so that not all matches are wanted at once.
    """

    output_field = BooleanField()

    def __init__(self, match: Match, key: str = "pk", *, is_walked: bool = False) -> None:
        super().__init__(F(key))
        self.match = match
        self.is_walked = is_walked

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> Sql:
        """Ask the virtual table."""
        key, parameters = compiler.compile(self.get_source_expressions()[0])
        return f"({key} IN (SELECT rowid FROM {TABLE} WHERE {TABLE} MATCH %s))", (*parameters, as_fts5(self.match))  # noqa: S608 - no part of it comes from outside

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> Sql:
        """Ask the GIN index, or the row of the asset."""
        key, parameters = compiler.compile(self.get_source_expressions()[0])
        if self.is_walked:
            condition = f"{TABLE}.asset_id = {key} AND {TABLE}.words @@ %s::tsquery"
            return f"(EXISTS (SELECT 1 FROM {TABLE} WHERE {condition}))", (*parameters, as_tsquery(self.match))  # noqa: S608 - as above
        found = f"SELECT asset_id FROM {TABLE} WHERE words @@ %s::tsquery"  # noqa: S608 - no part of it comes from outside
        return f"({key} IN ({found}))", (*parameters, as_tsquery(self.match))


class OneOf(Func):
    """Whether a primary key is one of those given, which are one parameter, whatever number there is."""

    output_field = BooleanField()

    def __init__(self, keys: Sequence[int], key: str = "pk") -> None:
        super().__init__(F(key))
        self.keys = keys

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> Sql:
        """Give the keys as a list in JSON."""
        key, parameters = compiler.compile(self.get_source_expressions()[0])
        given = orjson.dumps([*self.keys]).decode()
        return f"({key} IN (SELECT value FROM json_each(%s)))", (*parameters, given)  # noqa: S608 - as above

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> Sql:
        """Give the keys as an array."""
        key, parameters = compiler.compile(self.get_source_expressions()[0])
        return f"({key} = ANY(%s::bigint[]))", (*parameters, [*self.keys])


class Unindexed(Func):
    """A condition for which the database looks at rows, and at no index: for rows that come in the order of one."""

    template = "((%(expressions)s) IS TRUE)"
    output_field = BooleanField()


def write_words(assets: Iterable[Asset], *, are_new: bool) -> None:
    """Index stored assets, new or other than before. To be called in the transaction that stores them."""
    entries = sorted((index_entry(asset) for asset in assets), key=lambda entry: entry.asset_id)
    if not entries:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            _write_vectors(cursor, entries, are_new=are_new)
            return
        verb = "INSERT" if are_new else "INSERT OR REPLACE"
        cursor.executemany(  # in ascending order, as FTS5 likes it
            f"{verb} INTO {TABLE} (rowid, words) VALUES (%s, %s)",
            [(entry.asset_id, " ".join((*entry.ordered, *entry.further))) for entry in entries],
        )


def _write_vectors(cursor: Any, entries: Sequence[IndexEntry], *, are_new: bool) -> None:
    if are_new and len(entries) >= COPIED_FROM:
        with cursor.copy(f"COPY {TABLE} (asset_id, words) FROM STDIN") as copy:
            for entry in entries:
                copy.write_row((entry.asset_id, _tsvector(entry)))
        return
    # What stays as it was is not written again: the index would have to forget and learn all of its words.
    cursor.execute(
        f"INSERT INTO {TABLE} AS known (asset_id, words)"  # noqa: S608 - no part of it comes from outside
        " SELECT * FROM unnest(%s::bigint[], %s::text[]::tsvector[])"
        " ON CONFLICT (asset_id) DO UPDATE SET words = excluded.words WHERE known.words <> excluded.words",
        [[entry.asset_id for entry in entries], [_tsvector(entry) for entry in entries]],
    )


def remove_words(asset_ids: Iterable[int]) -> None:
    """Take assets out of the index, in the transaction that removes them."""
    ids = sorted(asset_ids)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"DELETE FROM {TABLE} WHERE asset_id = ANY(%s)", [ids])  # noqa: S608 - as above
        else:
            cursor.executemany(f"DELETE FROM {TABLE} WHERE rowid = %s", [(key,) for key in ids])  # noqa: S608 - as above


def remove_orphaned_words() -> None:
    """Take out of the index whatever is no asset any more: for those who empty tables past this module."""
    key = "asset_id" if connection.vendor == "postgresql" else "rowid"
    assets = connection.ops.quote_name(Asset._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLE} WHERE {key} NOT IN (SELECT id FROM {assets})")  # noqa: S608 - names only


def first_matches(tiers: Sequence[Match], limit: int) -> list[int]:
    """Return the primary keys of at most ``limit`` assets that satisfy one of ``tiers``, those of the first tier first.

    The work is bounded by ``limit``, however many there are: later tiers are looked at only while there is room. As
    long as nothing changes, the same are returned at every call.

    Args:
        tiers: conditions; what satisfies several belongs to the first of these.
        limit: how many are wanted.
    """
    if connection.vendor == "postgresql":
        return _first_of_all(limit) if [*tiers] == [EVERYTHING] else _first_of_gin(tiers, limit)
    found = " UNION ALL ".join([f"SELECT rowid FROM {TABLE} WHERE {TABLE} MATCH %s"] * len(tiers))  # noqa: S608 - as above
    with connection.cursor() as cursor:
        cursor.execute(found, [*map(as_fts5, tiers)])
        return _first_different((key for (key,) in cursor), limit)


def _first_different(keys: Iterable[int], limit: int) -> list[int]:
    """Return at most ``limit`` different keys, and take no more than that needs: SQLite finds each when it is taken."""
    found: dict[int, None] = {}
    for key in keys:
        found[key] = None
        if len(found) == limit:
            break
    return list(found)


def _first_of_all(limit: int) -> list[int]:
    """Take the first rows: the GIN index would gather all rows before it gives any."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT asset_id FROM {TABLE} ORDER BY asset_id LIMIT %s", [limit])  # noqa: S608 - as above
        return [key for (key,) in cursor.fetchall()]


def _first_of_gin(tiers: Sequence[Match], limit: int) -> list[int]:
    """Ask the GIN index, and nothing else.

    Left to itself the planner would rather walk through the whole table where it expects many matches: for words that
    are rarer than it thinks that takes seconds, and each such walk begins where the last one ended, so that it finds
    other assets each time. "Materialized" keeps it from that where it knows the limit. To compile such a statement
    takes longer than to run it.
    """
    parts = ", ".join(_tier(number, limit) for number in range(len(tiers)))
    found = " UNION ALL ".join(f"SELECT asset_id FROM tier{number}" for number in range(len(tiers)))  # noqa: S608 - as above
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL jit = off")
        cursor.execute(f"WITH {parts} {found} LIMIT %s", [*map(as_tsquery, tiers), limit])
        return [key for (key,) in cursor.fetchall()]


def _tier(number: int, limit: int) -> str:
    """Return what finds the assets of a tier that no tier before has: each of these has fewer than ``limit``."""
    others = [f" AND asset_id NOT IN (SELECT asset_id FROM tier{before} LIMIT {limit})" for before in range(number)]  # noqa: S608 - as above
    found = f"SELECT asset_id FROM {TABLE} WHERE words @@ %s::tsquery{''.join(others)}"  # noqa: S608 - as above
    return f"tier{number} AS MATERIALIZED ({found})"


def _tsvector(entry: IndexEntry) -> str:
    places: dict[str, list[str]] = {}
    for position, token in enumerate(entry.ordered, start=1):
        if token != GAP and position <= _MAX_POSITION:
            places.setdefault(token, []).append(str(position))
    placed = [f"'{token}':{','.join(positions)}" for token, positions in places.items()]
    return " ".join([*placed, *(f"'{token}'" for token in entry.further)])
