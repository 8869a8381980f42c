"""The floors: who may import whom, where Qt and SQL live, and what is imported late."""

from __future__ import annotations

import ast
import subprocess
import sys

import pytest

from tests.house import source

#: Slow to import, or a way to the network: never before the window is up.
LATE = frozenset(
    {
        "spacy",
        "thinc",
        "srsly",
        "pandas",
        "numpy",
        "pyarrow",
        "openpyxl",
        "resiliparse",
        "pycrfsuite",
        "doccano_client",
        "requests",
        "urllib3",
        "httpx",
        "keyring",
    }
)


def test_every_floor_sees_only_what_it_may() -> None:
    """The contracts of pyproject.toml hold; in a process of its own, as it sets logging up anew."""
    lint = "import importlinter.cli as linter; raise SystemExit(linter.lint_imports(no_cache=True))"
    run = subprocess.run(
        [sys.executable, "-c", lint], cwd=source.ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "0 broken" in run.stdout


def test_only_the_window_imports_qt() -> None:
    qt = frozenset({"PySide6", "shiboken6"})
    assert _importers_of(qt, home="annotator/ui/") == []


def test_only_the_store_imports_sql() -> None:
    assert _importers_of(frozenset({"sqlite3"}), home="annotator/store/") == []


def test_the_ground_floor_imports_the_standard_library_alone() -> None:
    foreign = [
        f"{path}:{line}: {name}"
        for path, tree in source.modules().items()
        if path.startswith("annotator/model/") or path == "annotator/resources_path.py"
        for line, name in source.imports_anywhere(tree)
        if name.partition(".")[0] not in sys.stdlib_module_names and not name.startswith("annotator.model")
    ]
    assert foreign == []


@pytest.mark.parametrize("room", ["formats", "suggest", "quality", "sync"])
def test_a_room_on_the_second_floor_sees_itself_and_the_model_alone(room: str) -> None:
    """Also for rooms that no contract names yet, since import-linter refuses one that is not built."""
    allowed = frozenset({f"annotator.{room}", "annotator.model", "annotator.resources_path"})
    seen = [
        f"{path}:{line}: {name}"
        for path, tree in source.modules().items()
        if path.startswith(f"annotator/{room}/")
        for line, name in source.imports_anywhere(tree)
        if name.partition(".")[0] == "annotator" and not source.is_of(name, allowed)
    ]
    assert seen == []


def test_slow_and_network_libraries_are_imported_inside_functions() -> None:
    early = [
        f"{path}:{line}: {name}"
        for path, tree in source.modules().items()
        for line, name in source.imports_at_start(tree)
        if source.is_of(name, LATE)
    ]
    assert early == []


@pytest.mark.parametrize(
    "text",
    [
        "import spacy",
        "from spacy.tokens import Doc",
        "try:\n    import spacy\nexcept ImportError:\n    spacy = None",
        "class A:\n    import spacy",
        "if TYPE_CHECKING:\n    pass\nelse:\n    import spacy",
        "import importlib\nspacy = importlib.import_module('spacy')",
        "if ready:\n    import json, spacy.tokens",
    ],
)
def test_an_early_import_is_noticed_wherever_it_hides(text: str) -> None:
    names = [name for _, name in source.imports_at_start(ast.parse(text))]
    assert any(source.is_of(name, LATE) for name in names)


@pytest.mark.parametrize(
    "text",
    [
        "def load():\n    import spacy",
        "if TYPE_CHECKING:\n    import spacy",
        "class A:\n    def load(self):\n        from spacy.tokens import Doc",
        "import spacy_alike",
    ],
)
def test_a_late_import_and_one_for_types_are_let_through(text: str) -> None:
    names = [name for _, name in source.imports_at_start(ast.parse(text))]
    assert not any(source.is_of(name, LATE) for name in names)


def _importers_of(libraries: frozenset[str], *, home: str) -> list[str]:
    return [
        f"{path}:{line}: {name}"
        for path, tree in source.modules().items()
        if not path.startswith(home)
        for line, name in source.imports_anywhere(tree)
        if source.is_of(name, libraries)
    ]
