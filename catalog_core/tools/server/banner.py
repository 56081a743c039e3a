"""What the server says once it is ready."""

import os
from pathlib import Path

from catalog_core import server_version
from catalog_core.tools.server.options import ServerOptions


def banner(options: ServerOptions) -> str:
    """Return a few aligned lines that say where things are."""
    url = options.address.url
    lines = [
        ("Catalogs", f"{url}/"),
        ("API", f"{url}/api/plugins"),
        ("API documentation", f"{url}/api/docs"),
        ("Admin", f"{url}/admin/"),
        ("Health", f"{url}/readyz"),
        ("Data folder", _short(options.data_dir)),
        ("Log file", _short(options.log_dir / "catalog.log")),
        *(("Sources file", _short(file)) for file in options.sources),
    ]
    width = max(len(name) for name, _ in lines) + 2
    body = "\n".join(f"  {name:<{width}}{value}" for name, value in lines)
    return f"\nCatalog of Catalogs {server_version()} is running; Ctrl-C stops it.\n\n{body}\n"


def password_note(name: str, password: str) -> str:
    """Return the lines that tell the first administrator how to sign in."""
    return f"\nThe first administrator is {name!r} with the password {password!r}. This is shown only once.\n"


def _short(path: Path) -> str:
    """Return a path relative to the current folder if it lies below it."""
    return os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)
