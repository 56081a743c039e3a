"""``.catalog-gen.json``: how each file was when it was written, so that an author's edits are recognised."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FILE_NAME = ".catalog-gen.json"
_FORMAT = 1


class UnreadableManifest(ValueError):
    """The manifest cannot be understood; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """Digests of what was written last, by path; a part of a page is ``README.md#fields``."""

    digests: Mapping[str, str] = field(default_factory=dict)

    def wrote(self, path: str, text: str) -> bool:
        """Say whether this very text was written there."""
        return self.digests.get(path) == digest(text)

    def with_texts(self, texts: Mapping[str, str]) -> "Manifest":
        """Return the manifest after these texts were written."""
        return Manifest({**self.digests, **{path: digest(text) for path, text in texts.items()}})

    def text(self) -> str:
        """Return the content of the file."""
        return json.dumps({"format": _FORMAT, "files": dict(sorted(self.digests.items()))}, indent=2) + "\n"


def digest(text: str) -> str:
    """Return the digest of a text."""
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of a plugin; an empty one if it has none.

    Raises:
        UnreadableManifest: it is there and cannot be understood.
    """
    try:
        document: Any = json.loads((folder / FILE_NAME).read_bytes())
    except FileNotFoundError:
        return Manifest()
    except (OSError, ValueError):
        document = None
    if not isinstance(document, dict) or document.get("format") != _FORMAT or not isinstance(document["files"], dict):
        raise UnreadableManifest(
            f"{FILE_NAME} cannot be understood; restore it from version control, or remove it: "
            "every generated file then counts as edited."
        )
    return Manifest({str(path): str(value) for path, value in document["files"].items()})
