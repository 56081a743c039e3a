"""``/api/jobs/v1alpha1/refresh``: the refreshes that were asked for, and cancelling them."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from catalog_core.administration.redaction import without_secrets
from catalog_core.api.management.base import PrivateView, answer
from catalog_core.api.management.serializers import CanceledSerializer, JobListSerializer, JobSerializer
from catalog_core.api.serializers import ErrorSerializer
from catalog_core.entities.paging import decode_token, encode_token, parse_page_size
from catalog_core.exceptions import InvalidQuery, JobOver, NotFound
from catalog_core.jobs.models import JobState, RefreshJob
from catalog_core.jobs.queue import cancel
from catalog_core.sources.secret_values import secret_values

_DEFAULT_PAGE, _LARGEST_PAGE = 20, 100
_TEXT = OpenApiTypes.STR
_FILTERS = {
    "namespace": "source__namespace",
    "plugin": "source__plugin",
    "sourceId": "source__key",
    "state": "state",
    "requestedBy": "requested_by",
}
_JOB_ID = OpenApiParameter("job_id", OpenApiTypes.UUID, OpenApiParameter.PATH, description="The id of the job.")


class JobsView(PrivateView):
    """All refresh jobs that are remembered."""

    @extend_schema(
        operation_id="listRefreshJobs",
        tags=["jobs"],
        summary="List refresh jobs",
        parameters=[
            OpenApiParameter("namespace", _TEXT),
            OpenApiParameter("plugin", _TEXT),
            OpenApiParameter("sourceId", _TEXT),
            OpenApiParameter("state", _TEXT, enum=JobState.values),
            OpenApiParameter("requestedBy", _TEXT),
            OpenApiParameter("pageSize", OpenApiTypes.INT, description="How many jobs a page holds at most."),
            OpenApiParameter("pageToken", _TEXT, description="`nextPageToken` of the page before."),
        ],
        responses={200: JobListSerializer, 400: ErrorSerializer},
    )
    def get(self, request: Request) -> Response:
        """Return one page of the jobs that match, the newest first."""
        wanted = _filters(request.query_params)
        size = parse_page_size(request.query_params.get("pageSize", ""), default=_DEFAULT_PAGE, maximum=_LARGEST_PAGE)
        matching = RefreshJob.objects.filter(**wanted)
        scope = f"refresh jobs|{sorted(wanted.items())}"
        found = list(_after(matching, request.query_params.get("pageToken", ""), scope)[: size + 1])
        token = encode_token((found[size - 1].requested_at, found[size - 1].pk), scope) if len(found) > size else ""
        jobs = [job_document(job) for job in found[:size]]
        return answer({"jobs": jobs, "nextPageToken": token, "totalSize": matching.count()})


class JobView(PrivateView):
    """One refresh job."""

    @extend_schema(
        operation_id="getRefreshJob",
        tags=["jobs"],
        summary="Get one refresh job",
        parameters=[_JOB_ID],
        responses={200: JobSerializer, 404: ErrorSerializer},
    )
    def get(self, request: Request, job_id: str) -> Response:
        """Return how a refresh goes, or how it went."""
        return answer(job_document(_find(job_id)))


class CancelJobView(PrivateView):
    """Cancelling a refresh job."""

    @extend_schema(
        operation_id="cancelRefreshJob",
        tags=["jobs"],
        summary="Cancel a refresh job",
        parameters=[_JOB_ID],
        request=None,
        responses={200: CanceledSerializer, 404: ErrorSerializer, 409: ErrorSerializer},
    )
    def post(self, request: Request, job_id: str) -> Response:
        """Cancel a job: at once if it waits, as soon as its worker looks if it runs. What is served stays as it is."""
        job = _find(job_id)
        if not cancel(job):
            job.refresh_from_db()
            raise JobOver(f"The job is over already: {job.state}.")
        job.refresh_from_db()
        status = "canceling" if job.state == JobState.RUNNING else "canceled"
        return answer({"status": status, "jobId": str(job.pk)})


def job_document(job: RefreshJob) -> dict[str, Any]:
    """Return a job as the API shows it; what says nothing is left out."""
    source = job.source
    secrets = tuple(secret_values(source.type, source.properties))
    optional: dict[str, Any] = {
        "notBefore": _time(job.not_before) if job.state == JobState.QUEUED else "",
        "cancelRequested": job.cancel_requested,
        "progress": job.progress,
        "bytesRead": job.bytes_read,
        "itemsRead": job.items_read,
        "itemsWritten": job.items_written,
        "message": without_secrets(job.message, secrets),
        "startedAt": _time(job.started_at),
        "finishedAt": _time(job.finished_at),
        "lastError": without_secrets(job.last_error, secrets),
        "entitiesLoaded": job.entities_loaded,
        "entitiesRemoved": job.entities_removed,
        "durationMs": job.duration_ms,
    }
    return {
        "id": str(job.pk),
        "namespace": source.namespace,
        "plugin": source.plugin,
        "sourceId": source.key,
        "requestedBy": job.requested_by,
        "requestedAt": _time(job.requested_at),
        "reason": job.reason,
        "forced": job.forced,
        "state": str(job.state),
        "attemptCount": job.attempt_count,
    } | {key: value for key, value in optional.items() if value}


def _filters(parameters: Mapping[str, str]) -> dict[str, str]:
    wanted = {column: parameters[name] for name, column in _FILTERS.items() if parameters.get(name)}
    if wanted.get("state", JobState.QUEUED) not in JobState.values:
        raise InvalidQuery(f"there is no such state; there are {', '.join(JobState.values)}.", parameter="state")
    return wanted


def _after(jobs: QuerySet[RefreshJob], token: str, scope: str) -> QuerySet[RefreshJob]:
    """Return the jobs after the one that a page token stands for; a keyset, so new jobs shift nothing."""
    jobs = jobs.select_related("source").order_by("-requested_at", "-id")
    if not token:
        return jobs
    requested_at, pk = decode_token(token, scope)
    return jobs.filter(Q(requested_at__lt=requested_at) | Q(requested_at=requested_at, pk__lt=pk))


def _find(job_id: str) -> RefreshJob:
    try:
        job = RefreshJob.objects.select_related("source").filter(pk=uuid.UUID(job_id)).first()
    except ValueError:
        job = None
    if job is None:
        raise NotFound(f'refresh job "{job_id[:100]}" not found; it may have ended long ago.')
    return job


def _time(moment: datetime | None) -> str:
    return moment.isoformat().replace("+00:00", "Z") if moment else ""
