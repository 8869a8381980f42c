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
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from annotator.editing import commands
from annotator.editing.commands import COMMANDS
from annotator.editing.editor import PLANS
from annotator.editing.history import UndoRefusedError
from annotator.model.annotation import Fragment, Kind, RelationKey, SpanKey
from annotator.model.change import StepKind
from annotator.model.document import Part, State
from annotator.model.errors import StaleError, UserError
from annotator.model.record import Record
from annotator.model.schema import EntityType, RelationType, Schema
from annotator.workflows.projects import open_project
from annotator.workflows.session import Session
from tests.builders import a_document, a_project, a_record, bring, marked, place, propose

JOURNALLED = ("document", "tokenization", "span", "relation", "rejection", "type", "batch")
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

    def relation(label: str) -> int:
        return next(each.key for each in session.annotations(document).relations if each.label == label)

    other = bring(session, _record("Another [Eve](PERSON)."))
    assert other.first_document is not None
    met = RelationKey(SpanKey(ada, "PERSON"), SpanKey(bob, "PERSON"), "MET")
    visited = RelationKey(SpanKey(bob, "PERSON"), SpanKey(paris, "GPE"), "VISITED")
    propose(session, document, [met, visited])
    return [
        lambda: commands.AcceptSpan(document=document, candidate=SpanKey(ada, "PERSON")),
        lambda: commands.AcceptRelation(document=document, candidate=met),
        lambda: commands.RejectRelation(document, visited),
        lambda: commands.RejectSpan(document, (SpanKey(rome, "GPE"),)),
        lambda: commands.AddSpan(document, left, "ROLE"),
        lambda: commands.RelabelSpans((key("left", "ROLE"),), "GPE"),
        lambda: commands.MoveSpan(key("left", "GPE"), (Fragment(left[0].start, rome[0].end),)),
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
        lambda: commands.MergeTypes(kind=Kind.SPAN, source="PLACE", target="DATE"),
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
    """Arbitrary acts, undos, redos, restarts and candidate runs over two documents."""

    spans = Bundle("spans")

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self.session = a_project(Path(self._folder.name))
        self.documents: list[int] = []

    @initialize()
    def begin(self) -> None:
        """Bring two documents in."""
        self.documents = [
            a_document(self.session, TEXT),
            a_document(self.session, "[Eve](PERSON) rules [Oslo](GPE)."),
        ]
        self.start = rows(self.session)
        self.first_step = self.session.history()[0].key

    def teardown(self) -> None:
        """Undo all, redo all, and compare."""
        if self.documents:
            end = rows(self.session)
            count = 0
            while (step := self.session.undoable(None)) is not None and step.key > self.first_step:
                self.session.undo(None)
                count += 1
            assert rows(self.session) == self.start
            for _ in range(count):
                assert self.session.redo(None) is not None
            assert rows(self.session) == end
        self.session.close()
        self._folder.cleanup()

    def _try(self, command: Any) -> None:
        before = rows(self.session)
        try:
            self.session.do(command)
        except UserError:
            assert rows(self.session) == before, f"a refused act wrote something: {command}"

    @rule(data=st.data(), document=st.integers(0, 1))
    def decide(self, data: st.DataObject, document: int) -> None:
        """Decide one thing."""
        key = self.documents[document]
        found = self.session.annotations(key)
        text = self.session.text(key)
        labels = st.sampled_from([each.name for each in self.session.schema.entities] or ["PERSON"])
        choices: list[Any] = []
        start = data.draw(st.integers(0, len(text) - 1))
        end = data.draw(st.integers(start + 1, min(len(text), start + 12)))
        label = data.draw(labels)
        choices.append(commands.AddSpan(key, (Fragment(start, end),), label))
        if found.undecided:
            best = data.draw(st.sampled_from(found.undecided)).best
            choices.append(commands.AcceptSpan(document=key, candidate=best.what))
            choices.append(commands.AcceptSpan(document=key, candidate=best.what, label=label))
            choices.append(commands.RejectSpan(key, (best.what,)))
        if found.spans:
            span = data.draw(st.sampled_from(found.spans))
            other = data.draw(st.sampled_from(found.spans))
            choices.append(commands.RemoveSpans((span.key,)))
            choices.append(commands.RelabelSpans((span.key,), label))
            choices.append(commands.MoveSpan(span.key, (Fragment(start, end),)))
            choices.append(commands.Reopen(document=key, spans=(span.key,)))
            relation = data.draw(st.sampled_from(["MET", "VISITED", "HOLDS_ROLE"]))
            choices.append(commands.AddRelation(document=key, head=span.key, child=other.key, label=relation))
        if found.relations:
            joined = data.draw(st.sampled_from(found.relations))
            choices.append(commands.RemoveRelations((joined.key,)))
            choices.append(commands.ReverseRelation(joined.key))
        choices.append(commands.FinishDocument(document=key, accept_rest=data.draw(st.booleans())))
        choices.append(commands.AcceptMany(documents=(key,), minimum=0.5))
        self._try(data.draw(st.sampled_from(choices)))

    @rule(data=st.data())
    def change_schema(self, data: st.DataObject) -> None:
        """Change the types."""
        names = [each.name for each in self.session.schema.entities]
        new = data.draw(st.sampled_from(["PERSON", "GPE", "CITY", "DATE"]))
        choices: list[Any] = [commands.AddType(EntityType(name=new))]
        if names:
            name = data.draw(st.sampled_from(names))
            target = data.draw(st.sampled_from(names))
            choices.append(commands.ChangeType(_renamed(self.session, name, new)))
            choices.append(commands.MergeTypes(kind=Kind.SPAN, source=name, target=target))
            choices.append(commands.DeleteType(kind=Kind.SPAN, name=name))
        self._try(data.draw(st.sampled_from(choices)))

    @rule(document=st.sampled_from([None, 0, 1]), later=st.booleans())
    def undo(self, document: int | None, later: bool) -> None:  # noqa: FBT001
        """Undo in one document or everywhere."""
        key = None if document is None else self.documents[document]
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

    @rule(document=st.sampled_from([None, 0, 1]))
    def redo(self, document: int | None) -> None:
        """Redo in one document or everywhere."""
        before = rows(self.session)
        try:
            self.session.redo(None if document is None else self.documents[document])
        except StaleError:
            assert rows(self.session) == before

    @rule()
    def restart(self) -> None:
        """Close the project and open it again."""
        path = self.session.path
        self.session.close()
        self.session = open_project(path, annotator="Mara")

    @rule(document=st.integers(0, 1), score=st.sampled_from([0.4, 0.9]))
    def run_suggesters(self, document: int, score: float) -> None:
        """Make the candidates anew."""
        what = [each for each in marked(TEXT)[1] if self.session.schema.entity(each.label) is not None]
        if document == 0:
            propose(self.session, self.documents[0], what, score=score, suggester="again")

    @invariant()
    def relations_have_their_ends(self) -> None:
        """No relation hangs in the air, and the counts agree with the rows."""
        for key in self.documents:
            found = self.session.annotations(key)
            assert all(found.span(each.head) and found.span(each.child) for each in found.relations)
            row = self.session.row(key)
            assert (row.spans, row.relations, row.rejected) == (
                len(found.spans),
                len(found.relations),
                found.rejected,
            )


Editing.TestCase.settings = settings(
    max_examples=40,
    stateful_step_count=30,
    phases=[Phase.generate],
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestEditing = Editing.TestCase
