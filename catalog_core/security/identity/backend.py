"""What operators may see and do in the Django admin, without a permission given for each page."""

from django.apps import apps
from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model

from catalog_core.security.identity.caller import in_operators_group

CORE = "catalog_core"
_TOKENS = "apitoken"


class OperatorBackend(BaseBackend):
    """Gives members of the group of operators everything about catalogs; logs nobody in.

    Tokens are left out: whoever issues them hands out roles, which is for administrators. So are Django's own tables,
    with its users. Whether somebody may enter the admin at all is still said by their staff flag.
    """

    def has_perm(self, user_obj: AbstractBaseUser | AnonymousUser, perm: str, obj: Model | str | None = None) -> bool:
        """Say whether an operator may do ``perm``, such as ``catalog_core.change_source``."""
        app_label, _, action = perm.partition(".")
        verb, _, model = action.partition("_")
        allowed = app_label == CORE if verb != "view" else _is_about_catalogs(app_label)
        return allowed and model != _TOKENS and _is_operator(user_obj)

    def has_module_perms(self, user_obj: AbstractBaseUser | AnonymousUser, app_label: str) -> bool:
        """Say whether an operator sees the pages of an app."""
        return _is_about_catalogs(app_label) and _is_operator(user_obj)


def _is_operator(user: AbstractBaseUser | AnonymousUser) -> bool:
    return isinstance(user, AbstractBaseUser) and user.is_active and in_operators_group(user)


def _is_about_catalogs(app_label: str) -> bool:
    """Say whether an app is the core or a plugin, as opposed to one of Django's own."""
    try:
        return not apps.get_app_config(app_label).name.startswith("django.")
    except LookupError:
        return False
