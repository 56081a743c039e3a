"""Branches, tags and commits: what a name means in a repository now."""

import re
from dataclasses import dataclass

from catalog_core.exceptions import SourceInvalid
from catalog_core.sources.providers.git.command import Git
from catalog_core.sources.providers.git.remote import Remote

_COMMIT_ID = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|\.lock(/|$)|^[/.-]|/\.|[/.]$")
_PEELED = "^{}"


@dataclass(frozen=True, slots=True)
class Reference:
    """A name at a moment.

    Attributes:
        name: what to fetch: the full name of a branch or tag, or a commit id.
        commit: the commit that it stood for.
    """

    name: str
    commit: str


def is_commit_id(text: str) -> bool:
    """Say whether ``text`` is a whole commit id, SHA-1 or SHA-256."""
    return _COMMIT_ID.fullmatch(text) is not None


def checked_reference(text: str) -> str:
    """Return the name of a branch, tag or commit without blanks around it.

    Raises:
        SourceInvalid: no branch or tag can have this name (see ``git check-ref-format``).
    """
    name = text.strip()
    if not name or _FORBIDDEN.search(name):
        raise SourceInvalid(f'The branch "{name}" is not a name that a branch or tag can have; check it.')
    return name


def find_reference(git: Git, remote: Remote, name: str) -> Reference:
    """Ask the repository what ``name`` stands for; branches go before tags.

    Raises:
        SourceInvalid: it is not there.
        GitFailed: the repository cannot be asked.
    """
    if is_commit_id(name):
        return Reference(name, name)
    wanted = [name] if name == "HEAD" or name.startswith("refs/") else [f"refs/heads/{name}", f"refs/tags/{name}"]
    patterns = [pattern for full in wanted for pattern in (full, full + _PEELED)]
    # Outside of any repository, so that a broken one of ours cannot be in the way.
    answer = git.run("--git-dir=/dev/null", "ls-remote", "--symref", "--", remote.url, "HEAD", *patterns)
    found, default = _parse(answer.decode("utf-8", "replace"))
    for full in wanted:
        if commit := found.get(full + _PEELED) or found.get(full):
            return Reference(full, commit)
    raise SourceInvalid(_not_there(remote, name, default))


def _parse(answer: str) -> tuple[dict[str, str], str]:
    """Return the object ids by full name, and the name of the default branch if it is told."""
    found, default = {}, ""
    for line in answer.splitlines():
        value, _, name = line.partition("\t")
        if value.startswith("ref: ") and name == "HEAD":
            default = value.removeprefix("ref: ").removeprefix("refs/heads/")
        elif is_commit_id(value):
            found[name] = value
    return found, default


def _not_there(remote: Remote, name: str, default: str) -> str:
    text = f'The repository at {remote.place} has no branch or tag called "{name}".'
    if re.fullmatch(r"[0-9a-f]{7,63}", name):
        return f"{text} A commit is named by all digits of its id."
    if default:
        return f'{text} Its default branch is "{default}".'
    return f"{text} It is empty, or no git repository; check repoUrl and branch."
