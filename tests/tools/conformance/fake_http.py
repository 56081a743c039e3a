"""Requests and replies of the fake server."""

import json
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any


@dataclass
class Request:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes = b""


@dataclass
class Reply:
    status: int
    document: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None

    def __post_init__(self):
        self.headers = {"Content-Type": "application/json", **self.headers}

    @property
    def body(self):
        return json.dumps(self.document).encode() if self.raw is None else self.raw


def refusal(status, message, **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status, {"error": HTTPStatus(status).phrase, "message": message}, named)
