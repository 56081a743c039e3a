"""Where a plugin is: its folder, and the package that Python imports."""

from pathlib import Path


def dotted_name(folder: Path) -> str:
    """Return the package of an app: the folders above it that are packages, and its own name."""
    folder = folder.resolve()
    parts = [folder.name]
    for parent in folder.parents:
        if not (parent / "__init__.py").is_file():
            break
        parts.append(parent.name)
    return ".".join(reversed(parts))


def holds_code(folder: Path) -> bool:
    """Say whether there are Python modules in a folder."""
    return next(folder.glob("*.py"), None) is not None
