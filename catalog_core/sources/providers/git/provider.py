"""The provider itself: what a git source may say, and the course of one reading."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, ClassVar

from catalog_core.exceptions import SourceInvalid, SourceUnavailable
from catalog_core.problems import Problem
from catalog_core.security.outgoing import Budget, OutgoingClient, OutOfTime
from catalog_core.sources.providers.base import Property, Provider, ReadRequest, Snapshot, SourceFile, Unchanged
from catalog_core.sources.providers.cursors import belongs, fingerprint
from catalog_core.sources.providers.file_formats import format_of_name
from catalog_core.sources.providers.git.command import Git, GitFailed, TooLarge, require_version
from catalog_core.sources.providers.git.failures import explained, is_known, is_redirect
from catalog_core.sources.providers.git.references import (
    Reference,
    checked_reference,
    find_reference,
    is_commit_id,
)
from catalog_core.sources.providers.git.remote import Remote, checked_place, remote_of
from catalog_core.sources.providers.git.repository import BrokenRepository, Repository, TreeEntry
from catalog_core.sources.providers.globs import PathPattern, parse_pattern
from catalog_core.sources.providers.web import request_limits

_DEFAULT_BRANCH = "main"
_DEFAULT_PATH = "**/*.yaml"
_HELD_BYTES = 8 * 1024 * 1024
"""Larger files wait outside of memory; there are never many of them, as each keeps a descriptor open."""
_LARGE_FILE_POINTER = b"version https://git-lfs.github.com/spec/"


class GitProvider(Provider):
    """Reads the files of one branch, tag or commit that match a pattern."""

    type: ClassVar[str] = "git"
    display_name: ClassVar[str] = "Git"
    default_interval_seconds: ClassVar[float | None] = 3600.0
    properties: ClassVar[tuple[Property, ...]] = (
        Property(
            name="repoUrl",
            type="url",
            schemes=("https", "http", "file"),
            description=(
                "The repository: an https or http address without user name and password, or file:// with a folder "
                "below an allowed one."
            ),
            required=True,
        ),
        Property(
            name="branch",
            type="string",
            description="A branch, a tag, or all digits of a commit id; a branch goes before a tag of the same name.",
            default=_DEFAULT_BRANCH,
            aliases=("ref", "tag"),
        ),
        Property(
            name="path",
            type="glob",
            description=(
                "Pattern for the files, from the top of the repository. ** stands for any number of folders; a pattern "
                "that ends in *.yaml matches .yml as well."
            ),
            default=_DEFAULT_PATH,
        ),
        Property(
            name="authToken",
            type="string",
            description="Access token, sent to the host of the repository only.",
            secret=True,
            aliases=("token",),
        ),
        Property(name="syncInterval", type="duration", description="Pause between two readings.", default="1h"),
        Property(
            name="shallowClone",
            type="boolean",
            description="Whether only the commit that is read is fetched, instead of the whole history.",
            default=True,
        ),
    )

    def checks(self, request: ReadRequest) -> Mapping[str, Callable[[], object]]:
        """Return the checks of the address, the reference and the pattern."""
        properties = request.properties
        return {
            "repoUrl": lambda: checked_place(request),
            "branch": lambda: checked_reference(properties["branch"] or _DEFAULT_BRANCH),
            "path": lambda: parse_pattern(properties["path"]),
        }

    def read(self, request: ReadRequest) -> Snapshot | Unchanged:
        """Read the files, unless the reference still stands for the commit of the cursor."""
        return _Reading(request).result()


class _Reading:
    """One reading of one repository."""

    def __init__(self, request: ReadRequest) -> None:
        properties = request.properties
        limits = request.limits
        self._request = request
        self._budget = Budget(
            total_seconds=limits.total_seconds, max_bytes=limits.max_bytes, cancelled=request.cancelled
        )
        self._pattern_text = str(properties.get("path") or _DEFAULT_PATH)
        self._pattern: PathPattern = parse_pattern(self._pattern_text)
        self._name = checked_reference(str(properties.get("branch") or _DEFAULT_BRANCH))
        self._token = str(properties.get("authToken") or "").strip()
        self._shallow = bool(properties.get("shallowClone", True))
        self._mark = fingerprint("git", str(properties["repoUrl"]), self._name, self._pattern_text)
        self._known: str = request.cursor.get("commit", "") if belongs(request.cursor, self._mark) else ""

    def result(self) -> Snapshot | Unchanged:
        unchanged = Unchanged(cursor=self._request.cursor)
        if is_commit_id(self._name) and self._known == self._name:
            return unchanged  # a commit never changes: nobody has to be asked
        with self._bounded():
            remote = remote_of(self._request, self._budget)
            with self._explained(remote):
                git = self._git(remote)
                reference = find_reference(git, remote, self._name)
                if reference.commit == self._known:
                    return unchanged
                return self._read(git, remote, reference)

    def _git(self, remote: Remote) -> Git:
        self._request.work_dir.mkdir(parents=True, exist_ok=True)
        git = Git(work_dir=self._request.work_dir.absolute(), config=remote.config, budget=self._budget)
        require_version(git)
        return git

    def _read(self, git: Git, remote: Remote, reference: Reference) -> Snapshot:
        """Fetch and read; a copy from an earlier reading that turns out broken is replaced once."""
        repository = Repository(
            git=git, folder=git.work_dir / "repository.git", max_bytes=2 * self._request.limits.max_bytes
        )
        if repository.exists():
            try:
                return self._snapshot(repository, remote, reference)
            except BrokenRepository:
                repository.discard()
            except GitFailed as error:
                if is_known(error):
                    raise
                repository.discard()
        return self._snapshot(repository, remote, reference)

    def _snapshot(self, repository: Repository, remote: Remote, reference: Reference) -> Snapshot:
        commit = repository.fetch(remote, reference, shallow=self._shallow)
        entries = [entry for entry in repository.entries(commit) if self._pattern.matches(entry.path)]
        wanted, problems = self._sorted_out(entries)
        files = []
        for entry, content in zip(wanted, repository.contents(wanted), strict=True):
            if content.startswith(_LARGE_FILE_POINTER):
                problems.append(
                    _problem(entry, "git-lfs", "is kept in Git LFS, which is not fetched", "Store it in git.")
                )
            else:
                spool = self._request.spool(held_bytes=_HELD_BYTES)
                spool.write(content)
                format_ = format_of_name(entry.path) or "yaml"
                files.append(SourceFile(name=entry.path, format=format_, content=spool.content()))
        if not entries:
            problems.append(self._nothing_matches())
        cursor = {"fingerprint": self._mark, "commit": commit}
        return Snapshot(revision=commit, cursor=cursor, files=tuple(files), problems=tuple(problems))

    def _sorted_out(self, entries: Sequence[TreeEntry]) -> tuple[list[TreeEntry], list[Problem]]:
        """Return what can be read, and problems for the rest.

        Raises:
            SourceInvalid: what can be read is too much.
        """
        limits = self._request.limits
        wanted, problems = [], []
        for entry in entries:
            if entry.is_link:
                problems.append(
                    _problem(entry, "symbolic-link", "is a symbolic link, which is not followed", "", "warning")
                )
            elif entry.is_file and entry.size > limits.max_bytes:
                text = f"is larger than the {limits.max_bytes} bytes that a source may have"
                problems.append(
                    _problem(entry, "too-large", text, "Make it smaller, or exclude it by the path pattern.")
                )
            elif entry.is_file:
                wanted.append(entry)
        if len(wanted) > limits.max_files:
            raise SourceInvalid(f"More than {limits.max_files} files match the path pattern; make it narrower.")
        if sum(entry.size for entry in wanted) > limits.max_bytes:
            raise SourceInvalid(
                f"The files that match the path pattern have more than the {limits.max_bytes} bytes that a source may "
                "have; make the pattern narrower."
            )
        return wanted, problems

    def _nothing_matches(self) -> Problem:
        return Problem(
            message=f'No file of the repository matches "{self._pattern_text}".',
            rule="no-files",
            hint="Check the property path.",
            path="properties.path",
            severity="warning",
        )

    @contextmanager
    def _bounded(self) -> Iterator[None]:
        """Tell people which limit was hit."""
        limits = self._request.limits
        try:
            yield
        except OutOfTime as error:
            raise SourceUnavailable(
                f"Reading the repository took longer than {limits.total_seconds:g} seconds; it is tried again later."
            ) from error
        except TooLarge as error:
            raise SourceInvalid(
                f"The repository is too large for a source of at most {limits.max_bytes} bytes. "
                "Use shallowClone, or a smaller repository."
            ) from error
        except OSError as error:
            raise SourceUnavailable(
                f"The work folder of the source cannot be used ({error.strerror or type(error).__name__}); "
                "look at the server's data folder."
            ) from error

    @contextmanager
    def _explained(self, remote: Remote) -> Iterator[None]:
        """Turn what git says into errors of ours; the text of git itself is not kept, as it may hold anything."""
        try:
            yield
        except BrokenRepository:
            raise SourceUnavailable(f"The repository at {remote.place} is damaged: objects are missing.") from None
        except GitFailed as error:
            if is_redirect(error):
                self._name_redirect(remote)
            raise explained(error, remote, self._name, self._token) from None

    def _name_redirect(self, remote: Remote) -> None:
        """Raise an error that names where the server redirects to, if it does so again; without credentials."""
        seconds_left = self._budget.seconds_left()
        limits = replace(request_limits(self._request.limits), total_seconds=seconds_left, max_redirects=0)
        with OutgoingClient(
            limits=limits, allowed_hosts=self._request.allowed_hosts, cancelled=self._request.cancelled
        ) as client:
            client.get(f"{remote.url}/info/refs?service=git-upload-pack")


def _problem(entry: TreeEntry, rule: str, text: str, hint: str, severity: Any = "error") -> Problem:
    return Problem(message=f"The file {text}.", rule=rule, hint=hint, file=entry.path, severity=severity)
