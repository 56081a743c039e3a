"""Filling a database with a catalog, before anything is measured."""

import json
import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.catalogs import write_catalog, write_sources
from benchmarks.contenders import server_variables
from benchmarks.processes import run


def make_catalog(folder: Path, count: int, *, format: str = "json") -> None:
    """Write a catalog of one file and load it into a new database."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"catalog.{format}"
    write_catalog(file, count)
    write_sources(folder / "sources.yaml", [file])
    manage(folder, "migrate", "--verbosity", "0")
    manage(folder, "reconcile", "--wait")


def manage(folder: Path, *arguments: str) -> str:
    """Run ``manage.py`` on the catalog of ``folder`` and return what it printed."""
    return run([sys.executable, "manage.py", *arguments], variables=server_variables(folder))


def shell(folder: Path, module: str, *arguments: str, core: str = "") -> str:
    """Run a module of the benchmarks with the server's settings and return what it printed."""
    variables = server_variables(folder) | {"DJANGO_SETTINGS_MODULE": "catalog_project.settings"}
    return run([sys.executable, "-m", module, *arguments], core=core, variables=variables)


def write_documents(folder: Path, documents: list[dict[str, object]]) -> Path:
    """Write entities as they are served, one on each line, for contenders that hold them in memory."""
    file = folder / "entities.jsonl"
    file.write_text("".join(f"{json.dumps(document)}\n" for document in documents), encoding="utf-8")
    return file


def fresh_postgres(name: str) -> str:
    """Make an empty database on the server that ``BENCHMARK_POSTGRES`` names, and return its address."""
    import psycopg
    from psycopg import sql

    server = os.environ["BENCHMARK_POSTGRES"]
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return urlsplit(server)._replace(path=f"/{name}").geturl()


def analyze_postgres() -> None:
    """Have PostgreSQL look at what was loaded, as autovacuum does within minutes; nothing where another is measured."""
    url = os.environ.get("BENCHMARK_DATABASE_URL")
    if not url:
        return
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ANALYZE")


def drop_postgres(name: str) -> None:
    """Remove a database that :func:`fresh_postgres` has made."""
    import psycopg
    from psycopg import sql

    with psycopg.connect(os.environ["BENCHMARK_POSTGRES"], autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
