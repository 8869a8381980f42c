"""Both sides of a document in the same terms."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from annotator.model.annotation import Fragment, Fragments, Provenance, Relation, Span
from annotator.model.document import Document, State, content_hash
from annotator.model.schema import EntityType, RelationType, Schema
from annotator.sync.content import Place, Tie, hash_of
from annotator.sync.labels import Labels, states_of
from annotator.sync.mapping import Here, Why, metadata_of, metadata_there, own_id, read_here, read_there
from annotator.sync.remote import (
    RemoteComment,
    RemoteDocument,
    RemoteProject,
    RemoteRelation,
    RemoteSpan,
)
from annotator.sync.units import Unit

SCHEMA = Schema(
    (EntityType(name="PER", id="a"), EntityType(name="LOC", id="b")),
    (RelationType(name="MET", id="c", symmetric=True), RelationType(name="IN", id="d")),
)
LABELS = Labels(states_of((), SCHEMA, []))
BY = Provenance(annotator="ada", at=0.0)
PLAIN = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=4)
)
JSON = st.recursive(
    PLAIN,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=6,
)
METADATA = st.dictionaries(st.sampled_from(["a", "b", "id", "label", "annotator", "text"]), JSON)
TEXT = "Ada 👩‍🚀 met Bob in Rome."


def a_document(text: str, **more: object) -> Document:
    told = {"key": 1, "id": "d", "batch": 1, "title": "T", "language": "en", "source": ""}
    return Document(**{**told, "length": len(text), "hash": content_hash(text), **more})  # type: ignore[arg-type]


def fragments(*pairs: tuple[int, int]) -> Fragments:
    return tuple(Fragment(*pair) for pair in pairs)


def here(
    text: str,
    *spans: tuple[str, Sequence[tuple[int, int]]],
    ties: Sequence[tuple[int, int, str]] = (),
    project: RemoteProject,
    prior: Sequence[Place] = (),
    blocked: Sequence[tuple[int, int]] = (),
    **more: object,
) -> Here:
    rows = [
        Span(
            key=key, id=str(key), document=1, layer=1, fragments=fragments(*pairs), label=label, provenance=BY
        )
        for key, (label, pairs) in enumerate(spans, start=1)
    ]
    relations = [
        Relation(
            key=key, id=str(key), document=1, layer=1, head=head, child=child, label=label, provenance=BY
        )
        for key, (head, child, label) in enumerate(ties, start=1)
    ]
    document = a_document(text, **more)
    return read_here(
        document, text, rows, relations, labels=LABELS, project=project, prior=prior, blocked=blocked
    )


def a_project(*, has_relations: bool = False, allows_overlap: bool = False) -> RemoteProject:
    return RemoteProject(
        id=1,
        name="P",
        kind="SequenceLabeling",
        has_relations=has_relations,
        allows_overlap=allows_overlap,
    )


def test_a_server_s_document_is_read_in_its_unit() -> None:
    start = TEXT.index("Bob")
    for unit, offset in ((Unit.CODE_POINTS, start), (Unit.UTF16, start + 2), (Unit.GRAPHEMES, start - 2)):
        remote = RemoteDocument(
            id=3,
            text=TEXT,
            spans=(RemoteSpan(start=offset, end=offset + 3, label="PER", id=5),),
            comments=(RemoteComment(text="second", id=9), RemoteComment(text="first", id=8)),
            metadata={"annotator": {"id": "ours"}, "a": 1.0, "b": None},
            is_confirmed=True,
        )
        found = read_there(remote, LABELS, unit)
        assert found.content.spans == {Place(start, start + 3, "PER")}
        assert found.content.values.note == "first\n\nsecond"
        assert found.content.values.confirmed
        assert own_id(remote) == "ours"
        assert metadata_of(remote) == {"a": 1.0}
        assert not found.odd


def test_what_cannot_be_here_is_left_there_and_named() -> None:
    spans = (
        RemoteSpan(start=4, end=5, label="PER", id=1),  # half a character
        RemoteSpan(start=60, end=70, label="PER", id=2),  # outside
        RemoteSpan(start=3, end=4, label="PER", id=3),  # a blank
        RemoteSpan(start=0, end=3, label="bad\nname", id=4),
        RemoteSpan(start=0, end=4, label="PER", id=6),  # a blank at its end: taken without
    )
    relations = (
        RemoteRelation(head=1, child=6, label="IN", id=1),
        RemoteRelation(head=6, child=6, label="IN", id=2),
    )
    found = read_there(
        RemoteDocument(id=1, text=TEXT, spans=spans, relations=relations), LABELS, Unit.CODE_POINTS
    )
    assert found.content.spans == {Place(0, 3, "PER")}
    assert not found.content.relations
    assert found.left == len(found.odd) == 6
    assert set(found.blocked) == {(4, 5), (3, 4), (0, 3)}


def test_a_relation_without_direction_is_the_same_both_ways() -> None:
    spans = (RemoteSpan(start=0, end=3, label="PER", id=1), RemoteSpan(start=12, end=15, label="PER", id=2))
    ada, bob = Place(0, 3, "PER"), Place(12, 15, "PER")
    for label, wanted in (("MET", Tie(ada, bob, "MET")), ("IN", Tie(bob, ada, "IN"))):
        relation = RemoteRelation(head=2, child=1, label=label, id=4)
        remote = RemoteDocument(id=1, text=TEXT, spans=spans, relations=(relation,))
        assert read_there(remote, LABELS, Unit.CODE_POINTS).content.relations == {wanted}


def test_what_doccano_cannot_hold_stays_here() -> None:
    found = here(
        "Ada met Bob in Rome.",
        ("PER", [(0, 3)]),
        ("PER", [(0, 3), (8, 11)]),
        ("PER", [(7, 11)]),
        ("PER", [(0, 7)]),
        ("LOC", [(15, 19)]),
        ties=[(1, 5, "IN"), (2, 5, "IN")],
        project=a_project(has_relations=True),
        state=State.DONE,
        note=" said ",
    )
    assert found.content.spans == {Place(0, 7, "PER"), Place(15, 19, "LOC")}
    assert [why for why, _ in found.stays] == [Why.FRAGMENTS, Why.BLANKS, Why.OVERLAP, Why.END, Why.END]
    assert (found.content.values.confirmed, found.content.values.note) == (True, "said")


def test_of_spans_that_overlap_those_that_were_there_before_come_first() -> None:
    spans = (("PER", [(0, 3)]), ("PER", [(0, 7)]), ("LOC", [(8, 11)]))
    free, strict = a_project(allows_overlap=True), a_project()
    short = Place(0, 3, "PER")
    assert len(here("Ada met Bob", *spans, project=free).content.spans) == 3
    assert short not in here("Ada met Bob", *spans, project=strict).content.spans
    assert short in here("Ada met Bob", *spans, project=strict, prior=[short]).content.spans
    assert len(here("Ada met Bob", *spans, project=strict, blocked=[(9, 10)]).content.spans) == 1


def test_relations_stay_here_where_the_project_has_none() -> None:
    found = here(
        "Ada in Rome", ("PER", [(0, 3)]), ("LOC", [(7, 11)]), ties=[(1, 2, "IN")], project=a_project()
    )
    assert [why for why, _ in found.stays] == [Why.RELATIONS]


def exported(value: object) -> object:
    """Give what an export makes of a value: floats of ten decimals."""
    if isinstance(value, float):
        return round(value, 10)
    if isinstance(value, list):
        return [exported(each) for each in value]
    return {name: exported(each) for name, each in value.items()} if isinstance(value, dict) else value


@given(METADATA, METADATA)
def test_metadata_that_were_written_come_back_as_they_were(
    ours: dict[str, object], before: dict[str, object]
) -> None:
    written = metadata_there(ours, before)
    assert metadata_of(RemoteDocument(id=1, text="", metadata=written)) == ours
    assert hash_of(metadata_of(RemoteDocument(id=1, text="", metadata=exported(written)))) == hash_of(ours)  # type: ignore[arg-type]


def test_what_somebody_wrote_beside_our_own_comes_in() -> None:
    written = metadata_there({"year": 1999, "share": 1 / 3, "tags": [1]}, {})
    told = written | {"year": 2000, "new": "yes", "share": 0.3333333333}
    found = metadata_of(RemoteDocument(id=1, text="", metadata=told))
    assert found == {"year": 2000, "share": 1 / 3, "tags": [1], "new": "yes"}
