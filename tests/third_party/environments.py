"""Virtual environments that see the packages of this one, so that nothing has to be downloaded."""

import os
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Environment:
    """A virtual environment; what ``pip`` installs into it is in it alone."""

    folder: Path

    @classmethod
    def make(cls, folder: Path) -> "Environment":
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
        made = cls(folder)
        seen = [PROJECT, sysconfig.get_path("purelib")]
        (made.site_packages / "seen.pth").write_text("\n".join(map(str, seen)) + "\n")
        return made

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"

    @property
    def site_packages(self) -> Path:
        version = f"python{sys.version_info.major}.{sys.version_info.minor}"
        return self.folder / "lib" / version / "site-packages"

    def pip(self, *arguments: object) -> str:
        base = [sys.executable, "-m", "pip", "--python", self.python, "--disable-pip-version-check"]
        done = subprocess.run([str(part) for part in (*base, *arguments)], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def install(self, project: Path) -> None:
        """Install a project as users do, but without looking anything up."""
        self.pip("install", "--no-deps", "--no-build-isolation", "--no-index", project)

    def run(self, *arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("CATALOG_", "DJANGO_", "PYTHON"))
        }
        command = [str(part) for part in (self.python, *arguments)]
        return subprocess.run(command, env={**kept, **environment}, capture_output=True, text=True, check=False)
