"""Versions as Semantic Versioning 2.0.0 (https://semver.org) orders them, and how to come to the next one."""

import re
from typing import Literal

from packaging.version import InvalidVersion
from packaging.version import Version as PythonVersion
from semver import Version

from catalog_core import server_version

Part = Literal["major", "minor", "patch"]

LONGEST_VERSION = 256
"""Characters in a version or a range at the most; nobody means a longer one."""

_PRE_RELEASE_WORDS = {"a": "alpha", "b": "beta", "rc": "rc"}
_LABEL = re.compile(r"(?![0-9]+$)[0-9A-Za-z-]+")
_COUNTED_LABEL = re.compile(r"(?P<label>[0-9A-Za-z-]+)\.(?P<number>0|[1-9][0-9]*)")


def parse_version(text: str) -> Version:
    """Return the semantic version that ``text`` stands for; a single ``v`` before it is allowed.

    Raises:
        ValueError: it is none; the text of the error says what one looks like.
    """
    try:
        if len(text) > LONGEST_VERSION:
            raise ValueError("too long")
        return Version.parse(text.removeprefix("v"))
    except ValueError as error:
        shown = text if len(text) <= 40 else f"{text[:40]}..."
        raise ValueError(
            f'"{shown}" is not a semantic version: three numbers as in 1.4.0, perhaps a pre-release such as -rc.1'
        ) from error


def version_of_server(text: str = "") -> Version:
    """Return the version of a server as a semantic version.

    Python packages have versions of another form (https://packaging.python.org/en/latest/specifications/version-specifiers/):
    ``1.2rc1`` becomes ``1.2.0-rc.1``. The order stays: what was older is not newer afterwards.

    Args:
        text: a version in either form; that of the running server if empty.

    Raises:
        ValueError: it has neither form.
    """
    text = text or server_version()
    try:
        return parse_version(text)
    except ValueError:
        try:
            return _from_python(PythonVersion(text))
        except InvalidVersion as error:
            raise ValueError(f'"{text}" is neither a semantic version nor the version of a Python package') from error


def next_version(version: Version, part: Part, label: str = "") -> Version:
    """Return the version that follows.

    A pre-release leads to the release it was made for: after ``2.0.0-rc.1`` comes, by ``major``, ``2.0.0``. With a
    label the first pre-release of the next release results, or the next one under that label: ``2.0.0-rc.2``.

    Args:
        version: the version now. Its build metadata is dropped.
        part: the number that grows; those after it become zero.
        label: makes a pre-release, such as ``alpha`` or ``rc``.

    Raises:
        ValueError: the label is none, or the result would be older than ``version``.
    """
    release = _release(version, part)
    if not label:
        return release
    if not _LABEL.fullmatch(label):
        raise ValueError(f'"{label}" is no label of a pre-release; use letters, digits and hyphens, as in "rc"')
    number = 1
    current = _COUNTED_LABEL.fullmatch(version.prerelease or "")
    if version.finalize_version() == release and current and current["label"] == label:
        number = int(current["number"]) + 1
    result = release.replace(prerelease=f"{label}.{number}")
    if result <= version:
        raise ValueError(f"{result} would be older than {version}; choose a label that comes later in the alphabet")
    return result


def _release(version: Version, part: Part) -> Version:
    """Return the next release, or the one that a pre-release was made for."""
    lower = {"major": (version.minor, version.patch), "minor": (version.patch,), "patch": ()}[part]
    if version.prerelease and not any(lower):
        return version.finalize_version()
    grown: Version = {"major": version.bump_major, "minor": version.bump_minor, "patch": version.bump_patch}[part]()
    return grown


def _from_python(version: PythonVersion) -> Version:
    major, minor, patch = (*version.release, 0, 0)[:3]
    build = [*(str(number) for number in version.release[3:]), *([f"post.{version.post}"] if version.post else [])]
    return Version(
        major,
        minor,
        patch,
        prerelease=_pre_release(version) or None,
        build=".".join([*build, *([version.local] if version.local else [])]) or None,
    )


def _pre_release(version: PythonVersion) -> str:
    """Return the pre-release label; a development release of ``rc1`` has to come after ``rc.0`` and before ``rc.1``."""
    if version.pre is None:
        return "" if version.dev is None or version.post is not None else f"0.dev.{version.dev}"
    letter, number = version.pre
    word = _PRE_RELEASE_WORDS[letter]
    if version.dev is None or version.post is not None:
        return f"{word}.{number}"
    return f"{word}.{number - 1}.dev.{version.dev}" if number else word
