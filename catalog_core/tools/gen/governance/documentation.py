"""Whether the documentation of a plugin is complete."""

import re
from collections.abc import Iterator
from pathlib import Path

from catalog_core.problems import Problem
from catalog_core.tools.gen.governance.plugin_folder import PluginFolder

DOCS_KIT = ("README.md", "provider-guide.md", "schema-guide.md", "testing.md", "publishing.md")
"""The files of ``docs/``, where a plugin has that folder."""

_HEADING = re.compile(r"#{1,6} +\S")
_PURPOSE = {
    "README.md": "what the catalog holds, how a data file looks and what can be asked",
    "provider-guide.md": "where entities can come from",
    "schema-guide.md": "what each property means",
    "testing.md": "how the plugin is tested",
    "publishing.md": "how a release is made",
}


def documentation_problems(folder: PluginFolder) -> Iterator[Problem]:
    """Yield what is missing: README.md with a heading and text; all of the kit where there is a ``docs`` folder.

    Properties that are told nowhere are worth a remark.
    """
    docs = folder.path / "docs"
    wanted = ["README.md", *(f"docs/{name}" for name in DOCS_KIT if docs.is_dir())]
    for name in wanted:
        yield from _text_problems(folder.path, name)
    yield from _untold(folder, wanted)


def _text_problems(path: Path, name: str) -> Iterator[Problem]:
    text = _text(path / name)
    purpose = _PURPOSE[name.rpartition("/")[2]]
    hint = f"Write there {purpose}."
    if text is None:
        yield Problem(message=f"There is no {name}.", rule="missing-file", hint=hint, file=name)
        return
    lines = [line for line in text.splitlines() if line.strip()]
    headings = [line for line in lines if _HEADING.match(line)]
    if not headings:
        yield Problem(message="The page has no heading.", rule="no-heading", hint='Begin it with "# ".', file=name)
    if len(lines) == len(headings):
        yield Problem(message="The page has no text.", rule="no-text", hint=hint, file=name)


def _untold(folder: PluginFolder, names: list[str]) -> Iterator[Problem]:
    config = folder.catalog.value
    if config is None:
        return
    told = "\n".join(_text(folder.path / name) or "" for name in names)
    missing = [entry.name for entry in config.properties if f"`{entry.name}`" not in told]
    if missing and told:
        message = f"Nothing is said about {', '.join(missing)}."
        hint = "Write what each property means."
        yield Problem(message=message, rule="untold-property", hint=hint, file="README.md", severity="warning")


def _text(path: Path) -> str | None:
    """Return what a file holds; nothing if it is not there or no text."""
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return None
