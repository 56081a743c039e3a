"""What is asked of a plugin before others may rely on it."""

from catalog_core.tools.gen.governance.checks import GOVERNANCE_CHECKS, folder_checks
from catalog_core.tools.gen.governance.formats import FORMATS, rendered
from catalog_core.tools.gen.governance.plugin_folder import PluginFolder, plugin_folders, shown_path
from catalog_core.tools.gen.governance.report import Check, CheckResult, Report, run_checks

__all__ = [
    "FORMATS",
    "GOVERNANCE_CHECKS",
    "Check",
    "CheckResult",
    "PluginFolder",
    "Report",
    "folder_checks",
    "plugin_folders",
    "rendered",
    "run_checks",
    "shown_path",
]
