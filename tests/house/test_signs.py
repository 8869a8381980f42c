"""The signs on the doors: every package says what lives in it, every public name what it does."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.house import source

SIGN_LINES = 3

type_of_definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def test_every_package_opens_with_a_sign() -> None:
    folders = {path.parent for path in source.PACKAGE.rglob("*.py")}
    unsigned = [
        folder.relative_to(source.ROOT).as_posix()
        for folder in sorted(folders)
        if _lines_of_sign((folder / "__init__.py").relative_to(source.ROOT).as_posix()) < SIGN_LINES
    ]
    assert unsigned == []


def test_every_module_says_what_lives_in_it() -> None:
    silent = [path for path, tree in source.modules().items() if not ast.get_docstring(tree)]
    assert silent == []


def test_every_public_name_is_documented() -> None:
    silent = [
        f"{path}:{node.lineno}: {name}"
        for path, tree in source.modules().items()
        for name, node in _public(tree)
        if not ast.get_docstring(node) and not _is_exempt(path, node)
    ]
    assert silent == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("def open(): ...", ["open"]),
        ("def _open(): ...", []),
        ("class Editor:\n    def do(self): ...\n    def _plan(self): ...", ["Editor", "Editor.do"]),
        ("class _Editor:\n    def do(self): ...", []),
        ("def open():\n    def inner(): ...", ["open"]),
        ("if ready:\n    def open(): ...", ["open"]),
    ],
)
def test_public_names_are_found_where_they_stand(text: str, names: list[str]) -> None:
    assert [name for name, _ in _public(ast.parse(text))] == names


def _lines_of_sign(path: str) -> int:
    tree = source.modules().get(path)
    sign = ast.get_docstring(tree) if tree is not None else None
    return len(sign.splitlines()) if sign else 0


def _public(tree: ast.AST, prefix: str = "") -> Iterator[tuple[str, type_of_definition]]:
    """Yield public functions, classes and methods, but not what is defined inside functions."""
    for node in ast.iter_child_nodes(tree):
        if not isinstance(node, type_of_definition):
            if isinstance(node, ast.If | ast.Try | ast.With):
                yield from _public(node, prefix)
            continue
        if node.name.startswith("_"):
            continue
        yield prefix + node.name, node
        if isinstance(node, ast.ClassDef):
            yield from _public(node, f"{prefix}{node.name}.")


def _is_exempt(path: str, node: type_of_definition) -> bool:
    """Tell whether somebody else documents it: Qt its overrides, the first of several its overloads."""
    if (
        path.startswith("annotator/ui/")
        and node.name != node.name.lower()
        and not isinstance(node, ast.ClassDef)
    ):
        return True
    decorators = {ast.unparse(decorator).rpartition(".")[2] for decorator in node.decorator_list}
    return bool(decorators & {"overload", "override", "setter"})
