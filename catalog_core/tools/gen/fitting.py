"""Whether the plugins that a manifest names fit the server that it describes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from catalog_core import FRAMEWORK_API
from catalog_core.plugins.metadata import (
    PluginMetadata,
    ServerManifest,
    WantedPlugin,
    compatibility_problems,
)
from catalog_core.plugins.version_ranges import parse_range
from catalog_core.plugins.versions import parse_version

Answer = Literal["Yes", "No", "Unknown"]

_COLUMNS = ("Plugin", "Module", "Version", "Min Server", "Max Server", "Framework API", "Compatible")


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether one plugin fits.

    Attributes:
        wanted: the plugin as the manifest names it.
        metadata: what its ``plugin.yaml`` says; ``None`` if none was found.
        answer: whether it fits; ``Unknown`` where nobody has said so.
        reasons: why it is not ``Yes``.
    """

    wanted: WantedPlugin
    metadata: PluginMetadata | None
    answer: Answer
    reasons: tuple[str, ...] = ()


def verdicts(manifest: ServerManifest, known: Mapping[str, PluginMetadata]) -> list[Verdict]:
    """Return for each plugin of a manifest whether it fits.

    Args:
        manifest: the server to be.
        known: what the ``plugin.yaml`` of each plugin on this machine says, by the plugin's name.
    """
    return [_verdict(manifest, wanted, known.get(wanted.name)) for wanted in manifest.plugins]


def matrix(manifest: ServerManifest, found: Iterable[Verdict]) -> str:
    """Return verdicts as a page of Markdown."""
    found = list(found)
    lines = [
        "# Compatibility",
        "",
        f"Server {manifest.version}, plugin API {manifest.framework_api or FRAMEWORK_API}.",
        "",
        _row(_COLUMNS),
        _row(["---"] * len(_COLUMNS)),
        *(_row(_cells(verdict)) for verdict in found),
    ]
    reasons = [f"- `{verdict.wanted.name}`: {reason}." for verdict in found for reason in verdict.reasons]
    return "\n".join([*lines, *(["", *reasons] if reasons else [])]) + "\n"


def _verdict(manifest: ServerManifest, wanted: WantedPlugin, metadata: PluginMetadata | None) -> Verdict:
    if metadata is None:
        return Verdict(wanted=wanted, metadata=None, answer="Unknown", reasons=("its plugin.yaml was not found",))
    reasons = compatibility_problems(metadata, manifest.version, manifest.framework_api or FRAMEWORK_API)
    answer: Answer = "No" if reasons else "Yes"
    if not reasons:
        reasons = _doubts(wanted, metadata)
        answer = "Unknown" if reasons else "Yes"
    return Verdict(wanted=wanted, metadata=metadata, answer=answer, reasons=tuple(reasons))


def _doubts(wanted: WantedPlugin, metadata: PluginMetadata) -> list[str]:
    doubts = []
    if parse_version(metadata.version) not in parse_range(wanted.version):
        doubts.append(f"version {wanted.version} is wanted, but the plugin.yaml found is of version {metadata.version}")
    servers = metadata.servers()
    for is_bounded, key in ((servers.has_lower_bound, "minVersion"), (servers.has_upper_bound, "maxVersion")):
        if not is_bounded:
            doubts.append(f"its plugin.yaml says no {key}")
    return doubts


def _cells(verdict: Verdict) -> list[str]:
    wanted, metadata = verdict.wanted, verdict.metadata or PluginMetadata(name=verdict.wanted.name)
    bounds = [bound or metadata.server_range for bound in (metadata.min_server, metadata.max_server)]
    return [wanted.name, wanted.module, wanted.version, *bounds, metadata.framework_api, verdict.answer]


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') or '-' for cell in cells)} |"
