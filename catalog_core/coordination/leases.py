"""Taking and giving back leases, with one conditional statement each, so that the database decides who was first."""

import os
import socket
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from catalog_core.coordination.heartbeat import heartbeat
from catalog_core.coordination.models import Lease


@contextmanager
def lease(name: str, seconds: float) -> Iterator[bool]:
    """Hold the lease called ``name`` for the body; yields whether it could be had.

    A holder that dies keeps others out for ``seconds`` at most. One that is kept from giving signs of life for so long
    loses its protection, so whatever it writes has to bear that.
    """
    holder = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"[-100:]
    if not _take(name, holder, seconds):
        yield False
        return

    def still_held() -> bool:
        until = timezone.now() + timedelta(seconds=seconds)
        return bool(Lease.objects.filter(name=name, holder=holder).update(until=until))

    try:
        with heartbeat(f"lease {name}", still_held, seconds):
            yield True
    finally:
        Lease.objects.filter(name=name, holder=holder).delete()


def _take(name: str, holder: str, seconds: float) -> bool:
    now = timezone.now()
    until = now + timedelta(seconds=seconds)
    if Lease.objects.filter(name=name, until__lt=now).update(holder=holder, until=until):
        return True
    if Lease.objects.filter(name=name).exists():
        return False
    try:
        with transaction.atomic():
            Lease.objects.create(name=name, holder=holder, until=until)
    except IntegrityError:  # somebody else was first
        return False
    return True
