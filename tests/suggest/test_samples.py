"""How good the candidates are on the sample articles: a floor that a change must not break through."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from annotator.model.annotation import RelationKey, SpanKey, fragments_of
from annotator.model.candidate import Proposal
from annotator.model.schema import Schema, parse_schema
from annotator.resources_path import resource_path, seeds_folder
from annotator.suggest.base import RELATIONS, Settings, Text
from annotator.suggest.engine import propose_all
from tests.suggest.helpers import a_text, needs_pipeline

Key = SpanKey | RelationKey


def _span(told: dict[str, Any]) -> SpanKey:
    return SpanKey(fragments_of((told["start"], told["end"])), told["label"])


def _gold() -> Iterator[tuple[Text, set[SpanKey], set[RelationKey]]]:
    for number, line in enumerate((seeds_folder() / "gold.jsonl").read_text(encoding="utf-8").splitlines()):
        told = json.loads(line)
        if told["meta"]["language"] == "en":
            relations = {
                RelationKey(_span(each["head_span"]), _span(each["child_span"]), each["label"])
                for each in told["relations"]
            }
            text = a_text(told["text"], document=number)
            yield text, {_span(each) for each in told["spans"]}, relations


def _drawn(proposals: tuple[Proposal, ...]) -> set[SpanKey]:
    """Give the best reading of each place."""
    best: dict[object, Proposal] = {}
    for each in proposals:
        if isinstance(each.what, SpanKey):
            place = each.what.fragments
            if place not in best or best[place].score < each.score:
                best[place] = each
    return {each.what for each in best.values() if isinstance(each.what, SpanKey)}


def _f1(gold: list[set[Any]], found: list[set[Any]]) -> float:
    hits = sum(len(one & other) for one, other in zip(gold, found, strict=True))
    return 2 * hits / (sum(map(len, gold)) + sum(map(len, found)))


@pytest.fixture(scope="module")
def schema() -> Schema:
    return parse_schema(resource_path("schemas", "news.toml").read_text(encoding="utf-8"))


@needs_pipeline
def test_candidates_of_the_samples_are_worth_confirming(schema: Schema) -> None:
    texts, spans, relations = zip(*_gold(), strict=True)
    found = propose_all(texts, Settings(schema=schema))
    assert _f1(list(spans), [_drawn(each.proposals) for each in found]) > 0.85
    made = [{each.what for each in one.proposals if isinstance(each.what, RelationKey)} for one in found]
    assert _f1(list(relations), made) > 0.75


def test_relations_between_the_right_spans_are_mostly_found(schema: Schema) -> None:
    made, gold = [], []
    for text, spans, relations in _gold():
        accepted = Text(
            document=1, text=text.text, language="en", tokens=text.tokens, accepted=tuple(sorted(spans))
        )
        found = propose_all([accepted], Settings(schema=schema, enabled=(RELATIONS,)))[0]
        made.append({each.what for each in found.proposals if isinstance(each.what, RelationKey)})
        gold.append(relations)
    assert _f1(gold, made) > 0.85
