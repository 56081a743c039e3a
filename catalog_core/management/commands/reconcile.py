"""``manage.py reconcile``: take over the configuration now, and optionally refresh in this process."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from catalog_core.api.openapi import check_routes
from catalog_core.jobs.runner import run_job
from catalog_core.plugins.registry import registry
from catalog_core.reconcile.run import reconcile


class Command(BaseCommand):
    """Runs the same function as the periodic task."""

    help = "Make the running system equal to the configuration, as the periodic task does."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--wait", action="store_true", help="carry out the refreshes here instead of in a worker")
        parser.add_argument(
            "--starting", action="store_true", help="bring up all plugins again, as a worker does at start"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Reconcile and report."""
        report = reconcile(registry, starting=options["starting"], check=check_routes)
        if not report.ran:
            raise CommandError("Another process is reconciling at this moment; try again in a few seconds.")
        if report.error:
            raise CommandError(report.error)
        self.stdout.write(f"{report.changes.summary()}; {len(report.jobs)} refreshes asked for")
        if options["wait"]:
            for job in report.jobs:
                done = run_job(str(job.pk), registry)
                if done is not None:
                    self.stdout.write(f"{done.source}: {done.state}: {done.last_error or done.message}")
