"""What is done to a server's document, with a server that misbehaves and a program that is killed."""

from __future__ import annotations

import json
import random
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.model.annotation import Kind
from annotator.model.document import Document, content_hash
from annotator.model.schema import EntityType, RelationType, Schema
from annotator.sync.content import Base, Content, Place, Tie, Values, packed, unpacked
from annotator.sync.deciding import Pair, decider
from annotator.sync.doing import Errand, Where, bring, heal
from annotator.sync.labels import Labels, states_of, table_of
from annotator.sync.mapping import Here, There, metadata_of, own_id
from annotator.sync.merging import Side, after_interruption, begun, merge, next_base, settled
from annotator.sync.plan import Choices
from annotator.sync.remote import RemoteProject, RemoteSpan, RemoteType, TypeKind, UnreachableError
from annotator.sync.units import Unit
from annotator.sync.uploading import write_upload
from tests.sync.contents import TEXT, contents, three
from tests.sync.fake_server import OTHER, FakeServer, KilledError, Trouble

SCHEMA = Schema(
    (EntityType(name="PER", id="a"), EntityType(name="LOC", id="b")),
    (RelationType(name="R", id="c"), RelationType(name="S", id="d")),
)


@dataclass
class Desk:
    """One document on both sides, and what is kept between two syncs."""

    server: FakeServer
    project: RemoteProject
    here: Content
    number: int
    base: str | None
    labels: Labels

    @classmethod
    def laid(cls, base: Base | None, here: Content, there: Content, *, overlap: bool) -> Desk:
        """Lay a document on both sides."""
        server = FakeServer()
        wanted = RemoteProject(
            id=0, name="P", kind="SequenceLabeling", allows_overlap=overlap, has_relations=True
        )
        project = server.create_project(wanted)
        for kind, names in ((TypeKind.SPAN, ("PER", "LOC")), (TypeKind.RELATION, ("R", "S"))):
            for name in names:
                server.create_type(project.id, RemoteType(kind=kind, name=name))
        found = states_of((), SCHEMA, server.types(project.id))
        labels = Labels(states_of(table_of(found), SCHEMA, server.types(project.id)))
        desk = cls(server, project, here, server.put(project.id, TEXT).id, None, labels)
        bring(desk.where, Errand(now=desk.where.read(desk.number), target=there))
        assert desk.there.content == there
        desk.base = None if base is None else packed(base, labels.number)
        return desk

    @property
    def where(self) -> Where:
        """Give what calls need."""
        return Where(remote=self.server, project=self.project, labels=self.labels, unit=Unit.UTF16)

    @property
    def there(self) -> There:
        """Give the server's side."""
        trouble, self.server.trouble = self.server.trouble, Trouble()
        found = self.where.read(self.number)
        self.server.trouble = trouble
        return found

    def sync(self, choices: Choices) -> None:
        """Do all of one sync, as the workflow does it for a document."""
        base = None if self.base is None else unpacked(self.base, self.labels.name)
        there = self.where.read(self.number)
        found = merge(base, self.here, there.content, allows_overlap=self.project.allows_overlap)
        pair = Pair(Here(_DOCUMENT, TEXT, self.here), there, base, found)
        decide = decider(pair, choices)
        next_here, next_there = settled(found, self.here, there.content, decide)
        errand = Errand(now=there, target=next_there)
        writes = next_there != there.content or there.doubled
        if writes:
            started = begun(base, self.here, there.content, found=found, decide=decide, target=next_there)
            self._keep(started)
        self.here = next_here
        if writes:
            bring(self.where, errand)
            now, _ = heal(self.where, errand)
        else:
            now = there
        before = None if base is None else after_interruption(base, there.content)
        self._keep(next_base(before, self.here, now.content, found=found, decide=decide))

    def _keep(self, base: Base) -> None:
        self.base = packed(base, self.labels.number)


_DOCUMENT = Document(
    key=1, id="d", batch=1, title="T", language="en", length=len(TEXT), hash=content_hash(TEXT), source=""
)
_CHOICES = st.sampled_from([Choices(conflicts=side) for side in Side])
_TRIPLES = st.booleans().flatmap(lambda overlap: st.tuples(st.just(overlap), three(overlap=overlap)))


@settings(max_examples=150)
@given(_TRIPLES, _CHOICES, st.integers(0, 30), st.randoms(use_true_random=False))
def test_killed_anywhere_and_done_again_it_ends_in_the_same_state(
    given: tuple[bool, tuple[Base | None, Content, Content]],
    choices: Choices,
    kills_after: int,
    chance: random.Random,
) -> None:
    overlap, (base, here, there) = given
    whole = Desk.laid(base, here, there, overlap=overlap)
    whole.sync(choices)
    desk = Desk.laid(base, here, there, overlap=overlap)
    desk.server.trouble = Trouble(random=chance, kills_after=kills_after)
    try:
        desk.sync(choices)
    except KilledError:
        desk.server.trouble = Trouble()
        desk.sync(choices)
    assert desk.here == whole.here
    assert desk.there.content == whole.there.content
    assert not desk.there.doubled
    assert desk.base == whole.base


@settings(max_examples=150)
@given(_TRIPLES, _CHOICES, st.randoms(use_true_random=False))
def test_lost_requests_lost_answers_and_doubled_ones_change_nothing(
    given: tuple[bool, tuple[Base | None, Content, Content]], choices: Choices, chance: random.Random
) -> None:
    overlap, (base, here, there) = given
    whole = Desk.laid(base, here, there, overlap=overlap)
    whole.sync(choices)
    desk = Desk.laid(base, here, there, overlap=overlap)
    desk.server.trouble = Trouble(random=chance, chance=0.1)
    for _ in range(20):
        try:
            desk.sync(choices)
            break
        except UnreachableError:
            continue
    desk.server.trouble = Trouble()
    desk.sync(choices)
    assert (desk.here, desk.there.content, desk.base) == (whole.here, whole.there.content, whole.base)
    assert not desk.there.doubled


@given(_TRIPLES, _CHOICES)
def test_what_is_the_same_on_both_sides_causes_no_call(
    given: tuple[bool, tuple[Base | None, Content, Content]], choices: Choices
) -> None:
    overlap, (base, here, there) = given
    desk = Desk.laid(base, here, there, overlap=overlap)
    desk.sync(choices)
    before = desk.server.written
    desk.sync(choices)
    assert desk.server.written == before


@given(_TRIPLES)
def test_what_others_made_stays_unless_it_may_go(
    given: tuple[bool, tuple[Base | None, Content, Content]],
) -> None:
    overlap, (base, here, there) = given
    desk = Desk.laid(base, here, there, overlap=overlap)
    kept = desk.server.kept[desk.project.id].documents[desk.number]
    kept.spans = [replace(each, user=OTHER.user) for each in kept.spans]
    found = desk.there
    merged = merge(base, here, found.content, allows_overlap=overlap)
    pair = Pair(Here(_DOCUMENT, TEXT, here), found, base, merged, {2: "bob"}, account=1, is_shared=True)
    for may in (False, True):
        choices = Choices(conflicts=Side.MINE, delete_others=may)
        target = settled(merged, here, found.content, decider(pair, choices))[1]
        gone = {item for item in found.content.items - target.items if isinstance(item, Place)}
        if not may:
            assert not gone
        bring(desk.where, Errand(now=desk.there, target=target, others=may))
    assert desk.there.content == target


@given(contents(overlap=True), st.booleans())
def test_an_upload_brings_what_was_written(content: Content, has_relations: bool) -> None:  # noqa: FBT001
    server = FakeServer()
    wanted = RemoteProject(
        id=0, name="P", kind="SequenceLabeling", allows_overlap=True, has_relations=has_relations
    )
    project = server.create_project(wanted)
    for kind, names in ((TypeKind.SPAN, ("PER", "LOC")), (TypeKind.RELATION, ("R", "S"))):
        for name in names:
            server.create_type(project.id, RemoteType(kind=kind, name=name))
    labels = Labels(states_of((), SCHEMA, server.types(project.id)))
    first = replace(_DOCUMENT, metadata={"year": 1999, "id": "taken", "deep": [0.1 + 0.2]})
    documents = [
        Here(each, TEXT, content) for each in (first, replace(first, id="e", metadata={"year": 2000}))
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "upload.jsonl"
        write_upload(path, documents, project=project, labels=labels, unit=Unit.UTF16)
        assert len({tuple(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()}) == 1
        server.upload(project, path, started=lambda _task: None, progress=lambda *_: None)
        exported = server.export(project.id, Path(folder), lambda *_: None)
        back = list(server.documents(project, exported))
    assert [own_id(each) for each in back] == ["d", "e"]
    assert [metadata_of(each) for each in back] == [each.document.metadata for each in documents]
    where = Where(remote=server, project=project, labels=labels, unit=Unit.UTF16)
    for each in back:
        found = where.read(each.id).content
        assert found.spans == content.spans
        assert found.relations == (content.relations if has_relations else frozenset())


def test_a_comment_is_added_where_the_note_goes_on_and_mine_are_replaced_where_it_does_not() -> None:
    desk = Desk.laid(None, Content(), Content(), overlap=True)
    other = desk.server.as_member(OTHER)
    other.create_comment(desk.project.id, desk.number, "theirs")

    def write(note: str) -> list[tuple[int, str]]:
        now = desk.there
        bring(desk.where, Errand(now=now, target=replace(now.content, values=Values(note=note))))
        return [(each.user, each.text) for each in desk.there.document.comments]

    assert write("theirs\n\nmine") == [(2, "theirs"), (1, "mine")]
    assert write("theirs\n\nmine\n\nmore\n\nand more") == [
        (2, "theirs"),
        (1, "mine"),
        (1, "more\n\nand more"),
    ]
    assert write("theirs\n\nother") == [(2, "theirs"), (1, "other")]
    assert write("") == [(2, "theirs")]
    assert desk.there.content.values.note == "theirs"


def test_what_the_server_refuses_is_told_and_the_rest_is_done() -> None:
    desk = Desk.laid(None, Content(), Content(), overlap=False)
    now = desk.there
    first, second = Place(0, 3, "PER"), Place(8, 11, "LOC")
    tie = Tie(first, second, "R")
    desk.server.create_span(
        desk.project.id, desk.number, RemoteSpan(start=1, end=2, label="PER"), now_kind(desk, "PER")
    )
    done = bring(desk.where, Errand(now=now, target=Content().having([first, second, tie])))
    assert [each.split(":")[0] for each in done.refused] == ["PER 0 to 3", "R"]
    assert desk.there.content.spans == {Place(1, 2, "PER"), second}


def now_kind(desk: Desk, name: str) -> int:
    found = desk.labels.there(Kind.SPAN, name)
    assert found is not None
    return found.id
