"""Form fields for the properties of a source: each gives the JSON value that stands in the configuration, or nothing.

Secrets are never sent to the browser: in their place stands the redaction mark, which keeps what is stored. A reference
to a secret is written as in the configuration: ``{env: NAME}``, ``{file: PATH}`` or ``{name: NAME, key: KEY}``.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, ClassVar

import yaml
from django import forms

from catalog_core.administration.redaction import REDACTED
from catalog_core.sources.configuration import is_secret_ref
from catalog_core.sources.configuration.words import boolean_of
from catalog_core.sources.providers.base import Property

_SIMPLE = re.compile(r"[\w./-]+")
_KINDS = {
    "none": "no secret",
    "keep": "keep the stored one",
    "value": "a new one, typed here",
    "env": "environment variable",
    "file": "file",
    "kubernetes": "Kubernetes secret",
}


def reference_text(value: Any) -> str:
    """Return a text, or a reference to a secret, as a person writes it in one line."""
    if not is_secret_ref(value):
        return "" if value is None else str(value)
    parts = (f"{key}: {one if _SIMPLE.fullmatch(str(one)) else json.dumps(one)}" for key, one in value.items())
    return "{" + ", ".join(parts) + "}"


def text_or_reference(text: str) -> Any:
    """Return what :func:`reference_text` was called on; text that is no reference stays text."""
    if not text.startswith("{"):
        return text
    try:
        value = yaml.safe_load(text)
    except yaml.YAMLError:
        return text
    return value if is_secret_ref(value) else text


class TextOrReferenceField(forms.CharField):
    """One line of text, or a reference to a secret."""

    def prepare_value(self, value: Any) -> Any:
        """Return what stands in the box."""
        return reference_text(value)

    def clean(self, value: Any) -> Any:
        """Return the text or the reference; nothing if the box is empty."""
        text = super().clean(value)
        return text_or_reference(text) if text else None


class LinesField(forms.CharField):
    """A list of texts, one in each line."""

    widget = forms.Textarea(attrs={"rows": 3, "class": "catalog-lines"})

    def prepare_value(self, value: Any) -> Any:
        """Return what stands in the box."""
        return "\n".join(str(line) for line in value) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> Any:
        """Return the lines that are not empty; nothing if there is none."""
        lines = [line.strip() for line in super().clean(value).splitlines()]
        return [line for line in lines if line] or None


class PairsField(forms.CharField):
    """A mapping of names to texts or references, one ``name: value`` in each line."""

    widget = forms.Textarea(attrs={"rows": 3, "class": "catalog-lines", "spellcheck": "false"})

    def prepare_value(self, value: Any) -> Any:
        """Return what stands in the box."""
        if not isinstance(value, Mapping):
            return value
        return "\n".join(f"{name}: {reference_text(one)}" for name, one in value.items())

    def clean(self, value: Any) -> Any:
        """Return the mapping; nothing if it is empty.

        Raises:
            ValidationError: a line has no colon.
        """
        pairs: dict[str, Any] = {}
        for line in filter(None, (line.strip() for line in super().clean(value).splitlines())):
            name, colon, text = line.partition(":")
            if not colon or not name.strip():
                raise forms.ValidationError("Write one pair in each line, as name: value.")
            pairs[name.strip()] = text_or_reference(text.strip())
        return pairs or None


class SecretWidget(forms.MultiWidget):
    """Where a secret comes from; then a password box, and a box for the name of what holds it."""

    template_name = "admin/catalog_core/source/secret.html"
    use_fieldset = False
    BOXES: ClassVar[tuple[str, ...]] = ("kind", "value", "reference")

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        boxes: dict[str, forms.Widget | type[forms.Widget]] = {
            "kind": forms.Select(choices=list(_KINDS.items())),
            "value": forms.PasswordInput(attrs={"autocomplete": "new-password", "placeholder": "the secret"}),
            "reference": forms.TextInput(attrs={"class": "vTextField", "placeholder": "name or path of what holds it"}),
        }
        super().__init__({name: boxes[name] for name in self.BOXES}, attrs)

    def name_boxes(self, label: str) -> None:
        """Name each box for those who do not see where it stands.

        Args:
            label: what the secret is called.
        """
        texts = ("where the secret comes from", "the secret", "name or path of what holds it")
        for box, text in zip(self.widgets, texts, strict=True):
            box.attrs["aria-label"] = f"{label}: {text}"

    def id_for_label(self, id_: str) -> str:
        """Return the id of the first box."""
        return f"{id_}_{self.BOXES[0]}" if id_ else id_

    def offer(self, kinds: list[tuple[str, str]]) -> None:
        """Let people choose among these kinds, pairs of word and label."""
        select = self.widgets[0]
        if isinstance(select, forms.Select):
            select.choices = kinds

    def sent_as(self, name: str, value: Any) -> dict[str, str]:
        """Return what a browser would send of the three boxes if nobody touched them."""
        return {f"{name}_{box}": text for box, text in zip(self.BOXES, self.decompress(value), strict=True)}

    def decompress(self, value: Any) -> list[str]:
        """Return what stands in the three boxes; never the secret itself."""
        if value is None:
            return ["none", "", ""]
        if not is_secret_ref(value):
            return ["keep", "", ""]
        if "name" in value:
            return ["kubernetes", "", "/".join(value[key] for key in ("namespace", "name", "key") if value.get(key))]
        kind, name = next(iter(value.items()))
        return [kind, "", name]


class SecretField(forms.MultiValueField):
    """A secret: kept, typed, or referred to.

    Args:
        is_stored: whether the configuration holds the secret itself, so that it can be kept.
    """

    widget: SecretWidget

    def __init__(self, *, is_stored: bool, **options: Any) -> None:
        parts = (forms.CharField(), forms.CharField(required=False, strip=False), forms.CharField(required=False))
        super().__init__(parts, require_all_fields=False, widget=SecretWidget(), **options)
        self.widget.name_boxes(options["label"])
        self.widget.offer([(kind, label) for kind, label in _KINDS.items() if is_stored or kind != "keep"])

    def compress(self, data_list: list[str]) -> Any:
        """Return the secret, a reference to it, the mark that keeps it, or nothing.

        Raises:
            ValidationError: the box that belongs to the chosen kind is empty or cannot be understood.
        """
        kind, secret, reference = (*data_list, "", "", "")[:3]
        if secret and kind in ("", "none", "keep", "value"):
            return secret
        if kind in ("", "none"):
            return None
        if kind == "keep":
            return REDACTED
        if kind == "value":
            raise forms.ValidationError("Type the secret; it is not sent back to your browser, so type it once more.")
        return _reference(kind, reference)


def property_field(declared: Property, stored: Any) -> forms.Field:
    """Return the form field for a property.

    Args:
        declared: what the provider says of it.
        stored: its value as it may be shown, with the redaction mark in place of secrets; nothing if it is absent.
    """
    options: dict[str, Any] = {
        "label": declared.name,
        "help_text": _help(declared),
        "required": declared.required,
        "initial": stored,
    }
    if declared.type == "string-map":
        return PairsField(**options)
    if declared.type == "string-list":
        return LinesField(**options)
    if declared.secret:
        return SecretField(is_stored=stored is not None and not is_secret_ref(stored), **options)
    if declared.type == "boolean":
        return _boolean_field(declared, options)
    if declared.type == "integer":
        return forms.IntegerField(**options)
    return TextOrReferenceField(widget=forms.TextInput(attrs={"class": "vTextField", "spellcheck": "false"}), **options)


def _boolean_field(declared: Property, options: dict[str, Any]) -> forms.Field:
    default = "" if declared.default is None else f" (default: {'yes' if declared.default else 'no'})"
    choices = [("", f"not stated{default}"), ("true", "yes"), ("false", "no")]
    truth = boolean_of(options["initial"])
    options["initial"] = {True: "true", False: "false"}.get(truth) if truth is not None else ""
    return forms.TypedChoiceField(choices=choices, coerce=lambda text: text == "true", empty_value=None, **options)


def _help(declared: Property) -> str:
    default = f" Default: {declared.default}." if isinstance(declared.default, str | int) else ""
    lines = {"string-list": " One in each line.", "string-map": " One in each line, as name: value."}
    return f"{declared.description}{default if declared.type != 'boolean' else ''}{lines.get(declared.type, '')}"


def _reference(kind: str, text: str) -> dict[str, str]:
    value = {kind: text}
    if kind == "kubernetes":
        names = [part for part in text.split("/") if part]
        keys = ("name", "key") if len(names) == 2 else ("namespace", "name", "key")
        value = dict(zip(keys, names, strict=False))
    if not is_secret_ref(value):
        wanted = {"env": "the name of the variable, such as LAB_TOKEN", "file": "the path of the file"}
        raise forms.ValidationError(f"Give {wanted.get(kind, 'name/key, or namespace/name/key')}.")
    return value
