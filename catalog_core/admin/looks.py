"""How values look in the admin: states in words and colours, ages, JSON, differences."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.humanize.templatetags.humanize import naturaltime
from django.utils.html import format_html
from django.utils.safestring import SafeString

from catalog_core.administration.source_info import error_text
from catalog_core.jobs.models import JobState
from catalog_core.plugins.contract import source_key
from catalog_core.plugins.registry import registry
from catalog_core.sources.models import Source, SourceState

_TONES: dict[str, str] = {
    SourceState.AVAILABLE: "good",
    SourceState.PARTIALLY_AVAILABLE: "fair",
    SourceState.ERROR: "bad",
    SourceState.LOADING: "busy",
    SourceState.DISABLED: "quiet",
    JobState.QUEUED: "quiet",
    JobState.RUNNING: "busy",
    JobState.SUCCEEDED: "good",
    JobState.FAILED: "bad",
    JobState.CANCELED: "quiet",
}


def badge(text: str, tone: str) -> SafeString:
    """Return a short text on a coloured ground; the text says all that the colour does.

    Args:
        text: one or two words.
        tone: ``good``, ``fair``, ``bad``, ``busy`` or ``quiet``.
    """
    return format_html('<span class="catalog-badge catalog-{}">{}</span>', tone, text)


def state_badge(state: str, label: str) -> SafeString:
    """Return the state of a source or a job."""
    return badge(label, _TONES.get(state, "quiet"))


def age(moment: datetime | None) -> SafeString | str:
    """Return how long ago something was, with the time itself as tooltip; ``never`` if it was not."""
    if moment is None:
        return "never"
    exact = moment.strftime("%Y-%m-%d %H:%M:%S %Z")
    return format_html('<time datetime="{}" title="{}">{}</time>', moment.isoformat(), exact, naturaltime(moment))


def error_in_row(source: Source, *, is_operator: bool) -> str:
    """Return why a source is in error, for a row that names it: without the place of its entry in the document.

    Args:
        source: a source.
        is_operator: whether the error is shown in full.
    """
    plugin = registry.get(source.plugin)
    entry = f"catalogs.{source_key(plugin) if plugin else source.plugin}.sources[{source.key}]"
    return error_text(source, is_operator=is_operator).replace(f"{entry}.", "").replace(f"{entry}: ", "")


def json_block(value: Any) -> SafeString:
    """Return a JSON value, indented."""
    text = json.dumps(value, indent=2, ensure_ascii=False)
    return format_html('<pre class="catalog-code" tabindex="0">{}</pre>', text)


def difference_block(text: str) -> list[tuple[str, str]]:
    """Return the lines of a unified diff, each with the class that colours it."""
    return [(_line_class(line), line) for line in text.splitlines()]


def place(problem: dict[str, Any]) -> str:
    """Return where a problem is: file and line, as far as known."""
    parts: Iterable[Any] = (problem.get("file"), problem.get("line"))
    return ":".join(str(part) for part in parts if part)


def _line_class(line: str) -> str:
    if line.startswith(("+++", "---")):
        return "file"
    return {"+": "added", "-": "removed", "@": "hunk"}.get(line[:1], "same")
