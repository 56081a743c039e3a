"""The index of plugins that people may choose: one file for each, and the schema of these files."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import yaml

from catalog_core.exceptions import InvalidDocument
from catalog_core.plugins.metadata import CatalogConfig, PluginMetadata, parse_structure
from catalog_core.plugins.metadata.structure import API_VERSION
from catalog_core.schemas import schema
from catalog_core.tools.gen.files import write_atomically
from catalog_core.tools.gen.governance import GOVERNANCE_CHECKS, PluginFolder, run_checks

Tier = Literal["built-in", "supported", "community"]
TIERS: tuple[Tier, ...] = ("built-in", "supported", "community")

_SCHEMA_FILE = "schema.yaml"
_ENTRY_NOTE = "# Written by catalog-gen index from the plugin.yaml of the plugin.\n"
_SCHEMA_NOTE = "# Written by catalog-gen index: JSON Schema (draft 2020-12) of the files in plugins/.\n"


@dataclass(slots=True)
class IndexPlan:
    """What has to be done to an index.

    Attributes:
        files: what files of the index are to hold, by their path within it.
        removed: files that are to go.
        problems: why the index cannot be built as it should, for people.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    removed: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def outdated(self, root: Path) -> list[str]:
        """Return the files of the index below ``root`` that are not as they are to be, in the order of their names."""
        changed = [name for name, content in self.files.items() if _content(root / name) != content]
        return sorted([*changed, *self.removed])

    def carry_out(self, root: Path) -> None:
        """Bring the index below ``root`` up to date.

        Raises:
            OSError: a file cannot be written or removed.
        """
        for name in self.outdated(root):
            if name in self.removed:
                (root / name).unlink()
            else:
                write_atomically(root / name, self.files[name])


def plan_index(
    root: Path, bundled: Iterable[PluginFolder], others: Iterable[PluginFolder], tier: Tier | None
) -> IndexPlan:
    """Return what has to be done to the index below ``root``. Entries of plugins that are not named stay.

    Args:
        root: the folder of the index.
        bundled: the plugins that come with the server.
        others: further plugins.
        tier: who stands behind the others; what their entries say, or else ``community``, if absent.
    """
    plan = IndexPlan(files={_SCHEMA_FILE: _SCHEMA_NOTE.encode() + _yaml(schema("plugin-index"))})
    for folder in bundled:
        _add(plan, folder, "built-in")
    for folder in others:
        _add(plan, folder, tier or _tier_now(root, folder))
    for path in sorted((root / "plugins").glob("*.yaml")):
        name = path.relative_to(root).as_posix()
        if name not in plan.files:
            _look_at(plan, path, name)
    return plan


def entry(metadata: PluginMetadata, config: CatalogConfig, tier: Tier) -> dict[str, Any]:
    """Return the entry of a plugin, as its file has it."""
    server = {
        "minVersion": metadata.min_server,
        "maxVersion": metadata.max_server,
        "versionRange": metadata.server_range,
    }
    spec: dict[str, Any] = {
        "displayName": metadata.display_name,
        "description": metadata.description,
        "tier": tier,
        "module": config.package,
        "version": metadata.version,
        "compatibility": {"catalogServer": _stated(server), "frameworkApi": metadata.framework_api},
        "owners": [_stated({"team": team, "contact": contact}) for team, contact in metadata.owners],
        "security": _stated({"license": metadata.license}),
        "entityKinds": [config.kind],
        "providers": list(metadata.providers),
        "repository": metadata.repository,
    }
    return {
        "apiVersion": API_VERSION,
        "kind": "PluginIndexEntry",
        "metadata": {"name": metadata.name},
        "spec": _stated(spec),
    }


def _add(plan: IndexPlan, folder: PluginFolder, tier: Tier) -> None:
    metadata, config = folder.plugin.value, folder.catalog.value
    failed = [result for result in run_checks(folder, GOVERNANCE_CHECKS).results if not result.passed]
    if metadata is None or config is None or (failed and tier != "community"):
        plan.problems += [
            f"{folder.shown}: {result.check.name}: {problem}"
            for result in failed
            for problem in result.problems
            if problem.severity == "error"
        ]
        return
    name = f"plugins/{metadata.name}.yaml"
    if name in plan.files:
        plan.problems.append(
            f'{folder.shown}: another plugin is called "{metadata.name}" too; one has to change its name'
        )
        return
    if not config.package:
        plan.problems.append(f"{folder.shown}: catalog.yaml names no package, so nobody could install it")
        return
    plan.files[name] = _ENTRY_NOTE.encode() + _yaml(entry(metadata, config, tier))


def _look_at(plan: IndexPlan, path: Path, name: str) -> None:
    """Check an entry that was not made now; one of a bundled plugin that is gone has to go too."""
    try:
        value = parse_structure(path.read_bytes(), file=name, schema_name="plugin-index").value
    except InvalidDocument as error:
        plan.problems += [str(problem) for problem in error.problems]
        return
    if value["spec"]["tier"] == "built-in":
        plan.removed.append(name)
    elif value["metadata"]["name"] != path.stem:
        plan.problems.append(f'{name}: the plugin is called "{value["metadata"]["name"]}"; name the file after it')


def _tier_now(root: Path, folder: PluginFolder) -> Tier:
    content = _content(root / "plugins" / f"{folder.plugin.value.name}.yaml") if folder.plugin.value else None
    if content is None:
        return "community"
    try:
        told = parse_structure(content, file="", schema_name="plugin-index").value["spec"]["tier"]
    except InvalidDocument:  # it is written anew
        return "community"
    return "supported" if told == "supported" else "community"


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _stated(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value}


def _yaml(value: Mapping[str, Any]) -> bytes:
    text: str = yaml.dump(value, Dumper=_NoAliases, sort_keys=False, allow_unicode=True, width=120)
    return text.encode()


class _NoAliases(yaml.SafeDumper):
    """Writes what stands in two places twice, as people do."""

    def ignore_aliases(self, data: Any) -> bool:
        return True
