"""Reconcile again and again in one process, as a worker does; prints what a look costs as one line of JSON."""

import json
import statistics
import sys
import time
from pathlib import Path


def main(file: str) -> None:
    """Look, and print."""
    import django

    django.setup()
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from catalog_core.api.openapi import check_routes
    from catalog_core.plugins.registry import registry
    from catalog_core.reconcile.run import reconcile

    def look() -> tuple[float, float]:
        began, cpu = time.perf_counter(), time.process_time()
        reconcile(registry, check=check_routes)
        return (time.perf_counter() - began) * 1000, (time.process_time() - cpu) * 1000

    time.sleep(2.5)  # until the times of the files are old enough to be trusted
    reconcile(registry, check=check_routes)
    time.sleep(2.5)
    first, _ = look()
    looks = [look() for _ in range(30)]
    with CaptureQueriesContext(connection) as queries:
        reconcile(registry, check=check_routes)
    writes = [query["sql"] for query in queries if not query["sql"].startswith("SELECT")]
    changed = Path(file)
    changed.write_text(changed.read_text().replace("assistants", "everybody"))
    jobs = reconcile(registry, check=check_routes).jobs
    result = {
        "first_ms": first,
        "idle_ms": statistics.median(wall for wall, _ in looks),
        "idle_cpu_ms": statistics.median(cpu for _, cpu in looks),
        "queries": len(queries),
        "writes": len(writes),
        "jobs": len(jobs),
    }
    sys.stdout.write(f"{json.dumps(result)}\n")


if __name__ == "__main__":
    main(sys.argv[1])
