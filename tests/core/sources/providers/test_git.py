"""The provider ``git`` with real repositories on the same disk."""

import json
import os
import shutil
import time
from pathlib import Path

import pytest

from catalog_core.exceptions import RefreshSuperseded, SourceInvalid, SourceUnavailable
from catalog_core.sources.providers.base import Snapshot, Unchanged
from catalog_core.sources.providers.git import GitProvider
from tests.core.sources.providers.git_repositories import Upstream

PROVIDER = GitProvider()


@pytest.fixture
def upstream(request_for):
    created = Upstream.create(request_for({}).base_dir / "agents")
    created.commit({"a.yaml": b"a: 1"})
    return created


@pytest.fixture
def read(request_for, upstream):
    def read_source(cursor=None, limits=None, **properties):
        return PROVIDER.read(request_for({"repoUrl": upstream.url, **properties}, cursor=cursor, **(limits or {})))

    return read_source


@pytest.fixture
def refused(read, tmp_path):
    def read_source(error, **options):
        with pytest.raises(error) as caught:
            read(**options)
        assert str(tmp_path) not in str(caught.value), "no path of this machine is told"
        return str(caught.value)

    return read_source


def contents(snapshot):
    return {file.name: file.content for file in snapshot.files}


def copy_of(request_for):
    return request_for({}).work_dir / "repository.git"


# --- which repositories ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "what"),
    [
        ("git@github.example:me/agents.git", "not read over ssh; use the https address"),
        ("ssh://git@github.example/me/agents.git", "not read over ssh"),
        ("SSH://github.example/x", "not read over ssh"),
        ("https://me:hunter2@github.example/x", "put the token into authToken"),
        ("https://hunter2@github.example/x", "put the token into authToken"),
        ("https://github.example/x?token=hunter2", "after ? or #"),
        ("git://github.example/x", "other addresses are not read"),
        ("ext::sh -c touch% /tmp/x", "other addresses are not read"),
        ("--upload-pack=touch /tmp/x", "other addresses are not read"),
        ("/srv/agents", "other addresses are not read"),
        ("", "other addresses are not read"),
        ("http://[::1", "not a valid address"),
        ("https:///x", "names no host"),
        ("file://fileserver/srv/agents", "names no host"),
    ],
)
def test_other_kinds_of_address_are_refused(refused, url, what):
    text = refused(SourceInvalid, repoUrl=url)
    assert what in text
    assert "hunter2" not in text


@pytest.mark.parametrize("way", ["outside", "link", "dots", "encoded"])
def test_a_repository_outside_the_allowed_folders_is_not_read(refused, tmp_path, way):
    outside = Upstream.create(tmp_path / "outside")
    outside.commit({"a.yaml": b"secret"})
    (tmp_path / "config" / "link").symlink_to(outside.folder)
    url = {
        "outside": outside.url,
        "link": f"file://{tmp_path}/config/link",
        "dots": f"file://{tmp_path}/config/../outside",
        "encoded": f"file://{tmp_path}/config/%2e%2e/outside",
    }[way]
    assert "outside the folders that sources may read" in refused(SourceInvalid, repoUrl=url)


def test_a_pointer_to_a_repository_outside_is_not_followed(refused, tmp_path):
    outside = Upstream.create(tmp_path / "outside")
    outside.commit({"a.yaml": b"secret"})
    pointers = tmp_path / "config"
    (pointers / "file").mkdir()
    (pointers / "file" / ".git").write_text(f"gitdir: {outside.folder}/.git\n")
    (pointers / "link").mkdir()
    (pointers / "link" / ".git").symlink_to(outside.folder / ".git")
    assert "points to a repository elsewhere" in refused(SourceInvalid, repoUrl=f"file://{pointers}/file")
    assert "outside the folders" in refused(SourceInvalid, repoUrl=f"file://{pointers}/link")


@pytest.mark.parametrize("name", ["missing", "empty"])
def test_a_folder_without_a_repository_is_named(refused, tmp_path, name):
    (tmp_path / "config" / "empty").mkdir()
    text = refused(SourceInvalid, repoUrl=f"file://{tmp_path}/config/{name}")
    assert f"No repository is found at {name}" in text


def test_a_repository_with_an_odd_name_is_read(read, request_for):
    odd = Upstream.create(request_for({}).base_dir / "größe & %41'x")
    odd.commit({"a.yaml": b"odd"})
    url = f"file://{request_for({}).base_dir}/gr%C3%B6%C3%9Fe%20&%20%2541'x"
    assert contents(read(repoUrl=url)) == {"a.yaml": b"odd"}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_a_repository_of_another_owner_is_read(read, upstream):
    for path in [upstream.folder, *upstream.folder.rglob("*")]:
        os.chown(path, 12345, 12345)
    assert contents(read()) == {"a.yaml": b"a: 1"}


def test_a_repository_by_sha256_is_read(read, request_for):
    other = Upstream.create(request_for({}).base_dir / "new", "--object-format=sha256")
    commit = other.commit({"a.yaml": b"new"})
    assert len(commit) == 64
    read()
    assert read(repoUrl=other.url).revision == commit
    assert contents(read(repoUrl=other.url, branch=commit)) == {"a.yaml": b"new"}


# --- branches, tags, commits -----------------------------------------------------------------------------------------


def test_an_unknown_branch_is_named_with_the_one_that_is_there(refused):
    text = refused(SourceInvalid, branch="trunk")
    assert text == 'The repository at agents has no branch or tag called "trunk". Its default branch is "main".'


def test_an_empty_repository_has_no_branch(refused, request_for):
    empty = Upstream.create(request_for({}).base_dir / "empty")
    assert 'no branch or tag called "main"' in refused(SourceInvalid, repoUrl=empty.url)


def test_a_short_commit_id_is_told_to_be_too_short(refused, upstream):
    commit = upstream.git("rev-parse", "HEAD")
    assert "named by all digits of its id" in refused(SourceInvalid, branch=commit[:8])


@pytest.mark.parametrize("name", ["a b", "a..b", "-x", "a~1", "a^", "a:b", "*", "a\nb", "/a", "a/", "x.lock", "a@{1}"])
def test_a_name_that_no_branch_can_have_is_refused(refused, name):
    assert "not a name that a branch or tag can have" in refused(SourceInvalid, branch=name)


def test_branch_tag_and_commit_can_be_read(read, upstream):
    first = upstream.git("rev-parse", "HEAD")
    upstream.git("tag", "v1")
    upstream.git("tag", "--annotate", "--message=x", "v1-annotated")
    upstream.git("checkout", "--quiet", "-b", "feature/x")
    second = upstream.commit({"a.yaml": b"a: 2"})
    upstream.git("checkout", "--quiet", "main")
    for name in ("v1", "v1-annotated", "main", "HEAD", first, "refs/tags/v1"):
        snapshot = read(branch=name)
        assert (snapshot.revision, contents(snapshot)) == (first, {"a.yaml": b"a: 1"}), name
    snapshot = read(branch="feature/x")
    assert (snapshot.revision, contents(snapshot)) == (second, {"a.yaml": b"a: 2"})


def test_a_branch_goes_before_a_tag_of_the_same_name(read, upstream):
    upstream.git("tag", "same")
    upstream.git("branch", "same", upstream.commit({"a.yaml": b"branch"}))
    assert contents(read(branch="same")) == {"a.yaml": b"branch"}


def test_a_branch_whose_name_only_ends_alike_is_another(refused, upstream):
    upstream.git("branch", "x/trunk")
    refused(SourceInvalid, branch="trunk")


def test_a_commit_that_no_branch_leads_to_any_more_is_named(refused):
    assert "does not hold" in refused(SourceInvalid, branch="0123456789abcdef" * 2 + "01234567")


def test_a_tag_of_something_else_than_a_commit_is_refused(refused, upstream):
    upstream.git("tag", "blob", upstream.git("rev-parse", "HEAD:a.yaml"))
    refused((SourceInvalid, SourceUnavailable), branch="blob")


def test_a_branch_that_was_deleted_is_an_error_and_not_an_empty_source(read, refused, upstream):
    upstream.git("branch", "gone")
    cursor = read(branch="gone").cursor
    upstream.git("branch", "-D", "gone")
    assert 'no branch or tag called "gone"' in refused(SourceInvalid, branch="gone", cursor=cursor)


# --- which files -----------------------------------------------------------------------------------------------------


def test_files_are_chosen_by_pattern_in_a_stable_order(read, upstream):
    upstream.commit(
        {
            "b.yml": b"b",
            "x/y/c.yaml": b"c",
            "x/d.json": b"d",
            "x/.hidden.yaml": b"",
            ".github/workflows/ci.yaml": b"",
            "README.md": b"",
        }
    )
    assert list(contents(read())) == ["a.yaml", "b.yml", "x/y/c.yaml"]
    assert list(contents(read(path="x/**/*.yaml"))) == ["x/y/c.yaml"]
    [file] = read(path="**/*.json").files
    assert (file.name, file.format) == ("x/d.json", "json")


def test_a_pattern_that_matches_nothing_is_an_empty_source_with_a_warning(read):
    snapshot = read(path="nothing/*.yaml")
    assert snapshot.files == ()
    [problem] = snapshot.problems
    assert (problem.rule, problem.severity) == ("no-files", "warning")


def test_a_symbolic_link_is_never_followed(read, upstream, tmp_path):
    (tmp_path / "secret.yaml").write_text("secret")
    (upstream.folder / "link.yaml").symlink_to(tmp_path / "secret.yaml")
    (upstream.folder / "folder").symlink_to("/etc")
    upstream.commit()
    snapshot = read()
    assert contents(snapshot) == {"a.yaml": b"a: 1"}
    assert [(problem.file, problem.rule) for problem in snapshot.problems] == [("link.yaml", "symbolic-link")]


def test_a_submodule_is_not_followed(read, upstream):
    commit = upstream.git("rev-parse", "HEAD")
    upstream.git("update-index", "--add", "--cacheinfo", f"160000,{commit},sub.yaml")
    upstream.git("commit", "--quiet", "--message=sub")
    assert contents(read()) == {"a.yaml": b"a: 1"}


def test_a_file_that_is_only_a_pointer_to_large_storage_is_set_aside(read, upstream):
    upstream.commit({"large.yaml": b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 5\n"})
    snapshot = read()
    assert contents(snapshot) == {"a.yaml": b"a: 1"}
    assert [(problem.file, problem.rule) for problem in snapshot.problems] == [("large.yaml", "git-lfs")]


def test_hooks_and_settings_of_a_repository_are_not_run(read, upstream, tmp_path):
    trap = tmp_path / "trap"
    script = f"#!/bin/sh\ntouch {trap}\n"
    for name in ("post-checkout", "reference-transaction", "pre-auto-gc"):
        hook = upstream.folder / ".git" / "hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(script)
        hook.chmod(0o755)
    upstream.git("config", "uploadpack.packObjectsHook", f"touch {trap};")
    upstream.git("config", "core.fsmonitor", f"touch {trap};")
    upstream.commit({".gitattributes": b"*.yaml filter=trap\n"}, "--no-verify")
    trap.unlink(missing_ok=True)
    assert contents(read()) == {"a.yaml": b"a: 1"}
    assert not trap.exists()


def test_settings_of_the_user_do_not_count(read, tmp_path, monkeypatch, upstream):
    settings = tmp_path / "gitconfig"
    settings.write_text(
        f'[url "file:///elsewhere"]\n\tinsteadOf = {upstream.url}\n[protocol "file"]\n\tallow = never\n'
    )
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))
    monkeypatch.setenv("GIT_DIR", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    assert contents(read()) == {"a.yaml": b"a: 1"}


@pytest.mark.parametrize("name", [b"\xff\xfe.yaml", b"new\nline.yaml", b'quote".yaml', "ä.yaml".encode()])
def test_a_file_with_an_odd_name_is_read(read, upstream, name):
    (Path(os.fsdecode(os.path.join(os.fsencode(upstream.folder), name)))).write_bytes(b"odd")
    upstream.commit()
    assert contents(read())[name.decode("utf-8", "replace")] == b"odd"


def test_content_arrives_byte_for_byte(read, upstream):
    content = bytes(range(256)) + b"\r\n$Id$\n\r"
    upstream.commit({"b.yaml": content, "c.yaml": b"", ".gitattributes": b"*.yaml ident"})
    assert contents(read())["b.yaml"] == content
    assert contents(read())["c.yaml"] == b""


# --- limits ----------------------------------------------------------------------------------------------------------


def test_one_file_that_is_too_large_is_set_aside(read, upstream):
    upstream.commit({"huge.yaml": b"0" * 300_000})
    snapshot = read(limits={"max_bytes": 100_000})
    assert contents(snapshot) == {"a.yaml": b"a: 1"}
    assert [(problem.file, problem.rule) for problem in snapshot.problems] == [("huge.yaml", "too-large")]


def test_files_that_are_too_large_together_are_refused(refused, upstream):
    upstream.commit({f"{number}.yaml": b"0" * 60_000 for number in range(2)})
    assert "make the pattern narrower" in refused(SourceInvalid, limits={"max_bytes": 100_000})


def test_too_many_files_are_refused(refused, upstream):
    upstream.commit({f"{number}.yaml": b"" for number in range(5)})
    assert "More than 5 files" in refused(SourceInvalid, limits={"max_files": 5})


def test_a_repository_that_is_too_large_on_disk_is_refused_and_removed(refused, upstream, request_for):
    upstream.commit({"noise.bin": os.urandom(200_000)})
    assert "The repository is too large" in refused(SourceInvalid, limits={"max_bytes": 50_000})
    assert not copy_of(request_for).exists()


def test_a_history_does_not_count_when_only_the_last_commit_is_fetched(read, refused, upstream, request_for):
    upstream.commit({"noise.bin": os.urandom(200_000)})
    upstream.commit({"noise.bin": None})
    assert contents(read(limits={"max_bytes": 50_000})) == {"a.yaml": b"a: 1"}
    shutil.rmtree(copy_of(request_for))
    assert "Use shallowClone" in refused(SourceInvalid, shallowClone=False, limits={"max_bytes": 50_000})


def test_many_changes_do_not_fill_the_disk(read, upstream, request_for):
    for _ in range(6):
        upstream.commit({"noise.bin": os.urandom(20_000)})
        read(limits={"max_bytes": 30_000})
    files = [path for path in copy_of(request_for).rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 60_000


def test_a_reading_without_time_left_ends(refused):
    assert "took longer than 0.001 seconds" in refused(SourceUnavailable, limits={"total_seconds": 0.001})


def test_a_cancelled_reading_ends(request_for, upstream):
    with pytest.raises(RefreshSuperseded):
        PROVIDER.read(request_for({"repoUrl": upstream.url}, cancelled=lambda: True))


# --- what is noticed -------------------------------------------------------------------------------------------------


def test_the_same_commit_is_unchanged(read):
    snapshot = read()
    assert json.loads(json.dumps(snapshot.cursor)) == snapshot.cursor
    assert read(snapshot.cursor) == Unchanged(cursor=snapshot.cursor)


def test_a_commit_id_is_unchanged_without_asking_anybody(read, upstream):
    commit = upstream.git("rev-parse", "HEAD")
    cursor = read(branch=commit).cursor
    shutil.rmtree(upstream.folder)
    assert read(cursor, branch=commit) == Unchanged(cursor=cursor)


@pytest.mark.parametrize("shallow", [True, False])
def test_new_commits_are_read(read, upstream, shallow):
    cursor = read(shallowClone=shallow).cursor
    for number in range(3):
        commit = upstream.commit({f"{number}.yaml": b"new"})
        snapshot = read(cursor, shallowClone=shallow)
        assert snapshot.revision == commit
        assert f"{number}.yaml" in contents(snapshot)
        cursor = snapshot.cursor


@pytest.mark.parametrize("shallow", [True, False])
def test_a_rewritten_history_is_no_trouble(read, upstream, shallow):
    first = upstream.git("rev-parse", "HEAD")
    upstream.commit({"a.yaml": b"a: 2"})
    cursor = read(shallowClone=shallow).cursor
    upstream.git("reset", "--quiet", "--hard", first)
    rewritten = upstream.commit({"a.yaml": b"a: 3"}, "--amend")
    snapshot = read(cursor, shallowClone=shallow)
    assert (snapshot.revision, contents(snapshot)) == (rewritten, {"a.yaml": b"a: 3"})


def test_a_moved_tag_is_read(read, upstream):
    upstream.git("tag", "latest")
    cursor = read(branch="latest").cursor
    upstream.commit({"a.yaml": b"a: 2"})
    upstream.git("tag", "--force", "latest")
    assert contents(read(cursor, branch="latest")) == {"a.yaml": b"a: 2"}


@pytest.mark.parametrize("change", [{"path": "*.yaml"}, {"branch": "other"}], ids=["path", "branch"])
def test_other_properties_are_never_answered_unchanged(read, upstream, change):
    upstream.git("branch", "other")
    cursor = read().cursor
    assert isinstance(read(cursor, **change), Snapshot)


def test_another_repository_with_the_same_commit_is_read(read, upstream):
    cursor = read().cursor
    shutil.copytree(upstream.folder, upstream.folder.parent / "copy")
    assert isinstance(read(cursor, repoUrl=f"file://{upstream.folder.parent}/copy"), Snapshot)


def test_a_copy_that_is_shallow_itself_can_be_read(read, upstream, request_for):
    upstream.commit({"a.yaml": b"a: 2"})
    folder = request_for({}).base_dir / "shallow"
    upstream.git("clone", "--quiet", "--depth=1", upstream.url, str(folder))
    for shallow in (True, False):
        assert contents(read(repoUrl=f"file://{folder}", shallowClone=shallow)) == {"a.yaml": b"a: 2"}


# --- a damaged copy --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "damage",
    [
        lambda copy: (copy / "HEAD").unlink(),
        lambda copy: shutil.rmtree(copy / "objects"),
        lambda copy: (copy / "shallow.lock").touch(),
        lambda copy: (copy / "shallow").write_text("rubbish\n"),
        lambda copy: (copy / "config").write_text("[rubbish\n"),
        lambda copy: [pack.unlink() for pack in copy.glob("objects/pack/*.pack")],
        lambda copy: (shutil.rmtree(copy), copy.write_text("a file instead")),
    ],
    ids=["no-head", "no-objects", "left-over-lock", "bad-shallow", "bad-config", "no-packs", "a-file"],
)
@pytest.mark.parametrize("news", [True, False], ids=["with-news", "without-news"])
def test_a_damaged_copy_is_replaced(read, upstream, request_for, damage, news):
    read()
    damage(copy_of(request_for))
    if news:
        upstream.commit({"b.yaml": b"b"})
    expected = {"a.yaml": b"a: 1", **({"b.yaml": b"b"} if news else {})}
    assert contents(read()) == expected


def test_a_damaged_upstream_is_told(refused, upstream):
    blob = upstream.git("rev-parse", "HEAD:a.yaml")
    (upstream.folder / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    assert "agents" in refused(SourceUnavailable)


def test_a_work_folder_that_cannot_be_made_is_told(request_for, upstream):
    request = request_for({"repoUrl": upstream.url})
    request.work_dir.write_text("a file instead")
    with pytest.raises(SourceUnavailable, match="look at the server's data folder"):
        PROVIDER.read(request)


# --- the git command -------------------------------------------------------------------------------------------------


def test_without_git_people_are_told_to_install_it(refused, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "install git" in refused(SourceInvalid)


@pytest.mark.parametrize("version", ["git version 2.36.9", "something else"])
def test_an_old_git_is_refused(refused, fake_git, version):
    fake_git(f'echo "{version}"')
    assert "git 2.37 or newer" in refused(SourceInvalid)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at processes as Linux shows them")
def test_a_git_that_hangs_is_ended_with_all_it_started(refused, fake_git, tmp_path):
    fake_git(
        f'case "$*" in version) echo "git version 2.40";; *) sleep 60 & echo $! > {tmp_path}/child; sleep 60;; esac'
    )
    assert "took longer than" in refused(SourceUnavailable, limits={"total_seconds": 0.5})
    wait_for_the_end_of(int((tmp_path / "child").read_text()))


def wait_for_the_end_of(process_id):
    """Return once a process is gone or only waits to be taken note of; the test times out otherwise."""
    state = Path(f"/proc/{process_id}/stat")
    while state.exists():
        try:
            if state.read_text().rpartition(")")[2].split()[0] == "Z":
                return
        except (FileNotFoundError, ProcessLookupError):
            return
        time.sleep(0.01)


def test_a_git_that_floods_its_output_is_ended(refused, fake_git):
    fake_git('case "$*" in version) echo "git version 2.40";; *) exec head -c 100000000 /dev/zero;; esac')
    assert "too large" in refused(SourceInvalid)


def test_words_of_git_that_nobody_knows_are_shown_without_secrets(refused, fake_git, tmp_path):
    fake_git(
        'case "$*" in version) echo "git version 2.40";; *)'
        " echo 'remote: password hunter2' >&2;"
        f" echo 'fatal: strange thing hunter2 at {tmp_path}/x and https://me:pw@h.example/p?q=1' >&2; exit 3;; esac"
    )
    text = refused(SourceUnavailable, authToken="hunter2")
    assert "exit code 3 and said: fatal: strange thing *** at (a path) and https://h.example/p?..." in text
    assert "hunter2" not in text


@pytest.fixture
def fake_git(tmp_path, monkeypatch):
    """Put a script of that name before the real command."""

    def install(script):
        folder = tmp_path / "bin"
        folder.mkdir()
        (folder / "git").write_text(f"#!/bin/sh\n{script}\n")
        (folder / "git").chmod(0o755)
        monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")

    return install
