"""Saving what a person wants of a source: the same way, with the same checks and conflicts, as the management API."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from catalog_core.admin.looks import difference_block
from catalog_core.admin.source_form import SourceForm
from catalog_core.administration.changes import Change, apply_source, current_version, patch_source
from catalog_core.administration.differences import difference
from catalog_core.administration.validation import ValidationFailed, require_valid, validate
from catalog_core.administration.wish import Wish, entry_of
from catalog_core.exceptions import (
    CatalogError,
    ConfigurationConflict,
    ConfigurationReadOnly,
    ConfigurationUnavailable,
    InvalidDocument,
    NotFound,
)
from catalog_core.problems import Problem
from catalog_core.sources import revisions
from catalog_core.sources.models import CONFIGURATION_FAULT, ConfigurationRevision, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Why a change was not made, for the person who wanted it.

    Attributes:
        message: what is wrong.
        meanwhile: what others have changed since, as lines of a diff with their classes; empty if it is not known.
        authors: who they are.
    """

    message: str
    meanwhile: list[tuple[str, str]]
    authors: list[str]


def save(form: SourceForm, *, actor: str) -> Change | Conflict | None:
    """Carry out what a valid form says; problems are noted at its fields, and then nothing is returned.

    Args:
        form: a form that :meth:`is_valid`.
        actor: who saves.
    """
    try:
        wish = Wish.of(form.plugin, form.body(), form.stored)
        require_valid(wish)
        return _carry_out(form, wish, actor)
    except ValidationFailed as error:
        form.show_problems(error.report.errors)
    except InvalidDocument as error:
        form.show_problems(error.problems)
    except (ConfigurationReadOnly, ConfigurationUnavailable, NotFound) as error:
        form.add_error(None, str(error))
    except ConfigurationConflict as error:
        conflict = conflict_since(form.cleaned_data["version"], error)
        form.show_version(current_version())
        return conflict
    return None


def check_further(form: SourceForm) -> None:
    """Note at an invalid form's other fields what the checks would find there, so that all is mended in one go."""
    with suppress(InvalidDocument):
        wish = Wish.of(form.plugin, form.body(), form.stored)
        form.show_further_problems(validate(wish).errors)


def merge_patch(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Return the JSON merge patch (RFC 7396) that makes ``after`` of ``before``, so that only that is written."""
    patch: dict[str, Any] = {key: None for key in before if key not in after}
    for key, value in after.items():
        old = before.get(key)
        if isinstance(old, Mapping) and isinstance(value, Mapping):
            inner = merge_patch(old, value)
            patch |= {key: inner} if inner else {}
        elif key not in before or type(old) is not type(value) or old != value:
            patch[key] = value
    return patch


def conflict_since(version: str, error: CatalogError) -> Conflict:
    """Return what others have changed since a version, as far as it is known.

    Args:
        version: the version that the person has seen.
        error: what was raised.
    """
    current = current_version()
    if current == version:
        text = (
            "The configuration was just changed at its place, and the server has yet to look at it. Nothing was saved. "
            "Your entries are kept below; save again in a little while."
        )
        return Conflict(message=text, meanwhile=[], authors=[])
    try:
        seen, now = revisions.revision(version), revisions.revision(current)
    except NotFound:
        return Conflict(message=str(error), meanwhile=[], authors=[])
    later = ConfigurationRevision.objects.filter(pk__gt=seen.pk, pk__lte=now.pk)
    authors = sorted(set(later.order_by().values_list("actor", flat=True)))
    text = "The configuration was changed while you were writing, and nothing was saved. Your entries are kept below."
    return Conflict(message=text, meanwhile=difference_block(difference(now, since=seen)), authors=authors)


def _carry_out(form: SourceForm, wish: Wish, actor: str) -> Change:
    """Patch what is other than before; a new source, and one whose entry is faulty, is stated as a whole."""
    how: dict[str, Any] = {
        "actor": actor,
        "reason": form.cleaned_data["reason"],
        "expected_version": form.cleaned_data["version"] or None,
    }
    stored = form.stored
    if stored is None:
        _refuse_taken_id(wish)
        return apply_source(wish.plugin.name, wish.entry(), **how)
    if stored.error_code == CONFIGURATION_FAULT:
        return apply_source(wish.plugin.name, wish.entry(), **how)
    changes = merge_patch(entry_of(stored), wish.body)
    return patch_source(wish.plugin.name, stored.key, changes, **how)


def _refuse_taken_id(wish: Wish) -> None:
    """Refuse to replace a source by adding one, which the management API would do.

    Raises:
        InvalidDocument: the catalog has a source of that id.
    """
    if Source.objects.configured().filter(plugin=wish.plugin.name, key=wish.body["id"]).exists():
        message = f'There is a source "{wish.body["id"]}" already.'
        hint = "Choose another id, or change that source."
        raise InvalidDocument([Problem(message=message, rule="taken-id", hint=hint, path="id")])
