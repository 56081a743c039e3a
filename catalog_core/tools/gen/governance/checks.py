"""The checks: seven of governance, and those of a folder that is still in the making."""

from collections.abc import Callable, Iterator

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

from catalog_core.plugins.metadata import PluginMetadata
from catalog_core.plugins.metadata.catalog_yaml import FOLDER_BASE_PATH
from catalog_core.plugins.version_ranges import parse_range
from catalog_core.problems import Problem, did_you_mean
from catalog_core.sources.formats import Document
from catalog_core.sources.formats import Path as DocumentPath
from catalog_core.sources.providers import provider_types
from catalog_core.tools.gen.governance.conformance_tests import conformance_problems
from catalog_core.tools.gen.governance.documentation import documentation_problems
from catalog_core.tools.gen.governance.plugin_folder import FileRead, PluginFolder
from catalog_core.tools.gen.governance.report import Check

_SERVER = ("spec", "compatibility", "catalogServer")


def _plugin_yaml(folder: PluginFolder) -> Iterator[Problem]:
    if folder.plugin.document is None:
        yield from folder.plugin.problems
    else:
        yield from _plugin_yaml_text(folder.plugin, folder.plugin.document)


def _plugin_yaml_text(plugin: FileRead[PluginMetadata], document: Document) -> Iterator[Problem]:
    yield from plugin.problems
    known = provider_types()
    for place, name in enumerate(plugin.value.providers if plugin.value else ()):
        if name not in known:
            message = f'This server has no provider for sources of type "{name}".'
            path = ("spec", "providers", place)
            yield document.problem(path, message, "unknown-provider", did_you_mean(name, known), is_warning=True)


def _plugin_yaml_is_there(folder: PluginFolder) -> Iterator[Problem]:
    if folder.plugin.document is None:
        yield from folder.plugin.problems


def _catalog_yaml(folder: PluginFolder) -> Iterator[Problem]:
    yield from folder.catalog.problems
    config, document, metadata = folder.catalog.value, folder.catalog.document, folder.plugin.value
    if config is None or document is None:
        return
    if not config.package and (folder.path / "apps.py").exists():
        hint = "Write the Python package that this folder is."
        yield document.problem(("spec",), '"package" is missing, but there is code here.', "missing-key", hint)
    if not folder.has_code and not FOLDER_BASE_PATH.fullmatch(config.base_path):
        hint = f"Write /api/{config.name}_catalog/v1alpha1, or leave it out."
        message = "The base path of a plugin without code has another form."
        yield document.problem(("spec", "api", "basePath"), message, "wrong-value", hint)
    if metadata is None:
        return
    if config.name != metadata.name:
        message = f'The plugin is called "{config.name}" here and "{metadata.name}" in plugin.yaml.'
        yield document.problem(("metadata", "name"), message, "other-name", "Give it one name.")
    if config.providers and set(config.providers) != set(metadata.providers):
        message = "plugin.yaml names other types of source."
        hint = "Let both files name the same."
        yield document.problem(("spec", "providers"), message, "other-providers", hint, at_key=True, is_warning=True)


def _compatibility(plugin: FileRead[PluginMetadata], document: Document) -> Iterator[Problem]:
    if not plugin.at("spec", "compatibility", "frameworkApi"):
        hint = "Name the version of the plugin API that it was written for, such as v1alpha1."
        yield _missing(document, ("spec", "compatibility"), "frameworkApi", hint)
    if _is_bounded(plugin.at(*_SERVER, "versionRange")):
        return
    for key, what in (("minVersion", "oldest"), ("maxVersion", "newest")):
        if not plugin.at(*_SERVER, key):
            yield _missing(document, _SERVER, key, f"Name the {what} server that it was tried with, such as 1.x.")


def _is_bounded(text: object) -> bool:
    try:
        found = parse_range(text) if isinstance(text, str) else None
    except ValueError:
        return False
    return found is not None and found.has_lower_bound and found.has_upper_bound


def _ownership(plugin: FileRead[PluginMetadata], document: Document) -> Iterator[Problem]:
    owners = plugin.at("spec", "owners")
    if not isinstance(owners, list) or not owners:
        yield _missing(document, ("spec",), "owners", "Name a team, and where it can be reached.")
        return
    for place, owner in enumerate(owners):
        for key, hint in (("team", "Name the team."), ("contact", "Say where the team can be reached.")):
            if not isinstance(owner, dict) or not str(owner.get(key) or "").strip():
                yield _missing(document, ("spec", "owners", place), key, hint)


def _license(plugin: FileRead[PluginMetadata], document: Document) -> Iterator[Problem]:
    written = plugin.at("spec", "license")
    path = ("spec", "license")
    if not isinstance(written, str) or not written.strip():
        yield _missing(document, ("spec",), "license", "Write an SPDX expression such as Apache-2.0.")
        return
    try:
        canonical = canonicalize_license_expression(written)
    except InvalidLicenseExpression:
        message = f'"{written[:80]}" is no SPDX license expression.'
        hint = "Ids of licenses are listed at https://spdx.org/licenses; combine them with OR, AND, WITH."
        yield document.problem(path, message, "no-spdx", hint)
    else:
        if canonical != written:
            yield document.problem(
                path, "SPDX writes it otherwise.", "spdx-case", f"Write {canonical}.", is_warning=True
            )


def _conformance(folder: PluginFolder) -> Iterator[Problem]:
    name = folder.plugin.at("metadata", "name")
    yield from conformance_problems(folder.path, name if isinstance(name, str) else folder.path.name)


def _missing(document: Document, path: DocumentPath, key: str, hint: str) -> Problem:
    return document.problem(path, f'"{key}" is missing.', "missing-key", hint, at_key=True)


def _written(
    find: Callable[[FileRead[PluginMetadata], Document], Iterator[Problem]],
) -> Callable[[PluginFolder], Iterator[Problem]]:
    """Return a check of what is written in plugin.yaml; it goes by the text, so other mistakes do not hide it."""

    def check(folder: PluginFolder) -> Iterator[Problem]:
        if folder.plugin.document is None:
            yield Problem(message="It cannot be read, so this is not known.", rule="unreadable", file="plugin.yaml")
        else:
            yield from find(folder.plugin, folder.plugin.document)

    return check


_REASON_PLUGIN = "The server reads plugin.yaml when it loads a plugin, and refuses one that it cannot understand."
_REASON_CATALOG = "Tools make code, tables and forms from what catalog.yaml says the catalog holds."
_REASON_TESTS = "What clients rely on is only kept if tests that everybody shares are run on the plugin."
_REASON_DOCS = "Who is to fill a catalog, or to read it, learns from its pages what it holds."
_FIX_PLUGIN = "Mend the lines named; catalog_core/schemas/plugin.schema.json lists what may be written."
_FIX_CATALOG = "Mend the lines named; catalog_core/schemas/catalog.schema.json lists what may be written."
_FIX_TESTS = "Derive a class from catalog_core.testing.conformance.PluginConformance in tests/conformance/test_*.py."
_FIX_DOCS = "Write README.md; where there is a docs folder, write all five pages of it."

GOVERNANCE_CHECKS: tuple[Check, ...] = (
    Check(name="plugin.yaml valid", reason=_REASON_PLUGIN, fix=_FIX_PLUGIN, find=_plugin_yaml),
    Check(name="catalog.yaml exists", reason=_REASON_CATALOG, fix=_FIX_CATALOG, find=_catalog_yaml),
    Check(
        name="compatibility fields present",
        reason="Operators have to know beforehand which servers a plugin works with.",
        fix="Write minVersion, maxVersion and frameworkApi under spec.compatibility.",
        find=_written(_compatibility),
    ),
    Check(
        name="ownership declared",
        reason="Somebody has to answer when the plugin fails or is attacked.",
        fix="Write team and contact of each owner under spec.owners.",
        find=_written(_ownership),
    ),
    Check(
        name="license present",
        reason="Nobody may use what has no license, and programs compare licenses by their SPDX expression.",
        fix="Write spec.license as an SPDX expression such as Apache-2.0.",
        find=_written(_license),
    ),
    Check(name="conformance tests exist", reason=_REASON_TESTS, fix=_FIX_TESTS, find=_conformance),
    Check(name="documentation present", reason=_REASON_DOCS, fix=_FIX_DOCS, find=documentation_problems),
)
"""The seven checks of governance, by the names that clients know."""

FOLDER_CHECKS: tuple[Check, ...] = (
    Check(name="plugin.yaml exists", reason=_REASON_PLUGIN, fix=_FIX_PLUGIN, find=_plugin_yaml_is_there),
    Check(
        name="plugin.yaml valid",
        reason=_REASON_PLUGIN,
        fix=_FIX_PLUGIN,
        find=_written(_plugin_yaml_text),
    ),
    Check(name="catalog.yaml valid", reason=_REASON_CATALOG, fix=_FIX_CATALOG, find=_catalog_yaml),
    Check(name="conformance tests exist", reason=_REASON_TESTS, fix=_FIX_TESTS, find=_conformance),
    Check(name="documentation complete", reason=_REASON_DOCS, fix=_FIX_DOCS, find=documentation_problems),
)
"""What a plugin needs to be worked on."""

_ABOUT_CODE = frozenset(("conformance tests exist", "documentation complete"))


def folder_checks(folder: PluginFolder) -> tuple[Check, ...]:
    """Return what a folder needs to be worked on; one without code is done with its two files."""
    return tuple(check for check in FOLDER_CHECKS if folder.has_code or check.name not in _ABOUT_CODE)
