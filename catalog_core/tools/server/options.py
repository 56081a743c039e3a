"""What the command ``catalog-server`` was told, checked."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where the server listens.

    Attributes:
        host: a name or an IP address, IPv6 without brackets.
        port: 1 to 65535.
    """

    host: str
    port: int

    @property
    def url(self) -> str:
        """The address under which a browser on this machine reaches the server, without a slash at its end."""
        host = f"[{self.local_host}]" if ":" in self.local_host else self.local_host
        return f"http://{host}:{self.port}"

    @property
    def local_host(self) -> str:
        """The host to connect to from this machine; listening on every address includes the loopback."""
        return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104 - recognised, not bound

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


class AddressParameter(click.ParamType):
    """``HOST:PORT`` on the command line; without a host, every address of the machine."""

    name = "HOST:PORT"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Address:
        """Return the address that ``value`` stands for."""
        if isinstance(value, Address):
            return value
        host, colon, port = str(value).rpartition(":")
        if not colon or not (port.isascii() and port.isdigit()) or not 1 <= int(port) <= 65535:
            self.fail(f"{value!r} is no address to listen on; give HOST:PORT such as 127.0.0.1:8080.", param, ctx)
        if host.startswith("[") and host.endswith("]"):
            host = host[1:-1]
        elif ":" in host:
            self.fail(f"{value!r} is ambiguous; put an IPv6 address into brackets, such as [::1]:8080.", param, ctx)
        return Address(host=host or "0.0.0.0", port=int(port))  # noqa: S104 - what leaving out the host asks for


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerOptions:
    """All options of the command.

    Attributes:
        address: where the web server listens.
        sources: the sources files; later ones override earlier ones.
        data_dir: folder of the database, the broker's files and the logs.
        workers: number of web processes.
        plugin_folders: folders with plugins that are made of files alone.
        end_with_parent: whether the server ends when the process that started it does.
    """

    address: Address
    sources: tuple[Path, ...]
    data_dir: Path
    workers: int
    plugin_folders: tuple[Path, ...] = ()
    end_with_parent: bool = False

    @property
    def log_dir(self) -> Path:
        """The folder of the log files: below the data folder, unless the environment names another."""
        return Path(os.environ.get("CATALOG_LOG_DIR") or self.data_dir / "logs").absolute()

    def environment(self) -> dict[str, str]:
        """Return the environment for the processes of the server: that of the command, with the options written in."""
        return {
            "DJANGO_SETTINGS_MODULE": "catalog_project.settings",
            **os.environ,
            "CATALOG_LOG_DIR": str(self.log_dir),
            "CATALOG_DATA_DIR": str(self.data_dir),
            "CATALOG_SOURCES": os.pathsep.join(str(file) for file in self.sources),
            "CATALOG_PLUGIN_FOLDERS": os.pathsep.join(str(folder) for folder in self.plugin_folders),
        }
