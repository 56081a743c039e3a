"""The configuration as it is kept: one or several files."""

from pathlib import Path

from catalog_core.problems import Problem
from catalog_core.sources.configuration import Configuration, complete, merge, parse_configuration

Documents = tuple[tuple[Path, bytes], ...]
"""The configuration files with their contents; later ones override earlier ones."""


def read_configuration(documents: Documents, *, max_bytes: int) -> tuple[Configuration, list[Problem]]:
    """Return what all files say together, and what is wrong with single entries.

    Args:
        documents: the files.
        max_bytes: largest size of one file, in bytes.

    Raises:
        InvalidDocument: one of them cannot be taken over as a whole.
    """
    parsed = [
        parse_configuration(content, file=file.name, origin=str(file), max_bytes=max_bytes)
        for file, content in documents
    ]
    whole = complete(merge([one.configuration for one in parsed]))
    return whole.configuration, [problem for one in (*parsed, whole) for problem in one.problems]
