"""The first thing that the server does: bring the database up to date and see that somebody can sign in.

A process of its own, so that the supervisor never loads Django. Prints its result as one line of JSON.
"""

import contextlib
import json
import secrets
import sys

import click

from catalog_core.tools.server.parent_watch import watch_parent

ADMINISTRATOR = "admin"


@click.command(help="Migrate the database and create the first administrator.")
@click.option("--parent", type=int, required=True, help="The process that started this one.")
def main(parent: int) -> None:
    """Run the process."""
    watch_parent(parent)
    with contextlib.redirect_stdout(sys.stderr):  # whatever plugins print must not get into the result
        import django

        django.setup()
        _migrate()
        password = _create_administrator()
    click.echo(json.dumps({"password": password}))


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


if __name__ == "__main__":
    main()
