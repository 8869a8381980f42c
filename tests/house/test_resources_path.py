"""The locator of shipped files, in a checkout, in a wheel and in a frozen program."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator import resources_path
from tests.house import source


@pytest.fixture(autouse=True)
def _forget_places() -> Iterator[None]:
    resources_path._shipped_folder.cache_clear()
    yield
    resources_path._shipped_folder.cache_clear()


def test_a_checkout_has_them_beside_the_package() -> None:
    assert resources_path.resource_path("schemas") == source.ROOT / "resources" / "schemas"
    assert resources_path.seeds_folder() == source.ROOT / "seeds"


def test_a_wheel_has_them_inside_the_package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    inside = tmp_path / "annotator" / "resources"
    inside.mkdir(parents=True)
    (tmp_path / "resources").mkdir()
    monkeypatch.setattr(resources_path, "__file__", str(tmp_path / "annotator" / "resources_path.py"))
    assert resources_path.resource_path("icons", "flag.svg") == inside / "icons" / "flag.svg"


def test_a_frozen_program_has_them_where_it_unpacks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    unpacked = tmp_path / "unpacked" / "resources"
    unpacked.mkdir(parents=True)
    monkeypatch.setattr(resources_path, "__file__", str(tmp_path / "none" / "resources_path.py"))
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path / "unpacked"), raising=False)
    assert resources_path.resource_path() == unpacked


def test_an_incomplete_installation_says_where_it_looked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(resources_path, "__file__", str(tmp_path / "annotator" / "resources_path.py"))
    with pytest.raises(FileNotFoundError, match="no folder 'seeds'"):
        resources_path.seeds_folder()
