"""What ``git`` complains about, in words that say what to do."""

import re
from dataclasses import dataclass

from catalog_core.exceptions import SourceError, SourceInvalid, SourceUnavailable
from catalog_core.security.outgoing import redact_url
from catalog_core.sources.providers.git.command import GitFailed
from catalog_core.sources.providers.git.remote import Remote, basic_credentials

_LONGEST_QUOTE = 200
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^\s'\"]+")
_ABSOLUTE_PATH = re.compile(r"(?<![\w./:?])/[^\s'\":]+")


@dataclass(frozen=True, slots=True)
class _Known:
    words: re.Pattern[str]
    error: type[SourceInvalid] | type[SourceUnavailable]
    sentence: str


def _known(words: str, error: type[SourceInvalid] | type[SourceUnavailable], sentence: str) -> _Known:
    return _Known(re.compile(words, re.IGNORECASE), error, sentence)


_REDIRECTED = re.compile(r"returned error: 3\d\d|unable to update url base from redirection", re.IGNORECASE)
_KNOWN = (
    _Known(
        _REDIRECTED,
        SourceInvalid,
        "{place} redirects to another address, which is not followed; put the address it leads to into repoUrl.",
    ),
    _known(
        r"returned error: 40[13]|authentication failed|could not read (username|password)|prompts disabled",
        SourceInvalid,
        "The repository at {place} does not exist, or wants credentials; check repoUrl and authToken.",
    ),
    _known(
        r"returned error: 429",
        SourceUnavailable,
        "{place} was asked too often; it is asked again later.",
    ),
    _known(
        r"returned error: 5\d\d",
        SourceUnavailable,
        "{place} has trouble of its own; it is asked again later.",
    ),
    _known(
        r"returned error: 4\d\d|repository '[^']*' not found|does not appear to be a git repository"
        r"|is this a git repository|not a valid git repo",
        SourceInvalid,
        "No repository is found at {place} under this address; check repoUrl.",
    ),
    _known(
        r"certificate|ssl_|gnutls|\btls\b",
        SourceUnavailable,
        "No encrypted connection to {place}: its certificate or protocol is not accepted. Check that it is valid.",
    ),
    _known(
        r"operation too slow|timed? ?out",
        SourceUnavailable,
        "{place} stopped answering.",
    ),
    _known(
        r"could(n't| not) (resolve|connect)|failed to connect|connection refused|unable to connect",
        SourceUnavailable,
        "{place} refuses connections or cannot be reached.",
    ),
    _known(
        r"not our ref|couldn't find remote ref|unadvertised object|no such remote ref|trying to write ref.*nonexistent"
        r"|not a valid sha1|cannot update ref.*nonexistent",
        SourceInvalid,
        'The repository at {place} does not hold "{reference}"; check the property branch.',
    ),
    _known(
        r"needed a single revision|expected commit type",
        SourceInvalid,
        '"{reference}" of the repository at {place} does not stand for a commit; check the property branch.',
    ),
    _known(
        r"early eof|hung up|unexpected disconnect|reset by peer|empty reply|recv failure|transfer closed",
        SourceUnavailable,
        "The connection to {place} broke before the repository was complete.",
    ),
    _known(
        r"no space left|disk quota|read-only file system",
        SourceUnavailable,
        "The server cannot write to its data folder; look at its disk.",
    ),
)


def is_redirect(failure: GitFailed) -> bool:
    """Say whether the server of the repository answered with a redirect."""
    return _REDIRECTED.search(failure.complaint) is not None


def is_known(failure: GitFailed) -> bool:
    """Say whether the cause is one that a fresh copy of the repository would not remove."""
    return any(known.words.search(failure.complaint) for known in _KNOWN)


def explained(failure: GitFailed, remote: Remote, reference: str, token: str) -> SourceError:
    """Return what a failure of ``git`` means for the source.

    Args:
        failure: what ``git`` said.
        remote: the repository.
        reference: branch, tag or commit as configured.
        token: never to be repeated.
    """
    for known in _KNOWN:
        if known.words.search(failure.complaint):
            return known.error(known.sentence.format(place=remote.place, reference=reference))
    quote = _quotable(failure.complaint, token)
    return SourceUnavailable(
        f"The repository at {remote.place} cannot be read; git ended with exit code {failure.exit_code}"
        f"{f' and said: {quote}' if quote else ''}."
    )


def _quotable(complaint: str, token: str) -> str:
    """Return the last thing ``git`` said itself, without credentials, addresses and paths of this machine."""
    own = [line.strip() for line in complaint.splitlines() if line.strip() and not line.startswith("remote:")]
    text = own[-1] if own else ""
    for secret in (token, basic_credentials(token)) if token else ():
        text = text.replace(secret, "***")
    text = _ADDRESS.sub(lambda found: "(its address)" if found[0].startswith("file:") else redact_url(found[0]), text)
    text = _ABSOLUTE_PATH.sub("(a path)", text)
    return "".join(character for character in text if character.isprintable())[:_LONGEST_QUOTE].removesuffix(".")
