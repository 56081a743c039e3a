"""Tokens by which programs say who they are."""

from datetime import datetime
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone

from catalog_core.security.identity.caller import Role


class TokenState(models.TextChoices):
    """Whether a token opens anything."""

    ACTIVE = "active"
    EXPIRED = "expired"
    REVOKED = "revoked"


class ApiToken(models.Model):
    """A token: everything about it but the token itself, of which a digest is kept."""

    ROLES: ClassVar = [(role.value, role.value) for role in Role]

    name = models.CharField(max_length=100, help_text="What the token is for, such as nightly-build.")
    role = models.CharField(
        max_length=10,
        choices=ROLES,
        default=Role.VIEWER.value,
        help_text="A viewer reads; an operator changes sources as well.",
    )
    key = models.CharField(
        max_length=12, unique=True, editable=False, help_text="The part of the token that is no secret."
    )
    digest = models.CharField(max_length=64, editable=False)
    created_by = models.CharField(max_length=150, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True, help_text="When it ends; empty: never.")
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False, help_text="To the minute.")
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)
    revoked_by = models.CharField(max_length=150, blank=True, editable=False)

    class Meta:
        """Names tell tokens apart in the record of who did what, so two that work never share one."""

        verbose_name = "API token"
        ordering = ("-created_at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("name",),
                condition=Q(revoked_at=None),
                name="token_name_unique_unless_revoked",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse a new token that would end before it begins, or have the name of one that is not revoked."""
        super().clean()
        if not self._state.adding:
            return
        problems = {}
        if self.expires_at and self.is_expired(timezone.now()):
            problems["expires_at"] = "This time has passed; choose a later one."
        # forms leave the constraint out, because its condition is on a field that they do not show
        if ApiToken.objects.filter(name=self.name, revoked_at=None).exists():
            problems["name"] = "Another token has this name; revoke that one first, or choose another name."
        if problems:
            raise ValidationError(problems)

    def is_expired(self, now: datetime) -> bool:
        """Say whether its time is over at ``now``."""
        return self.expires_at is not None and self.expires_at <= now

    @property
    def state(self) -> TokenState:
        """Whether it opens anything now."""
        if self.revoked_at:
            return TokenState.REVOKED
        return TokenState.EXPIRED if self.is_expired(timezone.now()) else TokenState.ACTIVE
