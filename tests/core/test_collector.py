"""The collector pauses while anybody asks for it, and always goes on."""

import gc

import pytest

from catalog_core.coordination.collector import collector_paused


def test_it_goes_on_when_the_last_one_is_done():
    with collector_paused():
        with collector_paused():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_it_goes_on_after_an_error():
    with pytest.raises(RuntimeError), collector_paused():
        raise RuntimeError("unforeseen")
    assert gc.isenabled()
