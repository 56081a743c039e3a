"""Paging by keyset: a page begins after the last row of the one before, wherever that row would stand now.

The cost of a page does not depend on how many came before it, and rows that are added or removed meanwhile make nobody
miss or see another row twice.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID

import orjson
from django.conf import settings
from django.db.models import Model, Q, QuerySet

from catalog_core.entities.ordering import Ordering
from catalog_core.entities.query.expressions import Compare, Operand, Row
from catalog_core.exceptions import InvalidQuery

MAX_TOKEN_CHARACTERS = 16 * 1024
"""Longer tokens are refused unread. The longest name of an entity fits."""

_SEAL_BYTES = 16
_STANDARD_ALPHABET = bytes.maketrans(b"-_", b"+/")

_ModelT = TypeVar("_ModelT", bound=Model)


def encode_token(values: Sequence[Any], scope: str) -> str:
    """Return a URL-safe token that stands for the row whose key columns are ``values``.

    Args:
        values: texts, numbers, booleans, times, UUIDs and ``None``.
        scope: what the token may be used for, such as catalog, filter and order; it works nowhere else.
    """
    payload = orjson.dumps([_plain(value) for value in values])
    return f"{_text(payload)}.{_text(_seal(payload, settings.SECRET_KEY, scope))}"


def decode_token(text: str, scope: str) -> tuple[Any, ...]:
    """Return the values that :func:`encode_token` was given.

    Raises:
        InvalidQuery: this server did not make the token, or made it for another scope.
    """
    payload = _opened(text, scope) if len(text) <= MAX_TOKEN_CHARACTERS else None
    if payload is None:
        raise InvalidQuery(
            "this is no page token of this list; take nextPageToken from the answer before, with the same filter and "
            "order, or leave it out to begin again.",
            parameter="pageToken",
        )
    return tuple([_typed(value) for value in orjson.loads(payload)])


def _opened(token: str, scope: str) -> bytes | None:
    """Return what a token says if it bears a seal of this server for that scope."""
    first, _, second = token.partition(".")
    try:
        payload, seal = _bytes(first), _bytes(second)
    except ValueError:
        return None
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    genuine = any(hmac.compare_digest(seal, _seal(payload, str(key), scope)) for key in keys)
    return payload if genuine else None


def seek(queryset: QuerySet[_ModelT], ordering: Ordering, after: tuple[Any, ...]) -> QuerySet[_ModelT]:
    """Return the rows of ``queryset`` that stand after the row whose key columns are ``after``, in that order."""
    return seek_from(queryset, ordering, ordering.constants(after), absent=stands_last(ordering, after))


def seek_from(
    queryset: QuerySet[_ModelT], ordering: Ordering, constants: tuple[Operand, ...], *, absent: bool
) -> QuerySet[_ModelT]:
    """Return the rows that stand after a row of which only the form is known.

    Args:
        queryset: the rows.
        ordering: their order.
        constants: what stands for the row's keys.
        absent: whether the row is one of those that :func:`stands_last` speaks of.
    """
    return ordering.apply(queryset.filter(_after(ordering, constants, absent=absent)))


def stands_last(ordering: Ordering, row: tuple[Any, ...]) -> bool:
    """Say whether the row has no value to be ordered by, and so stands behind all that have."""
    return not ordering.always_present and row[0] in (None, "")


def parse_page_size(text: str, *, default: int, maximum: int) -> int:
    """Return how many rows a page holds at most.

    Args:
        text: the parameter ``pageSize``; empty, zero and negative numbers mean ``default``.
        default: rows per page where nobody asks for anything.
        maximum: rows per page that nobody can exceed.

    Raises:
        InvalidQuery: the text is not a whole number.
    """
    written = text.strip()
    digits = written.removeprefix("-").removeprefix("+") if written[:2] not in ("-+", "+-") else ""
    if written and not (digits.isascii() and digits.isdigit()):
        raise InvalidQuery(f'"{written[:40]}" is not a whole number.', parameter="pageSize")
    if not written or written.startswith("-") or not digits.strip("0"):
        return default
    return maximum if len(digits.lstrip("0")) > len(str(maximum)) else min(int(digits), maximum)


def _after(ordering: Ordering, constants: tuple[Operand, ...], *, absent: bool) -> Q:
    keys = ordering.keys()
    sign = "<" if ordering.descending else ">"
    if absent:
        return Q(ordering.absent()) & Q(Compare(keys[-1], sign, constants[-1]))
    # PostgreSQL finds (lower(name), name, id) > (…) in an index. SQLite does so for columns only, not for expressions;
    # to it, the first key says where to begin.
    first_key = Q(Compare(keys[0], f"{sign}=", constants[0]))
    beyond = first_key & Q(Compare(Row(*keys), sign, Row(*constants)))
    return beyond if ordering.always_present else Q(ordering.absent()) | beyond


def _seal(payload: bytes, secret: str, scope: str) -> bytes:
    """Return a code that only this server can make (BLAKE2b with a key, RFC 7693)."""
    sealed = b"%d:%b%b" % (len(scope), scope.encode(), payload)
    return hashlib.blake2b(sealed, key=_key(secret), digest_size=_SEAL_BYTES, person=b"page token").digest()


@lru_cache
def _key(secret: str) -> bytes:
    return hashlib.blake2b(secret.encode()).digest()


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    padded = text.encode("ascii").translate(_STANDARD_ALPHABET) + b"=" * (-len(text) % 4)
    return binascii.a2b_base64(padded, strict_mode=True)


def _plain(value: Any) -> Any:
    """Return a JSON value; times and UUIDs become objects of one key that names their type."""
    if isinstance(value, datetime):
        return {"time": value.isoformat()}
    return {"uuid": value.hex} if isinstance(value, UUID) else value


def _typed(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return datetime.fromisoformat(value["time"]) if "time" in value else UUID(value["uuid"])
