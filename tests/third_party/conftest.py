"""The example package has tests of its own, which run where it is installed."""

from tests.process.conftest import server  # noqa: F401 - a fixture

collect_ignore_glob = ["catalog-plugin-*"]
