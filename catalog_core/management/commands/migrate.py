"""``manage.py migrate`` that a plugin with broken migrations cannot stop."""

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands.migrate import Command as MigrateCommand
from django.db import connections
from django.db.migrations.loader import MigrationLoader

from catalog_core.plugins.migrations import leave_out_broken_migrations, plugin_configs


class Command(MigrateCommand):
    """Migrates all apps, and each one by itself where one of them makes trouble.

    A plugin whose migrations cannot be loaded or fail is reported; the other apps are migrated all the same, and the
    command then ends with an error.
    """

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate one app as Django does, or all of them."""
        if options["app_label"]:
            super().handle(*args, **options)
            return
        problems = leave_out_broken_migrations()
        try:
            super().handle(*args, **options)
        except Exception as error:  # noqa: BLE001 - raised again below unless it turns out to be a plugin's
            # Django stops at the first failure and does not tell whose it was, so each app is migrated by itself.
            self._migrate_one_by_one(args, options, problems, error)
        if problems:
            lines = "\n".join(f"  {label}: {problem}" for label, problem in sorted(problems.items()))
            raise CommandError(f"These plugins could not be migrated; all other apps were:\n{lines}")

    def _migrate_one_by_one(
        self, args: Any, options: dict[str, Any], problems: dict[str, str], first: Exception
    ) -> None:
        plugins = {config.label for config in plugin_configs()}
        migrated = MigrationLoader(connections[options["database"]]).migrated_apps
        for label in sorted(migrated, key=lambda label: (label in plugins, label)):
            try:
                super().handle(*args, **{**options, "app_label": label, "run_syncdb": False})
            except Exception as error:
                if label not in plugins:
                    raise
                problems[label] = f"{type(error).__name__}: {error}"
        if not problems:
            raise first
