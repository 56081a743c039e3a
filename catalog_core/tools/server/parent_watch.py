"""Ending a process when the one that started it has ended, however that happened.

A process that is killed cannot tell its children, and systems differ in what they offer children to find out. All of
them give an orphan another parent, so each process of the server looks at the number of its parent, twice a second, and
then ends its whole process group by force: itself, and whatever it has started, such as ``git``. Nothing is lost by
force: every write is a transaction, and every job is in the database.
"""

import os
import signal
import threading
import time
from collections.abc import Callable

LOOK_SECONDS = 0.5


def end_group() -> None:
    """End this process and all others of its process group, at once."""
    os.killpg(os.getpgrp(), signal.SIGKILL)


def watch_parent(parent_pid: int, action: Callable[[], None] = end_group) -> None:
    """Call ``action`` soon after the process that started this one is gone; returns at once.

    Args:
        parent_pid: the process that started this one, as it knows itself: by now it may be gone.
        action: what to do then.
    """

    def look() -> None:
        while os.getppid() == parent_pid:
            time.sleep(LOOK_SECONDS)
        action()

    threading.Thread(target=look, name="parent-watch", daemon=True).start()
