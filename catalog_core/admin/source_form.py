"""The form of a source, made from what the provider of its type declares."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.http import QueryDict

from catalog_core.admin.property_fields import LinesField, SecretField, SecretWidget, property_field
from catalog_core.administration.redaction import redacted_properties
from catalog_core.entities.catalog import CatalogPlugin
from catalog_core.problems import Problem
from catalog_core.sources.models import MAX_REASON_CHARACTERS, Source
from catalog_core.sources.providers import provider_for, provider_types
from catalog_core.sources.providers.base import Property
from catalog_core.sources.reading import declared_properties

_PREFIX = "property_"
_UNKNOWN = "unknown_"
_FIELDS = {
    "id": "key",
    "name": "name",
    "type": "type",
    "enabled": "enabled",
    "labels": "labels",
    "includedItems": "included",
    "excludedItems": "excluded",
}
"""The form field of each key of an entry."""
_BOXES = tuple(f"_{box}" for box in SecretWidget.BOXES)
_TYPE_HELP = "How it is read. Each type has fields of its own."
_UNKNOWN_HELP = "This type of source knows no such property. Tick the box to take it out when you save."
_STEP = re.compile(r"[^.\[\]]+")


class SourceForm(forms.Form):
    """A source to be added or changed.

    Args:
        plugin: the catalog it is for.
        source_type: how it is to be read; it decides which fields there are.
        stored: the source as it is; nothing if it is new.
        version: the version of the configuration that the person sees.
        data: what the person has sent.
        is_draft: whether that is only to be shown again, in the fields of another type, and not to be checked yet.
    """

    name = forms.CharField(max_length=256, help_text="What people call it.")
    enabled = forms.BooleanField(required=False, initial=True, help_text="Whether its entities are shown.")
    labels = LinesField(required=False, help_text="One in each line.")
    included = LinesField(
        required=False, label="Included items", help_text="Patterns of names to take, one in each line; empty: all."
    )
    excluded = LinesField(
        required=False, label="Excluded items", help_text="Patterns of names to leave out, one in each line."
    )
    reason = forms.CharField(
        required=False, max_length=MAX_REASON_CHARACTERS, help_text="Why; it stands in the revision that saving makes."
    )
    version = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        plugin: CatalogPlugin,
        source_type: str,
        *,
        stored: Source | None,
        version: str,
        data: QueryDict | None = None,
        is_draft: bool = False,
    ) -> None:
        self.plugin, self.source_type, self.stored, self._is_draft = plugin, source_type, stored, is_draft
        super().__init__(data, initial={"version": version, **_initial(stored), "type": source_type}, label_suffix="")
        self.fields["type"] = forms.ChoiceField(choices=_types(plugin, source_type), help_text=_TYPE_HELP)
        self._properties = _declared(source_type)
        self._shown = redacted_properties(stored.type, stored.properties) if stored else {}
        if stored is None:
            help_text = "Lower-case letters, digits, - and _; it cannot be changed later."
            self.fields["key"] = forms.CharField(label="Id", max_length=200, help_text=help_text)
        for one in self._properties:
            self.fields[_PREFIX + one.name] = property_field(one, self._shown.get(self._stored_key(one)))
        for name in self._unknown():
            self.fields[_UNKNOWN + name] = forms.BooleanField(required=False, label=name, help_text=_UNKNOWN_HELP)
        for field in ("name", "key", "reason"):
            if field in self.fields:
                self.fields[field].widget.attrs["class"] = "vTextField"
        if is_draft and data is not None:
            self.data = self._with_stored_values(data)

    def full_clean(self) -> None:
        """Check what was sent, unless it is a draft."""
        if self._is_draft:
            self._errors, self.cleaned_data = ErrorDict(), {}
        else:
            super().full_clean()

    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Return the fields that people see, in groups with titles."""
        properties = [self[_PREFIX + one.name] for one in self._properties]
        properties += [self[_UNKNOWN + name] for name in self._unknown()]
        first = ["key", "name", "enabled"] if "key" in self.fields else ["name", "enabled"]
        return [
            ("Source", [self[name] for name in first]),
            ("Where it is read from", [self["type"], *properties]),
            ("What is taken", [self[name] for name in ("included", "excluded", "labels")]),
            ("This change", [self["reason"]]),
        ]

    def entries_of_other_types(self) -> list[tuple[str, str]]:
        """Return what was sent for fields that this type does not have, so that it is there again on the way back.

        Typed secrets are not among it: they are never sent to the browser.
        """
        own = {_PREFIX + one.name + box for one in self._properties for box in ("", *_BOXES)}
        sent = {name: str(value) for name, value in self.data.items() if name.startswith(_PREFIX)}
        return [(name, text) for name, text in sent.items() if name not in own and not name.endswith("_value")]

    def properties_to_go(self) -> list[str]:
        """Return the stored properties that saving takes out, because only the former type has them."""
        if self.stored is None or self.stored.type == self.source_type:
            return []
        former = {name for one in _declared(self.stored.type) for name in (one.name, *one.aliases)}
        return [key for key in self._shown if key in former - self._known()]

    def body(self) -> dict[str, Any]:
        """Return the whole entry that the person wants; stored secrets are marks, see ``restored_properties``."""
        values = {key: self.cleaned_data.get(field) for key, field in _FIELDS.items()}
        entry = {
            "id": self.stored.key if self.stored else values["id"],
            "name": values["name"],
            "type": self.source_type,
            "enabled": bool(values["enabled"]),
            "labels": values["labels"],
            "properties": self._wanted_properties(),
            "includedItems": values["includedItems"],
            "excludedItems": values["excludedItems"],
        }
        return {key: value for key, value in entry.items() if value not in (None, [], {})}

    def show_further_problems(self, problems: Iterable[Problem]) -> None:
        """Say what is wrong with fields that nothing is known to be wrong with yet."""
        found = [(self._field_of(problem), problem) for problem in problems]
        self.show_problems([problem for field, problem in found if field and field not in self.errors])

    def show_problems(self, problems: Iterable[Problem]) -> None:
        """Say at each field what is wrong with it; what belongs to no field stands above the form."""
        for problem in problems:
            text = problem.advice
            field = self._field_of(problem)
            self.add_error(field, text if field else f"{problem.path}: {text}" if problem.path else text)

    def show_version(self, version: str) -> None:
        """Let the next attempt be about this version of the configuration."""
        sent = QueryDict(mutable=True)
        sent.update(self.data)
        sent["version"] = version
        self.data = sent

    def _wanted_properties(self) -> dict[str, Any]:
        """Return the properties under the names that the configuration uses.

        Unknown ones stay, to be complained of, unless the person wants them taken out.
        """
        unwanted = {name for name in self._unknown() if self.cleaned_data.get(_UNKNOWN + name)}
        gone = {*self._known(), *self.properties_to_go(), *unwanted}
        kept = {key: value for key, value in self._shown.items() if key not in gone}
        named = {self._stored_key(one): self.cleaned_data.get(_PREFIX + one.name) for one in self._properties}
        return kept | {key: value for key, value in named.items() if value is not None}

    def _unknown(self) -> list[str]:
        """Return the stored properties that neither this type nor the former one has."""
        return [key for key in self._shown if key not in {*self._known(), *self.properties_to_go()}]

    def _known(self) -> set[str]:
        """Return all names that the properties of this type go by."""
        return {name for one in self._properties for name in (one.name, *one.aliases)}

    def _with_stored_values(self, data: QueryDict) -> QueryDict:
        """Return what was sent, with the stored value of each property whose field the person has not seen yet."""
        shown = data.copy()
        for one in self._properties:
            name, field = _PREFIX + one.name, self.fields[_PREFIX + one.name]
            if field.initial is None or not field.widget.value_omitted_from_data(data, {}, name):
                continue
            if isinstance(field, SecretField):
                shown.update(field.widget.sent_as(name, field.initial))
            else:
                shown[name] = field.prepare_value(field.initial)
        return shown

    def _stored_key(self, declared: Property) -> str:
        """Return the name under which a property stands in the configuration, which may be an older one."""
        return next((name for name in (declared.name, *declared.aliases) if name in self._shown), declared.name)

    def _field_of(self, problem: Problem) -> str | None:
        steps = _STEP.findall(problem.path)
        if steps[:1] == ["properties"] and len(steps) > 1:
            names = {name: _PREFIX + one.name for one in self._properties for name in (one.name, *one.aliases)}
            return (names | {name: _UNKNOWN + name for name in self._unknown()}).get(steps[1])
        field = _FIELDS.get(steps[0]) if steps else None
        return field if field in self.fields else None


def source_types(plugin: CatalogPlugin) -> Iterator[tuple[str, str]]:
    """Yield the types of source that a catalog can have, each with its name for people."""
    for name in plugin.source_types or provider_types():
        provider = provider_for(name)
        if provider:
            yield name, provider.display_name


def _types(plugin: CatalogPlugin, present: str) -> list[tuple[str, str]]:
    """Return the types to choose from; also the present one, where there is no such type."""
    known = dict(source_types(plugin))
    return list(known.items()) if present in known else [(present, f"{present} (unknown)"), *known.items()]


def _declared(source_type: str) -> tuple[Property, ...]:
    provider = provider_for(source_type)
    return declared_properties(provider) if provider else ()


def _initial(stored: Source | None) -> dict[str, Any]:
    if stored is None:
        return {}
    return {
        "name": stored.name,
        "enabled": stored.enabled,
        "labels": stored.labels,
        "included": stored.included_items,
        "excluded": stored.excluded_items,
    }
