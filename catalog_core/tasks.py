"""Celery tasks: entrances without logic of their own."""

from celery import shared_task

from catalog_core.api.openapi import check_routes
from catalog_core.entities.declared.in_force import synchronize
from catalog_core.jobs.runner import run_job
from catalog_core.plugins.registry import registry
from catalog_core.reconcile.run import reconcile as reconcile_now


@shared_task(name="catalog_core.tasks.reconcile", ignore_result=True)  # type: ignore[untyped-decorator]
def reconcile(starting: bool = False) -> None:
    """Make the running system equal to the configuration; see :func:`catalog_core.reconcile.run.reconcile`."""
    reconcile_now(registry, starting=starting, check=check_routes)


@shared_task(  # type: ignore[untyped-decorator]
    name="catalog_core.tasks.run_refresh_job", ignore_result=True, acks_late=True
)
def run_refresh_job(job_id: str) -> None:
    """Carry out one refresh job; see :func:`catalog_core.jobs.runner.run_job`."""
    synchronize(registry)
    run_job(job_id, registry)
