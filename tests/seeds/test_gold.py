"""The gold annotation of `seeds/` fits the articles, their tokens and the schema `news`.

Nothing of the program is used here, so that no reader of ours can hide a fault in the files.
"""

from __future__ import annotations

import itertools
import json
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
SEEDS = ROOT / "seeds"
SCHEMA: dict[str, Any] = tomllib.loads(
    (ROOT / "resources" / "schemas" / "news.toml").read_text(encoding="utf-8")
)
ENTITY_KEYS = {
    "PERSON": "1",
    "ROLE": "2",
    "ORG": "3",
    "GPE": "4",
    "LOC": "5",
    "FAC": "6",
    "NORP": "7",
    "DATE": "8",
    "EVENT": "9",
}
RELATION_KEYS = {
    "HOLDS_ROLE": "1",
    "ROLE_OF": "2",
    "MEMBER_OF": "3",
    "LOCATED_IN": "4",
    "VISITED": "5",
    "MET": "6",
    "SPOKE_WITH": "7",
    "BORN_IN": "8",
}
END_FIELDS = ("start", "end", "token_start", "token_end", "label")
POSSESSIVES = ("'s", "’s", "s'", "s’", "'", "’")
ARTICLES = {
    "en": ("the ", "a ", "an "),
    "de": ("der ", "die ", "das ", "den ", "dem ", "des ", "ein ", "eine ", "einem ", "einen ", "einer "),
}
NAMES_WITH_ARTICLE = {"The Hague"}

Record = dict[str, Any]

RECORDS: list[Record] = [
    json.loads(line) for line in (SEEDS / "gold.jsonl").read_text(encoding="utf-8").split("\n") if line
]

each_article = pytest.mark.parametrize(
    "record", RECORDS, ids=[record["meta"]["source"] for record in RECORDS]
)


def _span_at(record: Record, end: dict[str, Any]) -> dict[str, Any]:
    """Return the span that an end of a relation names; fails when there is none."""
    found = [span for span in record["spans"] if all(span[name] == end[name] for name in END_FIELDS)]
    assert len(found) == 1, end
    return dict(found[0])


def _used(kind: str) -> Counter[str]:
    return Counter(item["label"] for record in RECORDS for item in record[kind])


def test_every_article_has_exactly_one_annotation_in_the_order_of_the_files() -> None:
    files = sorted(path.name for path in SEEDS.glob("*.txt"))
    assert len(files) >= 8
    assert [record["meta"]["source"] for record in RECORDS] == files


def test_the_schema_has_the_types_and_keys_of_the_news_preset() -> None:
    assert SCHEMA["name"] == "news"
    assert {entity["name"]: entity["key"] for entity in SCHEMA["entity"]} == ENTITY_KEYS
    assert {relation["name"]: relation["key"] for relation in SCHEMA["relation"]} == RELATION_KEYS
    assert [entity["name"] for entity in SCHEMA["entity"]] == list(ENTITY_KEYS)
    assert [relation["name"] for relation in SCHEMA["relation"]] == list(RELATION_KEYS)


def test_every_type_of_the_schema_explains_itself_with_examples() -> None:
    for kind in (*SCHEMA["entity"], *SCHEMA["relation"]):
        assert kind["summary"].strip(), kind["name"]
        assert "\n" not in kind["summary"], kind["name"]
        assert "**Yes:**" in kind["guideline"], kind["name"]
        assert "**No:**" in kind["guideline"], kind["name"]


def test_entity_types_have_colours_of_their_own() -> None:
    colours = [entity["color"] for entity in SCHEMA["entity"]]
    assert sorted(colours) == sorted(
        ("blue", "slate", "teal", "orange", "coral", "indigo", "pink", "olive", "violet")
    )


def test_every_type_of_the_schema_is_used() -> None:
    assert set(_used("spans")) == set(ENTITY_KEYS)
    assert set(_used("relations")) == set(RELATION_KEYS)


def test_both_languages_and_emoji_outside_the_first_plane_are_present() -> None:
    assert {record["meta"]["language"] for record in RECORDS} == {"en", "de"}
    # Spans behind such a character tell code points from UTF-16 units.
    assert any(
        ord(character) > 0xFFFF
        for record in RECORDS
        for character in record["text"][: record["spans"][-1]["start"]]
    )
    assert any("\u200d" in record["text"] for record in RECORDS)


@each_article
def test_the_text_is_that_of_the_file_to_the_last_character(record: Record) -> None:
    content = (SEEDS / record["meta"]["source"]).read_bytes().decode("utf-8")
    assert record["text"] == content
    assert content.split("\n")[0] == record["meta"]["title"]


@each_article
def test_articles_are_short_and_their_paragraphs_are_single_lines(record: Record) -> None:
    lines = record["text"].split("\n")
    assert 150 <= len(record["text"].split()) <= 600
    assert all(line and line == line.strip() for line in lines)
    assert "\r" not in record["text"]


@each_article
def test_it_was_accepted_as_a_relations_task(record: Record) -> None:
    assert record["answer"] == "accept"
    assert record["_view_id"] == "relations"
    assert record["spans"]
    assert record["relations"]


@each_article
def test_the_tokens_rebuild_the_text(record: Record) -> None:
    tokens = record["tokens"]
    assert "".join(token["text"] + " " * token["ws"] for token in tokens) == record["text"]
    assert [token["id"] for token in tokens] == list(range(len(tokens)))
    assert all(record["text"][token["start"] : token["end"]] == token["text"] for token in tokens)


@each_article
def test_every_span_lies_on_token_borders_and_says_what_it_covers(record: Record) -> None:
    tokens = record["tokens"]
    for span in record["spans"]:
        assert 0 <= span["start"] < span["end"] <= len(record["text"]), span
        assert record["text"][span["start"] : span["end"]] == span["text"], span
        assert tokens[span["token_start"]]["start"] == span["start"], span
        assert tokens[span["token_end"]]["end"] == span["end"], span


@each_article
def test_spans_are_in_order_and_do_not_overlap(record: Record) -> None:
    for left, right in itertools.pairwise(record["spans"]):
        assert left["end"] <= right["start"], (left, right)


@each_article
def test_spans_follow_the_guidelines_that_a_rule_can_check(record: Record) -> None:
    articles = ARTICLES[record["meta"]["language"]]
    for span in record["spans"]:
        surface = span["text"]
        assert span["label"] in ENTITY_KEYS, span
        assert surface == surface.strip(" \n.,;:!?\"“”„'’#@"), span
        assert surface in NAMES_WITH_ARTICLE or not surface.lower().startswith(articles), span
        assert not surface.endswith(POSSESSIVES), span


@each_article
def test_a_surface_has_one_label_throughout_an_article(record: Record) -> None:
    labels: dict[str, set[str]] = {}
    for span in record["spans"]:
        labels.setdefault(span["text"], set()).add(span["label"])
    assert {surface: found for surface, found in labels.items() if len(found) > 1} == {}


@each_article
def test_no_mention_of_an_annotated_name_was_overlooked(record: Record) -> None:
    spans, tokens = record["spans"], record["tokens"]
    covered = {index for span in spans for index in range(span["token_start"], span["token_end"] + 1)}
    # Names only: a role such as "coach" may also be a verb.
    names = {
        tuple(token["text"] for token in tokens[span["token_start"] : span["token_end"] + 1])
        for span in spans
        if span["label"] != "ROLE"
    }
    overlooked = [
        " ".join(name)
        for name in names
        for start in range(len(tokens) - len(name) + 1)
        if tuple(token["text"] for token in tokens[start : start + len(name)]) == name
        and start not in covered
    ]
    assert overlooked == []


@each_article
def test_relations_join_spans_that_exist_by_their_last_tokens(record: Record) -> None:
    for relation in record["relations"]:
        head = _span_at(record, relation["head_span"])
        child = _span_at(record, relation["child_span"])
        assert head != child, relation
        assert relation["head"] == head["token_end"], relation
        assert relation["child"] == child["token_end"], relation


@each_article
def test_relations_are_legal_in_the_schema(record: Record) -> None:
    types = {relation["name"]: relation for relation in SCHEMA["relation"]}
    for relation in record["relations"]:
        kind = types[relation["label"]]
        assert relation["head_span"]["label"] in kind["heads"], relation
        assert relation["child_span"]["label"] in kind["children"], relation


@each_article
def test_no_relation_is_given_twice_and_symmetric_ones_run_forwards(record: Record) -> None:
    symmetric = {relation["name"] for relation in SCHEMA["relation"] if relation["symmetric"]}
    assert symmetric == {"MET", "SPOKE_WITH"}
    counts = Counter(
        (relation["head"], relation["child"], relation["label"]) for relation in record["relations"]
    )
    assert [key for key, count in counts.items() if count > 1] == []
    for relation in record["relations"]:
        if relation["label"] in symmetric:
            assert relation["head_span"]["end"] <= relation["child_span"]["start"], relation
