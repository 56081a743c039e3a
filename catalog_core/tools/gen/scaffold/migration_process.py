"""``python -m`` this with a folder for ``sys.path`` and the package of an app: prints its next migration as JSON."""

import json
import sys
from typing import Any, NoReturn


def main(root: str, package: str) -> None:
    """Print name and text of the migration that the app needs; an empty object if it needs none."""
    sys.path.insert(0, root)
    label = _configure(package)
    from django.apps import apps
    from django.db.migrations.autodetector import MigrationAutodetector
    from django.db.migrations.loader import MigrationLoader
    from django.db.migrations.state import ProjectState
    from django.db.migrations.writer import MigrationWriter

    loader = MigrationLoader(None)
    detector = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps), _questioner(label))
    changes = detector.changes(loader.graph, trim_to_apps={label}, convert_apps={label})
    answer = {}
    oldest = loader.graph.root_nodes("catalog_core")[0]
    for migration in changes.get(label, ()):
        # Entities need nothing of the core that was not there from the start, so any server will do.
        dependencies = [oldest if app == "catalog_core" else (app, name) for app, name in migration.dependencies]
        setattr(migration, "dependencies", dependencies)  # noqa: B010 - declared for the class, made for each migration
        answer = {"name": migration.name, "text": MigrationWriter(migration, include_header=False).as_string()}
    sys.stdout.write(json.dumps(answer))


def _configure(package: str) -> str:
    """Load the core and the app without running what they do when they are ready; return the label of the app."""
    import django
    from django.apps import AppConfig
    from django.conf import settings

    configs = []
    for name in (package, "catalog_core"):
        config = AppConfig.create(name)
        config.ready = lambda: None  # type: ignore[method-assign]
        configs.append(config)
    settings.configure(
        INSTALLED_APPS=[*configs, "django.contrib.auth", "django.contrib.contenttypes"],
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
        CATALOG={},
    )
    django.setup()
    return str(configs[0].label)


def _questioner(label: str) -> Any:
    from django.db.migrations.questioner import MigrationQuestioner

    class Questioner(MigrationQuestioner):
        """Asks nobody: a change that needs a decision is for ``manage.py makemigrations``."""

        def ask_not_null_addition(self, field_name: str, model_name: str) -> NoReturn:
            _needs_decision(model_name, field_name, "is new, must not be NULL and has no default")

        def ask_not_null_alteration(self, field_name: str, model_name: str) -> NoReturn:
            _needs_decision(model_name, field_name, "must not be NULL any more and has no default")

        def ask_auto_now_add_addition(self, field_name: str, model_name: str) -> NoReturn:
            _needs_decision(model_name, field_name, "is new and needs a time for the rows that are there")

        def ask_unique_callable_default_addition(self, field_name: str, model_name: str) -> NoReturn:
            _needs_decision(model_name, field_name, "is new, unique, and needs a value for the rows that are there")

    return Questioner(specified_apps={label})


def _needs_decision(model: str, field: str, why: str) -> NoReturn:
    raise SystemExit(f"{model}.{field} {why}; run manage.py makemigrations, which asks what to do.")


if __name__ == "__main__":
    main(*sys.argv[1:])
