"""Changing the configuration while the server runs: the same way for REST, the Django admin and everybody else."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Unpack

from catalog_core.administration.carrying_out import Change, Circumstances, Request, carry_out
from catalog_core.administration.entries import checked_entry, current_entry, find_source, order_of
from catalog_core.administration.wish import merged
from catalog_core.conf import catalog_settings
from catalog_core.exceptions import InvalidDocument, NotFound
from catalog_core.plugins.contract import Plugin, source_key
from catalog_core.plugins.registry import PluginRegistry
from catalog_core.problems import Problem, did_you_mean
from catalog_core.sources import revisions
from catalog_core.sources.documents import Documents
from catalog_core.sources.editing import is_stated, put_source, remove_source
from catalog_core.sources.models import ConfigurationState

__all__ = [
    "Change",
    "apply_source",
    "current_version",
    "delete_source",
    "enable_source",
    "patch_source",
    "rollback",
    "rollback_source",
]

_KEPT_KEYS = ("includedItems", "excludedItems")
"""Keys that clients of an older API do not know, so their silence is no wish to remove them."""


def current_version() -> str:
    """Return the version of the configuration in force; empty before the first one was taken over."""
    return ConfigurationState.current().version


def apply_source(plugin: str, entry: Mapping[str, Any], **how: Unpack[Circumstances]) -> Change:
    """Add a source, or replace what the configuration says about it.

    Args:
        plugin: the name of the plugin.
        entry: the whole entry, as it would stand in the file. ``includedItems`` and ``excludedItems`` stay as they are
            if it is silent about them; whatever else it is silent about holds by default.
        how: who wants it, why, and on what condition; see :class:`Circumstances`.

    Raises:
        NotFound: there is no such plugin.
        InvalidDocument: something is wrong with the entry, or it cannot be written without changing something else.
        ConfigurationConflict: the configuration is not the expected one.
        ConfigurationReadOnly: the configuration cannot be written.
        ConfigurationUnavailable: the configuration cannot be read.
    """
    request = Request(**how)
    found = _plugin(plugin, request.plugins)
    wanted = checked_entry(found, entry)

    def edit(documents: Documents) -> Documents:
        present = current_entry(documents, source_key(found), wanted["id"])
        kept = {key: present[key] for key in _KEPT_KEYS if key in present and key not in entry}
        return _put(documents, found, {**wanted, **kept})

    return carry_out(request, edit, found, wanted["id"])


def patch_source(plugin: str, source_id: str, changes: Mapping[str, Any], **how: Unpack[Circumstances]) -> Change:
    """Change some of what the configuration says about a source.

    Args:
        plugin: the name of the plugin.
        source_id: the id of the source.
        changes: a JSON merge patch (RFC 7396) of the entry: ``null`` takes a key out.
        how: who wants it, why, and on what condition; see :class:`Circumstances`.

    Raises:
        NotFound: there is no such plugin or source.
        InvalidDocument: see :func:`apply_source`; or the present entry is faulty, or the patch names another id.
        ConfigurationConflict: see :func:`apply_source`.
        ConfigurationReadOnly: see :func:`apply_source`.
        ConfigurationUnavailable: see :func:`apply_source`.
    """
    request = Request(**how)
    found = _plugin(plugin, request.plugins)
    if changes.get("id", source_id) != source_id:
        hint = "Add a source of the new id and delete this one."
        raise InvalidDocument([Problem(message="A source keeps its id.", rule="fixed-id", hint=hint, path="id")])

    def edit(documents: Documents) -> Documents:
        present = find_source(documents, found, source_id)
        return _put(documents, found, checked_entry(found, merged(present, changes)))

    return carry_out(request, edit, found, source_id)


def enable_source(plugin: str, source_id: str, enabled: bool, **how: Unpack[Circumstances]) -> Change:
    """Show or hide the entities of a source; for arguments and errors see :func:`patch_source`."""
    return patch_source(plugin, source_id, {"enabled": enabled}, **how)


def delete_source(plugin: str, source_id: str, **how: Unpack[Circumstances]) -> Change:
    """Take a source out of the configuration, with its entities; for arguments and errors see :func:`patch_source`."""
    request = Request(**how)
    found = _plugin(plugin, request.plugins)

    def edit(documents: Documents) -> Documents:
        if not is_stated(documents, source_key(found), source_id, max_bytes=_max_bytes()):
            raise NotFound(f"{found.name} has no source {source_id!r}.")
        return remove_source(documents, source_key(found), source_id, max_bytes=_max_bytes())

    return carry_out(request, edit, found, source_id)


def rollback(version: str, **how: Unpack[Circumstances]) -> Change:
    """Restore the whole configuration as it was, byte for byte.

    Args:
        version: the version of a revision, or at least 8 digits of it.
        how: see :class:`Circumstances`; without a reason, the revision says which version was restored.

    Raises:
        NotFound: there is no such revision.
        InvalidDocument: this server cannot take the revision over any more.
        ConfigurationConflict: see :func:`apply_source`.
        ConfigurationReadOnly: see :func:`apply_source`.
        ConfigurationUnavailable: see :func:`apply_source`.
    """
    restored = revisions.revision(version)
    request = Request(**how)
    request = replace(request, reason=request.reason or f"Back to {restored.version[:8]}")
    return carry_out(request, lambda documents: revisions.documents_of(restored, documents))


def rollback_source(plugin: str, source_id: str, version: str, **how: Unpack[Circumstances]) -> Change:
    """Restore what the configuration said about one source; if that was nothing, the source is taken out.

    Args:
        plugin: the name of the plugin.
        source_id: the id of the source.
        version: the version of a revision, or at least 8 digits of it.
        how: see :class:`Circumstances`; without a reason, the revision says which version was restored.

    Raises:
        NotFound: there is no such plugin or revision, or the source exists neither there nor now.
        InvalidDocument: see :func:`apply_source`; or the entry was faulty then.
        ConfigurationConflict: see :func:`apply_source`.
        ConfigurationReadOnly: see :func:`apply_source`.
        ConfigurationUnavailable: see :func:`apply_source`.
    """
    request = Request(**how)
    found = _plugin(plugin, request.plugins)
    key, limit = source_key(found), _max_bytes()
    restored = revisions.revision(version)

    def edit(documents: Documents) -> Documents:
        earlier = revisions.documents_of(restored, documents)
        if is_stated(earlier, key, source_id, max_bytes=limit):
            entry = checked_entry(found, find_source(earlier, found, source_id))
            return put_source(documents, key, entry, follows=order_of(earlier, key, source_id), max_bytes=limit)
        if not is_stated(documents, key, source_id, max_bytes=limit):
            raise NotFound(f"{found.name} has no source {source_id!r}, neither now nor in {restored.version[:8]}.")
        return remove_source(documents, key, source_id, max_bytes=limit)

    request = replace(request, reason=request.reason or f"{source_id} back to {restored.version[:8]}")
    return carry_out(request, edit, found, source_id)


def _put(documents: Documents, plugin: Plugin, entry: Mapping[str, Any]) -> Documents:
    return put_source(documents, source_key(plugin), entry, max_bytes=_max_bytes())


def _plugin(name: str, plugins: PluginRegistry) -> Plugin:
    found = plugins.get(name)
    if found is None:
        hint = did_you_mean(name, [plugin.name for plugin in plugins])
        raise NotFound(f"There is no plugin {name!r}. {hint}".strip())
    return found


def _max_bytes() -> int:
    return catalog_settings().configuration_max_bytes
