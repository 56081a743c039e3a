"""Category D: a secret that was sent never comes back, and refreshes are limited."""

import secrets
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from catalog_core.tools.conformance.checks import Category, Findings, Skipped, check
from catalog_core.tools.conformance.subjects import Catalog
from catalog_core.tools.conformance.suite.errors import refusal_problems
from catalog_core.tools.conformance.trial import Sources, Trial, info_of, trial_source
from catalog_core.tools.conformance.wire import Answer, shown

LONGEST_PAUSE_SECONDS = 3600
REFRESHES = 4

_check = check(Category.SECURITY)


@_check
def secrets_never_come_back(catalog: Catalog) -> Findings:
    """A secret in the properties of a source is in no answer, to whomever, whether the source is taken or refused."""
    sources = Sources(catalog)
    types = catalog.source_capabilities.get("types") or ["yaml"]
    for type_ in types:
        secret = f"canary{secrets.token_hex(12)}"
        for properties in _properties_with(secret, str(type_)):
            with trial_source(sources, type=str(type_), properties=properties) as trial:
                for answer in _told(sources, trial):
                    if secret.encode() in answer.body or any(secret in value for value in answer.headers.values()):
                        yield f"{answer.question} shows the secret of a source of type {type_}"


@_check
def refreshes_are_limited(catalog: Catalog) -> Findings:
    """Asking for refreshes of one source again and again is 429 with Retry-After (RFC 9110, 10.2.3)."""
    if catalog.source_capabilities.get("refreshable") is not True:
        raise Skipped("the catalog does not announce refreshable sources")
    sources = Sources(catalog)
    with trial_source(sources, enabled=True) as trial:
        info_of(trial.answer, trial.id)
        path = f"/refresh/{quote(trial.id, safe='')}"
        answers = [sources.ask("POST", path, {}) for _ in range(REFRESHES)]
        limited = [answer for answer in answers if answer.status == 429]
        if not limited:
            statuses = [answer.status for answer in answers]
            yield f"{REFRESHES} refreshes in a row are answered {shown(statuses)}; is the limit switched off?"
        for answer in answers:
            if answer.status not in (200, 202, 429):
                yield f"{answer.question}: answered {answer.status}, neither accepted nor 429"
        for answer in limited[:1]:
            yield from refusal_problems(answer, 429)
            pause = answer.headers.get("retry-after", "")
            if not pause.isdecimal() or not 1 <= int(pause) <= LONGEST_PAUSE_SECONDS:
                yield f"Retry-After of the 429 is {shown(pause)}, not a number of seconds"


def _properties_with(secret: str, type_: str) -> Iterator[Mapping[str, Any]]:
    """Yield properties of a source that hold a secret, in places where one is usual and where none belongs."""
    reference = {"name": "no-such-secret", "key": "token"}
    yield {"yamlCatalogPath": "no-such-file.yaml", "apiToken": secret, "nested": {"password": secret}}
    match type_:
        case "git":
            yield {"repoUrl": "https://example.com/none.git", "authToken": secret}
            yield {"repoUrl": f"https://user:{secret}@example.com/none.git", "authToken": reference}
        case "http":
            yield {"url": "https://example.com/none.yaml", "token": secret}
            yield {"url": "https://example.com/none.yaml", "headers": {"X-Api-Key": secret}}
            yield {"url": f"https://user:{secret}@example.com/none.yaml"}
        case "hf":
            yield {"allowedOrganization": "none", "apiKey": secret}


def _told(sources: Sources, trial: Trial) -> Iterator[Answer]:
    """Yield everything that the server says about a source."""
    yield trial.answer
    yield sources.ask("POST", "/validate-source", dict(trial.document))
    path = sources.path_of(trial.id)
    yield sources.ask("POST", f"{path}:validate", dict(trial.document))
    for place in ("/sources", path, f"{path}/revisions", "/diagnostics"):
        yield sources.ask("GET", place)
        yield sources.catalog.reader.get(f"{sources.path}{place}")
    yield sources.ask("POST", f"{path}/enable", {"enabled": False})


CHECKS = (secrets_never_come_back, refreshes_are_limited)
