"""Finished answers, kept in bounded memory; those that were not asked for longest go first."""

import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass

_OVERHEAD_BYTES = 1000
"""What an entry costs besides its body and its address: headers, bookkeeping; measured, rounded up."""

Key = tuple[str, ...]
"""Everything an answer depends on, path and query first."""


@dataclass(slots=True)
class Answer:
    """A finished answer; nobody changes it.

    Attributes:
        catalog: the catalog it was made from; empty for the server as a whole.
        status: status line, such as ``200 OK``.
        headers: all headers but those that belong to a single request.
        body: the bytes of the body, encoded as the client accepts it.
        etag: the entity tag; empty if there is none.
        stamp: the state that the answer was made from.
    """

    catalog: str
    status: str
    headers: list[tuple[str, str]]
    body: bytes
    etag: str
    stamp: Hashable


class AnswerCache:
    """Answers by key, bounded by the bytes they take. Safe for threads.

    Args:
        max_bytes: how many bytes all answers may take together.
        max_share: the largest share of them that one answer may take.
    """

    def __init__(self, max_bytes: int, max_share: float = 0.125) -> None:
        self._max_bytes = max_bytes
        self._max_answer_bytes = max_bytes * max_share
        self._answers: OrderedDict[Key, Answer] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._answers)

    @property
    def size_bytes(self) -> int:
        """How many bytes the answers take now."""
        return self._bytes

    def get(self, key: Key) -> Answer | None:
        """Return the answer of that key, whatever state it was made from."""
        answer = self._answers.get(key)
        if answer is not None:
            with self._lock:
                if key in self._answers:
                    self._answers.move_to_end(key)
        return answer

    def put(self, key: Key, answer: Answer) -> None:
        """Keep an answer, unless it is too large; others make room for it."""
        size = _size(key, answer)
        if size > self._max_answer_bytes:
            return
        with self._lock:
            if replaced := self._answers.pop(key, None):
                self._bytes -= _size(key, replaced)
            self._answers[key] = answer
            self._bytes += size
            while self._bytes > self._max_bytes:
                oldest, dropped = self._answers.popitem(last=False)
                self._bytes -= _size(oldest, dropped)


def _size(key: Key, answer: Answer) -> int:
    path, query, *_ = key
    return _OVERHEAD_BYTES + 4 * (len(path) + len(query)) + len(answer.body)
