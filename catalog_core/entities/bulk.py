"""Storing many rows at once, in the fastest way that each database has.

Django builds one statement for each batch, with an expression for each value; most of the time of a first load went
there. Here a statement is made once for all rows: SQLite runs it again and again, PostgreSQL copies larger amounts.
What is stored is the same. Rows that are known to be new are inserted as such: to look for a row that they might
replace takes SQLite about as long as to store them.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache, partial
from itertools import islice
from typing import Any, TypeVar

from django.db import connection, models

from catalog_core.entities.documents import json_text

COPIED_FROM = 500
"""So many rows at once are worth a copy on PostgreSQL."""

_BATCH = 2000
_AS_THEY_ARE = (
    models.BooleanField,
    models.CharField,
    models.FloatField,
    models.ForeignKey,
    models.IntegerField,
    models.TextField,
)
"""Fields whose values databases take as they are, where they have the exact type."""
_PLAIN_TYPES = frozenset((str, int, float, bool, type(None)))

Adapt = Callable[[Any], Any]
T = TypeVar("T")


def batches(values: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield the values in lists of ``size``, the last one shorter: a statement takes only so many parameters."""
    iterator = iter(values)
    while some := list(islice(iterator, size)):
        yield some


def insert(rows: Iterable[models.Model]) -> None:
    """Store rows of one model that are not stored yet. Rows that the database numbers are given their numbers.

    To be called in a transaction. Models with fields that Django or the database fill in are stored in Django's way.

    Args:
        rows: the rows, all of one model; consumed in batches.
    """
    for some in batches(rows, _BATCH):
        model = type(some[0])
        if not _is_plain(model):
            model._default_manager.bulk_create(some)
            continue
        fields = _fields(model)
        if (number := model._meta.pk) not in fields:
            fields = (number, *fields)
            for row, key in zip(some, _new_numbers(model, len(some)), strict=True):
                row.pk = key
        with connection.cursor() as cursor:
            if _is_worth_copying(some):
                _copy(cursor, _table(model), fields, some)
            else:
                _execute(cursor, model, fields, some)


def upsert(rows: Iterable[models.Model], *, key: str) -> None:
    """Store rows of one model, new or instead of those with the same key.

    To be called in a transaction. Keys that the database numbers are left to it. Models with fields that Django or the
    database fill in are stored in Django's way.

    Args:
        rows: the rows, all of one model; consumed in batches.
        key: the unique field that says which stored row a row replaces.
    """
    for some in batches(rows, _BATCH):
        model = type(some[0])
        fields = _fields(model)
        if not _is_plain(model):
            names = [field.name for field in fields if field.name != key and not field.generated]
            model._default_manager.bulk_create(some, update_conflicts=True, unique_fields=[key], update_fields=names)
            continue
        with connection.cursor() as cursor:
            if _is_worth_copying(some):
                columns = _column_names(fields)
                cursor.execute(
                    f"CREATE TEMP TABLE incoming ON COMMIT DROP AS SELECT {columns} FROM {_table(model)} WITH NO DATA"  # noqa: S608 - names only
                )
                _copy(cursor, "incoming", fields, some)
                cursor.execute(
                    f"INSERT INTO {_table(model)} ({columns}) SELECT {columns} FROM incoming {_otherwise(model, key)}"  # noqa: S608 - as above
                )
                cursor.execute("DROP TABLE incoming")
            else:
                _execute(cursor, model, fields, some, _otherwise(model, key))


def existing(model: type[models.Model], key: str, values: Sequence[Any]) -> set[Any]:
    """Return those of ``values`` that stored rows of a model have as ``key``; some hundreds at most."""
    field = next(field for field in _fields(model) if field.name == key)
    wanted = dict(zip(_column(field, list(values)), values, strict=True))
    if not wanted:
        return set()
    column, marks = _quoted(field), ", ".join(["%s"] * len(wanted))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {_table(model)} WHERE {column} IN ({marks})", list(wanted))  # noqa: S608 - names only
        return {wanted[found] for (found,) in cursor.fetchall()}


def _is_worth_copying(rows: Sequence[models.Model]) -> bool:
    return connection.vendor == "postgresql" and len(rows) >= COPIED_FROM


def _copy(cursor: Any, table: str, fields: Sequence[models.Field], rows: Sequence[models.Model]) -> None:
    with cursor.copy(f"COPY {table} ({_column_names(fields)}) FROM STDIN") as copy:
        for values in _values(fields, rows):
            copy.write_row(values)


def _execute(
    cursor: Any, model: type[models.Model], fields: Sequence[models.Field], rows: Sequence[models.Model], more: str = ""
) -> None:
    marks = ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {_table(model)} ({_column_names(fields)}) VALUES ({marks}) {more}"  # noqa: S608 - names only
    cursor.executemany(statement, list(_values(fields, rows)))


def _values(fields: Sequence[models.Field], rows: Sequence[models.Model]) -> Iterator[tuple[Any, ...]]:
    """Return what the database takes of each row. Made column by column: most of them need no look at single values."""
    return zip(*(_column(field, [row.__dict__[field.attname] for row in rows]) for field in fields), strict=True)


def _column(field: models.Field, values: list[Any]) -> list[Any]:
    if isinstance(field, _AS_THEY_ARE) and _PLAIN_TYPES.issuperset(map(type, values)):
        return values
    return list(map(_adapt(field), values))


def _new_numbers(model: type[models.Model], count: int) -> Sequence[int]:
    """Return numbers for new rows of a table that numbers them; nobody else is given the same ones."""
    table, key = model._meta.db_table, str(model._meta.pk.column)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
                [connection.ops.quote_name(table), key, count],
            )
            return [number for (number,) in cursor.fetchall()]
        # Whoever writes to SQLite writes alone, so that the next numbers are free until the transaction ends.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        (last,) = cursor.fetchone() or (0,)
        return range(last + 1, last + 1 + count)


def _otherwise(model: type[models.Model], key: str) -> str:
    names = {field.name: _quoted(field) for field in _fields(model)}
    unique = names.pop(key)
    assigned = ", ".join(f"{name} = EXCLUDED.{name}" for name in names.values())
    return f"ON CONFLICT ({unique}) DO UPDATE SET {assigned}"


@lru_cache
def _fields(model: type[models.Model]) -> tuple[models.Field, ...]:
    """Return the fields that are stored; not those that the database numbers by itself."""
    return tuple(field for field in model._meta.concrete_fields if not isinstance(field, models.AutoField))


@lru_cache
def _is_plain(model: type[models.Model]) -> bool:
    """Say whether what is stored of a row is what it has, and nothing that is filled in on the way."""
    return all(map(_is_plain_field, _fields(model)))


def _is_plain_field(field: models.Field) -> bool:
    if field.generated or field.has_db_default():
        return False
    if isinstance(field, models.DateField | models.TimeField):
        return not (field.auto_now or field.auto_now_add)
    return type(field).pre_save is models.Field.pre_save


def _table(model: type[models.Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _column_names(fields: Iterable[models.Field]) -> str:
    return ", ".join(map(_quoted, fields))


def _quoted(field: models.Field) -> str:
    return connection.ops.quote_name(str(field.column))


def _adapt(field: models.Field) -> Adapt:
    """Return what makes of a value what the database takes."""
    prepare = partial(field.get_db_prep_save, connection=connection)
    if isinstance(field, models.JSONField) and field.encoder is None:
        return _json
    if isinstance(field, _AS_THEY_ARE):
        return lambda value: value if type(value) in _PLAIN_TYPES else prepare(value)
    return prepare if isinstance(field, models.UUIDField) else _remembering(prepare)


def _json(value: Any) -> Any:
    """Return a JSON value as text, which both databases take."""
    return None if value is None else json_text(value)


def _remembering(prepare: Adapt) -> Adapt:
    """Return ``prepare``, which is not asked again for a value that is the one before: a time, in most cases."""
    last: list[Any] = [object(), None]

    def adapt(value: Any) -> Any:
        if value is last[0]:
            return last[1]
        last[:] = value, prepare(value)
        return last[1]

    return adapt
