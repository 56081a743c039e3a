"""What ``catalog.yaml`` decides in a plugin: whole files, and parts of pages, by paths such as ``README.md#fields``."""

from collections.abc import Iterator
from pathlib import Path

from catalog_core.tools.gen.scaffold.app_files import REGIONS, WHOLE_FILES, generated_files, generated_regions
from catalog_core.tools.gen.scaffold.regions import find_region, with_region
from catalog_core.tools.gen.scaffold.specification import CatalogSpecification


def generated_parts(spec: CatalogSpecification) -> dict[str, str]:
    """Return all parts as they should be, by path."""
    regions = generated_regions(spec)
    pages = {f"{page}#{name}": regions[name] for page, names in REGIONS.items() for name in names}
    return generated_files(spec) | pages


def present_parts(folder: Path) -> dict[str, str]:
    """Return the parts that a plugin has now; those that are not there are left out."""
    found = {}
    for path in generated_paths():
        page, _, name = path.partition("#")
        file = folder / page
        if not file.is_file():
            continue
        text = file.read_text(encoding="utf-8")
        part = find_region(text, name) if name else text
        if part is not None:
            found[path] = part
    return found


def files_with(folder: Path, parts: dict[str, str]) -> dict[str, str]:
    """Return the files of a plugin with these parts in them, by path."""
    files: dict[str, str] = {}
    for path, text in parts.items():
        page, _, name = path.partition("#")
        if not name:
            files[page] = text
            continue
        before = files.get(page) or (folder / page).read_text(encoding="utf-8")
        files[page] = with_region(before, name, text)
    return files


def generated_paths() -> Iterator[str]:
    """Give the paths of all parts."""
    yield from (f"{page}#{name}" for page, names in REGIONS.items() for name in names)
    yield from sorted(WHOLE_FILES)
