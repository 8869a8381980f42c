"""The simulated annotator: what it sees to do, what that costs, and which keys it presses for it."""

from __future__ import annotations

import pytest

from annotator.model.annotation import Fragment, Fragments, SpanKey, fragments_of
from annotator.model.article import Annotations, annotations_of
from annotator.model.candidate import Candidate, Proposal
from annotator.model.schema import EntityType, Schema
from tests.benchmarks.annotator import Annotator, Sight
from tests.benchmarks.needs import Act, Gold, actions, needs_of
from tests.benchmarks.strokes import Word, label_strokes, moves, presses, to_words
from tests.builders import plain_tokens

TEXT = "Ada Lovelace met Ada in Paris."
TOKENS = plain_tokens(TEXT)
SCHEMA = Schema((EntityType(name="X"), EntityType(name="Y"))).with_defaults()


def _key(start: int, end: int, label: str = "X") -> SpanKey:
    return SpanKey(fragments_of((start, end)), label)


def _shown(*keys: SpanKey) -> Annotations:
    candidates = [
        Candidate(what=key, proposals=(Proposal(what=key, suggester="test", score=0.9),)) for key in keys
    ]
    return annotations_of(
        spans=(), relations=(), rejections=(), candidates=candidates, relation_candidates=()
    )


@pytest.mark.parametrize(
    ("shown", "gold", "count"),
    [
        ([], [], 1),
        ([_key(0, 3)], [_key(0, 3)], 1),
        ([], [_key(0, 3)], 5),
        ([_key(0, 3)], [], 3),
        ([_key(0, 3, "Y")], [_key(0, 3)], 3),
        ([_key(0, 2)], [_key(0, 3)], 4),
        ([_key(0, 2), _key(2, 3)], [_key(0, 3)], 6),
    ],
)
def test_what_it_takes_to_mend_a_document(shown: list[SpanKey], gold: list[SpanKey], count: int) -> None:
    assert actions(needs_of(_shown(*shown), Gold(frozenset(gold)), SCHEMA)) == count


@pytest.mark.parametrize(
    ("shown", "gold", "act", "strokes"),
    [
        ([], [], Act.FINISH, ("Ctrl+Return",)),
        ([_key(0, 12), _key(24, 29)], [_key(0, 12), _key(24, 29)], Act.FINISH, ("Ctrl+Return",) * 2),
        ([_key(0, 12)], [_key(0, 12)], Act.ACCEPT, ("A",)),
        ([_key(0, 12)], [], Act.REJECT, ("X",)),
        ([_key(0, 12)], [_key(0, 12, "Y")], Act.RELABEL, ("2",)),
        ([_key(0, 3)], [_key(0, 12)], Act.RESHAPE, ("G",)),
        ([_key(0, 3)], [_key(0, 12, "Y")], Act.RESHAPE, ("G", "2")),
        (
            [_key(0, 3), _key(17, 20)],
            [_key(0, 3), _key(17, 20), _key(24, 29)],
            Act.ACCEPT_ALIKE,
            ("Shift+A",),
        ),
        ([_key(0, 3), _key(17, 20)], [], Act.REJECT_ALIKE, ("Shift+X",)),
        ([], [_key(0, 12)], Act.ADD, ("J", Word(Fragment(0, 3)), "G", "1")),
    ],
)
def test_what_is_done_first(
    shown: list[SpanKey], gold: list[SpanKey], act: Act, strokes: tuple[object, ...]
) -> None:
    annotations = _shown(*shown)
    first = annotations.undecided[0].best.what if annotations.undecided else None
    sight = Sight(text=TEXT, tokens=TOKENS, schema=SCHEMA, annotations=annotations, item=first)
    step = Annotator(Gold(frozenset(gold))).next(sight)
    assert (step.act, step.arrival, step.strokes) == (act, (), strokes)


@pytest.mark.parametrize(
    ("have", "want", "actions"),
    [
        ((0, 3), (0, 12), ["right_out"]),
        ((0, 12), (4, 12), ["left_in"]),
        ((4, 12), (0, 16), ["left_out", "right_out"]),
        ((0, 12), (0, 11), ["right_in_character"]),
        ((0, 3), (0, 11), ["right_out", "right_in_character"]),
    ],
)
def test_edges_go_by_words_and_by_characters_where_words_do_not_reach(
    have: tuple[int, int], want: tuple[int, int], actions: list[str]
) -> None:
    steps = moves(TEXT, TOKENS, fragments_of(have), fragments_of(want))
    assert [each.action for each in steps] == actions
    assert steps[-1].after == fragments_of(want)


def test_words_near_the_selection_are_reached_by_arrows_and_others_by_letters() -> None:
    selected: Fragments = fragments_of((13, 16))
    assert to_words(TEXT, TOKENS, selected, fragments_of((17, 20))) == ("Right",)
    assert presses(to_words(TEXT, TOKENS, selected, fragments_of((24, 29)))) == 3
    assert presses(to_words(TEXT, TOKENS, (), fragments_of((0, 12)))) == 4


def test_a_label_without_a_key_is_found_by_typing() -> None:
    types = (
        EntityType(name="GENE", shortcut="1"),
        EntityType(name="GROUP"),
        EntityType(name="G", shortcut="L q"),
    )
    assert label_strokes("GENE", types) == ("1",)
    assert label_strokes("G", types) == ("L", "q")
    assert label_strokes("GROUP", types) == ("E", "G", "R", "Return")
