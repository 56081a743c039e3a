"""Asking for refreshes."""

from rest_framework.request import Request
from rest_framework.response import Response

from catalog_core.administration.refreshing import ask_for_all, ask_for_refresh
from catalog_core.administration.source_info import find_source
from catalog_core.api.management.base import FORCE, SOURCE_ID, ManagementView, Operation, answer
from catalog_core.api.management.bodies import wants
from catalog_core.api.management.serializers import AllQueuedSerializer, QueuedSerializer, RefreshRequestSerializer
from catalog_core.api.serializers import ErrorSerializer


class RefreshAllView(ManagementView):
    """A refresh of everything in a catalog."""

    operations = {
        "post": Operation(
            id="refreshAll{kind}Sources",
            summary="Refresh all enabled sources of the catalog",
            request=RefreshRequestSerializer,
            parameters=(FORCE,),
            responses={202: AllQueuedSerializer, 400: ErrorSerializer, 409: ErrorSerializer, 429: ErrorSerializer},
        )
    }

    def post(self, request: Request) -> Response:
        """Ask for a refresh of each enabled source; ``/api/jobs/v1alpha1/refresh`` tells how they go."""
        requested = ask_for_all(self.plugin, requested_by=self.actor, forced=wants(request, "force"))
        ids = [str(job.pk) for job in requested.jobs]
        return answer({"status": "queued", "jobId": ids[0], "jobIds": ids, "limited": list(requested.limited)}, 202)


class RefreshSourceView(ManagementView):
    """A refresh of one source."""

    operations = {
        "post": Operation(
            id="refresh{kind}Source",
            summary="Refresh one source",
            request=RefreshRequestSerializer,
            parameters=(SOURCE_ID, FORCE),
            responses={
                202: QueuedSerializer,
                400: ErrorSerializer,
                404: ErrorSerializer,
                409: ErrorSerializer,
                429: ErrorSerializer,
            },
        )
    }

    def post(self, request: Request, source_id: str) -> Response:
        """Ask for a refresh; a job that waits already is returned again."""
        source = find_source(self.plugin, source_id)
        job = ask_for_refresh(source, requested_by=self.actor, forced=wants(request, "force"))
        return answer({"status": "queued", "jobId": str(job.pk)}, 202)
