"""From a stored row to the JSON that the API serves. Done once, when the row is stored."""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any

import orjson

from catalog_core.entities.fields import EntityField, entity_fields
from catalog_core.entities.models import ChildModel, EntityModel


def entity_document(
    row: EntityModel, *, source_id_name: str, shows_times: bool, fields: Iterable[EntityField] | None = None
) -> dict[str, Any]:
    """Return the JSON object of a row: what every entity has, and the fields of its kind, without what is absent.

    Args:
        row: the row.
        source_id_name: how the object calls its source.
        shows_times: whether it has the two times.
        fields: the fields of its kind; those of its model where left out.
    """
    document: dict[str, Any] = {"id": str(row.id), "name": row.name}
    _put(document, "externalId", row.external_id)
    _put(document, "description", row.description)
    _put_declared(document, row, fields)
    document[source_id_name] = row.source.key
    if shows_times:
        document["createTimeSinceEpoch"] = epoch_milliseconds(row.created_at)
        document["lastUpdateTimeSinceEpoch"] = epoch_milliseconds(row.updated_at)
    return document


def child_document(row: ChildModel, *, fields: Iterable[EntityField] | None = None) -> dict[str, Any]:
    """Return the JSON object of a part of an entity; ``fields`` are those of its model where left out."""
    document: dict[str, Any] = {"id": str(row.id)}
    _put_declared(document, row, fields)
    return document


@lru_cache(maxsize=256)  # what is stored together has the same times
def epoch_milliseconds(moment: datetime) -> str:
    """Return a time as the text that clients of this API expect: milliseconds since 1970."""
    return str(round(moment.timestamp() * 1000))


def json_text(value: Any) -> str:
    """Return compact JSON in UTF-8 text; integers of any size are kept."""
    try:
        return orjson.dumps(value).decode()
    except TypeError:  # orjson takes integers of 64 bits at most
        import json

        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _put_declared(
    document: dict[str, Any], row: EntityModel | ChildModel, fields: Iterable[EntityField] | None
) -> None:
    for declared in entity_fields(type(row)) if fields is None else fields:
        _put(document, declared.name, declared.value_in(row) if declared.path else getattr(row, declared.column))
    _put(document, "customProperties", row.custom_properties)


def _put(document: dict[str, Any], key: str, value: Any) -> None:
    if not value and (value is None or isinstance(value, str | list | dict)):
        return
    document[key] = value.isoformat() if isinstance(value, datetime) else value
