"""What clients are told of the catalog: columns, filters and sections.

Written by catalog-gen from catalog.yaml. To show something in another way, declare it in plugin.py instead.
"""

from collections.abc import Mapping

from catalog_core.plugin import ChildModel, Column, Filter, ListColumn, Section, UIHints, ViewField

COLUMNS = (
    Column("name", "Name", "lg"),
    Column("colour"),
    Column("watts"),
    Column("dimmable"),
    Column("sockets", sortable=False),
)
FILTERS = (
    Filter("name"),
    Filter("colour"),
    Filter("watts", type="number"),
    Filter("dimmable", type="boolean"),
    Filter("sockets"),
)
SECTIONS = (
    Section("Overview", ("name", "description", "colour", "watts", "dimmable")),
    Section("Details", ("sockets",)),
)
LIST_COLUMNS = tuple(ListColumn(column.name, sortable=column.sortable) for column in COLUMNS)
DETAIL_FIELDS = tuple(field for section in SECTIONS for field in section.fields if isinstance(field, str))
CLI_COLUMNS = tuple(column.name for column in COLUMNS)
CLI_FILTERS = tuple(filter_.name for filter_ in FILTERS)
HINTS = UIHints(
    title_field="name",
    list_columns=tuple(ViewField(column.name) for column in COLUMNS),
    default_sort=("name", "asc"),
    searchable_fields=("name", "description", "colour", "sockets"),
)
CHILDREN: Mapping[str, type[ChildModel]] = {}
TRANSLATION_VERSION = 1581359781
"""Another one whenever items are read in another way, so that what is stored is made anew."""
