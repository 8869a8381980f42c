"""What holds for any text: proposals lie on token borders, come once, and come again the same."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.model.annotation import RelationKey, SpanKey, fragments_of
from annotator.suggest.base import RELATIONS, ROLES, Settings, Suggestions, Text
from annotator.suggest.engine import propose_all
from annotator.suggest.fixes import Found, mended
from annotator.suggest.names import corrected
from annotator.suggest.words import Places, Words
from tests.suggest.helpers import NEWS, PIPELINE, a_text

LABELS = ["PERSON", "ORG", "GPE", "LOC", "FAC", "NORP", "DATE", "PRODUCT", "EVENT"]
WORDS = """Prime Minister President mayor of the The Ann Roe Roe's Norlab , . ; : — - ( ) " “ ” ’s in at met visited and
who was born Odda Lake Orrin region May 2024 between nine years director's head for 🇺🇸 東京 é́ # @ex\u00a0y
''' Inc. J. she She its he said told San Bay"""
PIECES = st.sampled_from(WORDS.split())
TEXTS = st.lists(PIECES, max_size=40).map(lambda pieces: " ".join(pieces).replace(" ,", ","))
RULES = Settings(schema=NEWS, enabled=(ROLES, RELATIONS))
ALL = Settings(schema=NEWS)


def _check(text: Text, found: Suggestions) -> None:
    spans = {each.what for each in found.proposals if isinstance(each.what, SpanKey)} | set(text.accepted)
    for proposal in found.proposals:
        assert 0 < proposal.score <= 1
        if isinstance(proposal.what, RelationKey):
            assert {proposal.what.head, proposal.what.child} <= spans
            assert proposal.what.head != proposal.what.child
            relation = NEWS.relation(proposal.what.label)
            assert relation is not None
            assert relation.allows(head=proposal.what.head.label, child=proposal.what.child.label)
        else:
            assert all(text.tokens.on_borders(*fragment) for fragment in proposal.what.fragments)
    times = Counter((each.what, each.suggester) for each in found.proposals)
    assert not times or max(times.values()) == 1


@settings(max_examples=120)
@given(written=TEXTS, data=st.data())
def test_rules_hold_for_any_text_and_any_accepted_spans(written: str, data: st.DataObject) -> None:
    text = a_text(written)
    keys = []
    if len(text.tokens):
        for _ in range(data.draw(st.integers(0, 6))):
            first = data.draw(st.integers(0, len(text.tokens) - 1))
            last = data.draw(st.integers(first, min(first + 3, len(text.tokens) - 1)))
            fragments = fragments_of((text.tokens.starts[first], text.tokens.ends[last]))
            keys.append(SpanKey(fragments, data.draw(st.sampled_from(LABELS))))
    text = replace(text, accepted=tuple(keys))
    found = propose_all([text], RULES)[0]
    assert found.skipped == ""
    _check(text, found)
    assert propose_all([text], RULES)[0] == found


@settings(max_examples=40)
@given(written=st.one_of(TEXTS, st.text(max_size=120)))
def test_the_whole_machine_holds_for_any_text(written: str) -> None:
    if not PIPELINE:
        return
    text = a_text(written)
    found = propose_all([text], ALL)[0]
    _check(text, found)
    assert propose_all([text], ALL)[0] == found


@settings(max_examples=150)
@given(written=TEXTS, data=st.data())
def test_mending_any_spans_stays_inside_the_text(written: str, data: st.DataObject) -> None:
    text = a_text(written)
    found = []
    for _ in range(data.draw(st.integers(0, 6)) if written else 0):
        start = data.draw(st.integers(0, len(written) - 1))
        end = data.draw(st.integers(start + 1, len(written)))
        found.append(Found(start, end, data.draw(st.sampled_from(LABELS))))
    words = Words(written, text.tokens)
    mend = [
        mended(written, text.tokens, found),
        mended(written, text.tokens, found, correct=lambda spans: corrected(words, spans, LABELS)),
    ]
    for spans in mend:
        assert all(0 <= each.start < each.end <= len(written) for each in spans)
        assert all(written[each.start : each.end].strip() for each in spans)
        assert len({(each.start, each.end, each.label) for each in spans}) == len(spans)


@given(
    places=st.lists(st.tuples(st.integers(0, 60), st.integers(1, 9)), max_size=8),
    start=st.integers(0, 60),
    length=st.integers(1, 9),
)
def test_places_are_found_as_by_looking_at_all(
    places: list[tuple[int, int]], start: int, length: int
) -> None:
    all_places = sorted({(begin, begin + size) for begin, size in places})
    known = Places(all_places)
    end = start + length
    assert known.touching(start, end) == [(a, b) for a, b in all_places if a < end and start < b]
    assert known.next(start) == next(((a, b) for a, b in all_places if a >= start), None)
    ended = [place for place in all_places if place[1] <= start]
    previous = known.previous(start)
    assert (previous is None) == (not ended)
    assert previous is None or previous[1] == max(place[1] for place in ended)
