"""Taking credentials out of text before it is written anywhere.

A net below the rule that nothing logs a credential in the first place. It errs on the side of hiding too much: a hidden
word costs a reader a moment, a credential in a log file costs its owner the credential.
"""

import re
from collections.abc import Mapping
from typing import Any

from catalog_core.log.secrets import HIDDEN, without_secrets_in_use

_QUOTE = r"""(?:\\?["'])"""
_VALUE = rf"""(?:b?(?P<quote>{_QUOTE})(?:(?!(?P=quote)).)*(?:(?P=quote))?|[^\s"'\\,;&)\]}}]+)"""
_HEADERS = "proxy-authorization|authorization|set-cookie|cookie|x-api-key|x-auth-token"
_NAMES = "|".join(
    (
        "(?<!page)(?<!page_)token",  # a page token opens nothing
        "passw(?:or)?d",
        "passphrase",
        "secret",
        "credentials?",
        "(?:api|access|private)[_-]?key",
    )
)
_SECRET_NAME = re.compile(rf"(?:{_HEADERS}|{_NAMES})", re.IGNORECASE)

_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    # scheme://user:password@host
    (re.compile(r"""([a-z][a-z0-9+.-]{0,30}://)[^\s/"'<>]{0,2000}@""", re.IGNORECASE), rf"\1{HIDDEN}@"),
    # a header, as in HTTP and as in a printed mapping: all of its value
    (
        re.compile(rf"""(\b(?:{_HEADERS})\b{_QUOTE}?\s*[:=,]\s*b?{_QUOTE}?)[^\r\n"'\\]+""", re.IGNORECASE),
        rf"\1{HIDDEN}",
    ),
    # name=value, and "name": value
    (
        re.compile(
            rf"""((?<![\w-])[\w-]{{0,60}}(?:{_NAMES})[\w-]{{0,60}}(?:\s*=\s*|{_QUOTE}\s*[:,=]\s*)){_VALUE}""",
            re.IGNORECASE,
        ),
        rf"\1\g<quote>{HIDDEN}\g<quote>",
    ),
    (re.compile(r"\b(bearer\s+)[a-z0-9._~+/=-]{8,}", re.IGNORECASE), rf"\1{HIDDEN}"),
    # tokens that are known by their looks: our own, Hugging Face, GitHub, GitLab, and signed ones (RFC 7519)
    (re.compile(r"\b(?:coc_[0-9a-f]{12}_|hf_|gh[a-z]_|github_pat_|glpat-|sk-)[A-Za-z0-9_-]{16,}"), HIDDEN),
    (re.compile(r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*"), HIDDEN),
)


def redact(text: str) -> str:
    """Return ``text`` with whatever looks like a credential replaced by ``***``; the secrets in use too.

    >>> redact("cloning https://me:pa55@git.example.org/a.git failed, token=abc")
    'cloning https://***@git.example.org/a.git failed, token=***'
    """
    text = without_secrets_in_use(text)
    for pattern, replacement in _PATTERNS:
        text = pattern.sub(replacement, text)
    return text


def redact_value(value: Any, name: str = "") -> Any:
    """Return a JSON-like value with :func:`redact` applied to every text in it.

    Args:
        value: what is to be written.
        name: the key under which it stands; the name of a credential hides the value whole.
    """
    if name and value is not None and _SECRET_NAME.search(name):
        return HIDDEN
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, Mapping):
        return {key: redact_value(member, str(key)) for key, member in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [redact_value(member) for member in value]
    return value
