"""The provider ``http``: one document at an http or https address."""

from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from typing import Any, ClassVar, get_args
from urllib.parse import unquote

import httpx

from catalog_core.exceptions import SourceInvalid
from catalog_core.security.outgoing import Answer, checked_url, place_of
from catalog_core.sources.providers.base import (
    Format,
    Property,
    Provider,
    ReadRequest,
    Snapshot,
    SourceFile,
    Unchanged,
)
from catalog_core.sources.providers.cursors import belongs, content_revision, fingerprint
from catalog_core.sources.providers.file_formats import format_of_content, format_of_media_type, format_of_name
from catalog_core.sources.providers.web import outgoing_client
from catalog_core.sources.spool import Spool

_ACCEPT = "application/yaml, application/json, application/jsonl, */*;q=0.5"
_LONGEST_REVISION = 200
_LONGEST_VALIDATOR = 1000


class HttpProvider(Provider):
    """Reads one YAML, JSON or JSON Lines document, with conditional requests (RFC 9110, 13)."""

    type: ClassVar[str] = "http"
    display_name: ClassVar[str] = "HTTP"
    default_interval_seconds: ClassVar[float | None] = 24 * 3600.0
    properties: ClassVar[tuple[Property, ...]] = (
        Property(
            name="url",
            type="url",
            description="The http or https address of the document, without user name and password.",
            required=True,
        ),
        Property(
            name="headers",
            type="string-map",
            description="Headers sent with each request; their values are treated as credentials.",
            secret=True,
        ),
        Property(
            name="token",
            type="string",
            description="Sent as bearer token (RFC 6750) in the header Authorization.",
            secret=True,
        ),
        Property(
            name="format",
            type="string",
            description=(
                "yaml, json or jsonl. Without it the Content-Type decides, then the ending of the path, then how the "
                "document begins."
            ),
        ),
        Property(name="syncInterval", type="duration", description="Pause between two readings.", default="24h"),
    )

    def checks(self, request: ReadRequest) -> Mapping[str, Callable[[], object]]:
        """Return the checks of the address and the format."""
        return {
            "url": lambda: checked_url(request.properties["url"]),
            "format": lambda: _forced_format(request.properties["format"]),
        }

    def read(self, request: ReadRequest) -> Snapshot | Unchanged:
        """Fetch the document, unless the server or a comparison says that it is the one of the cursor."""
        url = checked_url(str(request.properties["url"]))
        forced = _forced_format(request.properties.get("format"))
        sent = _headers(request.properties)
        mark = fingerprint("http", str(url), forced, sorted(sent))
        known = request.cursor if belongs(request.cursor, mark) else {}
        spool = request.spool()
        with outgoing_client(request) as client:
            answer = client.get(str(url), {"Accept": _ACCEPT, **sent, **_conditions(known)}, into=spool.write)
        if answer.status == 304:
            return Unchanged(cursor={**known, **_validators(answer.headers)})
        digest = spool.sha256
        cursor = {"fingerprint": mark, "sha256": digest, **_validators(answer.headers)}
        if known.get("sha256") == digest:
            return Unchanged(cursor=cursor)
        format_ = forced or _format(answer, url, spool)
        file = SourceFile(name=_name(url), format=format_, content=spool.content())
        return Snapshot(revision=_revision(cursor), cursor=cursor, files=(file,))


def _forced_format(text: Any) -> Format | None:
    known: dict[str, Format] = {word: word for word in get_args(Format)}
    if text in (None, ""):
        return None
    if (found := known.get(str(text))) is None:
        raise SourceInvalid(f'The format "{text}" is not known; known are {", ".join(known)}.')
    return found


def _headers(properties: Mapping[str, Any]) -> dict[str, str]:
    """Return the headers of the source, names in lower case, with the token among them."""
    headers = {str(name).strip().lower(): str(value) for name, value in (properties.get("headers") or {}).items()}
    if token := str(properties.get("token") or "").strip():
        if "authorization" in headers:
            raise SourceInvalid("The source has both a token and a header Authorization; keep one of them.")
        headers["authorization"] = f"Bearer {token}"
    return headers


def _conditions(known: Mapping[str, Any]) -> dict[str, str]:
    pairs = (("if-none-match", known.get("etag")), ("if-modified-since", known.get("lastModified")))
    return {name: value for name, value in pairs if value}


def _validators(headers: httpx.Headers) -> dict[str, str]:
    """Return the entity tag and the date that stand for this state of the document, as far as they can be relied on."""
    found = {}
    if (etag := headers.get("etag", "").strip()) and len(etag) <= _LONGEST_VALIDATOR:
        found["etag"] = etag
    if _is_settled(headers):
        found["lastModified"] = headers["last-modified"]
    return found


def _is_settled(headers: httpx.Headers) -> bool:
    """Say whether ``Last-Modified`` names one state only.

    It counts whole seconds: a document modified in the second in which it was sent may be modified again under the same
    date (RFC 9110, 8.8.2.2).
    """
    try:
        modified, sent = (parsedate_to_datetime(headers.get(name, "")) for name in ("last-modified", "date"))
        return (sent - modified).total_seconds() >= 1
    except (ValueError, TypeError):  # absent or no date; or one with a time zone and one without
        return False


def _revision(cursor: Mapping[str, str]) -> str:
    for name in ("etag", "lastModified"):
        if 0 < len(cursor.get(name, "")) <= _LONGEST_REVISION:
            return cursor[name]
    return content_revision(cursor["sha256"])


def _format(answer: Answer, url: httpx.URL, spool: Spool) -> Format:
    media_type = answer.headers.get("content-type", "")
    if media_type.partition(";")[0].strip().lower() in ("text/html", "application/xhtml+xml"):
        raise SourceInvalid(
            f"{place_of(url)} answered with a web page, perhaps to log in; check the address and the credentials."
        )
    return format_of_media_type(media_type) or format_of_name(url.path) or format_of_content(spool.open())


def _name(url: httpx.URL) -> str:
    """Return what messages call the document: the last part of its path, or the host if there is none."""
    last = unquote(url.path).rstrip("/").rpartition("/")[2]
    return "".join(character for character in last if character.isprintable()) or place_of(url)
