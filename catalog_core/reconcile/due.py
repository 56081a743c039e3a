"""Finding the sources that have to be read again."""

from django.utils import timezone

from catalog_core.entities.catalog import CatalogPlugin
from catalog_core.entities.refresh.plan import translation_key
from catalog_core.exceptions import SourceInvalid
from catalog_core.jobs.models import RefreshJob
from catalog_core.jobs.queue import request_refresh
from catalog_core.plugins.registry import PluginRegistry
from catalog_core.sources.models import Source
from catalog_core.sources.reading import interval_seconds, provider_of, read_request


def request_due_refreshes(plugins: PluginRegistry, *, starting: bool) -> list[RefreshJob]:
    """Ask for a refresh of every enabled source that is new, changed, due by its interval, or seems to have moved."""
    jobs = []
    for source in Source.objects.visible():
        plugin = plugins.get(source.plugin)
        if not isinstance(plugin, CatalogPlugin):
            continue
        if reason := _reason(source, translation_key(plugin), starting):
            job, is_new = request_refresh(source, reason=reason)
            if is_new:
                jobs.append(job)
    return jobs


def _reason(source: Source, translation: str, starting: bool) -> str:
    """Return why the source should be read, or an empty text if it should not."""
    if source.last_refresh_at is None:
        return "configuration"
    waits = source.next_refresh_at is not None and source.next_refresh_at > timezone.now()
    if source.failures and waits:
        return ""
    if source.read_digest != source.spec_digest:
        return "configuration"
    if source.translation != translation:
        return "upgrade"
    if interval_seconds(source) is not None:
        return "" if waits else "interval"
    try:
        return "moved" if provider_of(source).moved(read_request(source)) else ""
    except SourceInvalid:  # its properties are wrong; the refresh says so, once for each change of them
        return "start" if starting else ""
