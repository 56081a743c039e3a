"""A small catalog of books to ask questions about: two models in a registry of their own, and what may be asked."""

from django.apps.registry import Apps
from django.db import models

from catalog_core.entities.query import AsciiLower, BinaryText, Children, CustomProperties, FieldType, QueryFields
from catalog_core.entities.query import QueryField as Field

_apps = Apps()


class Library(models.Model):
    key = models.CharField(max_length=50)

    class Meta:
        app_label = "shelf"
        apps = _apps


class Book(models.Model):
    id = models.UUIDField(primary_key=True)
    source = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=512)
    author = models.TextField(blank=True)
    pages = models.BigIntegerField(null=True)
    price = models.FloatField(null=True)
    lent = models.BooleanField(null=True)
    bought_at = models.DateTimeField(null=True)
    topics = models.JSONField(default=list)
    details = models.JSONField(default=dict)
    custom_properties = models.JSONField(default=dict)
    metadata = models.JSONField(default=dict)

    class Meta:
        app_label = "shelf"
        apps = _apps
        indexes = (
            models.Index(AsciiLower("name"), BinaryText("name"), models.F("id"), name="book_by_name"),
            models.Index(models.F("pages"), models.F("id"), name="book_by_pages"),
        )


class Chapter(models.Model):
    entity = models.ForeignKey(Book, on_delete=models.CASCADE, related_name="+")
    title = models.TextField(blank=True)
    length = models.IntegerField(null=True)
    metadata = models.JSONField(default=dict)

    class Meta:
        app_label = "shelf"
        apps = _apps


MODELS = (Library, Book, Chapter)
NAMED_FIELDS = (
    Field(name="id", type=FieldType.ID, column="id", required=True),
    Field(name="name", type=FieldType.TEXT, column="name", required=True),
    Field(name="sourceId", type=FieldType.TEXT, column="source__key", aliases=("source_id",)),
    Field(name="author", type=FieldType.TEXT, column="author"),
    Field(name="pages", type=FieldType.INTEGER, column="pages"),
    Field(name="price", type=FieldType.NUMBER, column="price"),
    Field(name="lent", type=FieldType.BOOLEAN, column="lent"),
    Field(name="boughtAt", type=FieldType.TIME, column="bought_at"),
    Field(name="topics", type=FieldType.TEXT_LIST, column="topics"),
    Field(name="details", type=FieldType.JSON, column="details"),
    Field(name="publisher", type=FieldType.TEXT, column="details", path=("publisher", "name")),
    Field(name="weight", type=FieldType.NUMBER, column="details", path=("weight",)),
    Field(name="signed", type=FieldType.BOOLEAN, column="details", path=("signed",)),
    Field(name="languages", type=FieldType.TEXT_LIST, column="details", path=("languages",)),
)
CHAPTER_FIELDS = QueryFields(
    fields=(
        Field(name="title", type=FieldType.TEXT, column="title"),
        Field(name="length", type=FieldType.INTEGER, column="length"),
        Field(name="id", type=FieldType.ID, column="id"),
    ),
    custom=(CustomProperties(column="metadata", typed=True),),
)
FIELDS = QueryFields(
    fields=NAMED_FIELDS,
    custom=(CustomProperties(), CustomProperties(column="metadata", name="metadata", aliases=(), typed=True)),
    children={"chapters": Children(model=Chapter, foreign_key="entity", fields=CHAPTER_FIELDS)},
    order_names={"LENGTH": "chapters.length"},
)
