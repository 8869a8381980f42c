"""`annotator formats`, and choices of formats in commands."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
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


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Write a file of doccano whose offsets count UTF-16 units."""
    path = tmp_path / "a.jsonl"
    path.write_text(
        '{"text": "\\ud83d\\ude00 Ada left Oslo", "label": [[3, 6, "PERSON"]]}\n', encoding="utf-8"
    )
    return path


def words_of(path: Path) -> list[str]:
    """Give the words of the spans in a file of Prodigy."""
    (line,) = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return [line["text"][each["start"] : each["end"]] for each in line["spans"]]


def test_the_source_and_the_target_are_told_apart(source: Path, tmp_path: Path) -> None:
    there = ["--from", "doccano", "--to", "prodigy"]
    code, _ = run("convert", source, tmp_path / "u.jsonl", *there, "--read-set", "offsets=utf16")
    assert (code, words_of(tmp_path / "u.jsonl")) == (0, ["Ada"])
    code, _ = run("convert", source, tmp_path / "c.jsonl", *there, "--read-set", "offsets=codepoints")
    assert (code, words_of(tmp_path / "c.jsonl")) == (0, ["da"])
    both = ["--to", "doccano", "--read-set", "offsets=utf16", "--set", "offsets=codepoints"]
    code, _ = run("convert", source, tmp_path / "d.jsonl", *both)
    told = json.loads((tmp_path / "d.jsonl").read_text(encoding="utf-8"))
    assert (code, told["label"]) == (0, [[2, 5, "PERSON"]])


def test_a_choice_that_nobody_knows_is_refused_and_told_where_it_belongs(
    source: Path, tmp_path: Path
) -> None:
    def refused(*words: str | Path) -> str:
        code, told = run(*words)
        assert code == 2
        return " ".join(told.split())

    out = tmp_path / "b.conll"
    told = refused("convert", source, out, "--set", "offsets=utf16")
    assert "CoNLL (tagged tokens), written, knows no 'offsets'" in told
    assert "it can be told scheme, columns, separator." in told
    assert "For the source say --read-set offsets=…." in told
    assert "What is read knows no 'scheme'" in refused("convert", source, out, "--read-set", "scheme=IOB2")
    told = refused("convert", source, out, "--read-set", "offset=utf16", "--from", "doccano")
    assert "doccano JSONL, read, knows no 'offset'; it can be told offsets." in told
    assert "say --encoding" in refused("import", tmp_path / "p.annot", source, "--set", "encoding=cp1252")
    told = refused(
        "export", tmp_path / "p.annot", tmp_path / "x.annot.jsonl", "--set", "x=1", "--like", source
    )
    assert "--set does not go with --like" in told
    assert not out.exists()


def test_a_file_of_another_encoding_and_language_is_converted(tmp_path: Path) -> None:
    source = tmp_path / "a.txt"
    source.write_bytes("Zoë ging z.B. heim.".encode("cp1252"))
    done = CliRunner().invoke(program, ["convert", str(source), str(tmp_path / "b.annot.jsonl")])
    assert "not UTF-8" in str(done.exception)
    code, _ = run("convert", source, tmp_path / "b.annot.jsonl", "--encoding", "cp1252", "--language", "de")
    told = json.loads((tmp_path / "b.annot.jsonl").read_text(encoding="utf-8").splitlines()[-1])
    assert (code, told["text"], told["language"]) == (0, "Zoë ging z.B. heim.", "de")
