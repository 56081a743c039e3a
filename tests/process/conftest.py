"""Fixtures for tests with real servers, started with the real command, each with a port and a folder of its own."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.process.servers import COMMAND, RunningServer, StartServer, clean_environment, free_port


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.process)


@pytest.fixture
def sources_file(tmp_path: Path) -> Path:
    """A sources file without any source."""
    file = tmp_path / "sources.yaml"
    file.write_text("apiVersion: catalog/v1alpha1\nkind: CatalogSources\ncatalogs: {}\n")
    return file


@pytest.fixture
def server(tmp_path: Path, sources_file: Path) -> Iterator[StartServer]:
    """Start servers: ``server(data_dir=..., sources=[...], options=[...], wait=True, **environment)``.

    Every argument may be left out: a server then gets a new data folder, and a sources file without sources. Variables
    of the environment that begin with ``CATALOG_`` are not inherited. All servers are stopped after the test.
    """
    started: list[RunningServer] = []

    def start(
        data_dir: Path | None = None,
        sources: list[Path] | None = None,
        options: list[str] | None = None,
        wait: bool = True,
        command: list[str] | None = None,
        **environment: str,
    ) -> RunningServer:
        port = free_port()
        data_dir = data_dir or tmp_path / f"data-{len(started)}"
        output_file = tmp_path / f"output-{len(started)}"
        arguments = ["--listen", f"127.0.0.1:{port}", "--data-dir", str(data_dir), "--workers", "2", *(options or [])]
        for file in sources or [sources_file]:
            arguments += ["--sources", str(file)]
        with output_file.open("wb") as output:
            process = subprocess.Popen(
                [*(command or COMMAND), *arguments],
                cwd=tmp_path,
                env=clean_environment(**environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        running = RunningServer(process, f"http://127.0.0.1:{port}", data_dir, output_file)
        started.append(running)
        if wait:
            running.wait_until_ready()
        return running

    yield start
    for running in started:
        running.kill_everything()
