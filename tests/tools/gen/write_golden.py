"""``python -m tests.tools.gen.write_golden``: the golden files are what ``catalog-gen`` writes now."""

import os
import tempfile
from pathlib import Path

from tests.tools.gen.scaffolding import ALL_TYPES, files_in, wrote
from tests.tools.gen.test_init import GOLDEN, as_page


def write() -> None:
    """Write all golden files."""
    forms = {"app": [*ALL_TYPES, "--field=colour:string:required"], "package": ["--package"]}
    for form, options in forms.items():
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            wrote("init", "--name=build-tools", "--output", "build_tools", *options)
            (GOLDEN / f"init-{form}.txt").write_text(as_page(files_in(Path(folder) / "build_tools")))


if __name__ == "__main__":
    write()
