"""One refresh of one source, from the provider to the database."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

from django.db import transaction
from django.utils import timezone

from catalog_core.conf import catalog_settings
from catalog_core.entities.catalog import CatalogPlugin
from catalog_core.entities.generations import bump_generation
from catalog_core.entities.refresh.plan import Planner, RefreshPlan, translation_key
from catalog_core.entities.refresh.store import store_plan, stored_entities, stored_remarks
from catalog_core.exceptions import (
    RefreshSuperseded,
    SourceError,
    SourceFailed,
    SourceHeldBack,
    SourceInvalid,
    SourceUnavailable,
)
from catalog_core.sources.formats import FormatLimits, iter_items
from catalog_core.sources.models import Source, SourceState
from catalog_core.sources.providers.base import Snapshot, Unchanged
from catalog_core.sources.reading import SHRINK_PROPERTY, interval_seconds, name_patterns, provider_of, read_request

logger = logging.getLogger(__name__)

_FIRST_RETRY_SECONDS = 30.0
_LONGEST_RETRY_SECONDS = 900.0
_OUTCOME = (
    "state",
    "error",
    "error_code",
    "entity_count",
    "set_aside_count",
    "stale_count",
    "revision",
    "cursor",
    "translation",
    "read_digest",
    "last_refresh_at",
    "last_success_at",
    "last_duration_ms",
    "last_summary",
    "failures",
    "next_refresh_at",
)
"""What a refresh writes of a source. What the configuration says of it belongs to the reconciler."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshOutcome:
    """What a refresh did.

    Attributes:
        loaded: entities that the source has now.
        written: entities that were new or changed.
        removed: entities that are gone.
        set_aside: items that could not be taken over.
        changed: whether readers see something else now.
        summary: the same in one line.
    """

    loaded: int
    written: int = 0
    removed: int = 0
    set_aside: int = 0
    changed: bool = False
    summary: str = ""


def refresh_source(
    source: Source,
    plugin: CatalogPlugin,
    *,
    forced: bool = False,
    cancelled: Callable[[], bool] = lambda: False,
    on_progress: Callable[[str], None] = lambda text: None,
    fence: Callable[[], None] = lambda: None,
) -> RefreshOutcome:
    """Read a source and store what changed.

    Whatever fails leaves all entities as they were; the source then says what is wrong.

    Args:
        source: the source; its row is brought up to date.
        plugin: the plugin it belongs to.
        forced: read although nothing seems to have moved, and accept a sudden shrinkage.
        cancelled: asked now and then; true ends the refresh.
        on_progress: told in words how far the refresh is.
        fence: called inside the storing transaction; raises if somebody else has taken over.

    Raises:
        SourceError: the refresh failed; already noted in the source.
        RefreshSuperseded: raised by ``fence``; nothing was stored.
    """
    began, now = monotonic(), timezone.now()
    try:
        outcome = _refresh(source, plugin, forced, cancelled, on_progress, fence, now, began)
    except SourceError as error:
        _note_failure(source, error, now, began)
        raise
    except RefreshSuperseded:
        raise
    except Exception as error:
        logger.exception("source %s: the refresh failed", source)
        failure = SourceFailed(f"The refresh failed with {type(error).__name__}; the server log has the details.")
        _note_failure(source, failure, now, began)
        raise failure from error
    if source.failures:
        logger.info("source %s: recovered", source)
    return outcome


def _refresh(
    source: Source,
    plugin: CatalogPlugin,
    forced: bool,
    cancelled: Callable[[], bool],
    on_progress: Callable[[str], None],
    fence: Callable[[], None],
    now: datetime,
    began: float,
) -> RefreshOutcome:
    key = translation_key(plugin)
    same_wish = source.read_digest == source.spec_digest and source.translation == key
    request = read_request(source, use_cursor=same_wish and not forced, cancelled=cancelled)
    on_progress("reading")
    result = provider_of(source).read(request)
    if isinstance(result, Unchanged):
        return _note_unchanged(source, result, fence, now, began)
    plan = _plan(source, plugin, result, on_progress)
    if not forced and source.read_digest == source.spec_digest:
        _hold_back_shrinkage(source, result, plan)
    on_progress(f"storing {len(plan.changes)} of {plan.total}")
    with transaction.atomic():
        fence()
        _check_still_wanted(source)
        changed = store_plan(source, plugin, plan, now)
        if changed:
            bump_generation(source.plugin, source.namespace)
        outcome = _outcome(plan, changed)
        source.translation, source.read_digest = key, source.spec_digest
        _note_success(source, result, plan, outcome, now, began)
    return outcome


def _check_still_wanted(source: Source) -> None:
    wanted = Source.objects.select_for_update().filter(pk=source.pk, removed_at=None, spec_digest=source.spec_digest)
    if not wanted.exists():
        raise RefreshSuperseded(
            f"The configuration of source {source.key!r} has changed meanwhile; nothing was stored."
        )


def _plan(source: Source, plugin: CatalogPlugin, snapshot: Snapshot, on_progress: Callable[[str], None]) -> RefreshPlan:
    planner = Planner(
        plugin=plugin,
        patterns=name_patterns(source),
        stored=stored_entities(source, plugin.model),
        earlier_remarks=stored_remarks(source),
    )
    limits = FormatLimits(max_bytes=catalog_settings().source_max_bytes)
    feeds = [
        (file.name, iter_items(file.content, file=file.name, format=file.format, key=plugin.data_keys(), limits=limits))
        for file in snapshot.files
    ]
    plan = planner.plan(
        feeds,
        failed_files={problem.file: problem for problem in snapshot.problems},
        on_item=lambda count: on_progress(f"{count} items read"),
    )
    files_failed = sum(not remark.item_name and remark.item_line is None for remark in plan.remarks)
    if files_failed and not plan.items_read and files_failed >= len(snapshot.files) + len(snapshot.problems):
        source.cursor = dict(snapshot.cursor)
        problems = tuple(remark.problem for remark in plan.remarks)
        raise SourceInvalid(str(problems[0]), problems=problems)
    return plan


def _hold_back_shrinkage(source: Source, snapshot: Snapshot, plan: RefreshPlan) -> None:
    had = source.entity_count
    percent = source.properties.get(SHRINK_PROPERTY)
    threshold = catalog_settings().shrink_threshold if percent is None else int(percent) / 100
    if not had or not threshold or (plan.total and plan.total >= had * threshold):
        return
    source.cursor = dict(snapshot.cursor)
    raise SourceHeldBack(
        f"The source holds {plan.total} entities now, {had} before. So sudden a loss is not taken over; what was served "
        f"before still is. If the loss is meant, refresh the source with force, or set {SHRINK_PROPERTY}."
    )


def _outcome(plan: RefreshPlan, changed: bool) -> RefreshOutcome:
    parts = [f"Loaded {plan.total} entities"]
    if plan.changes:
        parts.append(f"wrote {len(plan.changes)}")
    if plan.removed:
        parts.append(f"removed {len(plan.removed)}")
    if plan.set_aside:
        parts.append(f"set aside {plan.set_aside}")
    return RefreshOutcome(
        loaded=plan.total,
        written=len(plan.changes),
        removed=len(plan.removed),
        set_aside=plan.set_aside,
        changed=changed,
        summary=", ".join(parts),
    )


def _note_success(
    source: Source, snapshot: Snapshot, plan: RefreshPlan, outcome: RefreshOutcome, now: datetime, began: float
) -> None:
    source.cursor, source.revision = dict(snapshot.cursor), snapshot.revision[:200]
    source.entity_count, source.set_aside_count = plan.total, plan.set_aside
    source.stale_count = len(plan.stale)
    source.state = SourceState.PARTIALLY_AVAILABLE if plan.set_aside else SourceState.AVAILABLE
    _note_end(source, outcome.summary, now, began)


def _note_unchanged(
    source: Source, result: Unchanged, fence: Callable[[], None], now: datetime, began: float
) -> RefreshOutcome:
    outcome = RefreshOutcome(loaded=source.entity_count, summary="Nothing has moved")
    with transaction.atomic():
        fence()
        source.cursor = dict(result.cursor)
        if source.error_code == "unavailable":
            source.state = SourceState.PARTIALLY_AVAILABLE if source.set_aside_count else SourceState.AVAILABLE
            source.error = source.error_code = ""
        if source.error_code:  # still the content that failed before
            source.save(update_fields=["cursor"])
        else:
            _note_end(source, source.last_summary or outcome.summary, now, began)
    return outcome


def _note_end(source: Source, summary: str, now: datetime, began: float) -> None:
    source.error = source.error_code = ""
    source.failures = 0
    source.last_refresh_at = source.last_success_at = now
    source.last_duration_ms = round((monotonic() - began) * 1000)
    source.last_summary = summary[:300]
    interval = interval_seconds(source)
    source.next_refresh_at = now + timedelta(seconds=interval) if interval else None
    source.save(update_fields=_OUTCOME)


def _note_failure(source: Source, error: SourceError, now: datetime, began: float) -> None:
    if (source.error_code, source.error) != (error.code, str(error)):
        logger.warning("source %s: %s", source, error)
    source.error_code, source.error = error.code, str(error)
    source.state = SourceState.ERROR
    source.failures += 1
    source.last_refresh_at, source.last_summary = now, "Refresh failed"
    source.last_duration_ms = round((monotonic() - began) * 1000)
    source.next_refresh_at = now + timedelta(seconds=_retry_seconds(source, error))
    source.save(update_fields=_OUTCOME)


def _retry_seconds(source: Source, error: SourceError) -> float:
    if interval_seconds(source) is None:  # looking costs next to nothing, so it is done at every reconcile
        return catalog_settings().reconcile_seconds / 2
    pause: float = min(_FIRST_RETRY_SECONDS * 2 ** min(source.failures - 1, 10), _LONGEST_RETRY_SECONDS)
    asked = error.retry_after_seconds if isinstance(error, SourceUnavailable) else None
    return max(pause, asked or 0.0)
