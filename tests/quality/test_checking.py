"""The rules of one document, on values alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from annotator.model.annotation import (
    Fragment,
    Provenance,
    Reason,
    Rejection,
    Relation,
    RelationKey,
    Span,
    SpanKey,
)
from annotator.model.candidate import Proposal
from annotator.model.document import Document, State, Tokens, content_hash
from annotator.model.limits import FRAGMENT_LIMIT
from annotator.quality.checking import Article, breaches_in
from tests.builders import SCHEMA

TEXT = "Ada met Bob.\r\nSo\u0308 what?"
WHO = Provenance(annotator="Mara", at=1.0)
ADA, BOB = (Fragment(0, 3),), (Fragment(8, 11),)


def span(key: int, fragments: Any = ADA, label: str = "PERSON", layer: int = 1) -> Span:
    return Span(
        key=key, id=f"s{key}", document=7, layer=layer, fragments=fragments, label=label, provenance=WHO
    )


def relation(head: int, child: int, label: str = "MET") -> Relation:
    return Relation(key=1, id="r1", document=7, layer=1, head=head, child=child, label=label, provenance=WHO)


def article(**different: Any) -> Article:
    document = Document(
        key=7,
        id="d",
        batch=1,
        title="A",
        language="en",
        length=len(TEXT),
        hash=content_hash(TEXT),
        source="a",
    )
    sound = Article(
        document=document,
        text=TEXT,
        tokens=Tokens([0, 4, 8], [3, 7, 11], [0, 2]),
        layers={1},
        spans=(span(1), span(2, BOB)),
        relations=(relation(1, 2),),
        rejections=(),
        proposals=(Proposal(what=SpanKey(BOB, "GPE"), suggester="x", score=1.0),),
        seen=True,
        undecided=0,
    )
    return replace(sound, **different)


def told(found: Article) -> list[str]:
    return [f"{each.rule}: {each.message}" for each in breaches_in(found, SCHEMA)]


def test_a_sound_document_breaks_nothing() -> None:
    assert told(article()) == []


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (article(text=TEXT[:-1]), f"text: Its length is kept as {len(TEXT)}"),
        (article(tokens=Tokens([0, 2], [3, 7])), "tokens: Token 1 (2 to 7)"),
        (article(tokens=Tokens([0], [3], [0, 0])), "do not rise"),
        (article(spans=(span(1), span(2, BOB), span(3, (Fragment(12, 13),)))), "cuts a character"),
        (article(spans=(span(1), span(2, BOB), span(3, (Fragment(15, 16),)))), "cuts a character"),
        (article(spans=(span(1), span(2, ())), relations=()), "it has 0 fragments"),
        (article(spans=(span(1), span(2, BOB, "THING"))), "'THING' is not an entity type"),
        (article(spans=(span(1), span(2, BOB, layer=2))), "its layer is not one"),
        (article(spans=(span(1), span(2))), "double: Two spans are at 0 to 3"),
        (article(relations=(relation(1, 1),)), "its ends are one span"),
        (article(relations=(relation(1, 9),)), "its child is not a span"),
        (article(relations=(relation(1, 2, "ATE"),)), "'ATE' is not a relation type"),
        (article(relations=(relation(1, 2), relation(1, 2))), "double: Two relations 'MET'"),
        (article(proposals=(Proposal(what=SpanKey(BOB, "GPE"), suggester="x", score=1.5),)), "the score 1.5"),
    ],
)
def test_a_breach_is_named(found: Article, words: str) -> None:
    assert any(words in each for each in told(found)), told(found)


@pytest.mark.parametrize(("count", "breaks"), [(FRAGMENT_LIMIT, False), (FRAGMENT_LIMIT + 1, True)])
def test_a_span_has_so_many_fragments_and_no_more(count: int, breaks: bool) -> None:  # noqa: FBT001
    text = "a " * count
    document = replace(article().document, length=len(text), hash=content_hash(text))
    many = span(1, tuple(Fragment(2 * each, 2 * each + 1) for each in range(count)))
    found = told(article(document=document, text=text, tokens=None, spans=(many,), relations=()))
    assert any("fragments" in each for each in found) == breaks


def test_a_rejected_relation_lies_in_the_text_with_both_ends() -> None:
    what = RelationKey(SpanKey(ADA, "PERSON"), SpanKey((Fragment(90, 91),), "PERSON"), "MET")
    rejected = Rejection(key=1, id="j1", document=7, layer=1, what=what, reason=Reason.WRONG, provenance=WHO)
    assert told(article(rejections=(rejected,))) == [
        f"rejection: Rejection j1: the fragment 90 to 91 leaves the text of {len(TEXT)} characters."
    ]


def test_only_a_document_with_nothing_undecided_is_done() -> None:
    done = replace(article().document, state=State.DONE)
    assert told(article(document=done)) == []
    assert told(article(document=done, undecided=2)) == [
        "state: It is done, but 2 of its candidates are undecided."
    ]
    assert told(article(document=done, undecided=2, seen=False)) == []
