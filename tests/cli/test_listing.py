"""`annotator formats`, and choices of formats in commands."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from annotator.cli.main import program
from annotator.formats import FORMATS


def run(*words: str | Path) -> tuple[int, str]:
    done = CliRunner().invoke(program, [str(word) for word in words])
    return done.exit_code, done.output


def test_all_formats_are_listed_with_their_choices() -> None:
    code, told = run("formats")
    assert code == 0
    assert all(f"{each.name}: " in told for each in FORMATS)
    assert "--set scheme=IOB2" in told
    listed = json.loads(run("formats", "--json")[1])
    assert [each["name"] for each in listed] == [each.name for each in FORMATS]


def test_a_choice_reaches_the_writer(tmp_path: Path) -> None:
    source = tmp_path / "a.conll"
    source.write_text("Anna\tB-PER\nSmith\tI-PER\nleft\tO\n", encoding="utf-8")
    code, _ = run("convert", source, tmp_path / "b.conll", "--set", "scheme=BIOES", "--set", "columns=4")
    assert code == 0
    assert "Smith\t-X-\t-X-\tE-PER" in (tmp_path / "b.conll").read_text(encoding="utf-8")


def test_a_wrong_choice_is_told(tmp_path: Path) -> None:
    source = tmp_path / "a.conll"
    source.write_text("Anna\tB-PER\n", encoding="utf-8")
    code, told = run("convert", source, tmp_path / "b.conll", "--set", "scheme")
    assert code == 2
    assert "NAME=VALUE" in told
    done = CliRunner().invoke(
        program, ["convert", str(source), str(tmp_path / "b.conll"), "--set", "scheme=IOB9"]
    )
    assert done.exit_code != 0
    assert not (tmp_path / "b.conll").exists()
