"""One refresh of one source, from the provider to the database."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NoReturn

from django.db import transaction

from catalog_core.coordination.collector import collector_paused
from catalog_core.entities.catalog import CatalogPlugin
from catalog_core.entities.generations import bump_generation
from catalog_core.entities.refresh.comparison import compare
from catalog_core.entities.refresh.outcome import Clock, lock_source, note_failure, note_success, note_unchanged
from catalog_core.entities.refresh.plan import RefreshPlan, translation_key
from catalog_core.entities.refresh.progress import Progress
from catalog_core.entities.refresh.refusal import refusal
from catalog_core.entities.refresh.store import store_plan
from catalog_core.exceptions import RefreshSuperseded, SourceError, SourceFailed
from catalog_core.log.secrets import secrets_forgotten_afterwards, without_secrets_in_use
from catalog_core.sources.models import Source
from catalog_core.sources.providers.base import ReadRequest, Snapshot, Unchanged
from catalog_core.sources.reading import provider_of, read_request
from catalog_core.sources.rejections import Rejection, standing_rejection

logger = logging.getLogger(__name__)


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


@secrets_forgotten_afterwards()
def refresh_source(
    source: Source,
    plugin: CatalogPlugin,
    *,
    forced: bool = False,
    cancelled: Callable[[], bool] = lambda: False,
    on_progress: Callable[[Progress], None] = lambda progress: None,
    fence: Callable[[], None] = lambda: None,
) -> RefreshOutcome:
    """Read a source and store what changed.

    Whatever fails leaves all entities as they were; the source then says what is wrong.

    Args:
        source: the source; its row is brought up to date.
        plugin: the plugin it belongs to.
        forced: read although nothing seems to have moved, and accept a sudden shrinkage.
        cancelled: asked now and then; true ends the refresh.
        on_progress: told now and then how far the refresh is.
        fence: called inside the storing transaction; raises if somebody else has taken over.

    Raises:
        SourceError: the refresh failed; already noted in the source.
        RefreshSuperseded: somebody else has taken over, or the source is configured otherwise; nothing was stored.
    """
    clock = Clock()
    failed_before = bool(source.failures)
    try:
        with collector_paused():
            outcome = _refresh(source, plugin, forced, cancelled, on_progress, fence, clock)
    except SourceError as error:
        error.rewrite(without_secrets_in_use)
        note_failure(source, error, fence, clock)
        raise
    except RefreshSuperseded:
        raise
    except Exception as error:
        failure = SourceFailed(f"The refresh failed with {type(error).__name__}; the server log has the details.")
        note_failure(source, failure, fence, clock, cause=error)
        raise failure from error
    if failed_before:
        logger.info("source %s: recovered", source)
    return outcome


def _refresh(
    source: Source,
    plugin: CatalogPlugin,
    forced: bool,
    cancelled: Callable[[], bool],
    on_progress: Callable[[Progress], None],
    fence: Callable[[], None],
    clock: Clock,
) -> RefreshOutcome:
    key = translation_key(plugin)
    rejection = None if forced else standing_rejection(source, key)
    on_progress(Progress(step="reading"))
    request = _request(source, key, rejection, forced, cancelled, _Arrivals(on_progress))
    result = provider_of(source).read(request)
    if isinstance(result, Unchanged):
        if rejection:
            _reject(source, replace(rejection, cursor=dict(result.cursor)))
        return RefreshOutcome(loaded=source.entity_count, summary=note_unchanged(source, result, fence, clock))
    plan = _plan(source, plugin, result, on_progress)
    if rejection := refusal(source, result, plan, translation=key, forced=forced):
        _reject(source, rejection)
    step = f"storing {len(plan.changes)} of {plan.total}"
    on_progress(Progress(step=step, bytes_read=_bytes_of(result), items_read=plan.items_read))
    with transaction.atomic():
        fence()
        lock_source(source)
        changed = store_plan(source, plugin, plan, clock.began_at)
        if changed:
            bump_generation(source.plugin, source.namespace)
        outcome = _outcome(plan, changed)
        note_success(source, result, plan, translation=key, summary=outcome.summary, clock=clock)
    return outcome


class _Arrivals:
    """Tells how many bytes have come in so far."""

    def __init__(self, on_progress: Callable[[Progress], None]) -> None:
        self._on_progress = on_progress
        self._total = 0

    def __call__(self, size: int) -> None:
        self._total += size
        self._on_progress(Progress(step="reading", bytes_read=self._total))


def _request(
    source: Source,
    key: str,
    rejection: Rejection | None,
    forced: bool,
    cancelled: Callable[[], bool],
    on_bytes: Callable[[int], None],
) -> ReadRequest:
    """Return the request, with the cursor of whatever was read last in the way in which it would be read now."""
    same_wish = source.read_digest == source.spec_digest and source.translation == key
    request = read_request(source, use_cursor=same_wish and not forced, cancelled=cancelled, on_bytes=on_bytes)
    return replace(request, cursor=rejection.cursor) if rejection else request


def _reject(source: Source, rejection: Rejection) -> NoReturn:
    source.rejected = replace(rejection, message=without_secrets_in_use(rejection.message)).as_dict()
    raise rejection.error()


def _plan(
    source: Source, plugin: CatalogPlugin, snapshot: Snapshot, on_progress: Callable[[Progress], None]
) -> RefreshPlan:
    bytes_read = _bytes_of(snapshot)

    def on_item(count: int) -> None:
        on_progress(Progress(step=f"{count} items read", bytes_read=bytes_read, items_read=count))

    return compare(source, plugin, snapshot, on_item=on_item)


def _bytes_of(snapshot: Snapshot) -> int:
    return sum(file.size for file in snapshot.files)


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
