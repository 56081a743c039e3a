"""Finding the conformance tests of a plugin in its source code, without running it."""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

from catalog_core.problems import Problem

FOLDER = "tests/conformance"
_SHARED_CLASS = "PluginConformance"
_FIX = f"""Write {FOLDER}/test_conformance.py with a class Test... that derives from PluginConformance."""

Test = ast.FunctionDef | ast.AsyncFunctionDef


def conformance_problems(folder: Path, plugin_name: str) -> Iterator[Problem]:
    """Yield why no conformance test of a plugin would run; nothing if one does.

    Args:
        folder: the folder of the plugin.
        plugin_name: what the plugin is called; a test of another plugin does not count.
    """
    files = sorted((folder / FOLDER).rglob("test_*.py"))
    if not files:
        yield Problem(message="There are no conformance tests.", rule="no-tests", hint=_FIX, file=FOLDER)
        return
    found = 0
    for file in files:
        name = file.relative_to(folder).as_posix()
        try:
            module = ast.parse(file.read_bytes(), filename=name)
        except (SyntaxError, ValueError, OSError) as error:
            line = error.lineno if isinstance(error, SyntaxError) else None
            message = f"The file cannot be read as Python: {getattr(error, 'msg', None) or type(error).__name__}."
            yield Problem(message=message, rule="not-python", hint="Mend it.", file=name, line=line)
            continue
        yield from _other_plugins(module, name, plugin_name)
        found += sum(1 for _ in _tests(module))
    if not found:
        message = "There is no test in it that would run."
        yield Problem(message=message, rule="no-tests", hint=_FIX, file=FOLDER)


def _tests(module: ast.Module) -> Iterator[str]:
    """Yield the names of what pytest would run of a module."""
    if _is_skipped_as_a_whole(module.body):
        return
    for node in module.body:
        if isinstance(node, Test) and _is_test(node):
            yield node.name
        elif isinstance(node, ast.ClassDef) and _is_test_class(node):
            if _derives_from(node, _SHARED_CLASS):
                yield node.name
            yield from (f"{node.name}.{method.name}" for method in _functions(node.body) if _is_test(method))


def _other_plugins(module: ast.Module, file: str, plugin_name: str) -> Iterator[Problem]:
    for node in module.body:
        if not isinstance(node, ast.ClassDef) or not _derives_from(node, _SHARED_CLASS):
            continue
        named = _assigned(node.body, "plugin_name")
        if not isinstance(named, ast.Constant) or named.value != plugin_name:
            message = f'{node.name} has to say plugin_name = "{plugin_name}", as plugin.yaml does.'
            yield Problem(message=message, rule="other-plugin", file=file, line=node.lineno, column=node.col_offset + 1)


def _is_test(function: Test) -> bool:
    return function.name.startswith("test") and not _is_marked_skip(function.decorator_list)


def _is_test_class(node: ast.ClassDef) -> bool:
    """Whether pytest looks for tests in a class."""
    is_named_so = node.name.startswith("Test") or _derives_from(node, "TestCase")
    switched_off = _assigned(node.body, "__test__")
    return (
        is_named_so
        and not any(method.name == "__init__" for method in _functions(node.body))
        and not (isinstance(switched_off, ast.Constant) and switched_off.value is False)
        and not _is_marked_skip(node.decorator_list)
        and not _is_skipped_as_a_whole(node.body)
    )


def _is_skipped_as_a_whole(body: list[ast.stmt]) -> bool:
    """Whether ``pytestmark`` or a call of ``pytest.skip`` leaves out everything in a module or class."""
    marks = _assigned(body, "pytestmark")
    listed = marks.elts if isinstance(marks, ast.List | ast.Tuple) else [marks] if marks else []
    calls = [node.value for node in body if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)]
    return _is_marked_skip(listed) or any(ast.unparse(call.func) == "pytest.skip" for call in calls)


def _is_marked_skip(marks: Iterable[ast.expr]) -> bool:
    called = [mark.func if isinstance(mark, ast.Call) else mark for mark in marks]
    return any(ast.unparse(mark) in ("pytest.mark.skip", "unittest.skip", "skip") for mark in called)


def _derives_from(node: ast.ClassDef, name: str) -> bool:
    return any(ast.unparse(base).rpartition(".")[2] == name for base in node.bases)


def _functions(body: list[ast.stmt]) -> list[Test]:
    return [node for node in body if isinstance(node, Test)]


def _assigned(body: list[ast.stmt], name: str) -> ast.expr | None:
    """Return what is assigned to a name in a module or class."""
    for node in body:
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        if any(isinstance(target, ast.Name) and target.id == name for target in targets):
            return node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
    return None
