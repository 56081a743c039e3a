"""Which format a file has, from what is known about it."""

from pathlib import PurePosixPath
from typing import BinaryIO, Final

from catalog_core.sources.providers.base import Format

_BY_ENDING: Final[dict[str, Format]] = {
    ".yaml": "yaml",
    ".yml": "yaml",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
}
_BY_MEDIA_TYPE: Final[dict[str, Format]] = {
    "application/json": "json",
    "text/json": "json",
    "application/yaml": "yaml",
    "application/x-yaml": "yaml",
    "text/yaml": "yaml",
    "text/x-yaml": "yaml",
    "application/jsonl": "jsonl",
    "application/x-jsonl": "jsonl",
    "application/jsonlines": "jsonl",
    "application/x-jsonlines": "jsonl",
    "application/ndjson": "jsonl",
    "application/x-ndjson": "jsonl",
}
_BY_SUFFIX: Final[dict[str, Format]] = {"+json": "json", "+yaml": "yaml", "+jsonl": "jsonl"}


def format_of_name(name: str) -> Format | None:
    """Return the format that the ending of a file name stands for, in any case; ``None`` if it stands for none."""
    return _BY_ENDING.get(PurePosixPath(name).suffix.lower())


def format_of_media_type(media_type: str) -> Format | None:
    """Return the format that a ``Content-Type`` stands for; ``None`` where it leaves that open, like ``text/plain``."""
    bare = media_type.partition(";")[0].strip().lower()
    suffix = bare[bare.rfind("+") :] if "+" in bare else ""
    return _BY_MEDIA_TYPE.get(bare) or _BY_SUFFIX.get(suffix)


def format_of_content(content: BinaryIO) -> Format:
    """Return the likely format of a document of which nothing is known: JSON if it begins like it, else YAML."""
    return "json" if content.read(1024).removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[") else "yaml"
