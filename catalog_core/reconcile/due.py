"""Finding the sources that have to be read again. Looking changes nothing."""

import logging
from collections.abc import Iterable
from dataclasses import replace

from django.utils import timezone

from catalog_core.entities.catalog import CatalogPlugin
from catalog_core.entities.refresh.plan import translation_key
from catalog_core.exceptions import SourceInvalid
from catalog_core.jobs.models import RefreshJob
from catalog_core.jobs.queue import request_refresh
from catalog_core.plugins.lifecycle import plugin_statuses
from catalog_core.plugins.registry import PluginRegistry
from catalog_core.sources.models import CONFIGURATION_FAULT, Source
from catalog_core.sources.reading import interval_seconds, provider_of, read_request
from catalog_core.sources.rejections import Rejection, standing_rejection

logger = logging.getLogger(__name__)


def due_sources(plugins: PluginRegistry, *, starting: bool) -> list[tuple[Source, str]]:
    """Return each source that is new, changed, due by its interval, or seems to have moved, and which of these it is.

    Sources of plugins that do not serve wait until these do.

    Args:
        plugins: the plugins of this process.
        starting: whether the worker has just started; sources that are wrong in themselves are then looked at again.
    """
    translations = {
        status.name: translation_key(status.plugin)
        for status in plugin_statuses(plugins)
        if status.serving and isinstance(status.plugin, CatalogPlugin)
    }
    sources = Source.objects.visible().filter(plugin__in=translations)
    reasons = ((source, _reason(source, translations[source.plugin], starting)) for source in sources)
    return [(source, reason) for source, reason in reasons if reason]


def request_refreshes(due: Iterable[tuple[Source, str]]) -> list[RefreshJob]:
    """Ask for a refresh of each source that is due; return the jobs that are new."""
    asked = [request_refresh(source, reason=reason) for source, reason in due]
    return [job for job, is_new in asked if is_new]


def _reason(source: Source, translation: str, starting: bool) -> str:
    """Return why the source should be read, or an empty text if it should not."""
    if source.last_refresh_at is None:
        return "" if source.error_code == CONFIGURATION_FAULT else "configuration"
    waits = source.next_refresh_at is not None and source.next_refresh_at > timezone.now()
    if source.failures and waits:
        return ""
    rejection = standing_rejection(source, translation)
    if rejection is None and source.read_digest != source.spec_digest:
        return "configuration"
    if rejection is None and source.translation != translation:
        return "upgrade"
    if interval_seconds(source) is not None:
        return "" if waits else "interval"
    return _moved(source, rejection, starting)


def _moved(source: Source, rejection: Rejection | None, starting: bool) -> str:
    try:
        request = read_request(source)
        if rejection:
            request = replace(request, cursor=rejection.cursor)
        return "moved" if provider_of(source).moved(request) else ""
    except SourceInvalid:  # its properties are wrong; the refresh says so, once for each change of them
        return "start" if starting else ""
    except Exception:  # one source must not keep others from being looked at; its refresh meets this too, and says so
        logger.debug("source %s: could not be looked at", source, exc_info=True)
        return "moved"
