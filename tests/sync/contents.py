"""Makes contents of one small text for properties: what both sides had, and what each made of it."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import strategies as st

from annotator.sync.content import Base, Content, Place, Tie, Values

TEXT = "Ada met Bob in Rome."
LABELS = ("PER", "LOC")
_NOTES = ("", "one", "two", "one\n\ntwo", "three")


def _places() -> list[tuple[int, int]]:
    borders = range(len(TEXT) + 1)
    return [
        (start, end)
        for start in borders
        for end in borders
        if start < end <= start + 8 and not TEXT[start].isspace() and not TEXT[end - 1].isspace()
    ]


PLACES = st.builds(
    lambda pair, label: Place(pair[0], pair[1], label), st.sampled_from(_places()), st.sampled_from(LABELS)
)


def apart(places: Iterable[Place]) -> frozenset[Place]:
    """Leave of some places those that overlap none before them."""
    kept: list[Place] = []
    for place in places:
        if not any(place.meets(other) for other in kept):
            kept.append(place)
    return frozenset(kept)


@st.composite
def values(draw: st.DrawFn) -> Values:
    """Give a note and a state."""
    return Values(note=draw(st.sampled_from(_NOTES)), confirmed=draw(st.booleans()))


@st.composite
def contents(draw: st.DrawFn, *, overlap: bool) -> Content:
    """Give any content."""
    places = draw(st.lists(PLACES, max_size=5, unique=True))
    return _with_ties(draw, frozenset(places) if overlap else apart(places), frozenset(), draw(values()))


def _with_ties(draw: st.DrawFn, spans: frozenset[Place], ties: frozenset[Tie], told: Values) -> Content:
    ends = sorted(spans)
    kept = {tie for tie in ties if tie.head in spans and tie.child in spans}
    if len(ends) > 1:
        for _ in range(draw(st.integers(0, 2))):
            head, child = draw(st.permutations(ends))[:2]
            kept.add(Tie(head, child, draw(st.sampled_from(("R", "S")))))
    return Content(spans, frozenset(kept), told)


@st.composite
def changed(draw: st.DrawFn, before: Content, *, overlap: bool) -> Content:
    """Give what somebody may have made of a content: some taken out, some relabelled, some added."""
    spans = []
    for place in sorted(before.spans):
        kind = draw(st.sampled_from(("keep", "keep", "drop", "relabel")))
        if kind == "keep":
            spans.append(place)
        elif kind == "relabel":
            spans.append(place._replace(label=LABELS[place.label == LABELS[0]]))
    spans += draw(st.lists(PLACES, max_size=2))
    kept = frozenset(spans) if overlap else apart(spans)
    ties = frozenset(tie for tie in sorted(before.relations) if draw(st.booleans()))
    told = draw(st.just(before.values) | values())
    return _with_ties(draw, kept, ties, told)


@st.composite
def three(draw: st.DrawFn, *, overlap: bool) -> tuple[Base | None, Content, Content]:
    """Give a base, or none, and what each side made of it."""
    before = draw(contents(overlap=overlap))
    here, there = draw(changed(before, overlap=overlap)), draw(changed(before, overlap=overlap))
    if draw(st.integers(0, 5)) == 0:
        return None, here, there
    return Base(items=before.items, here=before.values, there=before.values), here, there
