"""Add tags and phases of the lifecycle to some assets of a library, before it is loaded: ``FOLDER`` is its folder.

They belong to people, so they stand in no data file; adding them one by one would take longer than everything else.
"""

import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.library import DEPRECATED_SHARE, KINDS, TAGGED_SHARE, TAGS, Zipf

_BATCH = 5_000


def main() -> None:
    """Store the overlays."""
    import django

    django.setup()
    from catalog_core.entities.envelope import Overlay

    Overlay.objects.bulk_create(_overlays(Path(sys.argv[1])), batch_size=_BATCH)


def _overlays(folder: Path) -> Iterator[Any]:
    from catalog_core.entities.envelope import Overlay
    from catalog_core.entities.models import entity_id

    chance, tags = random.Random(7), Zipf(TAGS)
    kinds = {kind.plugin: kind.name for kind in KINDS}
    for file in sorted(folder.glob("*.jsonl")):
        plugin = file.stem.partition("-")[0]
        for line in file.open(encoding="utf-8"):
            tagged, deprecated = chance.random() < TAGGED_SHARE, chance.random() < DEPRECATED_SHARE
            if not (tagged or deprecated):
                continue
            name = json.loads(line)["name"]
            yield Overlay(
                uid=entity_id("default", plugin, kinds[plugin], file.stem, name),
                plugin=plugin,
                kind=kinds[plugin],
                source_key=file.stem,
                name=name,
                tags=list(dict.fromkeys(tags.draw(chance, chance.randint(1, 3)))) if tagged else [],
                lifecycle="deprecated" if deprecated else "",
                changed_by="benchmark",
            )


if __name__ == "__main__":
    main()
