"""What a catalog lets people filter and order by, declared as data."""

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from django.db.models import Model, Q, QuerySet

from catalog_core.entities.query.nodes import Name
from catalog_core.exceptions import InvalidQuery, PluginDefinitionError
from catalog_core.problems import did_you_mean


class FieldType(enum.Enum):
    """How the values of a field compare; the value of each member is what people are told."""

    TEXT = "text"
    INTEGER = "a whole number"
    NUMBER = "a number"
    BOOLEAN = "TRUE or FALSE"
    TIME = "a date (RFC 3339, or milliseconds since 1970)"
    ID = "a UUID"
    TEXT_LIST = "a list of texts"
    JSON = "a JSON value"
    METADATA = "a metadata value"


METADATA_TYPES: Mapping[str, FieldType] = MappingProxyType(
    {
        "string_value": FieldType.TEXT,
        "int_value": FieldType.NUMBER,
        "double_value": FieldType.NUMBER,
        "bool_value": FieldType.BOOLEAN,
    }
)
"""The keys under which a metadata value of the model catalog keeps its value."""

ORDER_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "NAME": "name",
        "ID": "id",
        "CREATE_TIME": "createTimeSinceEpoch",
        "LAST_UPDATE_TIME": "lastUpdateTimeSinceEpoch",
    }
)
"""What ``orderBy`` calls some fields besides their own names."""

_WITHOUT_PATH = frozenset({FieldType.ID})
_WITHOUT_ORDER = frozenset({FieldType.TEXT_LIST, FieldType.JSON, FieldType.METADATA})


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryField:
    """One field that filters may name.

    Attributes:
        name: what clients call it.
        type: how its values compare.
        column: the field of the Django model, with ``__`` where it belongs to a related one, such as ``source__key``.
        path: keys that lead to the value inside ``column``, if that is a ``JSONField``; a time is kept there in
            microseconds since 1970.
        aliases: other names that mean the same, such as the spelling of an older interface.
        sortable: whether ``orderBy`` may name it; lists and JSON values never are.
        required: whether every row has a value; then ordering needs no extra step for absent ones and can use an index.
        is_whole: whether a JSON field is an object or list as declared, of which only the inside can be compared.
    """

    name: str
    type: FieldType
    column: str
    path: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    sortable: bool = True
    required: bool = False
    is_whole: bool = False

    def __post_init__(self) -> None:
        if self.path and self.type in _WITHOUT_PATH:
            raise PluginDefinitionError([f"query field {self.name}: a value inside JSON cannot be {self.type.value}"])

    @property
    def is_sortable(self) -> bool:
        """Whether ``orderBy`` may name the field."""
        return self.sortable and self.type not in _WITHOUT_ORDER


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomProperties:
    """A JSON object whose keys are not known beforehand.

    Attributes:
        column: the ``JSONField`` that holds it.
        name: the first part of the names that lead into it.
        aliases: other spellings of ``name``.
        typed: whether each property is a metadata value, as in the model catalog: ``{"metadataType": …,
            "string_value": …}``. Then ``tier.string_value`` works without the first part, too.
    """

    column: str = "custom_properties"
    name: str = "customProperties"
    aliases: tuple[str, ...] = ("custom_properties",)
    typed: bool = False

    def field(self, keys: tuple[str, ...]) -> QueryField:
        """Return the field that ``keys`` lead to; without keys, the object as a whole."""
        name = ".".join((self.name, *keys))
        if not keys or not self.typed:
            return QueryField(name=name, type=FieldType.JSON, column=self.column, path=keys)
        if len(keys) > 1 and keys[-1] in METADATA_TYPES:
            keys = (".".join(keys[:-1]), keys[-1])
            return QueryField(name=name, type=METADATA_TYPES[keys[-1]], column=self.column, path=keys)
        return QueryField(name=name, type=FieldType.METADATA, column=self.column, path=(".".join(keys),))


@dataclass(frozen=True, slots=True, kw_only=True)
class Children:
    """Rows that belong to an entity, such as the artifacts of a model.

    Attributes:
        model: the Django model of the rows.
        foreign_key: the name of its ``ForeignKey`` to the entity.
        fields: what filters may name of a row.
        inline: whether every entity has exactly one row and its fields are named as if they were the entity's own.
        condition: which rows of the model are meant; all of them where left out.
    """

    model: type[Model]
    foreign_key: str
    fields: "QueryFields"
    inline: bool = False
    condition: Q = field(default_factory=Q)

    def rows(self) -> QuerySet[Model]:
        """Return the rows, of whatever entity."""
        return self.model._base_manager.filter(self.condition)


@dataclass(frozen=True, slots=True)
class Target:
    """What a name in a filter stands for.

    Attributes:
        field: the field.
        child: the name of the children that the field belongs to; empty if it is the entity's own.
    """

    field: QueryField
    child: str = ""


@dataclass(frozen=True, slots=True)
class QueryFields:
    """Everything that filters and orders of one catalog may name.

    Attributes:
        fields: the fields with names of their own.
        custom: objects with free keys; the first typed one is also searched for names such as ``tier.string_value``.
        children: rows that belong to an entity, by the first part of the names that lead to them.
        order_names: further words that ``orderBy`` understands, and the names they stand for; adds to ``ORDER_NAMES``.
        key: the unique column, of type UUID, that decides the order of rows which are otherwise equal.

    Raises:
        PluginDefinitionError: two fields share a name, or children have children.
    """

    fields: Iterable[QueryField]
    custom: Iterable[CustomProperties] = ()
    children: Mapping[str, Children] = field(default_factory=dict)
    order_names: Mapping[str, str] = field(default_factory=dict)
    key: str = "id"
    _by_name: Mapping[str, QueryField | CustomProperties | Children] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "fields", tuple(self.fields))
        object.__setattr__(self, "custom", tuple(self.custom))
        object.__setattr__(self, "order_names", {**ORDER_NAMES, **self.order_names})
        object.__setattr__(self, "_by_name", self._index())

    def _index(self) -> Mapping[str, QueryField | CustomProperties | Children]:
        problems = [f"children {name} have children" for name, rows in self.children.items() if rows.fields.children]
        inline = {name for rows in self.children.values() if rows.inline for name in rows.fields._by_name}
        index: dict[str, QueryField | CustomProperties | Children] = dict(self.children)
        declarations: tuple[QueryField | CustomProperties, ...] = (*self.fields, *self.custom)
        for declared in declarations:
            for name in (declared.name, *declared.aliases):
                if name in inline or index.setdefault(name, declared) is not declared:
                    problems.append(f"query field {name} is declared twice")
        if problems:
            raise PluginDefinitionError(problems)
        return MappingProxyType(index)

    @property
    def names(self) -> tuple[str, ...]:
        """The names that clients may use, without aliases."""
        own = tuple(field.name for field in self.fields)
        parts = tuple(
            name for child, rows in self.children.items() for name in (rows.fields.names if rows.inline else (child,))
        )
        return own + tuple(custom.name for custom in self.custom) + parts

    @property
    def sortable_names(self) -> tuple[str, ...]:
        """The names that ``orderBy`` may hold, without aliases and custom properties."""
        own = tuple(declared.name for declared in self.fields if declared.is_sortable)
        inline = tuple(name for rows in self.children.values() if rows.inline for name in rows.fields.sortable_names)
        return own + inline

    def resolve(self, name: Name, *, parameter: str = "filterQuery") -> Target:
        """Return what ``name`` stands for.

        Raises:
            InvalidQuery: there is no such field; the text says what there is and how custom properties are written.
        """
        if isinstance(declared := self._by_name.get(str(name)), QueryField):
            return Target(declared)
        head, *rest = name.parts
        for child, rows in self.children.items():
            if rows.inline and head in rows.fields._by_name:
                return Target(rows.fields.resolve(name, parameter=parameter).field, child)
        match self._by_name.get(head):
            case QueryField(type=FieldType.JSON) as json if rest:
                return Target(QueryField(name=str(name), type=json.type, column=json.column, path=(*json.path, *rest)))
            case CustomProperties() as custom:
                return Target(custom.field(tuple(rest)))
            case Children(inline=False) as children if rest:
                inner = Name(tuple(rest), name.position)
                return Target(children.fields.resolve(inner, parameter=parameter).field, head)
        return Target(self._metadata(name) or self._unknown(name, parameter))

    def _metadata(self, name: Name) -> QueryField | None:
        if len(name.parts) > 1 and name.parts[-1] in METADATA_TYPES:
            return next((custom.field(name.parts) for custom in self.custom if custom.typed), None)
        return None

    def _unknown(self, name: Name, parameter: str) -> QueryField:
        hints = [did_you_mean(str(name), self.names)]
        hints += [f"A property of {custom.name} is written {custom.name}.{name}." for custom in self.custom][:1]
        message = f'there is no field "{str(name)[:80]}". {" ".join(filter(None, hints))}'.rstrip()
        raise InvalidQuery(message, parameter=parameter, position=name.position)
