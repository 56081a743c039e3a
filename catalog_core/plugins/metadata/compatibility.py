"""Whether a plugin fits a server."""

from catalog_core import FRAMEWORK_API, server_version
from catalog_core.plugins.metadata.plugin_yaml import PluginMetadata
from catalog_core.plugins.version_ranges import at_least, at_most, parse_range
from catalog_core.plugins.versions import version_of_server


def compatibility_problems(
    metadata: PluginMetadata, server: str | None = None, framework_api: str = FRAMEWORK_API
) -> list[str]:
    """Return why a plugin does not fit a server; nothing if it does. Each text names both versions.

    Args:
        metadata: what the plugin says of itself.
        server: the version of the server; that of this one if absent.
        framework_api: the version of the plugin API that the server offers.
    """
    server = server or server_version()
    problems = []
    if metadata.framework_api and metadata.framework_api != framework_api:
        problems.append(
            f"it was written for plugin API {metadata.framework_api}, this server offers {framework_api}; "
            "install a release of the plugin made for this API"
        )
    version = version_of_server(server)
    for text, read, words in (
        (metadata.min_server, at_least, "of at least version"),
        (metadata.max_server, at_most, "of at most version"),
        (metadata.server_range, parse_range, "with a version in"),
    ):
        if text and version not in read(text):
            problems.append(f"it needs a server {words} {text}, this is {server}")
    return problems
