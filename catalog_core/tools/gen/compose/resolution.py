"""Whether a server can be made of a manifest, and of what: everything is known before anything is written."""

from dataclasses import dataclass
from pathlib import Path

from catalog_core.plugins.metadata import ServerManifest
from catalog_core.tools.gen.compose.located import LocatedPlugin, NotLocated, locate
from catalog_core.tools.gen.fitting import Verdict, verdicts
from catalog_core.tools.gen.known_plugins import plugins_by_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """What a manifest comes to.

    Attributes:
        manifest: the manifest.
        verdicts: for each plugin whether it fits.
        plugins: the plugins, as far as they were found.
        problems: why no server can be made of it; empty if one can.
    """

    manifest: ServerManifest
    verdicts: tuple[Verdict, ...]
    plugins: tuple[LocatedPlugin, ...] = ()
    problems: tuple[str, ...] = ()


def resolve(manifest: ServerManifest, base: Path) -> Resolution:
    """Return what a manifest comes to.

    Args:
        manifest: the manifest.
        base: the folder that paths in it start from.
    """
    named = [base / wanted.path for wanted in manifest.plugins if wanted.path and (base / wanted.path).is_dir()]
    folders = plugins_by_name(named)
    known = {name: folder.plugin.value for name, folder in folders.items() if folder.plugin.value}
    found = verdicts(manifest, known)
    problems = [
        f"{verdict.wanted.name}: {reason}."
        for verdict in found
        if verdict.answer != "Yes"
        for reason in verdict.reasons
    ]
    plugins = []
    for wanted in manifest.plugins:
        if wanted.name in folders:
            try:
                plugins.append(locate(wanted, folders[wanted.name], base))
            except NotLocated as error:
                problems.append(str(error))
    return Resolution(manifest=manifest, verdicts=tuple(found), plugins=tuple(plugins), problems=tuple(problems))
