"""Files that come and go, servers that are slow, rude or away, repositories that are rewritten."""

import json
import socket

import pytest

from catalog_core.jobs.models import RefreshJob
from tests.core.sources.providers.git_repositories import Upstream, serve_repository

BODY = json.dumps({"agents": [{"name": "first"}, {"name": "second"}]}).encode()


@pytest.fixture
def from_web(feed, web):
    """A feed that was read from the web server once."""
    url = web.serve("/agents.json", body=BODY, ETag='"1"')
    feed.configure(type="http", properties={"url": url})
    feed.settle()
    assert feed.names == ["first", "second"]
    return feed


def test_a_file_that_disappears_and_comes_back(served):
    file = served.sandbox.folder / "feed.yaml"
    content = file.read_bytes()
    file.unlink()
    for tries in (1, 2):
        row = served.settle()
        assert (row.state, row.error_code, row.failures) == ("error", "unavailable", tries)
    assert '"./feed.yaml"' in row.error
    assert served.names == ["first", "second"]
    file.write_bytes(content)
    row = served.settle()
    assert (row.state, row.error, row.failures, row.next_refresh_at) == ("available", "", 0, None)


def test_a_file_put_back_untouched_makes_the_source_available_again(served):
    file = served.sandbox.folder / "feed.yaml"
    aside = file.rename(file.with_name("aside.yaml"))
    assert served.settle().state == "error"
    aside.rename(file)
    row = served.settle()
    assert (row.state, row.error, row.last_summary) == ("available", "", "Nothing has moved, 2 entities")


def test_a_folder_in_place_of_the_file_changes_nothing(served):
    file = served.sandbox.folder / "feed.yaml"
    file.unlink()
    file.mkdir()
    row = served.settle()
    assert row.state == "error"
    assert served.names == ["first", "second"]
    file.rmdir()
    served.load([{"name": "first"}, {"name": "third"}])
    assert served.names == ["first", "third"]


def test_an_error_about_the_reading_is_over_once_the_old_content_is_back(served, settings):
    settings.CATALOG = {**settings.CATALOG, "source_max_bytes": 100}
    content = (served.sandbox.folder / "feed.yaml").read_bytes()
    assert served.load(content + b" " * 200).error_code == "invalid"
    row = served.load(content)
    assert (row.state, row.error) == ("available", "")


def test_a_symbolic_link_out_of_the_allowed_folders_is_refused(served, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside") / "secret.yaml"
    outside.write_text("agents: [{name: stolen}]")
    file = served.sandbox.folder / "feed.yaml"
    file.unlink()
    file.symlink_to(outside)
    row = served.settle()
    assert (row.state, served.names) == ("error", ["first", "second"])
    assert "outside the folders" in row.error
    assert str(outside) not in row.error


def test_a_host_that_refuses_connections_changes_nothing(served, web, closed_port):
    served.configure(type="http", properties={"url": f"http://127.0.0.1:{closed_port}/agents.yaml"})
    row = served.settle()
    assert (row.state, row.error_code) == ("error", "unavailable")
    assert served.names == ["first", "second"]
    assert row.next_refresh_at is not None


def test_a_private_address_that_nobody_has_allowed_is_not_called(served, closed_port):
    served.configure(type="http", properties={"url": f"http://127.0.0.1:{closed_port}/agents.yaml"})
    row = served.settle()
    assert (row.state, row.error_code, served.names) == ("error", "address_forbidden", ["first", "second"])


@pytest.mark.parametrize(
    ("route", "says"),
    [
        (lambda exchange: exchange.answer(500, b"no"), "500"),
        (lambda exchange: exchange.answer(404, b"no"), "404"),
        (lambda exchange: exchange.stall(), ""),
        (lambda exchange: exchange.reset(), ""),
        (lambda exchange: exchange.answer(200, b"<html>log in</html>", Content_Type="text/html"), "web page"),
        (lambda exchange: exchange.answer(302, b"", Location="http://10.0.0.1/agents.json"), ""),
        (lambda exchange: exchange.answer(302, b"", Location="http://169.254.169.254/latest/meta-data"), ""),
        (lambda exchange: exchange.answer(302, b"", Location="/agents.json"), "redirect"),
        (lambda exchange: exchange.answer(200, b"{" * 1000, Content_Type="application/json"), ""),
    ],
    ids=["500", "404", "slow", "reset", "log in", "private", "metadata", "circle", "garbage"],
)
def test_a_server_that_misbehaves_changes_nothing_and_recovers(from_web, web, route, says):
    good = web.routes["/agents.json"]
    web.route("/agents.json", route)
    row = from_web.settle()
    assert row.state == "error"
    assert says in row.error
    assert from_web.names == ["first", "second"]
    assert row.next_refresh_at > row.last_refresh_at
    web.route("/agents.json", good)
    row = from_web.settle()
    assert (row.state, row.error, row.failures) == ("available", "", 0)


def test_a_body_without_end_is_cut_off(from_web, web):
    def endless(exchange):
        exchange.send_response(200)
        exchange.end_headers()
        exchange.drip(b"#" * 10_000, pause_seconds=0.001)

    web.route("/agents.json", endless)
    row = from_web.settle()
    assert row.state == "error"
    assert "larger than" in row.error or "200000" in row.error.replace(",", "")
    assert from_web.names == ["first", "second"]


def test_a_source_that_comes_back_with_the_same_content_after_an_error_is_available(from_web, web):
    web.route("/agents.json", lambda exchange: exchange.answer(200, b"<html>", Content_Type="text/html"))
    assert from_web.settle().error_code == "invalid"
    web.route("/agents.json", lambda exchange: exchange.answer(304, ETag='"1"'))
    row = from_web.settle()
    assert (row.state, row.error) == ("available", "")


def test_invalid_content_is_asked_for_with_its_own_entity_tag(from_web, web):
    bad = b'{"agents": 7}'

    def route(exchange):
        known = exchange.headers.get("If-None-Match") == '"2"'
        exchange.answer(304 if known else 200, b"" if known else bad, ETag='"2"', Content_Type="application/json")

    web.route("/agents.json", route)
    first = from_web.settle()
    second = from_web.settle()
    assert web.requests[-1][1]["if-none-match"] == '"2"'
    assert first.error == second.error != ""
    assert second.failures == 2
    assert second.next_refresh_at - second.last_refresh_at > first.next_refresh_at - first.last_refresh_at
    assert from_web.names == ["first", "second"]


def test_a_source_that_fails_waits_for_its_pause(from_web, web):
    web.routes.clear()
    from_web.settle()
    asked = len(web.requests)
    from_web.sandbox.settle()
    assert len(web.requests) == asked


def test_a_source_that_was_configured_anew_does_not_wait_for_its_pause(from_web, web):
    web.routes.clear()
    from_web.settle()
    url = web.serve("/other.json", body=BODY)
    from_web.configure(type="http", properties={"url": url})
    from_web.sandbox.settle()
    assert (from_web.row.state, from_web.row.failures) == ("available", 0)


def test_a_missing_secret_is_named_and_found_again(from_web, web, monkeypatch):
    url = web.url("/agents.json")
    from_web.configure(type="http", properties={"url": url, "token": {"env": "FEED_TOKEN"}})
    row = from_web.settle()
    assert (row.state, row.error_code) == ("error", "unavailable")
    assert "FEED_TOKEN" in row.error
    monkeypatch.setenv("FEED_TOKEN", "hunter2")
    assert from_web.settle().state == "available"
    assert web.requests[-1][1]["authorization"] == "Bearer hunter2"
    job = RefreshJob.objects.get(attempt_count=2)
    assert (job.state, job.last_error) == ("succeeded", ""), "what an earlier try met is over"


def test_a_path_from_a_missing_variable_hurts_only_its_source(served, monkeypatch):
    file = {"yamlCatalogPath": {"env": "FEED_PATH"}}
    more = {"id": "other", "name": "Other", "type": "yaml", "properties": file}
    feed = {"id": "feed", "name": "Feed", "type": "yaml", "properties": {"yamlCatalogPath": "./feed.yaml"}}
    served.sandbox.configure(json.dumps({"catalogs": {"agents": {"sources": [more, feed]}}}))
    for _ in range(3):
        served.load([{"name": "first"}, {"name": "second"}])
    assert served.sandbox.source("other").error_code == "unavailable"
    assert served.row.state == "available"
    served.sandbox.write("other.yaml", "agents: [{name: third}]")
    monkeypatch.setenv("FEED_PATH", "other.yaml")
    served.settle()
    assert served.names == ["first", "second", "third"]


@pytest.fixture
def repository(tmp_path):
    upstream = Upstream.create(tmp_path / "upstream")
    upstream.commit({"a.yaml": b"agents: [{name: a1}, {name: a2}]", "b.yaml": b"agents: [{name: b1}, {name: b2}]"})
    return upstream


@pytest.fixture
def from_git(feed, web, repository):
    url = serve_repository(web, repository)
    feed.configure(type="git", properties={"repoUrl": url, "path": "*.yaml"})
    row = feed.settle()
    assert row.state == "available", row.error
    assert feed.names == ["a1", "a2", "b1", "b2"]
    return feed


def test_one_file_of_a_repository_that_cannot_be_read_keeps_its_entities(from_git, repository):
    repository.commit({"a.yaml": b"agents: [{name: a1, version: '2'}, {name: a3}]", "b.yaml": b"agents: [{"})
    row = from_git.settle()
    assert from_git.names == ["a1", "a3", "b1", "b2"]
    assert from_git.item("a1")["version"] == "2"
    assert (row.state, row.stale_count) == ("partially-available", 2)
    assert [problem["file"] for problem in from_git.problems] == ["b.yaml"]
    repository.commit({"b.yaml": b"agents: [{name: b1}]"})
    row = from_git.settle()
    assert (row.state, from_git.names) == ("available", ["a1", "a3", "b1"])


def test_a_repository_that_was_rewritten_is_followed(from_git, repository):
    repository.git("checkout", "--quiet", "--orphan", "fresh")
    repository.commit({"a.yaml": b"agents: [{name: a1}, {name: new}]"})
    repository.git("branch", "--force", "main", "fresh")
    assert from_git.settle().state == "available"
    assert from_git.names == ["a1", "b1", "b2", "new"]


def test_an_item_that_moves_to_another_file_stays_itself(from_git, repository):
    before = from_git.item("a2")["id"]
    repository.commit({"a.yaml": b"agents: [{name: a1}]", "b.yaml": b"agents: [{name: b1}, {name: b2}, {name: a2}]"})
    from_git.settle()
    assert from_git.item("a2")["id"] == before


def test_a_repository_that_is_away_keeps_serving(from_git, web, repository):
    repository.commit({"a.yaml": b"agents: []"})
    web.routes.clear()
    row = from_git.settle()
    assert (row.state, from_git.names) == ("error", ["a1", "a2", "b1", "b2"])
    assert row.error


class TestProvidersThatBreak:
    """A provider is code, too."""

    @pytest.mark.parametrize("error", [RuntimeError("token=hunter2"), MemoryError(), RecursionError(), OSError(5, "x")])
    def test_a_provider_that_raises_hurts_its_source_only(self, served, monkeypatch, error):
        from catalog_core.sources.providers.local import FileProvider

        def read(self, request):
            raise error

        with monkeypatch.context() as patched:
            patched.setattr(FileProvider, "read", read)
            row = served.load([{"name": "other"}])
        assert (row.state, row.error_code) == ("error", "internal")
        assert "hunter2" not in row.error
        assert served.names == ["first", "second"]
        served.load([{"name": "first"}, {"name": "other"}])
        assert served.row.state == "available"

    def test_a_provider_that_cannot_even_look_hurts_its_source_only(self, served, monkeypatch):
        from catalog_core.sources.providers.local import FileProvider

        def moved(self, request):
            raise RuntimeError("cannot look")

        monkeypatch.setattr(FileProvider, "moved", moved)
        assert served.sandbox.reconcile().ran
        served.sandbox.work()
        assert served.row.state == "available"

    def test_a_server_that_never_answers_is_given_up(self, served, web):
        silent = socket.create_server(("127.0.0.1", 0))
        port = silent.getsockname()[1]
        served.configure(type="http", properties={"url": f"http://127.0.0.1:{port}/agents.yaml"})
        row = served.settle()
        silent.close()
        assert (row.state, row.error_code, served.names) == ("error", "unavailable", ["first", "second"])
