"""The first thing that the server does: bring the database up to date and see that somebody can sign in.

It is done by the web process, which needs Django anyway, before it answers; the supervisor never loads Django.
"""

import secrets
import sys

import click

ADMINISTRATOR = "admin"


def prepare_database() -> str | None:
    """Migrate the database and create the first administrator; return the password if one was made up.

    Raises:
        ClickException: the database cannot be used, with the reason.
    """
    _migrate()
    return _create_administrator()


def _migrate() -> None:
    """Apply all migrations; those of a plugin may fail, those of the server may not."""
    from django.core.management import CommandError, call_command
    from django.db import DatabaseError

    try:
        call_command("migrate", verbosity=0, interactive=False, stdout=sys.stderr)
    except DatabaseError as error:
        raise click.ClickException(f"The database cannot be brought up to date: {error}".strip()) from error
    except CommandError as error:
        click.echo(f"Warning: {error}", err=True)


def _create_administrator() -> str | None:
    """Create an administrator if there is no user at all; return the password if one was made up."""
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.db import DatabaseError, IntegrityError, transaction

    users = get_user_model().objects
    try:
        if users.exists():
            return None
        password = settings.ADMIN_PASSWORD or secrets.token_urlsafe(12)
        with transaction.atomic():
            users.create_superuser(ADMINISTRATOR, password=password)
    except IntegrityError:  # another server on the same database was faster
        return None
    except DatabaseError as error:
        raise click.ClickException(f"The table of users cannot be used: {error}".strip()) from error
    return None if settings.ADMIN_PASSWORD else password
