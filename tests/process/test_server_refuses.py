"""What keeps the server from starting: it says what, and what to do."""

import socket
import subprocess
from pathlib import Path

import pytest

from tests.process.servers import COMMAND, PATIENCE_SECONDS, StartServer, clean_environment, free_port


@pytest.fixture
def run(tmp_path: Path, sources_file: Path):
    def run_command(*arguments: str, **environment: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            [*COMMAND, *arguments],
            cwd=tmp_path,
            env=clean_environment(**environment),
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
        )

    return run_command


@pytest.mark.parametrize(
    "address", ["", "8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:http", "127.0.0.1:0", "127.0.0.1:65536", "::1:8080"]
)
def test_malformed_address_is_refused_with_an_example(run, address):
    result = run("--listen", address)
    assert result.returncode == 2
    assert "such as" in result.stderr
    assert "Traceback" not in result.stderr


def test_missing_sources_file_is_refused_by_name(run):
    result = run("--sources", "absent.yaml")
    assert result.returncode == 2
    assert "absent.yaml" in result.stderr
    assert "does not exist" in result.stderr


def test_options_in_the_environment_are_checked_alike(run):
    result = run(CATALOG_LISTEN="nowhere")
    assert result.returncode == 2
    assert "'nowhere'" in result.stderr


def test_every_sources_file_of_the_environment_is_checked(run, sources_file):
    result = run(CATALOG_SOURCES=f"{sources_file}:second.yaml")
    assert result.returncode == 2
    assert "second.yaml" in result.stderr


def test_zero_workers_are_refused(run):
    result = run("--workers", "0")
    assert result.returncode == 2
    assert "1<=x<=64" in result.stderr


def test_port_in_use_is_named(run):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        result = run("--listen", f"127.0.0.1:{port}")
    assert result.returncode == 1
    assert f"Cannot listen on 127.0.0.1:{port}: Address already in use." in result.stderr
    assert "--listen" in result.stderr


def test_address_of_another_machine_is_named(run):
    result = run("--listen", "192.0.2.1:8080")
    assert result.returncode == 1
    assert "Cannot listen on 192.0.2.1:8080" in result.stderr


def test_data_folder_that_cannot_be_made_is_named(run, tmp_path):
    (tmp_path / "file").write_text("")
    result = run("--listen", f"127.0.0.1:{free_port()}", "--data-dir", "file/data")
    assert result.returncode == 1
    assert "cannot be used: Not a directory" in result.stderr


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("CATALOG_RECONCILE_SECONDS", "often", "CATALOG_RECONCILE_SECONDS='often' is not a number."),
        ("CATALOG_RECONCILE_SECONDS", "0", "CATALOG_RECONCILE_SECONDS='0' is out of range; use 1 or more."),
        ("CATALOG_RECONCILE_SECONDS", "nan", "CATALOG_RECONCILE_SECONDS='nan' is out of range"),
        ("CATALOG_LOG_FORMAT", "xml", "CATALOG_LOG_FORMAT='xml' is unknown; use one of text, json."),
        ("CATALOG_DEBUG", "perhaps", "CATALOG_DEBUG='perhaps' is neither true nor false; use 1 or 0."),
        (
            "CATALOG_DATABASE_URL",
            "oops://me:hunter2@db",
            "CATALOG_DATABASE_URL cannot be used: Scheme 'oops://' is unknown",
        ),
    ],
)
def test_malformed_setting_is_named(run, name, value, message):
    result = run("--listen", f"127.0.0.1:{free_port()}", **{name: value})
    assert result.returncode == 1
    assert message in result.stderr
    assert "Traceback" not in result.stderr
    assert "hunter2" not in result.stderr


def test_database_that_is_away_is_told_without_a_traceback(run):
    url = "postgres://somebody:hunter2@127.0.0.1:1/catalog"
    result = run("--listen", f"127.0.0.1:{free_port()}", CATALOG_DATABASE_URL=url)
    assert result.returncode == 1
    assert "The database cannot be brought up to date" in result.stderr
    assert "Traceback" not in result.stderr
    assert "hunter2" not in result.stderr


def test_second_server_on_the_same_data_folder_is_refused_and_names_the_first(server: StartServer, run):
    first = server()
    result = run("--listen", f"127.0.0.1:{free_port()}", "--data-dir", str(first.data_dir))
    assert result.returncode == 1
    assert f"in use by the catalog-server with process id {first.process.pid}" in result.stderr
    assert first.answers()
