"""Content that is not taken over as a whole: none of it can be read, or suddenly there is much less of it."""

from catalog_core.conf import catalog_settings
from catalog_core.entities.refresh.plan import RefreshPlan
from catalog_core.sources.configuration import decides_alike
from catalog_core.sources.models import Source
from catalog_core.sources.providers.base import Snapshot
from catalog_core.sources.reading import SHRINK_PROPERTY
from catalog_core.sources.rejections import Rejection


def refusal(
    source: Source, snapshot: Snapshot, plan: RefreshPlan, *, translation: str, forced: bool
) -> Rejection | None:
    """Return why the content of a source is not taken over, or nothing if it is.

    Args:
        source: the source, with the count of what it had before.
        snapshot: what its provider has read.
        plan: what storing it would do.
        translation: the code that makes entities, see ``translation_key``.
        forced: whether a sudden loss is to be accepted.
    """
    unreadable = _unreadable(snapshot, plan)
    message = unreadable or ("" if forced else _sudden_loss(source, plan))
    if not message:
        return None
    return Rejection(
        message=message,
        held_back=not unreadable,
        cursor=dict(snapshot.cursor),
        spec_digest=source.spec_digest,
        translation=translation,
    )


def _unreadable(snapshot: Snapshot, plan: RefreshPlan) -> str:
    failed = [remark.problem for remark in plan.remarks.kept if not remark.is_about_item]
    if failed and not plan.items_read and len(failed) >= len(snapshot.files) + len(snapshot.problems):
        return str(failed[0])
    return ""


def _sudden_loss(source: Source, plan: RefreshPlan) -> str:
    """Return what to say if most of what the source had is gone, though nobody has configured it otherwise."""
    if not decides_alike(source.read_digest, source.spec_digest):
        return ""
    had, has = source.entity_count, plan.total
    percent = source.properties.get(SHRINK_PROPERTY)
    threshold = catalog_settings().shrink_threshold if percent is None else min(int(percent), 100) / 100
    if not had or threshold <= 0 or (has and has >= had * threshold):
        return ""
    return (
        f"The source holds {has} entities now, {had} before. So sudden a loss is not taken over; what was served "
        f"before still is. If the loss is meant, refresh the source with force, or set {SHRINK_PROPERTY}."
    )
