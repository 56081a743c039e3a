"""Changes one configuration in several processes at once, some of them killed; started by ``test_changes_at_once.py``.

Prints what was wished, what the file says, and what the database says, as JSON.
"""

import json
import multiprocessing
import os
import random
import signal
import sys
import time
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connections  # noqa: E402

from catalog_core.administration import changes  # noqa: E402
from catalog_core.exceptions import ConfigurationConflict, NotFound  # noqa: E402
from catalog_core.plugins.registry import registry  # noqa: E402
from catalog_core.reconcile.run import reconcile  # noqa: E402
from catalog_core.sources.documents import read_configuration  # noqa: E402
from catalog_core.sources.models import ConfigurationRevision, Source  # noqa: E402

FORK = multiprocessing.get_context("fork")
FILE = Path(sys.argv[1]) / "sources.yaml"
ROUNDS = int(sys.argv[2])


def write(name: str, outcomes: multiprocessing.Queue) -> None:
    """Change the source ``name`` again and again, and tell how it ought to be in the end."""
    chance, wish, conflicts = random.Random(name), None, 0
    for number in range(ROUNDS):
        expected = changes.current_version() if chance.random() < 0.5 else None
        kind = chance.choice(["apply", "apply", "enable", "delete"])
        try:
            if kind == "apply":
                properties = {"yamlCatalogPath": f"./{number}.yaml"}
                entry = {"id": name, "name": f"{name} {number}", "type": "yaml", "properties": properties}
                changes.apply_source("mcp", entry, actor=name, expected_version=expected)
                wish = (f"{name} {number}", True)
            elif kind == "enable":
                changes.enable_source("mcp", name, number % 2 == 0, actor=name, expected_version=expected)
                wish = (wish[0], number % 2 == 0)
            else:
                changes.delete_source("mcp", name, actor=name, expected_version=expected)
                wish = None
        except ConfigurationConflict:
            conflicts += 1
        except NotFound:
            assert wish is None
    outcomes.put((name, wish, conflicts))


def look(until: multiprocessing.Event) -> None:
    """Reconcile without a pause."""
    while not until.is_set():
        reconcile(registry)


def start(target, *args) -> multiprocessing.Process:
    connections.close_all()
    process = FORK.Process(target=target, args=args)
    process.start()
    return process


def main() -> None:
    call_command("migrate", verbosity=0)
    settings.CATALOG = {**settings.CATALOG, "sources_files": (FILE,)}
    FILE.write_text("# The sources of the lab.\ncatalogs: {}\n")
    reconcile(registry, starting=True)
    outcomes, over = FORK.Queue(), FORK.Event()
    looking = start(look, over)
    writers = [start(write, name, outcomes) for name in ("one", "two")]
    for number in range(8):  # somebody whose process dies at any moment
        victim = start(write, "victim", FORK.Queue())
        time.sleep(0.05 + 0.03 * number)
        os.kill(victim.pid, signal.SIGKILL)
        victim.join()
    wished = [outcomes.get(timeout=200) for _ in writers]
    over.set()
    for process in (*writers, looking):
        process.join()
    reconcile(registry)
    again = reconcile(registry)
    content = FILE.read_bytes()
    configuration, _ = read_configuration(((FILE, content),), max_bytes=2**20)
    section = configuration.sections.get("mcp")
    said = {spec.id: (spec.name, spec.enabled) for spec in section.sources} if section else {}
    rows = Source.objects.configured().filter(plugin="mcp")
    print(
        json.dumps(
            {
                "wished": {name: wish for name, wish, _ in wished},
                "conflicts": sum(conflicts for _, _, conflicts in wished),
                "file": said,
                "database": {row.key: (row.name, row.enabled) for row in rows},
                "comment": content.startswith(b"# The sources of the lab.\n"),
                "newest": bytes(ConfigurationRevision.objects.first().content) == content,
                "settled": not again.applied and not again.error,
            }
        )
    )


if __name__ == "__main__":
    main()
