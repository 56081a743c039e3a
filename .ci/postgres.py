"""Make or remove the databases of one run: ``python .ci/postgres.py create|drop NAME``.

The server is the one on 127.0.0.1:5432; who asks is said by PGUSER and PGPASSWORD.
"""

import sys

import psycopg
from psycopg import sql


def main(action: str, name: str) -> None:
    """Make the database, or remove it with all test databases that were made after its name."""
    try:
        with psycopg.connect("host=127.0.0.1 port=5432 dbname=postgres", autocommit=True) as connection:
            if action == "create":
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
                return
            found = connection.execute("SELECT datname FROM pg_database WHERE strpos(datname, %s) > 0", [name])
            for (database,) in found.fetchall():
                connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(database)))
    except psycopg.Error as error:
        sys.exit(f"PostgreSQL: {error}")


if __name__ == "__main__":
    main(*sys.argv[1:])
