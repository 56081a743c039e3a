"""Writing files so that nobody ever finds half of one."""

import os
import tempfile
from pathlib import Path

_NEW_FILE_MODE = 0o644


def write_atomically(path: Path, content: bytes) -> None:
    """Put ``content`` in the place of a file, making its folder if need be; its mode stays.

    A symbolic link stays one: what it leads to is replaced.

    Raises:
        OSError: it cannot be written; the file is then as it was before.
    """
    target = path.resolve()
    target.parent.mkdir(parents=True, exist_ok=True)
    mode = target.stat().st_mode & 0o7777 if target.exists() else _NEW_FILE_MODE
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(mode)
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
