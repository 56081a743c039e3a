"""Writing several files."""

from collections.abc import Mapping
from pathlib import Path

from catalog_core.tools.gen.files import write_atomically


def write_all(folder: Path, files: Mapping[str, str]) -> None:
    """Write files by their paths below a folder, each of them at once.

    Raises:
        OSError: one of them cannot be written.
    """
    for path, text in sorted(files.items()):
        write_atomically(folder / path, text.encode())


def differing(folder: Path, files: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """Return the files that are not there as they should be, and the paths of those that are there otherwise.

    Raises:
        OSError: one of them cannot be read.
    """
    present = {path: (folder / path).read_bytes() for path in files if (folder / path).is_file()}
    wanted = {path: text for path, text in files.items() if present.get(path) != text.encode()}
    return wanted, sorted(path for path in wanted if path in present)
