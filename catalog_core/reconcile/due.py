"""Finding the sources that have to be read again. Looking changes nothing."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from catalog_core.conf import CatalogSettings, catalog_settings
from catalog_core.entities.catalog import CatalogPlugin
from catalog_core.entities.refresh.plan import translation_key
from catalog_core.exceptions import SourceInvalid
from catalog_core.jobs.models import RefreshJob
from catalog_core.jobs.queue import request_refresh
from catalog_core.log.secrets import secrets_forgotten_afterwards
from catalog_core.plugins.lifecycle import plugin_statuses
from catalog_core.plugins.registry import PluginRegistry
from catalog_core.reconcile.watches import Mark, Watches, marks_of
from catalog_core.sources.models import CONFIGURATION_FAULT, Source
from catalog_core.sources.reading import interval_seconds, provider_of, read_request
from catalog_core.sources.rejections import Rejection, standing_rejection
from catalog_core.sources.secrets import has_secrets

logger = logging.getLogger(__name__)

_LOOKED_AT = (
    "plugin",
    "key",
    "type",
    "properties",
    "origin",
    "spec_digest",
    "error_code",
    "cursor",
    "rejected",
    "translation",
    "read_digest",
    "last_refresh_at",
)
"""The columns that tell whether a source is due; the others are not fetched."""
_FEW = 500
"""So many sources are asked for by their keys; more are read as a whole."""

_watches = Watches()
"""What this process remembers of its last look; it changes nothing but how long the next one takes."""


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
    settings = catalog_settings()
    awake = _awake(translations)
    marks = marks_of(awake)
    unmoved = _watches.unmoved(marks, (settings, translations)) if not starting else set()
    found = []
    for source in _closer(awake, marks.keys() - unmoved):
        look = _Look(translations[source.plugin], settings, starting, marks.get(source.pk))
        if reason := look.reason(source):
            found.append((source, reason))
    return found


def _closer(awake: QuerySet[Source], wanted: set[int]) -> list[Source]:
    """Return some of the sources with the columns that tell whether they are due."""
    if not wanted:
        return []
    few = awake.filter(pk__in=wanted) if len(wanted) <= _FEW else awake
    return [source for source in few.only(*_LOOKED_AT) if source.pk in wanted]


def _awake(translations: Mapping[str, str]) -> QuerySet[Source]:
    """Return the sources that do not wait for a time to come: the database leaves those out at next to no cost."""
    as_it_should_be = Q()
    for plugin, translation in translations.items():
        as_it_should_be |= Q(plugin=plugin, translation=translation, read_digest=F("spec_digest"))
    waiting = Q(next_refresh_at__gt=timezone.now()) & (Q(failures__gt=0) | as_it_should_be)
    sources = Source.objects.visible().filter(plugin__in=translations)
    return sources.exclude(waiting & Q(next_refresh_at__isnull=False))


def request_refreshes(due: Iterable[tuple[Source, str]]) -> list[RefreshJob]:
    """Ask for a refresh of each source that is due; return the jobs that are new."""
    asked = [request_refresh(source, reason=reason) for source, reason in due]
    return [job for job, is_new in asked if is_new]


@dataclass(frozen=True, slots=True)
class _Look:
    """A closer look at one source.

    Attributes:
        translation: the code that would make its entities now.
        settings: the settings in force.
        starting: whether the worker has just started.
        mark: what the look depends on; ``None`` if that is not known.
    """

    translation: str
    settings: CatalogSettings
    starting: bool
    mark: Mark | None

    def reason(self, source: Source) -> str:
        """Return why a source that does not wait should be read, or an empty text if it should not."""
        if source.last_refresh_at is None:
            return "" if source.error_code == CONFIGURATION_FAULT else "configuration"
        rejection = standing_rejection(source, self.translation)
        if rejection is None and source.read_digest != source.spec_digest:
            return "configuration"
        if rejection is None and source.translation != self.translation:
            return "upgrade"
        if interval_seconds(source) is not None:
            return "interval"
        return self._moved(source, rejection)

    @secrets_forgotten_afterwards()
    def _moved(self, source: Source, rejection: Rejection | None) -> str:
        try:
            request = read_request(source, settings=self.settings)
            if rejection:
                request = replace(request, cursor=rejection.cursor)
            watch = provider_of(source).watch(request)
            if watch():
                return "moved"
        except SourceInvalid:  # its properties are wrong; the refresh says so, once for each change of them
            return "start" if self.starting else ""
        except Exception:  # one source must not keep others from being looked at; its refresh meets this too
            logger.debug("source %s: could not be looked at", source, exc_info=True)
            return "moved"
        if self.mark and not has_secrets(source.properties):  # secrets are resolved at each use
            _watches.remember(source.pk, self.mark, watch)
        return ""
