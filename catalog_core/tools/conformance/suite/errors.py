"""What an error has to look like, wherever it occurs."""

import re
from collections.abc import Iterator

from catalog_core.tools.conformance.wire import Answer, WireError, shown

_REVEALING = {
    "a stack trace": re.compile(
        rb"Traceback \(most recent call last\)|\bat [\w.$]+\([\w]+\.(?:java|go|js):\d+\)|goroutine \d+ \["
    ),
    "a path of the server": re.compile(
        rb"/(?:usr|home|root|var|opt|app|srv)/[\w./-]*\.(?:py|go|js|yaml|sqlite3)\b|site-packages"
    ),
    "a query to the database": re.compile(rb"\bSELECT\b.{1,400}\bFROM\b.{1,400}\bWHERE\b", re.DOTALL),
}


def refusal_problems(answer: Answer, *statuses: int) -> Iterator[str]:
    """Yield what is wrong with an answer that has to be a refusal: its status, its form, and what it gives away.

    Args:
        answer: the answer.
        statuses: those that are right.
    """
    try:
        answer.expect(*statuses)
        document = answer.object()
    except WireError as error:
        yield str(error)
        return
    for key in ("error", "message"):
        if not isinstance(document.get(key), str) or not document[key]:
            yield f"{answer.question}: {key} of the {answer.status} is {shown(document.get(key))}, not a text"
    for what, pattern in _REVEALING.items():
        if pattern.search(answer.body):
            yield f"{answer.question}: the body of the {answer.status} shows {what}"
    if answer.status == 401 and "www-authenticate" not in answer.headers:
        yield f"{answer.question}: the 401 has no WWW-Authenticate header (RFC 9110, 11.6.1)"
