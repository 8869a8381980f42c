"""Real corpora and hard cases that some machines have beside the checkout."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from annotator.formats import FORMATS, detect, format_named
from annotator.formats.base import is_accepted, is_candidate
from annotator.model.document import State
from annotator.model.record import Problem, Record
from tests.formats.samples import SCHEMA, SHARED, held, is_here, read_all, read_back, refused, write_all

pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data are not on this machine")
NASTY = SHARED / "nasty"


def read(path: Path) -> tuple[list[Record], list[Problem]]:
    if not path.exists():
        pytest.skip(f"{path.name} is not on this machine")
    return read_all(detect(path), path)


def counts(records: list[Record]) -> tuple[int, int, int]:
    return (
        len(records),
        sum(len(record.spans) for record in records),
        sum(len(record.relations) for record in records),
    )


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("drugs_eval", (500, 362, 0)),
        ("fashion_brands_training", (1235, 527, 0)),
        ("recipes_annotated_news_headlines-ORG-PERSON-LOCATION-ner", (373, 303, 0)),
        ("recipes_bio_events", (129, 422, 0)),
        ("recipes_plot_summaries", (200, 0, 0)),
        ("tweets_demo", (1, 1, 0)),
    ],
)
def test_real_files_are_read_whole(name: str, expected: tuple[int, int, int]) -> None:
    path = SHARED / "prodigy" / f"{name}.jsonl"
    records, problems = read(path)
    assert counts(records) == expected
    assert problems == []
    raw = [json.loads(line) for line in path.read_bytes().split(b"\n") if line.strip()]
    for record, task in zip(records, raw, strict=True):
        words = [record.text[span.fragments[0].start : span.fragments[0].end] for span in record.spans]
        assert words == [task["text"][span["start"] : span["end"]] for span in task.get("spans", [])]
        assert (record.tokens is None) == ("tokens" not in task)


def test_relations_of_a_real_file() -> None:
    path = SHARED / "prodigy" / "rel_component_dev60.jsonl"
    records, problems = read(path)
    raw = [json.loads(line) for line in path.read_bytes().split(b"\n") if line.strip()]
    doubles = [problem for problem in problems if "stands there twice" in problem.message]
    assert problems == doubles
    assert sum(len(record.relations) for record in records) + len(doubles) == sum(
        len(task["relations"]) for task in raw
    )
    for record, task in zip(records, raw, strict=True):
        ends = {(record.spans[each.head].fragments[0].start, each.label) for each in record.relations}
        assert ends == {(each["head_span"]["start"], each["label"]) for each in task["relations"]}


def test_tokens_of_relations_are_written_as_they_were(tmp_path: Path) -> None:
    """The last token of a span is inclusive, and a relation joins the last tokens of its ends, as in the real file."""
    path = SHARED / "prodigy" / "rel_component_dev60.jsonl"
    records, _ = read(path)
    write_all(format_named("prodigy"), tmp_path / "out.jsonl", records)
    before, after = (
        [json.loads(line) for line in each.read_bytes().split(b"\n") if line.strip()]
        for each in (path, tmp_path / "out.jsonl")
    )
    for old, new in zip(before, after, strict=True):
        assert [token["text"] for token in new["tokens"]] == [token["text"] for token in old["tokens"]]
        places = ("start", "end", "token_start", "token_end", "label")
        assert {tuple(span[name] for name in places) for span in new["spans"]} == {
            tuple(span[name] for name in places) for span in old["spans"]
        }
        assert {(each["head"], each["child"], each["label"]) for each in new["relations"]} == {
            (each["head"], each["child"], each["label"]) for each in old["relations"]
        }


@pytest.mark.parametrize("name", ["drugs_patterns", "patterns_disable_bio_rel"])
def test_patterns_are_refused_once(name: str) -> None:
    records, problems = read(SHARED / "prodigy" / f"{name}.jsonl")
    assert records == []
    ((line, message),) = refused(problems)
    assert (line, "patterns" in message) == (0, True)


@pytest.mark.parametrize(
    "target",
    [each for each in FORMATS if each.write is not None and not each.folder_of and is_here(each)],
    ids=lambda each: each.name,
)
@pytest.mark.parametrize(
    "name", ["rel_component_dev60", "recipes_annotated_news_headlines-ORG-PERSON-LOCATION-ner", "tweets_demo"]
)
def test_real_files_come_back_from_every_format(name: str, target: object, tmp_path: Path) -> None:
    found = format_named(target.name)  # type: ignore[attr-defined]
    records, _ = read(SHARED / "prodigy" / f"{name}.jsonl")
    out = tmp_path / f"out{found.suffixes[0]}"
    records = [each for each in records if found.keeps(each, found.options(), SCHEMA) is not None]
    write_all(found, out, records)
    back, problems = read_back(found, out)
    assert refused(problems) == []
    assert [held(found, each) for each in back] == [held(found, each) for each in records]


def test_emoji_marks_and_right_to_left() -> None:
    path = NASTY / "prodigy" / "unicode_ok.jsonl"
    records, problems = read(path)
    assert (counts(records), problems) == ((3, 14, 0), [])
    raw = [json.loads(line) for line in path.read_bytes().split(b"\n") if line.strip()]
    for record, task in zip(records, raw, strict=True):
        words = [record.text[span.fragments[0].start : span.fragments[0].end] for span in record.spans]
        assert words == [span["text"] for span in task["spans"]]


@pytest.mark.parametrize(
    ("name", "documents", "lines"),
    [
        ("broken_line_middle", 4, [3]),
        ("non_objects", 2, list(range(2, 12))),
        ("u2028_raw_in_string", 2, []),
    ],
)
def test_broken_lines_are_named(name: str, documents: int, lines: list[int]) -> None:
    records, problems = read(NASTY / "prodigy" / f"{name}.jsonl")
    assert (len(records), [line for line, _ in refused(problems)]) == (documents, lines)


def test_bad_spans_are_told_one_by_one() -> None:
    path = NASTY / "prodigy" / "bad_spans.jsonl"
    records, problems = read(path)
    assert len(records) == 14
    kept = {
        (record.metadata["case"], record.text[span.fragments[0].start : span.fragments[0].end], span.label)
        for record in records
        for span in record.spans
    }
    assert kept == {
        ("end beyond text", "Anna", "PERSON"),
        ("label missing/null/empty/number/padded", "Bob", "PERSON"),
        ("whitespace at both edges", "Smith", "PERSON"),
        ("inside a word", "nn", "PERSON"),
    }
    assert Counter(problem.line for problem in problems) == Counter(
        {1: 1, 2: 1, 3: 1, 4: 1, 5: 1, 6: 5, 7: 5, 8: 1, 9: 1, 11: 1, 12: 3}
    )


def test_overlaps_stay() -> None:
    records, problems = read(NASTY / "prodigy" / "overlap_nested_dup.jsonl")
    assert counts(records) == (6, 12, 0)
    assert [problem.refused for problem in problems] == [False]


def test_odd_relations_keep_the_good_ones() -> None:
    records, problems = read(NASTY / "prodigy" / "relations_odd.jsonl")
    kept = {record.metadata["case"]: [each.label for each in record.relations] for record in records}
    assert kept == {
        "good": ["VISITED"],
        "self relation": [],
        "duplicate relation": ["VISITED"],
        "two labels same pair": ["VISITED", "LIKES"],
        "cycle": ["R", "R", "R"],
        "child span has null label and is not in spans": [],
        "token indices only, no head_span": [],
        "token index out of range": [],
        "relation label null": [],
        "head span outside text": [],
        "relation endpoints not in spans": ["VISITED"],
        "right-to-left relation": ["VISITED"],
    }
    assert len(refused(problems)) == 6


def test_answers() -> None:
    records, _ = read(NASTY / "prodigy" / "answers.jsonl")
    assert [record.state for record in records] == [
        State.DONE,
        State.SKIPPED,
        State.SKIPPED,
        None,
        None,
        None,
    ]
    spans = [record.spans[0] for record in records]
    assert [span.rejected for span in spans] == [False, True, False, False, False, False]
    assert [is_candidate(span) for span in spans] == [False, False, True, False, False, False]


def test_unknown_fields_are_written_back(tmp_path: Path) -> None:
    path = NASTY / "prodigy" / "unknown_fields_roundtrip.jsonl"
    records, _ = read(path)
    write_all(format_named("prodigy"), tmp_path / "out.jsonl", records)
    before, after = json.loads(path.read_bytes()), json.loads((tmp_path / "out.jsonl").read_bytes())
    assert {name: after[name] for name in before if name != "meta"} == {
        name: value for name, value in before.items() if name != "meta"
    }
    assert after["meta"]["n"] == before["meta"]["n"]


@pytest.mark.parametrize(
    ("name", "expected"), [("20000_docs", (20000, 20000, 0)), ("2000_relations", (1, 5000, 2000))]
)
def test_large_files_are_read_whole(name: str, expected: tuple[int, int, int]) -> None:
    records, problems = read(NASTY / "prodigy" / f"{name}.jsonl")
    assert (counts(records), problems) == (expected, [])


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("zero_bytes", "holds no text"),
        ("invalid_utf8", "is not UTF-8: byte 0xFF at position 11"),
    ],
)
def test_texts_that_are_none(name: str, words: str) -> None:
    records, problems = read(NASTY / "txt" / f"{name}.txt")
    assert records == []
    assert words in problems[0].message


@pytest.mark.parametrize(
    "name", ["control_chars", "crlf_bom", "emoji_zwj_astral", "rtl_mix", "single_line_5mb"]
)
def test_texts_are_kept_character_by_character(name: str) -> None:
    path = NASTY / "txt" / f"{name}.txt"
    (record,), problems = read(path)
    assert record.text == path.read_bytes().decode("utf-8-sig")
    assert problems == []


def test_utf_16_is_read_and_told() -> None:
    (record,), problems = read(NASTY / "txt" / "utf16le_bom.txt")
    assert record.text == "Hello Zoë 😀\n"
    assert [problem.refused for problem in problems] == [False]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("random_bytes", "is not a spaCy DocBin"),
        ("truncated", "is cut off"),
        ("inflate_bomb_300mb", "is not a spaCy DocBin"),
    ],
)
def test_broken_docbins(name: str, words: str) -> None:
    records, problems = read(NASTY / "docbin" / f"{name}.spacy")
    assert records == []
    assert words in problems[0].message


def test_a_docbin_and_its_source_hold_the_same() -> None:
    (ours,), _ = read(SHARED / "docbin" / "tweets_demo.spacy")
    (theirs,), _ = read(SHARED / "prodigy" / "tweets_demo.jsonl")
    # The DocBin was made with a space after the last token.
    assert ours.text.rstrip() == theirs.text
    assert [span.identity for span in ours.spans] == [span.identity for span in theirs.spans]
    assert ours.tokens is not None
    assert theirs.tokens is not None
    assert list(ours.tokens.starts) == list(theirs.tokens.starts)


def test_a_docbin_of_many_documents() -> None:
    records, problems = read(SHARED / "docbin" / "made_tweets_ents.spacy")
    assert sum(map(is_accepted, (span for record in records for span in record.spans))) == 244
    assert len(records) + len(refused(problems)) == 523
    assert {record.state for record in records} == {State.DONE}
