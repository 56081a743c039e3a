"""Leases: one holder at a time, and none for ever."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from catalog_core.coordination.leases import lease
from catalog_core.coordination.models import Lease

pytestmark = pytest.mark.django_db


def test_a_lease_that_is_held_is_not_given_again():
    with lease("a", 60) as first, lease("a", 60) as second:
        assert (first, second) == (True, False)
        assert Lease.objects.count() == 1
    assert not Lease.objects.exists()


def test_leases_of_different_names_do_not_mind_each_other():
    with lease("a", 60) as first, lease("b", 60) as second:
        assert (first, second) == (True, True)


def test_the_lease_of_a_dead_holder_runs_out():
    Lease.objects.create(name="a", holder="dead", until=timezone.now() - timedelta(seconds=1))
    with lease("a", 60) as held:
        assert held
        assert Lease.objects.get().holder != "dead"


def test_a_holder_that_took_too_long_does_not_take_the_lease_from_the_next():
    with lease("a", 60) as first:
        assert first
        Lease.objects.update(until=timezone.now() - timedelta(seconds=1))
        with lease("a", 60) as second:
            assert second
            holder = Lease.objects.get().holder
    assert not Lease.objects.filter(holder=holder).exists()


def test_the_first_of_two_holders_ends_without_touching_the_second():
    slow = lease("a", 60)
    assert slow.__enter__()
    Lease.objects.update(until=timezone.now() - timedelta(seconds=1))
    with lease("a", 60) as next_one:
        assert next_one
        slow.__exit__(None, None, None)
        assert Lease.objects.count() == 1


def test_a_body_that_raises_gives_the_lease_back():
    def fail():
        with lease("a", 60):
            raise RuntimeError("unforeseen")

    with pytest.raises(RuntimeError):
        fail()
    assert not Lease.objects.exists()


def test_a_holder_that_lives_keeps_its_lease_however_long_it_takes(shared_database):
    with lease("a", 3) as first:
        assert first
        began = Lease.objects.get().until
        give_up_at = time.monotonic() + 60
        while Lease.objects.get().until <= began + timedelta(seconds=1) and time.monotonic() < give_up_at:
            with lease("a", 3) as second:
                assert not second
            time.sleep(0.05)
        assert Lease.objects.get().until > began
