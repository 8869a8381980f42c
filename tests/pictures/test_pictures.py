"""The maker of pictures makes all of them, the same each time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from tests.pictures.__main__ import main
from tests.pictures.scenes import SCENES
from tests.pictures.taking import Studio


@pytest.fixture
def studio() -> Iterator[Studio]:
    with Studio() as studio:
        yield studio


@pytest.mark.parametrize("name", SCENES)
def test_every_scene_can_be_taken(studio: Studio, name: str) -> None:
    image = SCENES[name](studio, 1)
    colors = {image.pixel(x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)}
    assert len(colors) > 50


def test_a_picture_is_the_same_each_time_and_finer_at_twice_the_pixels(studio: Studio) -> None:
    first, second = (SCENES["article_dark"](studio, 1) for _ in range(2))
    assert first == second
    finer = SCENES["article_dark"](studio, 2)
    assert finer.size() == first.size() * 2
    assert finer.devicePixelRatio() == 2


def test_pictures_are_written_by_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "new"), "states"]) == 0
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["states.png", "states@2x.png"]
    assert QImage(str(tmp_path / "new" / "states@2x.png")).width() == 2 * 3 * 640
    assert main([str(tmp_path), "no_such_scene"]) == 2
    assert "states" in capsys.readouterr().out
