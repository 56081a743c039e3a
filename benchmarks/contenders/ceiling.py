"""Fixed bytes from the HTTP server that this project uses: the most that can be had from it."""

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Answer everything with the bytes of a file; its name stands in the path."""
    body = _bodies[environ["PATH_INFO"]]
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return (body,)


_bodies = {
    f"/{file.name}": file.read_bytes() for file in Path(os.environ.get("BENCHMARK_BODIES", os.devnull)).glob("*.body")
}

if __name__ == "__main__":
    Granian(
        "benchmarks.contenders.ceiling:application",
        address="127.0.0.1",
        port=int(sys.argv[1]),
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=4,
        log_level=LogLevels.warning,
    ).serve()
