"""Changing overlays in memory, whatever comes after whatever."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_core.entities.envelope import Overlay, OverlayChange, change_overlay
from catalog_core.exceptions import InvalidAction

WORDS = st.sampled_from(["a", "b", "c", " a ", "d"])
CHANGES = st.one_of(
    st.builds(OverlayChange, tags=st.lists(WORDS)),
    st.builds(OverlayChange, add_tags=st.lists(WORDS), remove_tags=st.lists(WORDS)),
    st.builds(OverlayChange, labels=st.dictionaries(WORDS, st.none() | WORDS)),
    st.builds(OverlayChange, annotations=st.dictionaries(WORDS, st.none() | WORDS)),
    st.builds(OverlayChange, lifecycle=st.sampled_from([None, "", "draft", "active", "deprecated", "retired"])),
    st.just(OverlayChange(clear=True)),
)


def said(overlay):
    return list(overlay.tags), dict(overlay.labels), dict(overlay.annotations), overlay.lifecycle


@given(st.lists(CHANGES, max_size=12))
def test_tags_are_what_a_set_would_hold_and_a_repeated_change_changes_nothing(changes):
    overlay, tags, labels = Overlay(), set(), {}
    for change in changes:
        if change.clear:
            tags, labels = set(), {}
        tags = (tags if change.tags is None else {tag.strip() for tag in change.tags}) | {
            tag.strip() for tag in change.add_tags
        }
        tags -= {tag.strip() for tag in change.remove_tags}
        labels = {key: value for key, value in {**labels, **change.labels}.items() if value is not None}
        before = said(overlay)
        assert change_overlay(overlay, change) is (said(overlay) != before)
        assert change_overlay(overlay, change) is False
        assert set(overlay.tags) == tags
        assert len(overlay.tags) == len(tags), "no tag twice"
        assert overlay.labels == labels
        assert overlay.is_empty is not any(said(overlay))


def test_a_lifecycle_that_does_not_exist_is_refused():
    with pytest.raises(InvalidAction, match="draft, active, deprecated, retired"):
        change_overlay(Overlay(), OverlayChange(lifecycle="sunset"))
