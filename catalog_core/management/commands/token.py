"""``manage.py token``: issue, list and revoke tokens without the admin."""

import getpass
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from catalog_core.conf import catalog_settings
from catalog_core.security.identity.caller import Role
from catalog_core.security.identity.tokens import DEFAULT_LIFE, issue_token, revoke_token
from catalog_core.security.models import ApiToken

_MAX_DAYS = 3650


class Command(BaseCommand):
    """Does what the admin does with tokens."""

    help = "Issue, list and revoke the tokens by which programs say who they are."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the three things it does."""
        actions = parser.add_subparsers(dest="action", required=True, metavar="create|list|revoke")
        create = actions.add_parser("create", help="issue a token and print it, this once")
        create.add_argument("name", help="what it is for, such as nightly-build")
        create.add_argument("--role", choices=[role.value for role in Role], default=Role.VIEWER.value)
        create.add_argument("--days", type=_days, default=DEFAULT_LIFE.days, help="how long it holds (default: 90)")
        create.add_argument("--never-expires", action="store_true", help="let it hold until it is revoked")
        actions.add_parser("list", help="show all tokens, without what is secret of them")
        revoke = actions.add_parser("revoke", help="revoke a token at once and for good")
        revoke.add_argument("name", help="its name, or what it begins with up to the second underscore")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        {"create": self._create, "list": self._list, "revoke": self._revoke}[options["action"]](options)

    def _create(self, options: dict[str, Any]) -> None:
        expires_at = None if options["never_expires"] else timezone.now() + timedelta(days=options["days"])
        try:
            issued = issue_token(
                name=options["name"], role=Role(options["role"]), expires_at=expires_at, created_by=_operator_of_shell()
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        mode = catalog_settings().auth_mode
        if mode != "django":
            self.stderr.write(f"Warning: it opens nothing now, as CATALOG_AUTH_MODE is {mode}.")
        self.stderr.write("This is the token. It is shown now and never again.")
        self.stdout.write(issued.text)  # alone on the output, so that a script can take it from there

    def _list(self, options: dict[str, Any]) -> None:
        for row in ApiToken.objects.all():
            ends = f"{row.expires_at:%Y-%m-%d}" if row.expires_at else "never"
            used = f"{row.last_used_at:%Y-%m-%d %H:%M}" if row.last_used_at else "never"
            state = f"{row.state:<8} {row.role:<9} ends {ends:<11} used {used:<17}"
            self.stdout.write(f"coc_{row.key}  {state} {row.name} ({row.created_by})")

    def _revoke(self, options: dict[str, Any]) -> None:
        name = options["name"]
        rows = list(ApiToken.objects.filter(revoked_at=None, name=name)) or list(
            ApiToken.objects.filter(revoked_at=None, key=name.removeprefix("coc_").partition("_")[0])
        )
        if not rows:
            raise CommandError(f"No token that could be revoked is called {name!r}; `manage.py token list` shows all.")
        revoke_token(rows[0], revoked_by=_operator_of_shell())
        self.stderr.write(f"Revoked: {rows[0].name}.")


def _days(text: str) -> int:
    days = int(text)
    if not 1 <= days <= _MAX_DAYS:
        raise ValueError(f"{days} is out of range")
    return days


def _operator_of_shell() -> str:
    """Return who runs the command, as far as the machine knows."""
    try:
        return f"shell:{getpass.getuser()}"
    except (KeyError, OSError):  # a container may run under a user id without a name
        return "shell"
