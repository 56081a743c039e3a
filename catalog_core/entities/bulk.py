"""Storing many rows at once, in the fastest way that each database has.

Django builds one statement for each batch, with an expression for each value; most of the time of a first load went
there. Here a statement is made once for all rows: SQLite runs it again and again, PostgreSQL copies larger amounts into
a temporary table and merges that. What is stored is the same.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache, partial
from itertools import islice
from typing import Any, TypeVar

from django.db import connection, models

COPIED_FROM = 500
"""So many rows at once are worth a temporary table on PostgreSQL."""

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


def upsert(rows: Iterable[models.Model], *, key: str) -> None:
    """Store rows of one model, new or instead of those with the same key.

    To be called in a transaction. Keys that the database numbers are left to it. Models with fields that Django or the
    database fill in are stored in Django's way.

    Args:
        rows: the rows, all of one model; consumed in batches.
        key: the unique field that says which stored row a row replaces.
    """
    for some in batches(rows, _BATCH):
        _store(type(some[0]), some, key)


def _store(model: type[models.Model], rows: Sequence[models.Model], key: str) -> None:
    fields = _fields(model)
    if not all(_is_plain(field) for field in fields):
        names = [field.name for field in fields if field.name != key and not field.generated]
        model._default_manager.bulk_create(rows, update_conflicts=True, unique_fields=[key], update_fields=names)
        return
    adapts = [(field.attname, _adapt(field)) for field in fields]
    values = ([adapt(row.__dict__[name]) for name, adapt in adapts] for row in rows)
    table, names = connection.ops.quote_name(model._meta.db_table), [_quoted(field) for field in fields]
    columns = ", ".join(names)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql" and len(rows) >= COPIED_FROM:
            cursor.execute(f"CREATE TEMP TABLE incoming ON COMMIT DROP AS SELECT {columns} FROM {table} WITH NO DATA")  # noqa: S608
            with cursor.copy(f"COPY incoming ({columns}) FROM STDIN") as copy:
                for row in values:
                    copy.write_row(row)
            cursor.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM incoming {_otherwise(model, key)}")  # noqa: S608
            cursor.execute("DROP TABLE incoming")
            return
        marks = ", ".join(["%s"] * len(fields))
        cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks}) {_otherwise(model, key)}", list(values))  # noqa: S608


def _otherwise(model: type[models.Model], key: str) -> str:
    names = {field.name: _quoted(field) for field in _fields(model)}
    unique = names.pop(key)
    assigned = ", ".join(f"{name} = EXCLUDED.{name}" for name in names.values())
    return f"ON CONFLICT ({unique}) DO UPDATE SET {assigned}"


@lru_cache
def _fields(model: type[models.Model]) -> tuple[models.Field, ...]:
    """Return the fields that are stored; not those that the database numbers by itself."""
    return tuple(field for field in model._meta.concrete_fields if not isinstance(field, models.AutoField))


def _is_plain(field: models.Field) -> bool:
    """Say whether what is stored of a field is what a row has, and nothing that is filled in on the way."""
    if field.generated or field.has_db_default():
        return False
    if isinstance(field, models.DateField | models.TimeField):
        return not (field.auto_now or field.auto_now_add)
    return type(field).pre_save is models.Field.pre_save


def _quoted(field: models.Field) -> str:
    return connection.ops.quote_name(str(field.column))


def _adapt(field: models.Field) -> Adapt:
    """Return what makes of a value what the database takes; values in a row that are the same are made once."""
    prepare = partial(field.get_db_prep_save, connection=connection)
    if isinstance(field, models.JSONField):
        return _knowing_empty_ones(prepare)
    return _plainly(prepare) if isinstance(field, _AS_THEY_ARE) else _remembering(prepare)


def _plainly(prepare: Adapt) -> Adapt:
    return lambda value: value if type(value) in _PLAIN_TYPES else prepare(value)


def _knowing_empty_ones(prepare: Adapt) -> Adapt:
    no_keys, no_parts = prepare({}), prepare([])

    def adapt(value: Any) -> Any:
        if value == {}:
            return no_keys
        return no_parts if value == [] else prepare(value)

    return adapt


def _remembering(prepare: Adapt) -> Adapt:
    last: list[Any] = [object(), None]

    def adapt(value: Any) -> Any:
        if value is last[0]:
            return last[1]
        last[:] = value, prepare(value)
        return last[1]

    return adapt
