"""Where a repository is, and what of that is allowed."""

import base64
import re
import ssl
from dataclasses import dataclass, field
from math import ceil
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import httpx

from catalog_core.exceptions import SourceInvalid
from catalog_core.security.outgoing import AddressPolicy, Budget, checked_url, place_of
from catalog_core.security.outgoing.urls import port_of
from catalog_core.sources.providers.base import ReadRequest
from catalog_core.sources.providers.confinement import resolve_below

_USER = "git"
_SSH = re.compile(r"(ssh|git\+ssh|ssh\+git)://|[^/:]+@[^/:]+:", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Remote:
    """A repository that may be read.

    Attributes:
        url: what ``git`` is told; holds no credentials.
        place: what messages call it: the host, or the name of a local folder.
        config: settings of ``git`` for this repository, credentials among them.
    """

    url: str
    place: str
    config: tuple[tuple[str, str], ...] = field(repr=False)


def remote_of(request: ReadRequest, budget: Budget) -> Remote:
    """Return the repository that the properties name, its address checked.

    Raises:
        SourceInvalid: see :func:`checked_place`.
        AddressForbidden: its host is neither public nor allowed.
        SourceUnavailable: its host is not known.
        OutOfTime, RefreshSuperseded: as the budget says.
    """
    place = checked_place(request)
    return place if isinstance(place, Remote) else _hosted(place, request, budget)


def checked_place(request: ReadRequest) -> Remote | httpx.URL:
    """Return the local repository that the properties name, or the address of one on a host; nobody is called.

    Raises:
        SourceInvalid: the address is of a kind that is not read, or a local one outside the allowed folders.
    """
    written = str(request.properties["repoUrl"]).strip()
    if _SSH.match(written):
        raise SourceInvalid("Repositories are not read over ssh; use the https address in repoUrl, with an authToken.")
    try:
        parts = urlsplit(written)
    except ValueError:
        raise SourceInvalid("repoUrl is not a valid address; it should look like https://host/path.git.") from None
    if parts.username or parts.password:
        raise SourceInvalid("repoUrl has a user name or password in it; take it out and put the token into authToken.")
    if parts.query or parts.fragment:
        raise SourceInvalid("repoUrl has a part after ? or #; leave it out.")
    if parts.scheme == "file":
        return _local(parts.netloc, unquote(parts.path), request)
    if parts.scheme not in ("http", "https"):
        raise SourceInvalid("repoUrl begins with neither https://, http:// nor file://; other addresses are not read.")
    return checked_url(written)


def _local(host: str, path: str, request: ReadRequest) -> Remote:
    name = Path(path).name
    if host not in ("", "localhost"):
        raise SourceInvalid("A file:// address of a repository names no host; write file:///path/of/the/repository.")
    real = resolve_below(Path("/", path), request.allowed_dirs)
    inner = real and real / ".git"
    if inner and inner.is_file():
        raise SourceInvalid(f'"{name}" only points to a repository elsewhere; name that one in repoUrl.')
    if inner and inner.is_dir():
        real = resolve_below(inner, request.allowed_dirs)
    if real is None:
        raise SourceInvalid(
            f'The repository "{name}" is outside the folders that sources may read, symbolic links resolved. '
            "Move it below the folder of the sources file, or add its folder to CATALOG_ALLOWED_DIRS."
        )
    return Remote(url=f"file://{quote(str(real))}", place=name, config=(("protocol.file.allow", "always"),))


def _hosted(url: httpx.URL, request: ReadRequest, budget: Budget) -> Remote:
    """Return a repository on a host, whose name is resolved here and not again by ``git``."""
    host = url.raw_host.decode("ascii").rstrip(".")
    url = url.copy_with(host=host)
    port = port_of(url)
    policy = AddressPolicy(request.allowed_hosts)
    addresses = ",".join(f"[{found}]" if ":" in found else found for found in policy.addresses(host, port, budget))
    config = [
        (f"protocol.{url.scheme}.allow", "always"),
        ("http.followRedirects", "false"),  # also keeps it from other hosts that a repository names as its alternates
        ("http.proxy", ""),
        ("http.lowSpeedLimit", "1"),
        ("http.lowSpeedTime", str(max(1, ceil(request.limits.request_seconds)))),
    ]
    if host != addresses and ":" not in host:
        config.append(("http.curloptResolve", f"{host}:{port}:{addresses}"))
    if authorities := ssl.get_default_verify_paths().cafile:
        config.append(("http.sslCAInfo", authorities))
    if token := str(request.properties.get("authToken") or "").strip():
        config.append(("http.extraHeader", f"Authorization: Basic {basic_credentials(token)}"))
    return Remote(url=str(url).rstrip("/"), place=place_of(url), config=tuple(config))


def basic_credentials(token: str) -> str:
    """Return ``token`` as credentials for basic authentication (RFC 7617), for a user whose name does not matter."""
    return base64.b64encode(f"{_USER}:{token}".encode()).decode("ascii")
