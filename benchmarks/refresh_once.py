"""Refresh the one source of a catalog, in a process of its own; prints what it cost as one line of JSON."""

import json
import os
import resource
import sys
import time
from pathlib import Path
from typing import Any


class Watch:
    """Measures how long a function takes in all, where it stands in a module under a name."""

    def __init__(self, module: Any, name: str) -> None:
        self.seconds = 0.0
        self._function = getattr(module, name)
        setattr(module, name, self)

    def __call__(self, *args: Any, **more: Any) -> Any:
        """Call the function."""
        began = time.perf_counter()
        try:
            return self._function(*args, **more)
        finally:
            self.seconds += time.perf_counter() - began


def main() -> None:
    """Refresh, and print."""
    import django

    django.setup()
    from catalog_core.entities.refresh import refresh_source, run
    from catalog_core.plugins.registry import registry
    from catalog_core.sources.models import Source

    storing, planning = Watch(run, "store_plan"), Watch(run, "_plan")
    source = Source.objects.get()
    plugin: Any = registry.get(source.plugin)
    began, cpu = time.perf_counter(), time.process_time()
    outcome = refresh_source(source, plugin)
    file = Path(source.origin).parent / str(source.properties["yamlCatalogPath"])
    result = {
        "seconds": time.perf_counter() - began,
        "cpu_seconds": time.process_time() - cpu,
        "store_seconds": storing.seconds,
        "parse_seconds": planning.seconds,
        "written": outcome.written + outcome.removed,
        "loaded": outcome.loaded,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1000 if sys.platform == "linux" else 1e6),
        "file_mb": os.path.getsize(file) / 1e6,
    }
    sys.stdout.write(f"{json.dumps(result)}\n")


if __name__ == "__main__":
    main()
