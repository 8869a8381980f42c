"""Undoing all gives the starting rows, redoing all gives the end, whatever happens in between."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from annotator.editing import commands
from annotator.editing.commands import COMMANDS
from annotator.editing.editor import PLANS
from annotator.editing.history import UndoRefusedError
from annotator.model.annotation import Fragment, Kind, RelationKey, SpanKey, surface
from annotator.model.change import StepKind
from annotator.model.document import Part, State
from annotator.model.errors import StaleError, UserError
from annotator.model.patterns import PatternList, phrase
from annotator.model.record import Record
from annotator.model.schema import EntityType, RelationType, Schema
from annotator.store import articles
from annotator.store.patterns import pattern_lists
from annotator.workflows.checking import check
from annotator.workflows.projects import open_project
from annotator.workflows.session import Session
from tests.builders import SCHEMA, a_document, a_project, a_record, bring, marked, place, propose

JOURNALLED = (
    *("document", "tokenization", "span", "relation", "rejection", "asked", "type", "batch"),
    *("pattern_list", "pattern_block"),
)
TEXT = "[President](ROLE) [Ada](PERSON) met [Bob](PERSON) in [Paris](GPE). [Bob](PERSON) left [Rome](GPE)."


def rows(session: Session) -> dict[str, list[tuple[Any, ...]]]:
    """Read every journalled row."""
    return {
        table: [tuple(row) for row in session.project.rows(f"SELECT * FROM {table} ORDER BY key")]
        for table in JOURNALLED
    }


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """Open a project with two documents and candidates."""
    session = a_project(tmp_path)
    yield session
    session.close()


def every_command(session: Session, document: int) -> list[Any]:
    """Give one command of each class, possible one after the other."""
    text = session.text(document)
    ada, bob, paris = place(text, "Ada"), place(text, "Bob"), place(text, "Paris")
    rome, role, left = place(text, "Rome"), place(text, "President"), place(text, "left")

    def key(words: str, label: str) -> int:
        found = session.annotations(document)
        return next(each.key for each in found.spans if each.identity == SpanKey(place(text, words), label))

    def key_from(words: str, label: str) -> int:
        start = place(text, words)[0].start
        found = session.annotations(document).spans
        return next(each.key for each in found if each.start == start and each.label == label)

    def relation(label: str) -> int:
        return next(each.key for each in session.annotations(document).relations if each.label == label)

    def lists() -> list[PatternList]:
        return pattern_lists(session.project)

    other = bring(session, _record("Another [Eve](PERSON)."))
    assert other.first_document is not None
    met = RelationKey(SpanKey(ada, "PERSON"), SpanKey(bob, "PERSON"), "MET")
    visited = RelationKey(SpanKey(bob, "PERSON"), SpanKey(paris, "GPE"), "VISITED")
    alike = SpanKey(place(text, "in"), "PERSON")
    propose(session, document, [met, visited, alike])
    return [
        lambda: commands.AcceptSpan(document=document, candidate=SpanKey(ada, "PERSON")),
        lambda: commands.AcceptRelation(document=document, candidate=met),
        lambda: commands.RejectRelation(document, visited),
        lambda: commands.RejectSpan(document, (SpanKey(rome, "GPE"),), also=(alike,)),
        lambda: commands.AddSpan(document, left, "ROLE", also=(place(text, "in"), place(text, "met"))),
        lambda: commands.RelabelSpans((key("left", "ROLE"),), "GPE"),
        lambda: commands.MoveSpan(key("left", "GPE"), (Fragment(left[0].start, rome[0].end),)),
        lambda: commands.MendSpans(
            name="Shrink 1 span to token borders", moves=((key_from("left", "GPE"), left),)
        ),
        lambda: commands.AcceptSpan(document=document, candidate=SpanKey(role, "ROLE")),
        lambda: commands.AddRelation(
            document=document, head=key("Ada", "PERSON"), child=key("President", "ROLE"), label="HOLDS_ROLE"
        ),
        lambda: commands.ChangeRelation(relation=relation("HOLDS_ROLE"), head=key("Bob", "PERSON")),
        lambda: commands.AddType(RelationType(name="KNOWS", heads=("PERSON",), children=("PERSON",))),
        lambda: commands.ChangeRelation(relation=relation("MET"), label="KNOWS"),
        lambda: commands.ReverseRelation(relation("KNOWS")),
        lambda: commands.SetFlag(kind=Kind.SPAN, key=key("Ada", "PERSON"), flagged=True),
        lambda: commands.SetNote(kind=Kind.RELATION, key=relation("KNOWS"), note="look again"),
        lambda: commands.Reopen(document=document, relations=(relation("HOLDS_ROLE"),)),
        lambda: commands.ProposeSpans(
            places=((document, place(text, "in")), (document, place(text, "met"))),
            label="GPE",
            words="in",
            reason="for a test",
        ),
        lambda: commands.RejectMany(document=document, label="PERSON", words="Bob"),
        lambda: commands.AcceptMany(documents=(document,), minimum=0.5),
        lambda: commands.RemoveRelations((relation("KNOWS"),)),
        lambda: commands.RemoveSpans((key("Ada", "PERSON"),)),
        lambda: commands.FinishDocument(document=document, accept_rest=True),
        lambda: commands.SetState(documents=(document,), state=State.SKIPPED, reason="too long"),
        lambda: commands.RenameDocument(document, "A better title"),
        lambda: commands.SetPart(documents=(document,), part=Part.TEST),
        lambda: commands.ExcludeDocuments(documents=(document,)),
        lambda: commands.RemoveDocuments((other.first_document,)),
        lambda: commands.Retokenize(
            document=document, language="de", starts=(0,), ends=(len(text),), sentences=(0,), tokenizer="one"
        ),
        lambda: commands.ChangeType(_renamed(session, "GPE", "PLACE")),
        lambda: commands.ReorderTypes(
            kind=Kind.SPAN, names=tuple(reversed([each.name for each in session.schema.entities]))
        ),
        lambda: commands.ExtendSchema(Schema((EntityType(name="DATE"),))),
        lambda: commands.AddPatternLists(
            (
                commands.NewPatternList(
                    name="Places", label="PLACE", patterns=(phrase("Oslo"), phrase("Rome"))
                ),
                commands.NewPatternList(name="Ships", label="SHIP", patterns=(phrase("Vasa"),)),
            )
        ),
        lambda: commands.ChangePatternList(replace(lists()[0], name="Towns", enabled=False)),
        lambda: commands.ChangePatterns(
            list=lists()[0].key, removed=(phrase("Rome"),), added=(phrase("Bergen"), phrase("Molde"))
        ),
        lambda: commands.MergeTypes(kind=Kind.SPAN, source="PLACE", target="DATE"),
        lambda: commands.RemovePatternLists((lists()[0].key,)),
        lambda: commands.DeleteType(kind=Kind.SPAN, name="SHIP"),
        lambda: commands.TakeOver(
            name="Sync with News",
            documents=(
                commands.TakenDocument(
                    document=document,
                    spans=(commands.TakenSpan(place(text, "met"), "DATE", "bob"),),
                    note="said there",
                    done=True,
                ),
            ),
        ),
        lambda: commands.DeleteType(kind=Kind.SPAN, name="PERSON"),
    ]


def _record(written: str) -> Record:
    return a_record(written, source=written)


def _renamed(session: Session, old: str, new: str) -> EntityType:
    found = session.schema.entity(old)
    assert found is not None
    return replace(found, name=new)


def test_every_command_can_be_undone_and_redone(session: Session) -> None:
    document = a_document(session, TEXT)
    done = []
    snapshots = [rows(session)]
    acts = every_command(session, document)
    snapshots = [rows(session)]
    for make in acts:
        command = make()
        changes = session.do(command)
        assert changes.step is not None, command
        assert changes.message, command
        done.append(type(command))
        snapshots.append(rows(session))
        assert snapshots[-1] != snapshots[-2], command
    assert set(done) | {commands.PublishBatch} == set(COMMANDS) == set(PLANS)
    for number in range(len(acts), 0, -1):
        assert rows(session) == snapshots[number]
        assert session.undo(None) is not None
    assert rows(session) == snapshots[0]
    for number in range(1, len(acts) + 1):
        assert session.redo(None) is not None
        assert rows(session) == snapshots[number]
    assert session.redo(None) is None


def test_an_import_is_undone_and_redone_as_one_step(session: Session) -> None:
    before = session.counts()
    report = bring(session, _record("[Ada](PERSON) saw a [comet](THING)."))
    assert report.new_types == ("THING",)
    assert session.schema.entity("THING") is not None
    session.undo(None)
    assert session.counts() == before
    assert session.schema.entity("THING") is None
    session.redo(None)
    assert session.counts().all == before.all + 1
    assert session.schema.entity("THING") is not None


@pytest.mark.parametrize("older", [False, True], ids=["now", "undone by an older version"])
def test_an_undone_import_outlives_a_restart(tmp_path: Path, *, older: bool) -> None:
    session = a_project(tmp_path)
    a_document(session, TEXT)
    brought = bring(session, _record("[Ada](PERSON) saw a [comet](THING).")).first_document
    assert brought is not None
    end = rows(session)
    session.undo(None)
    if older:
        with session.project.writing() as connection:
            connection.execute("UPDATE batch SET state = 'pending' WHERE state = 'hidden'")
    session.close()
    session = open_project(session.path, annotator="Mara")
    assert session.counts().all == 1
    assert session.schema.entity("THING") is None
    assert session.redo(None) is not None
    assert rows(session) == end
    assert [span.label for span in session.annotations(brought).spans] == ["PERSON", "THING"]
    session.close()


def test_a_type_is_undone_although_an_undone_import_names_it(session: Session) -> None:
    document = a_document(session, TEXT)
    start = rows(session)
    session.do(commands.AddType(EntityType(name="THING")))
    propose(session, document, [SpanKey(place(session.text(document), "left"), "THING")])
    session.do(commands.AddType(RelationType(name="SAW", heads=("PERSON",), children=("THING",))))
    brought = bring(session, _record("[Ada](PERSON) saw a [comet](THING).")).first_document
    assert brought is not None
    end = rows(session)
    for _ in range(3):
        assert session.undo(None) is not None
    assert [each.name for each in session.schema.entities] == [each.name for each in SCHEMA.entities]
    assert session.schema.relation("SAW") is None
    assert check(session.project).breaches == ()
    now = rows(session)
    assert {name: now[name][: len(start[name])] for name in start} == start
    for _ in range(3):
        assert session.redo(None) is not None
    assert rows(session) == end
    assert check(session.project).breaches == ()
    assert [span.label for span in session.annotations(brought).spans] == ["PERSON", "THING"]


def test_a_type_that_waits_for_an_undone_import_can_be_added_anew(session: Session) -> None:
    a_document(session, TEXT)
    session.do(commands.AddType(EntityType(name="THING")))
    bring(session, _record("[Ada](PERSON) saw a [comet](THING)."))
    session.undo(None)
    session.undo(None)
    session.do(commands.AddType(EntityType(name="THING")))
    again = bring(session, _record("[Ada](PERSON) saw a [comet](THING)."))
    assert again.documents == 1
    assert again.new_types == ()
    assert session.usage()[Kind.SPAN, "THING"] == (1, 1)
    assert session.redo(None) is None
    assert check(session.project).breaches == ()


def test_an_import_with_later_decisions_is_undone_only_with_them(session: Session) -> None:
    document = a_document(session, TEXT)
    imported = session.history()[0].key
    session.do(commands.AddSpan(document, place(session.text(document), "left"), "ROLE"))
    with pytest.raises(UndoRefusedError) as refusal:
        session.do(commands.Undo(steps=(imported,)))
    assert [step.name for step in refusal.value.later] == ["Label left ROLE"]
    session.do(commands.Undo(steps=(imported,), with_later=True))
    assert session.counts().all == 0
    session.redo(None)
    assert [span.label for span in session.annotations(document).spans] == ["ROLE"]


def test_undo_is_refused_where_a_later_step_stands_on_it(session: Session) -> None:
    document = a_document(session, TEXT)
    text = session.text(document)
    first = session.do(commands.AddSpan(document, place(text, "Ada"), "PERSON")).step
    second = session.do(commands.AddSpan(document, place(text, "Bob"), "PERSON")).step
    spans = session.annotations(document).spans
    third = session.do(
        commands.AddRelation(document=document, head=spans[0].key, child=spans[1].key, label="MET")
    ).step
    assert first is not None
    assert second is not None
    assert third is not None
    start = rows(session)
    with pytest.raises(UndoRefusedError) as refusal:
        session.do(commands.Undo(steps=(second.key,)))
    assert third.key in [step.key for step in refusal.value.later]
    assert rows(session) == start
    session.do(commands.Undo(steps=(second.key,), with_later=True))
    found = session.annotations(document)
    assert [text[span.start : span.end] for span in found.spans] == ["Ada"]
    assert not found.relations


def test_a_document_that_is_done_again_by_undo_or_redo_holds_nothing_undecided(session: Session) -> None:
    document = a_document(session, TEXT)
    session.do(commands.FinishDocument(document=document, accept_rest=True))
    session.do(commands.SetState(documents=(document,), state=State.IN_PROGRESS))
    left = SpanKey(place(session.text(document), "left"), "ROLE")
    propose(session, document, [left])
    session.undo(None)
    assert session.document(document).state is State.DONE
    assert session.annotations(document).left == session.row(document).undecided == 0
    session.undo(None)
    asked = session.annotations(document).left
    assert asked > 0
    propose(session, document, [left])
    assert session.annotations(document).left == asked + 1
    session.redo(None)
    assert session.document(document).state is State.DONE
    assert session.annotations(document).left == session.row(document).undecided == 0
    assert check(session.project).breaches == ()


def test_undo_survives_a_restart(tmp_path: Path) -> None:
    session = a_project(tmp_path)
    document = a_document(session, TEXT)
    start = rows(session)
    session.do(commands.AcceptMany(documents=(document,)))
    end = rows(session)
    path = session.path
    session.close()
    session = open_project(path, annotator="Mara")
    session.undo(document)
    assert rows(session) == start
    session.close()
    session = open_project(path, annotator="Mara")
    session.redo(document)
    assert rows(session) == end
    session.close()


class Editing(RuleBasedStateMachine):
    """Arbitrary acts, undos, redos, refusals, imports, restarts and candidate runs over some documents."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self.session = a_project(Path(self._folder.name))
        self.documents: list[int] = []
        self.brought = 0

    @initialize()
    def begin(self) -> None:
        """Bring two documents in."""
        self.documents = [
            a_document(self.session, TEXT, source="one"),
            a_document(self.session, "[Eve](PERSON) rules [Oslo](GPE) and left Paris.", source="two"),
        ]
        self.start = rows(self.session)
        self.first_step = self.session.history()[0].key

    def teardown(self) -> None:
        """Undo all, redo all, and compare."""
        if self.documents:
            self.check_ends()
        self.session.close()
        self._folder.cleanup()

    def check_ends(self) -> None:
        """Undo all: as it began; redo all: as it ended."""
        assert check(self.session.project).breaches == ()
        end = rows(self.session)
        count = self.undo_all()
        assert in_sight(rows(self.session)) == in_sight(self.start)
        assert check(self.session.project).breaches == ()
        for _ in range(count):
            assert self.session.redo(None) is not None
        assert rows(self.session) == end

    def undo_all(self) -> int:
        """Undo act by act, newest first; gives how many there were."""
        count = 0
        while (step := self.session.undoable(None)) is not None and step.key > self.first_step:
            assert self.session.undo(None) is not None
            count += 1
        return count

    def _try(self, command: Any) -> None:
        before = rows(self.session)
        try:
            self.session.do(command)
        except UserError:
            assert rows(self.session) == before, f"a refused act wrote something: {command}"

    def _some_document(self, data: st.DataObject) -> int:
        return data.draw(st.sampled_from(self.documents))

    def _some_label(self, data: st.DataObject) -> str:
        return data.draw(st.sampled_from([each.name for each in self.session.schema.entities] or ["PERSON"]))

    @rule(data=st.data())
    def decide(self, data: st.DataObject) -> None:
        """Decide one thing."""
        key = self._some_document(data)
        found = self.session.annotations(key)
        text = self.session.text(key)
        choices: list[Any] = []
        start = data.draw(st.integers(0, len(text) - 1))
        end = data.draw(st.integers(start + 1, min(len(text), start + 12)))
        label = self._some_label(data)
        choices.append(commands.AddSpan(key, (Fragment(start, end),), label))
        choices.append(commands.AddSpan(key, (Fragment(start, end),), label, also=((Fragment(0, 1),),)))
        if found.undecided:
            best = data.draw(st.sampled_from(found.undecided)).best
            choices.append(commands.AcceptSpan(document=key, candidate=best.what))
            choices.append(commands.AcceptSpan(document=key, candidate=best.what, label=label))
            also = tuple(each.best.what for each in found.undecided[:2])
            choices.append(commands.RejectSpan(key, (best.what,), also=also))
            words = surface(text, best.fragments)
            choices.append(commands.RejectMany(document=key, label=best.label, words=words))
        if found.spans:
            span = data.draw(st.sampled_from(found.spans))
            other = data.draw(st.sampled_from(found.spans))
            choices.append(commands.RemoveSpans((span.key,)))
            choices.append(commands.RelabelSpans((span.key, other.key), label))
            choices.append(commands.MoveSpan(span.key, (Fragment(start, end),)))
            choices.append(commands.Reopen(document=key, spans=(span.key,)))
            choices.append(commands.SetNote(kind=Kind.SPAN, key=span.key, note="a note"))
            choices.append(commands.SetFlag(kind=Kind.SPAN, key=span.key, flagged=not span.flagged))
            relation = data.draw(st.sampled_from(["MET", "VISITED", "HOLDS_ROLE"]))
            choices.append(commands.AddRelation(document=key, head=span.key, child=other.key, label=relation))
        if found.relations:
            joined = data.draw(st.sampled_from(found.relations))
            choices.append(commands.RemoveRelations((joined.key,)))
            choices.append(commands.ReverseRelation(joined.key))
            choices.append(commands.ChangeRelation(relation=joined.key, label="MET"))
        choices.append(commands.FinishDocument(document=key, accept_rest=data.draw(st.booleans())))
        self._try(data.draw(st.sampled_from(choices)))

    @rule(data=st.data())
    def act_on_documents(self, data: st.DataObject) -> None:
        """Do something to one document or to several as a whole."""
        some = tuple(data.draw(st.lists(st.sampled_from(self.documents), min_size=1, unique=True)))
        key, label = some[0], self._some_label(data)
        text = self.session.text(key)
        half = len(text) // 2
        states = st.sampled_from(State)
        choices: list[Any] = [
            commands.AcceptMany(documents=some, minimum=0.5, done=data.draw(st.booleans())),
            commands.AcceptMany(),
            commands.AcceptMany(documents=some, label=label, words="Paris"),
            commands.ProposeSpans(
                places=self._places(some, "Paris"), label=label, words="Paris", reason="for a test"
            ),
            commands.SetState(documents=some, state=data.draw(states), reason="why"),
            commands.SetPart(documents=some, part=data.draw(st.sampled_from(Part))),
            commands.ExcludeDocuments(documents=some, excluded=data.draw(st.booleans())),
            commands.RemoveDocuments(some),
            commands.RenameDocument(key, data.draw(st.sampled_from(["A title", "Another title"]))),
            commands.SetNote(kind=None, key=key, note=data.draw(st.sampled_from(["", "a note"]))),
            commands.Retokenize(
                document=key,
                language="de",
                starts=(0, half),
                ends=(half, len(text)),
                sentences=(0,),
                tokenizer=data.draw(st.sampled_from(["one", "two"])),
            ),
        ]
        self._try(data.draw(st.sampled_from(choices)))

    def _places(self, documents: tuple[int, ...], words: str) -> tuple[tuple[int, Any], ...]:
        return tuple(
            (key, place(text, words)) for key in documents if words in (text := self.session.text(key))
        )

    @rule(data=st.data())
    def bring_in(self, data: st.DataObject) -> None:
        """Import a document, perhaps with a new type, perhaps in place of one that is there."""
        if self.brought >= 3:
            return
        self.brought += 1
        label = data.draw(st.sampled_from(["PERSON", "THING"]))
        source = data.draw(st.sampled_from(["one", "two", f"new {self.brought}"]))
        record = a_record(
            f"[Zoe](PERSON) found a [ring](PERSON) in [Paris](GPE), {self.brought}.", source=source
        )
        record = replace(
            record, spans=(*record.spans[:1], replace(record.spans[1], label=label), record.spans[2])
        )
        report = bring(self.session, record, on_duplicate="replace")
        if report.first_document is not None:
            self.documents.append(report.first_document)

    @rule(data=st.data())
    def change_schema(self, data: st.DataObject) -> None:
        """Change the types."""
        names = [each.name for each in self.session.schema.entities]
        relations = [each.name for each in self.session.schema.relations]
        new = data.draw(st.sampled_from(["PERSON", "GPE", "CITY", "DATE"]))
        choices: list[Any] = [commands.AddType(EntityType(name=new))]
        if names:
            name = data.draw(st.sampled_from(names))
            target = data.draw(st.sampled_from(names))
            choices.append(commands.ChangeType(_renamed(self.session, name, new)))
            choices.append(commands.MergeTypes(kind=Kind.SPAN, source=name, target=target))
            choices.append(commands.DeleteType(kind=Kind.SPAN, name=name))
            choices.append(commands.ReorderTypes(kind=Kind.SPAN, names=tuple(sorted(names))))
        if relations:
            name = data.draw(st.sampled_from(relations))
            target = data.draw(st.sampled_from(relations))
            choices.append(commands.MergeTypes(kind=Kind.RELATION, source=name, target=target))
            choices.append(commands.DeleteType(kind=Kind.RELATION, name=name))
        self._try(data.draw(st.sampled_from(choices)))

    @rule(data=st.data(), later=st.booleans())
    def undo(self, data: st.DataObject, later: bool) -> None:  # noqa: FBT001
        """Undo in one document or everywhere."""
        key = data.draw(st.sampled_from([None, *self.documents]))
        step = self.session.undoable(key)
        if step is None or step.key <= self.first_step:
            return
        before = rows(self.session)
        try:
            self.session.undo(key, with_later=later)
        except (UndoRefusedError, StaleError):
            assert rows(self.session) == before

    @rule(data=st.data())
    def undo_any(self, data: st.DataObject) -> None:
        """Undo some older step with the later ones that stand on it."""
        steps = [
            each.key
            for each in self.session.history()
            if each.key > self.first_step and each.kind is StepKind.ACT and not each.undone
        ]
        if steps:
            self._try(commands.Undo(steps=(data.draw(st.sampled_from(steps)),), with_later=True))

    @rule(data=st.data())
    def redo(self, data: st.DataObject) -> None:
        """Redo in one document or everywhere."""
        key = data.draw(st.sampled_from([None, *self.documents]))
        before = rows(self.session)
        try:
            self.session.redo(key)
        except StaleError:
            assert rows(self.session) == before

    @rule()
    def restart(self) -> None:
        """Close the project and open it again."""
        path = self.session.path
        self.session.close()
        self.session = open_project(path, annotator="Mara")

    @rule(score=st.sampled_from([0.4, 0.9]))
    def run_suggesters(self, score: float) -> None:
        """Make the candidates anew."""
        text, spans = marked(TEXT)
        what = [each for each in spans if self.session.schema.entity(each.label) is not None]
        if self.session.text(self.documents[0]) == text:
            propose(self.session, self.documents[0], what, score=score, suggester="again")

    @invariant()
    def what_is_followed_is_what_the_file_holds(self) -> None:
        """Compare what acts made of an article that was read with the article read anew."""
        project = self.session.project
        for key in self.documents:
            kept = project.kept("article", key)
            if kept is not None:
                assert kept.annotations == articles.read_article(project, key).annotations

    @invariant()
    def counts_agree(self) -> None:
        """No relation hangs in the air, the counts agree with the rows, and what is done holds nothing undecided."""
        seen = set(self.session.document_keys())
        for key in set(self.documents) & seen:
            found = self.session.annotations(key)
            assert all(found.span(each.head) and found.span(each.child) for each in found.relations)
            row = self.session.row(key)
            assert (row.spans, row.relations, row.rejected, row.undecided) == (
                len(found.spans),
                len(found.relations),
                found.rejected,
                found.left,
            )

    @invariant()
    def what_is_live_is_what_the_entries_say(self) -> None:
        """Ask the entries whether an act stands: unless the newest about it is an undo."""
        said = """coalesce((SELECT entry.kind FROM reversal JOIN step AS entry ON entry.key = reversal.entry
            WHERE reversal.target = step.key ORDER BY entry.key DESC LIMIT 1), 'redo') = 'redo'"""
        assert not self.session.project.rows(f"SELECT key FROM step WHERE kind = 'act' AND live <> ({said})")


def in_sight(found: dict[str, list[tuple[Any, ...]]]) -> dict[str, list[tuple[Any, ...]]]:
    """Leave out what an undone import hides: its documents with their rows, itself, its types."""
    hidden = {row[0] for row in found["batch"] if "hidden" in row}
    documents = {row[0] for row in found["document"] if row[2] in hidden}
    kept = {name: list(content) for name, content in found.items()}
    kept["batch"] = [row for row in found["batch"] if row[0] not in hidden]
    kept["type"] = [row for row in found["type"] if not row[-2]]
    owner = {"document": 0, "tokenization": 0, "span": 2, "relation": 2, "rejection": 2, "asked": 1}
    for name, column in owner.items():
        kept[name] = [row for row in found[name] if row[column] not in documents]
    return kept


Editing.TestCase.settings = settings(
    max_examples=40,
    stateful_step_count=30,
    phases=[Phase.generate],
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestEditing = Editing.TestCase
