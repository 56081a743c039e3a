"""The bare copy of a repository in the work folder, and reading files out of it."""

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from catalog_core.sources.providers.git.command import Git, GitFailed, TooLarge
from catalog_core.sources.providers.git.references import Reference, is_commit_id
from catalog_core.sources.providers.git.remote import Remote

_HELD = "refs/catalog/source"
_EVERYTHING = ("+refs/heads/*:refs/catalog/heads/*", "+refs/tags/*:refs/catalog/tags/*")
_HEADER_BYTES = 200


class BrokenRepository(Exception):
    """The copy does not hold what it should."""


@dataclass(frozen=True, slots=True)
class TreeEntry:
    """One file of a commit.

    Attributes:
        mode: kind and permissions as ``git`` writes them, such as ``100644``.
        object_id: names the content.
        size: bytes of the content.
        path: relative to the top of the repository.
    """

    mode: str
    object_id: str
    size: int
    path: str

    @property
    def is_file(self) -> bool:
        """Whether this is an ordinary file."""
        return self.mode.startswith("100")

    @property
    def is_link(self) -> bool:
        """Whether this is a symbolic link."""
        return self.mode == "120000"


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """A bare repository that is ours alone.

    Attributes:
        git: the command.
        folder: where it is; made when needed, thrown away when broken.
        max_bytes: how much it may take on disk, in bytes.
    """

    git: Git
    folder: Path
    max_bytes: int

    def exists(self) -> bool:
        """Say whether there is a copy from an earlier reading."""
        return self.folder.exists()

    def discard(self) -> None:
        """Throw the copy away."""
        if self.folder.is_dir():
            shutil.rmtree(self.folder, ignore_errors=True)
        else:
            self.folder.unlink(missing_ok=True)

    def fetch(self, remote: Remote, reference: Reference, *, shallow: bool) -> str:
        """Bring in what ``reference`` stands for now, and return its commit.

        A history that was rewritten upstream is no trouble: nothing is merged, the one reference we hold is set anew.

        Raises:
            GitFailed: the repository cannot be read, or has no such commit.
            TooLarge: it is larger than allowed.
        """
        self._prepare(len(reference.commit))
        try:
            self._bring(remote, f"+{reference.name}:{_HELD}", depth=("--depth=1",) if shallow else ())
        except GitFailed as error:
            if "shallow" in error.complaint:  # plain web servers can only hand out whole repositories
                self._bring(remote, f"+{reference.name}:{_HELD}")
            elif is_commit_id(reference.name):  # some servers hand out a commit only with the branch that it is in
                self._bring(remote, *_EVERYTHING)
                self._run("update-ref", _HELD, reference.name)
            else:
                raise
        return self._run("rev-parse", "--verify", f"{_HELD}^{{commit}}").decode("ascii").strip()

    def entries(self, commit: str) -> Iterator[TreeEntry]:
        """Return everything in a commit but folders, in the order of the paths."""
        listing = self._run("ls-tree", "-r", "-z", "--long", "--full-tree", commit)
        for line in listing.split(b"\0")[:-1]:
            facts, _, path = line.partition(b"\t")
            mode, _kind, object_id, size = facts.decode("ascii").split()
            yield TreeEntry(mode, object_id, 0 if size == "-" else int(size), path.decode("utf-8", "replace"))

    def contents(self, entries: Sequence[TreeEntry]) -> Iterator[bytes]:
        """Return the contents of files, one by one.

        Raises:
            BrokenRepository: one of them is missing or not as long as it should be.
        """
        work_dir = self.git.work_dir
        with tempfile.TemporaryFile(dir=work_dir) as wanted, tempfile.TemporaryFile(dir=work_dir) as output:
            wanted.write(b"".join(f"{entry.object_id}\n".encode("ascii") for entry in entries))
            wanted.seek(0)
            size = sum(entry.size + _HEADER_BYTES for entry in entries)
            self.git.run_into(output, self._here, "cat-file", "--batch", "--buffer", stdin=wanted, max_bytes=size)
            output.seek(0)
            for entry in entries:
                if output.readline(_HEADER_BYTES) != f"{entry.object_id} blob {entry.size}\n".encode("ascii"):
                    raise BrokenRepository
                content = output.read(entry.size)
                if len(content) != entry.size or output.read(1) != b"\n":
                    raise BrokenRepository
                yield content

    @property
    def _here(self) -> str:
        return f"--git-dir={self.folder}"

    def _run(self, *arguments: str) -> bytes:
        return self.git.run(self._here, *arguments)

    def _prepare(self, id_length: int) -> None:
        """Make the copy, unless there is one that has room left for what will be fetched into it."""
        if self.exists() and _size_on_disk(self.folder) > self.max_bytes // 2:
            self.discard()
        if not self.exists():
            format_name = "sha256" if id_length == 64 else "sha1"
            self.git.run("init", "--quiet", "--bare", "--template=", f"--object-format={format_name}", str(self.folder))

    def _bring(self, remote: Remote, *refspecs: str, depth: Sequence[str] = ()) -> None:
        options = ("--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules", "--update-shallow")
        self.git.run(self._here, "fetch", *options, *depth, "--", remote.url, *refspecs, watch=self._weigh)
        self._weigh()

    def _weigh(self) -> None:
        if _size_on_disk(self.folder) > self.max_bytes:
            self.discard()
            raise TooLarge


def _size_on_disk(folder: Path) -> int:
    total = 0
    for parent, _folders, names in os.walk(folder):
        for name in names:
            try:
                total += os.lstat(os.path.join(parent, name)).st_size
            except FileNotFoundError:  # git has just renamed or removed it
                continue
    return total
