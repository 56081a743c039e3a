"""The files around a plugin that is a package of its own: those of a project that pip can install."""

from collections.abc import Mapping

from catalog_core.tools.gen.scaffold.app_files import About
from catalog_core.tools.gen.scaffold.naming import PluginNames
from catalog_core.tools.gen.scaffold.specification import CatalogSpecification
from catalog_core.tools.gen.scaffold.templates import render


def distribution_of(name: str) -> str:
    """Return what the package of a plugin is called in a package index.

    >>> distribution_of("build_tools")
    'catalog-plugin-build-tools'
    """
    return f"catalog-plugin-{name.replace('_', '-')}".rstrip("-")


def package_files(
    names: PluginNames, spec: CatalogSpecification, about: About, app: Mapping[str, str]
) -> dict[str, str]:
    """Return the files of the project, by path.

    Args:
        names: what the plugin is called.
        spec: what its kind is made of.
        about: what its ``plugin.yaml`` says.
        app: the files of the app itself, by path below its folder.
    """
    folder = names.package.replace(".", "/")
    values = {
        "names": names,
        "spec": spec,
        "about": about,
        "folder": folder,
        "top_level": names.package.partition(".")[0],
        "distribution": distribution_of(names.name),
    }
    files = {path: render(f"package/{path}", **values) for path in ("README.md", "pyproject.toml", "sources.yaml")}
    files |= {".gitignore": render("package/gitignore", **values)}
    files |= {"tests/__init__.py": "", "tests/settings.py": render("package/settings.py", **values)}
    files |= {"tests/test_version.py": render("package/test_version.py", **values), f"{folder}/py.typed": ""}
    return files | {f"{folder}/{path}": text for path, text in app.items()}
