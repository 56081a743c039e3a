"""A message broker that needs no service: a folder with one file for each waiting message.

For the laptop shape only. The transport for folders that Celery brings along writes a message where its reader may find
it half written, and a message or routing table that cannot be read ends the worker, the latter at every start. Here
messages appear whole, are taken by exactly one reader, and one that cannot be read is dropped. That is all it promises:
a message that a killed worker had taken is lost. Losing one is harmless, because the database knows every job and the
messages only wake the workers.
"""

import logging
import os
import time
import uuid
from pathlib import Path
from queue import Empty
from typing import Any
from urllib.parse import quote

from kombu.transport import virtual
from kombu.utils.json import dumps, loads

logger = logging.getLogger(__name__)


class Channel(virtual.Channel):
    """Puts messages into the folder of their queue and takes them out, oldest first.

    The transport option ``folder`` says where the folders of the queues are.
    """

    def _folder(self, queue: str) -> Path:
        return Path(self.connection.client.transport_options["folder"]) / quote(queue, safe="")

    def _waiting(self, queue: str) -> list[Path]:
        folder = self._folder(queue)
        try:
            names = os.listdir(folder)
        except FileNotFoundError:  # nothing has been sent yet
            return []
        return [folder / name for name in sorted(names) if not name.startswith(".")]

    def _lookup(self, exchange: str, routing_key: str, default: str | None = None) -> list[str]:
        """Return the queues for a routing key: the one that has its name, as no other binding is ever made.

        What goes to everybody at once, such as the heartbeats of workers, goes nowhere here.
        """
        declared = self.state.exchanges.get(exchange, {})
        if declared.get("type", "direct") != "direct":
            return []
        return [routing_key or default or "celery"]

    def _put(self, queue: str, message: dict[str, Any], **kwargs: Any) -> None:
        name = f"{time.time_ns():020}-{uuid.uuid4().hex}.json"
        unfinished = self._folder(queue) / f".{name}"
        unfinished.parent.mkdir(parents=True, exist_ok=True)
        unfinished.write_text(dumps(message), encoding="utf-8")  # type: ignore[no-untyped-call]  # kombu has no types
        unfinished.rename(unfinished.with_name(name))

    def _get(self, queue: str, timeout: float | None = None) -> dict[str, Any]:
        for path in self._waiting(queue):
            content = _take(path)
            if content is None:
                continue
            try:
                message: dict[str, Any] = loads(content)  # type: ignore[no-untyped-call]
                self.Message(message, channel=self)  # type: ignore[no-untyped-call]  # what it cannot be made of would end the worker later
            except Exception as error:  # noqa: BLE001 - a file can hold anything, and each of it fails in its own way
                logger.warning("broker: dropped a message that cannot be read (%s)", type(error).__name__)
                continue
            return message
        raise Empty

    def _size(self, queue: str) -> int:
        return len(self._waiting(queue))

    def _purge(self, queue: str) -> int:
        return sum(_take(path) is not None for path in self._waiting(queue))


class Transport(virtual.Transport):
    """The broker in a folder. Its state is on disk; nothing has to be connected."""

    Channel = Channel
    driver_type = "folder"
    driver_name = "folder"

    def driver_version(self) -> str:
        """Return the version of the format."""
        return "1"


def _take(path: Path) -> bytes | None:
    """Return the content of a message and remove it, or nothing if somebody else took it."""
    taken = path.with_name(f".taken-{path.name}")
    try:
        os.rename(path, taken)
        content = taken.read_bytes()
        taken.unlink()
    except OSError:
        return None
    return content
