"""What a source was, and going back to it."""

from typing import Any

from rest_framework.exceptions import ParseError
from rest_framework.request import Request
from rest_framework.response import Response

from catalog_core.administration.changes import rollback_source
from catalog_core.administration.source_info import find_source
from catalog_core.api.management.base import IF_MATCH, REASON, SOURCE_ID, ManagementView, Operation, answer
from catalog_core.api.management.bodies import body_of, circumstances_of
from catalog_core.api.management.changing import CHANGED, version_header
from catalog_core.api.management.serializers import (
    RevisionListSerializer,
    RollbackSerializer,
    RolledBackSerializer,
)
from catalog_core.api.serializers import ErrorSerializer
from catalog_core.plugins.contract import source_key
from catalog_core.sources.models import ConfigurationRevision
from catalog_core.sources.revisions import source_revisions

_SHORT = 8


class SourceRevisionsView(ManagementView):
    """The history of a source."""

    operations = {
        "get": Operation(
            id="list{kind}SourceRevisions",
            summary="List the revisions in which a source was changed",
            parameters=(SOURCE_ID,),
            responses={200: RevisionListSerializer, 404: ErrorSerializer},
        )
    }

    def get(self, request: Request, source_id: str) -> Response:
        """Return the revisions of the configuration in which this source is other than before, the newest first."""
        found = source_revisions(source_key(self.plugin), source_id)
        if not found:
            find_source(self.plugin, source_id)
        return answer({"revisions": [revision_summary(one) for one in found], "count": len(found)})


class SourceRollbackView(ManagementView):
    """Going back to what a source was."""

    operations = {
        "post": Operation(
            id="rollback{kind}Source",
            summary="Restore a source as it was in a revision",
            request=RollbackSerializer,
            parameters=(SOURCE_ID, IF_MATCH, REASON),
            responses={200: RolledBackSerializer, **CHANGED, 404: ErrorSerializer},
        )
    }

    def post(self, request: Request, source_id: str) -> Response:
        """Restore this source alone; if it did not exist then, it is deleted, and if it does not now, it comes back."""
        change = rollback_source(self.plugin.name, source_id, wanted_version(request), **circumstances_of(request))
        return answer({"status": "rolled_back", "version": change.version}, headers=version_header(change.version))


def wanted_version(request: Request) -> str:
    """Return the version that a rollback names.

    Raises:
        ParseError: it names none.
    """
    version = body_of(request).get("version")
    if not isinstance(version, str) or not version.strip():
        raise ParseError('Say which revision: {"version": "..."}, as the list of revisions names it.')
    return version


def revision_summary(revision: ConfigurationRevision) -> dict[str, Any]:
    """Return a revision as lists show it; ``version`` is the beginning of ``digest``, and enough to name it."""
    return {
        "version": revision.version[:_SHORT],
        "timestamp": revision.created_at.isoformat().replace("+00:00", "Z"),
        "size": revision.size,
        "digest": revision.version,
        "actor": revision.actor,
        "reason": revision.reason,
    }
