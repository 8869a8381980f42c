"""The program's own source, parsed: what the tests of the house walk over.

Reads files of `annotator/` and nothing else; imports none of them.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "annotator"


@functools.cache
def modules() -> dict[str, ast.Module]:
    """Return the syntax tree of every module, by its path relative to the checkout."""
    paths = sorted(PACKAGE.rglob("*.py"))
    return {
        path.relative_to(ROOT).as_posix(): ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
        for path in paths
    }


def imported(node: ast.AST) -> list[str]:
    """Return the absolute names of the modules that one statement imports; none for another statement."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module is not None:
        return [node.module]
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name | ast.Attribute)
        and (node.func.id if isinstance(node.func, ast.Name) else node.func.attr)
        in {"import_module", "__import__"}
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    ):
        return [node.args[0].value]
    return []


def imports_anywhere(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield line and module of every import but those for types alone."""
    yield from _imports(tree, into_functions=True)


def imports_at_start(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield line and module of the imports that run when the module is imported."""
    yield from _imports(tree, into_functions=False)


def _imports(node: ast.AST, *, into_functions: bool) -> Iterator[tuple[int, str]]:
    for child in ast.iter_child_nodes(node):
        for name in imported(child):
            yield getattr(child, "lineno", 0), name
        if isinstance(child, ast.If) and _is_for_types(child.test):
            for other in child.orelse:
                yield from _imports(ast.Module(body=[other], type_ignores=[]), into_functions=into_functions)
            continue
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) and not into_functions:
            continue
        yield from _imports(child, into_functions=into_functions)


def _is_for_types(test: ast.expr) -> bool:
    return (isinstance(test, ast.Name) and test.id == "TYPE_CHECKING") or (
        isinstance(test, ast.Attribute) and test.attr == "TYPE_CHECKING"
    )


def is_of(name: str, libraries: frozenset[str]) -> bool:
    """Tell whether a module belongs to one of the libraries, given by their import names."""
    return any(name == library or name.startswith(library + ".") for library in libraries)
