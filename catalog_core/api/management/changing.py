"""Changing sources: apply, patch, enable, delete.

Everything is checked first, then the configuration is written, then it is in force; whatever fails leaves no trace.
"""

from collections.abc import Mapping
from typing import Any

from rest_framework.exceptions import MethodNotAllowed, ParseError
from rest_framework.request import Request
from rest_framework.response import Response

from catalog_core.administration.changes import (
    Change,
    apply_source,
    current_version,
    delete_source,
    enable_source,
    patch_source,
)
from catalog_core.administration.content_files import stage_content
from catalog_core.administration.contents import CONTENT_PROPERTY
from catalog_core.administration.redaction import restored_properties
from catalog_core.administration.refreshing import await_attempt, refresh_now, refresh_result
from catalog_core.administration.source_info import find_source, source_info
from catalog_core.administration.validation import require_valid
from catalog_core.administration.wish import ENTRY_KEYS, Wish, entry_of, merged
from catalog_core.api.management.base import IF_MATCH, REASON, SOURCE_ID, ManagementView, Operation, answer
from catalog_core.api.management.bodies import body_of, circumstances_of
from catalog_core.api.management.checking import same_id, wish_of
from catalog_core.api.management.serializers import (
    AppliedSourceSerializer,
    EnableSerializer,
    RejectedSourceSerializer,
    SourceConfigInputSerializer,
    SourceInfoSerializer,
    SourcePatchSerializer,
    StatusSerializer,
)
from catalog_core.api.serializers import ErrorSerializer
from catalog_core.conf import catalog_settings
from catalog_core.exceptions import NotFound
from catalog_core.sources.models import Source

CHANGED = {400: ErrorSerializer, 409: ErrorSerializer, 422: RejectedSourceSerializer}
_UNKNOWN = {404: ErrorSerializer}


class ApplySourceView(ManagementView):
    """Adding and replacing a source."""

    operations = {
        "post": Operation(
            id="apply{kind}Source",
            summary="Add a source, or replace it",
            request=SourceConfigInputSerializer,
            parameters=(IF_MATCH, REASON),
            responses={200: AppliedSourceSerializer, **CHANGED},
        )
    }

    def post(self, request: Request) -> Response:
        """Apply a source and return it; with ``refreshAfterApply`` together with the outcome of its refresh."""
        body = body_of(request)
        wish = wish_of(self.plugin, body)
        how = circumstances_of(request)
        require_valid(wish)

        def change() -> Change:
            return apply_source(self.plugin.name, wish.entry(), **how)

        return _applied(self, wish, change, refresh=body.get("refreshAfterApply") is True)


class SourceView(ManagementView):
    """One source."""

    readers_may_read = True
    operations = {
        "get": Operation(
            id="get{kind}Source",
            summary="Get one source",
            parameters=(SOURCE_ID,),
            responses={200: SourceInfoSerializer, **_UNKNOWN},
        ),
        "patch": Operation(
            id="patch{kind}Source",
            summary="Change some of a source",
            request=SourcePatchSerializer,
            parameters=(SOURCE_ID, IF_MATCH, REASON),
            responses={200: AppliedSourceSerializer, **CHANGED, **_UNKNOWN},
        ),
        "delete": Operation(
            id="delete{kind}Source",
            summary="Delete a source and its entities",
            parameters=(SOURCE_ID, IF_MATCH, REASON),
            responses={200: StatusSerializer, **CHANGED, **_UNKNOWN},
        ),
    }

    def get(self, request: Request, source_id: str) -> Response:
        """Return a source and how it is; operators see what it is read from as well."""
        info = source_info(find_source(self.plugin, source_id), is_operator=self.is_operator)
        return answer(info, headers=version_header(current_version()) if self.is_operator else None)

    def patch(self, request: Request, source_id: str) -> Response:
        """Carry out a JSON merge patch and return the source."""
        body = body_of(request)
        stored = find_source(self.plugin, source_id)
        same_id(source_id, body)
        patch = _restored_patch(body, stored)
        wish = Wish(plugin=self.plugin, body=merged(entry_of(stored), patch), stored=stored)
        how = circumstances_of(request)
        require_valid(wish)

        def change() -> Change:
            return patch_source(self.plugin.name, source_id, _entry_patch(patch), **how)

        return _applied(self, wish, change, refresh=body.get("refreshAfterApply") is True)

    def delete(self, request: Request, source_id: str) -> Response:
        """Take a source out of the configuration, with its entities; a rollback of the source brings it back."""
        find_source(self.plugin, source_id)
        change = delete_source(self.plugin.name, source_id, **circumstances_of(request))
        return answer({"status": "deleted"}, headers=version_header(change.version))

    def post(self, request: Request, source_id: str) -> Response:
        """Refuse: a source itself is not posted to, and of the verbs after a colon this is none."""
        _, colon, verb = source_id.rpartition(":")
        if colon:
            raise NotFound(f'There is no "{verb[:80]}" for sources; there are enable, validate, plan and rollback.')
        raise MethodNotAllowed("POST")


class EnableSourceView(ManagementView):
    """Showing and hiding the entities of a source."""

    operations = {
        "post": Operation(
            id="enable{kind}Source",
            summary="Enable or disable a source",
            request=EnableSerializer,
            parameters=(SOURCE_ID, IF_MATCH, REASON),
            responses={200: SourceInfoSerializer, **CHANGED, **_UNKNOWN},
        )
    }

    def post(self, request: Request, source_id: str) -> Response:
        """Show the entities of a source, or hide them at once; what was added to them is kept."""
        enabled = body_of(request).get("enabled")
        if not isinstance(enabled, bool):
            raise ParseError('Say {"enabled": true} or {"enabled": false}.')
        find_source(self.plugin, source_id)
        change = enable_source(self.plugin.name, source_id, enabled, **circumstances_of(request))
        info = source_info(find_source(self.plugin, source_id), is_operator=True)
        return answer(info, headers=version_header(change.version))


def _applied(view: ManagementView, wish: Wish, change: Any, *, refresh: bool) -> Response:
    """Carry out a change together with the content of the file that came with it, and answer with the source."""
    staged = stage_content(wish)
    try:
        done: Change = change()
        if staged:
            staged.put_in_place()
    finally:
        if staged:
            staged.discard()
    source = find_source(view.plugin, str(wish.body["id"]))
    result = _refreshed(source, view.actor, waits=refresh) if refresh or staged else None
    source.refresh_from_db()
    info = source_info(source, is_operator=True)
    return answer(
        info | ({"refreshResult": result} if result and refresh else {}), headers=version_header(done.version)
    )


def _refreshed(source: Source, actor: str, *, waits: bool) -> dict[str, Any]:
    """Have a source read, and return the RefreshResult; if nobody waits for it, or for too long, that it is queued."""
    if not source.enabled:
        return {
            "sourceId": source.key,
            "entitiesLoaded": 0,
            "entitiesRemoved": 0,
            "duration": 0,
            "error": "The source is disabled, so it was not refreshed.",
        }
    job = refresh_now(source, requested_by=actor)
    was_tried = waits and await_attempt(job, catalog_settings().refresh_wait_seconds)
    return refresh_result(job) | ({} if was_tried else {"status": "queued"})


def _restored_patch(body: Mapping[str, Any], stored: Source) -> dict[str, Any]:
    properties = body.get("properties")
    if not isinstance(properties, Mapping):
        return dict(body)
    return {**body, "properties": restored_properties(properties, stored.properties)}


def _entry_patch(patch: Mapping[str, Any]) -> dict[str, Any]:
    """Return the part of a patch that concerns the entry; the content of the file is no part of it."""
    changes = {key: patch[key] for key in ENTRY_KEYS if key in patch}
    if isinstance(changes.get("properties"), Mapping):
        changes["properties"] = {key: one for key, one in changes["properties"].items() if key != CONTENT_PROPERTY}
    return changes


def version_header(version: str) -> dict[str, str]:
    """Return the header that tells which version of the configuration an answer belongs to; for ``If-Match``."""
    return {"Configuration-Version": version} if version else {}
