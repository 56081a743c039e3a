"""Asking for a look at the configuration now instead of at the next tick."""

from celery import current_app
from kombu.exceptions import OperationalError

from catalog_core.exceptions import BrokerUnavailable

_TASK = "catalog_core.tasks.reconcile"
_EXPIRES_SECONDS = 60.0
"""By then the regular tick has done it."""


def ask_for_reconcile() -> None:
    """Have a worker make the system equal to the configuration.

    Raises:
        BrokerUnavailable: no worker could be told.
    """
    try:
        current_app.send_task(_TASK, expires=_EXPIRES_SECONDS)
    except (OperationalError, OSError) as error:
        raise BrokerUnavailable(
            "The broker cannot be reached, so no worker could be told; the next tick of the reconciler does it."
        ) from error
