"""What assets of all kinds can be filtered and ordered by."""

from catalog_core.entities.query import FieldType, QueryField, QueryFields
from catalog_core.entities.queryable import ASSET_FIELDS

ASSET_QUERY_FIELDS = QueryFields(
    fields=(
        QueryField(name="uid", type=FieldType.ID, column="uid", aliases=("id",), required=True),
        QueryField(name="name", type=FieldType.TEXT, column="name", required=True),
        QueryField(name="displayName", type=FieldType.TEXT, column="display_name"),
        QueryField(name="description", type=FieldType.TEXT, column="description"),
        QueryField(name="kind", type=FieldType.TEXT, column="kind", required=True),
        QueryField(name="plugin", type=FieldType.TEXT, column="plugin", required=True),
        QueryField(
            name="source", type=FieldType.TEXT, column="source__key", aliases=("sourceId", "source_id"), required=True
        ),
        *ASSET_FIELDS.fields,
        QueryField(name="health", type=FieldType.TEXT, column="health", required=True),
        QueryField(name="license", type=FieldType.TEXT, column="license"),
        QueryField(name="provider", type=FieldType.TEXT, column="provider"),
        QueryField(
            name="createdAt",
            type=FieldType.TIME,
            column="created_at",
            aliases=("createTimeSinceEpoch",),
            required=True,
        ),
        QueryField(
            name="updatedAt",
            type=FieldType.TIME,
            column="updated_at",
            aliases=("lastUpdateTimeSinceEpoch",),
            required=True,
        ),
    ),
    key="uid",
)
