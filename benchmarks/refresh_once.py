"""Refresh the one source of a catalog, in a process of its own; prints what it cost as one line of JSON."""

import json
import os
import resource
import sys
import threading
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


class OwnMemory(threading.Thread):
    """Looks again and again at how much memory is the process's own: without files that are mapped into it.

    SQLite maps its file, up to 128 MiB of it. The system counts what was read of that as memory of the process, and
    takes it back whenever it wants to.
    """

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak_mb = 0.0
        self._done = threading.Event()

    def run(self) -> None:
        """Look until told to stop."""
        while True:
            lines = Path("/proc/self/status").read_text().splitlines() if sys.platform == "linux" else []
            own = next((int(line.split()[1]) for line in lines if line.startswith("RssAnon:")), 0)
            self.peak_mb = max(self.peak_mb, own / 1000)
            if self._done.wait(0.05):
                return

    def stop(self) -> float:
        """Return the largest amount that was seen, in MB; 0 where the system does not tell."""
        self._done.set()
        self.join()
        return self.peak_mb


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
    memory = OwnMemory()
    memory.start()
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
        "own_peak_mb": memory.stop(),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1000 if sys.platform == "linux" else 1e6),
        "file_mb": os.path.getsize(file) / 1e6,
    }
    sys.stdout.write(f"{json.dumps(result)}\n")


if __name__ == "__main__":
    main()
