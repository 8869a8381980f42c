"""Relations of a text become ties and come back as proposals, with the reasons of all who speak for them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from annotator.model.annotation import Fragment, RelationKey, SpanKey
from annotator.model.candidate import SHOWN, SHOWN_FROM, Proposal
from annotator.model.schema import EntityType, RelationType, Schema
from annotator.suggest.base import Settings, Text
from annotator.suggest.engine import learn_all, propose_all
from annotator.suggest.learning.relating import Relations
from annotator.suggest.teaching import Decided
from annotator.suggest.ties import LEARNT_RELATIONS, held, ranked_relations, said_of, ties_of
from tests.builders import marked, plain_tokens

WORK = Schema(
    (EntityType(name="WORKER"), EntityType(name="TOOL")),
    (
        RelationType(name="BOUGHT", heads=("WORKER",), children=("TOOL",)),
        RelationType(name="BESIDE", heads=("WORKER",), children=("WORKER",), symmetric=True),
    ),
)
WORKERS = ("Zora", "Quill", "Mabe", "Torv", "Ilse", "Okan", "Pell", "Runa")
TOOLS = ("saw", "axe", "file", "lathe", "plane", "drill", "adze", "vice")


def a_text(written: str, *related: tuple[int, int, str], document: int = 1) -> Text:
    """Make a text whose marked words are accepted; relations name them by their number."""
    text, spans = marked(written)
    return Text(
        document=document,
        text=text,
        language="en",
        tokens=plain_tokens(text),
        accepted=tuple(spans),
        related=tuple(RelationKey(spans[head], spans[child], label) for head, child, label in related),
    )


def lessons() -> list[Decided]:
    """Make finished documents in which workers buy one tool and leave another."""
    found = []
    for number in range(8):
        worker, tool, other = WORKERS[number], TOOLS[number], TOOLS[(number + 3) % 8]
        written = f"[{worker}](WORKER) acquired the [{tool}](TOOL) but left the [{other}](TOOL)."
        found.append(Decided(text=a_text(written, (0, 1, "BOUGHT"), document=number), evidence=str(number)))
    return found


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Let nothing find entities, and learning and relations work."""
    return Settings(schema=WORK, enabled=("relations",), learnt=str(tmp_path / "learnt"))


def test_ties_lie_on_tokens_and_those_without_direction_begin_with_the_first() -> None:
    text = a_text("[Zora](WORKER) met [Quill](WORKER).", (1, 0, "BESIDE"), (1, 0, "BOUGHT"))
    found = {each.label: (each.head.first, each.child.first) for each in ties_of(text, text.related, WORK)}
    assert found == {"BESIDE": (0, 2), "BOUGHT": (2, 0)}


def test_what_is_no_place_is_no_tie() -> None:
    text = a_text("[Zora](WORKER) has a [saw](TOOL).")
    zora, saw = text.accepted
    parted = SpanKey((Fragment(0, 2), Fragment(3, 4)), "WORKER")
    assert ties_of(text, [RelationKey(parted, saw, "BOUGHT")], WORK) == ()
    proposal = Proposal(what=RelationKey(parted, saw, "BOUGHT"), suggester="p", score=0.9, reason="r")
    assert said_of(text, [proposal, replace(proposal, what=zora)], WORK) == ()
    kept = ranked_relations(text, (), [proposal], Relations(), WORK)
    assert kept == (proposal,), "nothing is lost that learning cannot see"


def test_a_relation_learnt_from_finished_documents_is_proposed_with_its_reason(settings: Settings) -> None:
    learn_all(lessons(), settings, anew=True)
    later = a_text("[Bette](WORKER) acquired the [router](TOOL) but left the [sander](TOOL).", document=99)
    bette, router, _ = later.accepted
    (answer,) = propose_all([later], settings)
    (found,) = [each for each in answer.proposals if isinstance(each.what, RelationKey)]
    assert found.what == RelationKey(bette, router, "BOUGHT")
    assert found.suggester == LEARNT_RELATIONS
    assert found.reason.endswith("likely by its words, learnt from 6 documents here")
    assert 0.3 < found.score < 1


def test_what_the_schema_has_not_any_more_is_not_proposed(settings: Settings) -> None:
    learn_all(lessons(), settings, anew=True)
    later = a_text("[Bette](WORKER) acquired the [router](TOOL) but left the [sander](TOOL).", document=99)
    without = replace(settings, schema=Schema(WORK.entities, WORK.relations[1:]))
    (answer,) = propose_all([later], without)
    assert not [each for each in answer.proposals if isinstance(each.what, RelationKey)]


def test_relations_can_be_switched_off(settings: Settings) -> None:
    learn_all(lessons(), settings, anew=True)
    later = a_text("[Bette](WORKER) acquired the [router](TOOL) but left the [sander](TOOL).", document=99)
    (answer,) = propose_all([later], replace(settings, relations=False))
    assert answer.proposals == ()


def test_patterns_keep_their_reason_and_share_the_score() -> None:
    text = a_text("[Zora](WORKER) holds the [saw](TOOL).")
    zora, saw = text.accepted
    proposal = Proposal(
        what=RelationKey(zora, saw, "BOUGHT"), suggester="relation patterns", score=0.6, reason="holds"
    )
    (found,) = ranked_relations(text, (), [proposal], Relations(), WORK)
    assert found == proposal


def test_what_is_too_weak_to_be_shown_is_kept_below_what_is_shown() -> None:
    text = a_text("[Zora](WORKER) holds the [saw](TOOL).")
    zora, saw = text.accepted
    for score, handed_over in ((0.6, 0.6), (0.35, 0.35), (0.3499, 0.249), (0.28, 0.2)):
        proposal = Proposal(what=RelationKey(zora, saw, "BOUGHT"), suggester="p", score=score, reason="r")
        (found,) = ranked_relations(text, (), [proposal], Relations(), WORK)
        assert found.score == held(proposal).score == handed_over


def test_relations_that_are_hardly_likely_are_handed_over_for_who_wants_more(settings: Settings) -> None:
    learn_all(lessons(), settings, anew=True)
    later = a_text("[Bette](WORKER) did but left the [router](TOOL).", document=99)
    (answer,) = propose_all([later], settings)
    (found,) = [each for each in answer.proposals if isinstance(each.what, RelationKey)]
    assert SHOWN_FROM[-1] <= found.score < SHOWN
