"""Health: what ``/readyz`` looks at. Each check is one question; a failing source is data, never ill health."""

from dataclasses import dataclass, field
from typing import Any

from django.db import DatabaseError, connection
from health_check.base import HealthCheck
from health_check.exceptions import ServiceUnavailable

from catalog_core.conf import catalog_settings
from catalog_core.plugins.lifecycle import plugin_statuses
from catalog_core.plugins.registry import PluginRegistry, registry
from catalog_core.sources.models import ConfigurationState, Source


@dataclass
class DatabaseCheck(HealthCheck):
    """The database answers."""

    def run(self) -> None:
        """Ask it the simplest question there is."""
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
        except DatabaseError as error:
            raise ServiceUnavailable("the database does not answer") from error


@dataclass
class InitialLoadCheck(HealthCheck):
    """The configuration was taken over once, and every enabled source of a plugin that serves was tried."""

    plugins: PluginRegistry = field(default_factory=lambda: registry, repr=False)

    def run(self) -> None:
        """Look for what has not happened yet."""
        if not ConfigurationState.objects.exclude(checked_at=None).exists():
            raise ServiceUnavailable("the configuration was not read yet")
        serving = [status.name for status in plugin_statuses(self.plugins) if status.serving]
        waiting = Source.objects.visible().filter(plugin__in=serving, last_refresh_at=None, error_code="").count()
        if waiting:
            raise ServiceUnavailable(f"{waiting} sources were not read yet")


def healthy_plugins(plugins: PluginRegistry) -> tuple[int, int]:
    """Return how many plugins serve and are healthy, and how many there are."""
    statuses = plugin_statuses(plugins)
    return sum(status.serving and _is_healthy(status.plugin) for status in statuses), len(statuses)


def readiness(plugins: PluginRegistry, *, strict: bool = False) -> tuple[bool, dict[str, Any]]:
    """Return whether this server can do its work, and the body that says so.

    Args:
        plugins: the plugins of this process.
        strict: whether a failed plugin counts; by default it is shown only, since the other catalogs do their work.
    """
    components: dict[str, Any] = {}
    components["database"] = _outcome(DatabaseCheck(), up="up", down="down")
    if components["database"]["status"] == "down":
        return False, _body(False, components)
    components["initial_load"] = _outcome(InitialLoadCheck(plugins), up="complete", down="pending")
    healthy, total = healthy_plugins(plugins)
    details = f"all {total} plugins healthy" if healthy == total else f"{healthy} of {total} plugins healthy"
    components["plugins"] = {"status": "healthy" if healthy == total else "degraded", "details": details}
    components["configuration"] = _configuration()
    components["leader_election"] = {"status": "not_configured"}
    counts = strict or catalog_settings().ready_strict
    ready = components["initial_load"]["status"] == "complete" and (healthy == total or not counts)
    return ready, _body(ready, components)


def _body(ready: bool, components: dict[str, Any]) -> dict[str, Any]:
    return {"status": "ready" if ready else "not_ready", "components": components}


def _outcome(check: HealthCheck, *, up: str, down: str) -> dict[str, Any]:
    try:
        check.run()
    except ServiceUnavailable as error:
        return {"status": down, "error" if down == "down" else "details": error.message}
    return {"status": up}


def _configuration() -> dict[str, Any]:
    state = ConfigurationState.current()
    if state.error:
        return {"status": "error", "error": state.error}
    found: dict[str, Any] = {"status": "applied" if state.version else "pending", "version": state.version[:8]}
    return found | ({"problems": str(len(state.problems))} if state.problems else {})


def _is_healthy(plugin: Any) -> bool:
    try:
        return bool(plugin.healthy())
    except Exception:  # noqa: BLE001 - plugin code; /api/plugins shows and logs what it raised
        return False
