"""Tokens of this server's own: made once, shown once, stored as a digest, refused at once when revoked.

A token reads ``coc_<id>_<secret>``. The id finds its row; the secret is 256 random bits, so a plain digest of it is as
safe as a slow one. The fixed beginning lets scanners of repositories find tokens that got where they should not be.
"""

import hashlib
import hmac
import logging
import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import DatabaseError
from django.db.models import Q
from django.utils import timezone
from rest_framework.exceptions import AuthenticationFailed

from catalog_core.security.identity.caller import Caller, Role
from catalog_core.security.models import ApiToken

logger = logging.getLogger(__name__)

DEFAULT_LIFE = timedelta(days=90)
_USE_IS_NOTED_EVERY = timedelta(minutes=1)
_ID_BYTES = 6
_SECRET_BYTES = 32
_FORM = re.compile(rf"coc_([0-9a-f]{{{2 * _ID_BYTES}}})_([0-9a-f]{{{2 * _SECRET_BYTES}}})")
_UNKNOWN = "The token is not one of this server's; check that it is complete, or ask an administrator for a new one."


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedToken:
    """A token that was just made.

    Attributes:
        row: what is kept of it.
        text: what its owner sends; nobody can find it out later.
    """

    row: ApiToken
    text: str = field(repr=False)


def issue_token(*, name: str, role: Role, expires_at: datetime | None, created_by: str) -> IssuedToken:
    """Make a token.

    Args:
        name: what it is for; no other token that is not revoked has it.
        role: what its owner may do.
        expires_at: when it ends; ``None``: never.
        created_by: who asks for it.

    Raises:
        ValidationError: the name is empty or taken, or the end has passed.
    """
    key, secret = secrets.token_hex(_ID_BYTES), secrets.token_hex(_SECRET_BYTES)
    row = ApiToken(name=name, role=role, expires_at=expires_at, created_by=created_by, key=key, digest=_digest(secret))
    row.full_clean()
    row.save(force_insert=True)
    logger.info("token %s: issued with role %s by %s", name, role, created_by)
    return IssuedToken(row=row, text=f"coc_{key}_{secret}")


def revoke_token(row: ApiToken, *, revoked_by: str) -> bool:
    """Revoke a token for good; return false if it was revoked before."""
    unrevoked = ApiToken.objects.filter(pk=row.pk, revoked_at=None)
    revoked = unrevoked.update(revoked_at=timezone.now(), revoked_by=revoked_by) > 0
    if revoked:
        logger.info("token %s: revoked by %s", row.name, revoked_by)
    return revoked


def caller_from_token(text: str) -> Caller:
    """Return the caller that a token stands for, as the database says at this moment.

    Raises:
        AuthenticationFailed: it is unknown, has expired or was revoked.
    """
    parts = _FORM.fullmatch(text)
    if parts is None:
        raise AuthenticationFailed(_UNKNOWN)
    row = ApiToken.objects.filter(key=parts[1]).first()
    # what has become of a token is told to nobody but its owner
    if not hmac.compare_digest(row.digest if row else "", _digest(parts[2])) or row is None:
        raise AuthenticationFailed(_UNKNOWN)
    now = timezone.now()
    if row.revoked_at:
        raise AuthenticationFailed("The token was revoked; ask an administrator for a new one.")
    if row.is_expired(now):
        raise AuthenticationFailed("The token has expired; ask an administrator for a new one.")
    _note_use(row, now)
    return Caller(name=f"token:{row.name}", role=Role(row.role), identified_by="token")


def _note_use(row: ApiToken, now: datetime) -> None:
    """Record the use, at most once a minute over all replicas."""
    before = now - _USE_IS_NOTED_EVERY
    if row.last_used_at and row.last_used_at > before:
        return
    try:
        ApiToken.objects.filter(Q(last_used_at=None) | Q(last_used_at__lte=before), pk=row.pk).update(last_used_at=now)
    except DatabaseError as error:  # a database that is busy or read-only is no reason to turn the caller away
        logger.warning("token %s: its use could not be recorded: %s", row.name, error)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
