"""The provider ``git`` with a real git server on 127.0.0.1, and with servers that are none."""

import base64
import os
import shutil
import socket
from pathlib import Path

import pytest

from catalog_core.exceptions import AddressForbidden, RefreshSuperseded, SourceInvalid, SourceUnavailable
from catalog_core.security.outgoing import Budget
from catalog_core.sources.providers.base import Unchanged
from catalog_core.sources.providers.git import GitProvider
from catalog_core.sources.providers.git.command import Git
from catalog_core.sources.providers.git.references import find_reference
from catalog_core.sources.providers.git.remote import Remote, remote_of
from tests.core.security.web_server import running_web_server, self_signed_certificate
from tests.core.sources.providers.git_repositories import Upstream, serve_plainly, serve_repository

PROVIDER = GitProvider()
TOKEN = "hunter2-token"
AUTHORIZATION = "Basic " + base64.b64encode(f"git:{TOKEN}".encode()).decode()


@pytest.fixture
def upstream(tmp_path):
    created = Upstream.create(tmp_path / "upstream")
    created.commit({"a.yaml": b"a: 1"})
    return created


@pytest.fixture
def read(request_for):
    def read_source(url, cursor=None, options=None, **properties):
        return PROVIDER.read(request_for({"repoUrl": url, **properties}, cursor=cursor, **(options or {})))

    return read_source


@pytest.fixture
def refused(read, tmp_path):
    def read_source(error, url, **options):
        with pytest.raises(error) as caught:
            read(url, **options)
        text = str(caught.value)
        assert TOKEN not in text
        assert AUTHORIZATION.split()[1] not in text
        assert str(tmp_path) not in text
        return text

    return read_source


def contents(snapshot):
    return {file.name: file.content for file in snapshot.files}


# --- refusals and failures -------------------------------------------------------------------------------------------


def test_a_private_address_is_refused_before_anything_is_sent(web, refused, upstream):
    url = serve_repository(web, upstream)
    assert "CATALOG_ALLOWED_HOSTS_OUTGOING" in refused(AddressForbidden, url, options={"allowed_hosts": ()})
    assert web.requests == []


@pytest.mark.parametrize("token", ["", "wrong"])
def test_missing_or_wrong_credentials_are_told(web, refused, upstream, token):
    url = serve_repository(web, upstream, authorization=AUTHORIZATION)
    text = refused(SourceInvalid, url, authToken=token)
    assert f"The repository at 127.0.0.1:{web.port} does not exist, or wants credentials" in text


@pytest.mark.parametrize(
    ("status", "error", "what"),
    [
        (404, SourceInvalid, "No repository is found at 127.0.0.1"),
        (403, SourceInvalid, "wants credentials"),
        (429, SourceUnavailable, "asked too often"),
        (500, SourceUnavailable, "trouble of its own"),
        (503, SourceUnavailable, "trouble of its own"),
    ],
)
def test_refusals_of_a_server_are_told_apart(web, refused, status, error, what):
    web.serve("/repo.git/info/refs", status, TOKEN.encode())
    assert what in refused(error, web.url("/repo.git"), authToken=TOKEN)


def test_a_web_page_is_no_repository(web, refused):
    web.serve("/repo.git/info/refs", body=b"<html>welcome</html>", Content_Type="text/html")
    assert "or no git repository; check repoUrl" in refused(SourceInvalid, web.url("/repo.git"))


def test_a_redirect_is_not_followed_and_its_target_is_named(web, refused, upstream):
    with running_web_server() as other:
        target = serve_repository(other, upstream)
        web.serve("/repo.git/info/refs", 302, Location=f"{target}/info/refs?service=git-upload-pack&{TOKEN}")
        text = refused(SourceInvalid, web.url("/repo.git"), authToken=TOKEN)
        assert f"127.0.0.1:{web.port} redirects to 127.0.0.1:{other.port}" in text
        assert other.requests == []


def test_a_redirect_to_a_private_address_is_not_followed(web, refused):
    web.serve("/repo.git/info/refs", 302, Location="http://10.0.0.1/repo.git/info/refs")
    assert "redirects to 10.0.0.1" in refused(SourceInvalid, web.url("/repo.git"))


def test_a_refused_connection_is_worth_another_try(refused):
    with running_web_server() as gone:
        pass
    assert "refuses connections or cannot be reached" in refused(SourceUnavailable, gone.url("/repo.git"))


def test_a_connection_that_breaks_is_worth_another_try(web, refused):
    web.route("/repo.git/info/refs", lambda exchange: exchange.reset())
    refused(SourceUnavailable, web.url("/repo.git"))


def test_a_server_that_says_nothing_is_given_up(web, refused):
    web.route("/repo.git/info/refs", lambda exchange: exchange.stall())
    text = refused(SourceUnavailable, web.url("/repo.git"), options={"total_seconds": 0.5})
    assert "took longer than 0.5 seconds" in text


def test_a_server_that_stops_in_the_middle_is_given_up_and_leaves_nothing_broken(web, read, refused, upstream):
    url = serve_repository(web, upstream)
    cursor = read(url).cursor
    upstream.commit({"b.yaml": b"b"})
    answer = web.routes["/repo.git/git-upload-pack"]
    web.route("/repo.git/git-upload-pack", lambda exchange: exchange.stall())
    refused(SourceUnavailable, url, cursor=cursor, options={"total_seconds": 0.5})
    web.route("/repo.git/git-upload-pack", answer)
    assert set(contents(read(url, cursor))) == {"a.yaml", "b.yaml"}


def test_a_reading_can_be_cancelled_while_it_waits(web, refused):
    web.route("/repo.git/info/refs", lambda exchange: exchange.stall())
    answers = iter([False, False])
    refused(RefreshSuperseded, web.url("/repo.git"), options={"cancelled": lambda: next(answers, True)})


# --- reading ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shallow", [True, False])
def test_a_repository_is_read_and_followed(web, read, upstream, shallow):
    url = serve_repository(web, upstream)
    cursor = read(url, shallowClone=shallow).cursor
    assert read(url, cursor, shallowClone=shallow) == Unchanged(cursor=cursor)
    commit = upstream.commit({"a.yaml": None, "b.yaml": b"b"}, "--amend")
    snapshot = read(url + "/", shallowClone=shallow)
    assert (snapshot.revision, contents(snapshot)) == (commit, {"b.yaml": b"b"})


def test_an_unchanged_repository_costs_no_more_than_a_question(web, read, upstream):
    url = serve_repository(web, upstream)
    cursor = read(url).cursor
    shutil.rmtree(upstream.folder / ".git" / "objects" / "pack")
    web.requests.clear()
    read(url, cursor)
    assert len(web.requests) == 2
    assert all("fetch" not in path for path, _ in web.requests)


def test_a_commit_can_be_read_that_no_branch_leads_to(web, read, upstream):
    commit = upstream.git("rev-parse", "HEAD")
    upstream.commit({"a.yaml": b"a: 2"}, "--amend")
    assert contents(read(serve_repository(web, upstream), branch=commit)) == {"a.yaml": b"a: 1"}


def test_a_plain_web_server_can_hand_out_a_repository(web, read, upstream):
    first = upstream.git("rev-parse", "HEAD")
    second = upstream.commit({"a.yaml": b"a: 2"})
    url = serve_plainly(web, upstream)
    assert (read(url).revision, contents(read(url))) == (second, {"a.yaml": b"a: 2"})
    assert contents(read(url, branch=first)) == {"a.yaml": b"a: 1"}


def test_a_plain_web_server_cannot_lead_elsewhere(web, read, refused, upstream):
    with running_web_server() as other:
        url = serve_plainly(web, upstream)
        for path in [path for path in web.routes if "/objects/pack/" in path or "/objects/info/packs" in path]:
            other.routes[path] = web.routes.pop(path)
        web.serve("/plain.git/objects/info/http-alternates", body=other.url("/plain.git/objects\n").encode())
        refused((SourceInvalid, SourceUnavailable), url)
        assert other.requests == []


# --- credentials -----------------------------------------------------------------------------------------------------


def test_the_token_opens_a_repository(web, read, upstream):
    url = serve_repository(web, upstream, authorization=AUTHORIZATION)
    assert contents(read(url, authToken=f" {TOKEN}\n")) == {"a.yaml": b"a: 1"}


def test_the_token_is_on_no_command_line_and_in_no_file(web, read, upstream, tmp_path, monkeypatch):
    git = shutil.which("git")
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "git").write_text(f'#!/bin/sh\nprintf "%s\\n" "$*" >> {tmp_path}/commands\nexec {git} "$@"\n')
    (folder / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    url = serve_repository(web, upstream, authorization=AUTHORIZATION)
    seen = []
    answer = web.routes["/repo.git/info/refs"]

    def look_around(exchange):
        for entry in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                seen.append(entry.read_bytes())
            except OSError:
                continue
        answer(exchange)

    web.route("/repo.git/info/refs", look_around)
    assert contents(read(url, authToken=TOKEN)) == {"a.yaml": b"a: 1"}

    secrets = (TOKEN, AUTHORIZATION.split()[1])
    commands = (tmp_path / "commands").read_text()
    assert "ls-remote" in commands
    assert not any(secret in commands for secret in secrets)
    if Path("/proc").exists():
        assert any(b"remote-http" in command for command in seen)
        assert not any(secret.encode() in command for command in seen for secret in secrets)
    kept = [path for path in (tmp_path / "work").rglob("*") if path.is_file()]
    assert kept
    assert not any(secret.encode() in path.read_bytes() for path in kept for secret in secrets)


def test_values_that_hold_the_token_do_not_show_it(request_for):
    request = request_for({"repoUrl": "http://127.0.0.1/x", "authToken": TOKEN})
    remote = remote_of(request, Budget(total_seconds=5, max_bytes=1))
    assert AUTHORIZATION in str(dict(remote.config))
    for value in (remote, Git(work_dir=request.work_dir, config=remote.config, budget=None)):
        assert TOKEN not in repr(value)
        assert AUTHORIZATION.split()[1] not in repr(value)


# --- the connection goes where the check was -------------------------------------------------------------------------


def test_git_connects_to_the_address_that_was_checked(web, upstream, tmp_path):
    serve_repository(web, upstream)
    name = "no-name-server-knows-this.invalid"
    remote = Remote(
        url=f"http://{name}:{web.port}/repo.git",
        place=name,
        config=(("protocol.http.allow", "always"), ("http.curloptResolve", f"{name}:{web.port}:127.0.0.1")),
    )
    git = Git(work_dir=tmp_path, config=remote.config, budget=Budget(total_seconds=30, max_bytes=1))
    assert find_reference(git, remote, "main").commit == upstream.git("rev-parse", "HEAD")


@pytest.mark.parametrize(("host", "expected"), [("localhost", "localhost"), ("LOCALHOST.", "localhost")])
def test_the_checked_addresses_of_a_name_are_told_to_git(request_for, web, host, expected):
    request = request_for({"repoUrl": f"http://{host}:{web.port}/x.git"}, allowed_hosts=("localhost",))
    remote = remote_of(request, Budget(total_seconds=5, max_bytes=1))
    name, port, addresses = dict(remote.config)["http.curloptResolve"].split(":", 2)
    assert (name, port, remote.url) == (expected, str(web.port), f"http://{expected}:{web.port}/x.git")
    assert set(addresses.split(",")) <= {"127.0.0.1", "[::1]"}


def test_a_name_is_read_like_its_address(web, read, upstream):
    serve_repository(web, upstream)
    snapshot = read(web.url("/repo.git", host="localhost"), options={"allowed_hosts": ("localhost",)})
    assert contents(snapshot) == {"a.yaml": b"a: 1"}


@pytest.mark.skipif(not socket.has_ipv6, reason="this machine has no IPv6")
def test_an_ipv6_address_is_read(read, upstream):
    with running_web_server("::1") as web:
        serve_repository(web, upstream)
        snapshot = read(web.url("/repo.git", host="[::1]"), options={"allowed_hosts": ("::1",)})
    assert contents(snapshot) == {"a.yaml": b"a: 1"}


def test_certificates_are_checked(read, refused, upstream, tmp_path, monkeypatch):
    certificate = self_signed_certificate(tmp_path)
    with running_web_server(certificate=certificate) as web:
        url = serve_repository(web, upstream)
        assert "its certificate or protocol is not accepted" in refused(SourceUnavailable, url, authToken=TOKEN)
        assert web.requests == []
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert contents(read(url)) == {"a.yaml": b"a: 1"}


def test_a_proxy_in_the_environment_is_not_used(web, read, upstream, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert contents(read(serve_repository(web, upstream))) == {"a.yaml": b"a: 1"}
