"""Refresh jobs in the admin: what was asked for, what runs and how far it is, what came of it."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString

from catalog_core.admin.looks import age, state_badge
from catalog_core.admin.readonly import ReadOnlyAdmin, is_operator
from catalog_core.administration.redaction import without_secrets
from catalog_core.jobs.models import JobState, RefreshJob
from catalog_core.jobs.queue import cancel
from catalog_core.sources.secret_values import secret_values

_MOST_SHOWN = 20
"""Jobs that the progress lists."""


@admin.action(description="Cancel the selected jobs", permissions=["cancel"])
def cancel_jobs(page: admin.ModelAdmin, request: HttpRequest, jobs: QuerySet[RefreshJob]) -> None:
    """Cancel jobs: waiting ones at once, running ones as soon as their worker looks."""
    outcomes = [cancel(job) for job in jobs]
    over = outcomes.count(False)
    text = f"Cancelled: {outcomes.count(True)}." + (f" Over already: {over}." if over else "")
    page.message_user(request, text, messages.SUCCESS if any(outcomes) else messages.WARNING)


@admin.register(RefreshJob)
class RefreshJobAdmin(ReadOnlyAdmin):
    """All jobs that are remembered."""

    list_display = ("source", "shown_state", "outcome", "asked", "asked_by", "duration")
    list_filter = ("state", "reason", "source__plugin")
    list_select_related = ("source",)
    search_fields = ("source__key", "requested_by")
    actions = (cancel_jobs,)
    fields = (
        ("source", "shown_state"),
        ("reason", "forced", "requested_by", "requested_at"),
        ("started_at", "finished_at", "duration"),
        ("attempt_count", "not_before", "cancel_requested"),
        ("progress", "bytes_read", "items_read", "items_written"),
        ("entities_loaded", "entities_removed"),
        "outcome",
    )

    def has_cancel_permission(self, request: HttpRequest) -> bool:
        """Let operators cancel."""
        return is_operator(request)

    def get_urls(self) -> list[URLPattern]:
        """Return the progress and the cancelling of a job besides the usual pages."""
        view = self.admin_site.admin_view
        own = [
            path("running/", view(self.running_view), name="catalog_core_refreshjob_running"),
            path("<uuid:job_id>/cancel/", view(self.cancel_view), name="catalog_core_refreshjob_cancel"),
        ]
        return own + super().get_urls()

    def running_view(self, request: HttpRequest) -> HttpResponse:
        """Return the jobs that wait or run, as a part of a page that asks for it again and again."""
        if not self.has_view_permission(request):
            return HttpResponse(status=403)
        source = request.GET.get("source", "")
        return render(
            request,
            "admin/catalog_core/refreshjob/running.html",
            running_jobs(int(source) if source.isdigit() else None),
        )

    def cancel_view(self, request: HttpRequest, job_id: Any) -> HttpResponse:
        """Cancel one job and go back to the page that the button was on: the overview, or that of the source."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_cancel_permission(request):
            return HttpResponse(status=403)
        jobs = RefreshJob.objects.filter(pk=job_id)
        if not jobs:
            raise Http404
        cancel_jobs(self, request, jobs)
        source = request.POST.get("source", "")
        name, keys = ("catalog_core_source_change", [source]) if source.isdigit() else ("index", [])
        return HttpResponseRedirect(reverse(f"admin:{name}", args=keys))

    @admin.display(description="state", ordering="state")
    def shown_state(self, job: RefreshJob) -> SafeString:
        """Return the state; a job that is being cancelled says so."""
        ending = job.cancel_requested and job.state == JobState.RUNNING
        return state_badge(job.state, "being cancelled" if ending else job.get_state_display().lower())

    @admin.display(description="asked for", ordering="requested_at")
    def asked(self, job: RefreshJob) -> SafeString | str:
        """Return how long ago it was asked for."""
        return age(job.requested_at)

    @admin.display(description="by", ordering="requested_by")
    def asked_by(self, job: RefreshJob) -> str:
        """Return who asked for it, and why."""
        return f"{job.requested_by} ({job.reason})"

    @admin.display(ordering="duration_ms")
    def duration(self, job: RefreshJob) -> str:
        """Return how long the last try took."""
        return f"{job.duration_ms / 1000:.1f} s" if job.duration_ms else "-"

    def outcome(self, job: RefreshJob) -> str:
        """Return what it does now, or what came of it, without secrets."""
        source = job.source
        text = job.progress or job.last_error or job.message
        return without_secrets(text, secret_values(source.type, source.properties))


def running_jobs(source: int | None = None) -> dict[str, Any]:
    """Return the jobs that wait or run, for the template of the progress.

    Args:
        source: the key of a source, if only its jobs are of interest.
    """
    jobs = RefreshJob.objects.filter(state__in=(JobState.QUEUED, JobState.RUNNING)).select_related("source")
    jobs = jobs.filter(source=source) if source else jobs
    found = list(jobs.order_by("requested_at")[: _MOST_SHOWN + 1])
    for job in found:
        job.progress = without_secrets(job.progress, secret_values(job.source.type, job.source.properties))
    return {"jobs": found[:_MOST_SHOWN], "more": len(found) > _MOST_SHOWN, "jobs_of": source}
