"""Who sends a request, and what they may do."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from rest_framework.request import Request

OPERATORS_GROUP = "catalog-operators"
"""The Django group whose members are operators."""

Identification = Literal["nothing", "session", "token", "jwt", "header"]


class Role(StrEnum):
    """What a caller may do: a viewer reads, an operator also changes the configuration."""

    VIEWER = "viewer"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who sends a request; stands in for Django's user as ``request.user``.

    Attributes:
        name: for the record, such as ``alice`` or ``token:nightly-build``; ``anonymous`` for a caller nobody knows.
        role: what they may do.
        identified_by: how they are known.
        groups: what they belong to, where their identity says so; for the record only, roles do not come from it.
    """

    name: str
    role: Role
    identified_by: Identification
    groups: tuple[str, ...] = ()

    @property
    def is_operator(self) -> bool:
        """Whether they may change the configuration; never true of a caller nobody knows."""
        return self.role is Role.OPERATOR and self.is_authenticated

    @property
    def is_authenticated(self) -> bool:
        """Whether it is known who they are."""
        return self.identified_by != "nothing"

    @property
    def is_anonymous(self) -> bool:
        """The opposite of :attr:`is_authenticated`."""
        return not self.is_authenticated

    @property
    def is_active(self) -> bool:
        """Always true: who may not call any more is not identified in the first place."""
        return True

    def get_username(self) -> str:
        """Return the name, as a Django user does."""
        return self.name

    def __str__(self) -> str:
        return self.name


ANONYMOUS = Caller(name="anonymous", role=Role.VIEWER, identified_by="nothing")


def caller_of(request: Request | HttpRequest) -> Caller:
    """Return who sends the request, in API views and in the Django admin alike."""
    user: Caller | AbstractBaseUser | AnonymousUser = request.user
    if isinstance(user, Caller):
        return user
    return caller_of_user(user) if user.is_authenticated and isinstance(user, AbstractBaseUser) else ANONYMOUS


def caller_of_user(user: AbstractBaseUser) -> Caller:
    """Return the caller that a Django user is: an operator if a superuser or in the group of operators."""
    operator = getattr(user, "is_superuser", False) or in_operators_group(user)
    role = Role.OPERATOR if operator and user.is_active else Role.VIEWER
    return Caller(name=user.get_username(), role=role, identified_by="session")


def in_operators_group(user: AbstractBaseUser) -> bool:
    """Say whether a Django user is a member of the group of operators."""
    groups = getattr(user, "groups", None)  # a user model of one's own need not know groups
    return groups is not None and groups.filter(name=OPERATORS_GROUP).exists()
