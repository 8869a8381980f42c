"""What is removed for good is nowhere in the file any more; everything else can still be undone to where it began."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule

from annotator.editing import commands
from annotator.editing.removing import CHUNK, begin_removal, finish_removal, name_of_act
from annotator.model.annotation import Kind, SpanKey
from annotator.model.change import StepKind
from annotator.model.document import State
from annotator.model.errors import Cancelled, ProjectError, RuleError, StaleError
from annotator.store import removing
from annotator.store.links import Link, keep_links, links_of
from annotator.workflows.checking import check
from annotator.workflows.session import Session
from tests.builders import a_document, a_project, a_record, bring, place, propose
from tests.editing.test_undo import TEXT, Editing, in_sight, rows


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    session = a_project(tmp_path)
    yield session
    session.close()


def remove(session: Session, *documents: int) -> None:
    """Remove documents for good, the file written anew included."""
    begin_removal(session.project, documents)
    done = finish_removal(session.project, at=time.time(), annotator="Mara", report=lambda *_: None)
    assert done.swept
    assert done.documents == len(documents)


def everywhere(session: Session) -> str:
    """Give every byte of the project's files, as text of one byte a sign."""
    path = session.path
    files = [path, *(path.with_name(path.name + end) for end in ("-wal", "-shm", "-journal"))]
    return "".join(file.read_bytes().decode("latin-1") for file in files if file.exists())


def shreds(session: Session, *words: str) -> list[str]:
    """Tell which words stand anywhere in the files, as they are, escaped as JSON does, or as hexadecimal digits."""
    found = everywhere(session)
    lower = found.casefold()
    left = []
    for word in words:
        forms = [
            word.encode().decode("latin-1"),
            json.dumps(word)[1:-1],
            word.encode().hex(),
            word.encode("utf-16-le").decode("latin-1"),
        ]
        left += [form for form in forms if form in found or form.casefold() in lower]
    project = session.project
    project.connection.execute("CREATE VIRTUAL TABLE temp.terms USING fts5vocab (main, search, row)")
    terms = {row[0] for row in project.rows("SELECT term FROM temp.terms")}
    project.connection.execute("DROP TABLE temp.terms")
    return left + [word for word in words if word.casefold() in terms]


def test_not_a_shred_is_left(session: Session) -> None:
    kept = a_document(session, "Ada met Bob in Paris.", source="kept.txt")
    secret = a_document(
        session, "[Xanthippe](PERSON) hid the Quokkamünze in Zanzibarstadt.", source="geheimakte.txt"
    )
    text = session.text(secret)
    session.do(commands.RenameDocument(secret, "Wolperdinger dossier"))
    session.do(commands.AddSpan(secret, place(text, "Quokkamünze"), "ROLE"))
    session.do(commands.AcceptSpan(document=secret, candidate=SpanKey(place(text, "Xanthippe"), "PERSON")))
    spans = {span.label: span.key for span in session.annotations(secret).spans}
    session.do(commands.SetNote(kind=Kind.SPAN, key=spans["ROLE"], note="Kryptonotiz"))
    session.do(commands.SetNote(kind=None, key=secret, note="Randbemerkung"))
    session.do(commands.MoveSpan(spans["ROLE"], place(text, "hid")))
    session.do(commands.SetState(documents=(secret,), state=State.SKIPPED, reason="Unleserlichkeit"))
    session.undo(secret)
    session.do(
        commands.AcceptMany(words="Xanthippe", label="PERSON", documents=(kept, secret), minimum=0)
    ) if (session.annotations(secret).undecided) else None
    session.do(
        commands.ProposeSpans(
            places=((secret, place(text, "Zanzibarstadt")), (kept, place(session.text(kept), "Paris"))),
            label="GPE",
            words="Zanzibarstadt",
            reason="Begründungswort",
        )
    )
    propose(session, secret, [SpanKey(place(text, "hid"), "GPE")], suggester="Vorschlagsding")
    session.set_setting("view", {"document": secret})
    words = (
        *("Xanthippe", "Quokkamünze", "Zanzibarstadt", "Wolperdinger", "dossier", "Kryptonotiz"),
        *("Randbemerkung", "geheimakte", "Unleserlichkeit", "Vorschlagsding"),
    )
    there = shreds(session, *words)
    assert {word for word in words if word in there} >= set(words) - {"Quokkamünze"}
    remove(session, secret)
    assert shreds(session, *words) == []
    assert session.setting("view") is None
    assert session.document_keys() == [kept]
    assert [each.name for each in session.history()][:2] == [
        "Removed for good: 1 document",
        "Propose the same words",
    ]
    for table, column in (("step_document", "document"), ("change", "document"), ("document", "key")):
        assert not session.project.rows(f"SELECT 1 FROM {table} WHERE {column} = ?", (secret,))
    assert not session.project.rows("PRAGMA foreign_key_check")
    assert session.project.value("PRAGMA integrity_check") == "ok"


def test_not_a_shred_is_left_where_a_rollback_journal_is_kept(session: Session) -> None:
    session.project.connection.execute("PRAGMA journal_mode = DELETE")
    secret = a_document(session, "[Xanthippe](PERSON) hid in Zanzibarstadt.", source="geheimakte.txt")
    session.do(commands.AcceptMany())
    assert shreds(session, "Xanthippe", "geheimakte")
    remove(session, secret)
    assert shreds(session, "Xanthippe", "Zanzibarstadt", "geheimakte") == []
    assert session.project.value("SELECT count(*) FROM document_count") == 0


def test_the_others_are_as_they_were_and_can_be_undone_and_redone(session: Session) -> None:
    first, second = a_document(session, TEXT), a_document(session, "[Eve](PERSON) rules [Oslo](GPE).")
    start = rows(session)
    session.do(commands.AcceptMany(documents=(first, second)))
    session.do(commands.MergeTypes(kind=Kind.SPAN, source="GPE", target="ROLE"))
    session.do(commands.FinishDocument(document=second))
    session.do(
        commands.SetPart(documents=(first, second), part=session.document(first).part.__class__("test"))
    )
    session.do(commands.ExcludeDocuments(documents=(second,)))
    session.undo(second)
    before = rows(session)
    remove(session, second)
    layers = [row[0] for row in session.project.rows("SELECT document FROM layer")]
    assert layers == [first]
    assert of_document(rows(session), first) == of_document(before, first)
    names = [each.name for each in session.history() if each.kind is not StepKind.REMOVAL]
    assert names[:3] == ["Put 2 documents into test", "Merge GPE into ROLE", "Accept 8 spans in 2 documents"]
    assert [each.documents for each in session.history()][1:4] == [1, 1, 1]
    for _ in range(3):
        assert session.undo(None) is not None
    assert of_document(rows(session), first) == of_document(start, first)
    for _ in range(3):
        assert session.redo(None) is not None
    assert of_document(rows(session), first) == of_document(before, first)


def of_document(found: dict[str, list[tuple[Any, ...]]], document: int) -> dict[str, list[tuple[Any, ...]]]:
    """Keep the rows of one document, its import, and the types."""
    own = {"document": 0, "tokenization": 0}
    kept = {name: list(content) for name, content in found.items()}
    for name in ("document", "tokenization"):
        kept[name] = [row for row in kept[name] if row[own[name]] == document]
    batches = {row[2] for row in kept["document"]}
    kept["batch"] = [row for row in kept["batch"] if row[0] in batches]
    for name, column in (("span", 2), ("relation", 2), ("rejection", 2), ("asked", 1)):
        kept[name] = [row for row in kept[name] if row[column] == document]
    return kept


def test_an_import_that_became_empty_goes_and_one_that_did_not_loses_its_name(session: Session) -> None:
    report = bring(
        session, *(a_record(f"[Ada](NEW) and {number}.", source=f"f{number}") for number in range(2))
    )
    alone = a_document(session, "Alone here.", source="alone.txt")
    assert report.first_document is not None
    remove(session, report.first_document, alone)
    assert [row[0] for row in session.project.rows("SELECT name FROM batch")] == ["Import: 1 document"]
    assert [each.name for each in session.history()] == [
        "Removed for good: 2 documents",
        "Import: 1 document",
        "Add 6 types",
    ]
    left = session.document_keys()
    session.undo(None)
    assert session.document_keys() == []
    assert session.schema.entity("NEW") is None
    remove(session, *left)
    assert [each.name for each in session.history()] == [
        "Removed for good: 1 document",
        "Undo: Import",
        "Removed for good: 2 documents",
        "Import",
        "Add 6 types",
    ]
    session.redo(None)
    assert session.schema.entity("NEW") is not None


def test_a_removal_cannot_be_undone_and_is_no_act_that_stands_in_the_way(session: Session) -> None:
    first, second = a_document(session, TEXT), a_document(session, "Other words.")
    session.do(commands.SetFlag(kind=None, key=first, flagged=True))
    session.undo(first)
    remove(session, second)
    removal = session.history()[0]
    assert (removal.kind, removal.documents) == (StepKind.REMOVAL, 1)
    with pytest.raises(StaleError, match="cannot be brought back"):
        session.do(commands.Undo(steps=(removal.key,)))
    assert session.redo(first) is not None
    assert session.undoable(None) != removal


def test_documents_removed_before_are_found_and_go_too(session: Session) -> None:
    seen, removed, undone = (a_document(session, f"Text {number}.") for number in range(3))
    session.undo(None)
    session.do(commands.RemoveDocuments((removed,)))
    assert removing.out_of_sight(session.project) == [removed, undone]
    remove(session, removed, undone)
    assert removing.out_of_sight(session.project) == []
    assert session.document_keys() == [seen]
    assert session.project.value("SELECT count(*) FROM document") == 1


def test_what_a_killed_removal_left_is_finished(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotator.editing.removing.CHUNK", 1)
    assert CHUNK == 50
    keys = [a_document(session, f"Zirbelkiefer{number} stands.") for number in range(3)]
    session.set_setting("view", {"document": keys[2]})

    def stop(done: int, _total: int, _text: str) -> None:
        if done == 1:
            raise Cancelled

    begin_removal(session.project, keys[:2])
    assert session.document_keys() == keys[2:]
    with pytest.raises(Cancelled):
        finish_removal(session.project, at=0.0, annotator="Mara", report=stop)
    assert session.project.value("SELECT count(*) FROM document") == 2
    done = finish_removal(session.project, at=0.0, annotator="Mara", report=lambda *_: None)
    assert (done.documents, done.swept) == (2, True)
    assert shreds(session, "Zirbelkiefer0", "Zirbelkiefer1") == []
    assert session.setting("view") == {"document": keys[2]}
    assert finish_removal(session.project, at=0.0, annotator="Mara", report=lambda *_: None).documents == 0
    assert [each.name for each in session.history() if each.kind is StepKind.REMOVAL] == [
        "Removed for good: 2 documents"
    ]


def test_one_who_reads_holds_the_sweep_up_and_it_is_made_up_for(session: Session) -> None:
    document = a_document(session, "Zirbelkiefer stands.")
    session.do(commands.SetFlag(kind=None, key=document, flagged=True))
    session.project.connection.execute("PRAGMA busy_timeout = 50")
    reader = session.project.sibling()
    reader.connection.execute("BEGIN")
    reader.rows("SELECT count(*) FROM document")
    begin_removal(session.project, [document])
    done = finish_removal(session.project, at=0.0, annotator="Mara", report=lambda *_: None)
    assert (done.documents, done.swept) == (1, False)
    assert removing.pending(session.project) == {"sweep": True}
    reader.close()
    done = finish_removal(session.project, at=0.0, annotator="Mara", report=lambda *_: None)
    assert done.swept
    assert shreds(session, "Zirbelkiefer") == []


def test_without_room_nothing_begins(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    document = a_document(session, TEXT)
    monkeypatch.setattr(
        removing, "room_for", lambda _project: removing.Room(needed=90_000_000, free=2_000_000)
    )
    with pytest.raises(RuleError, match=r"needs 90 MB free on the disk; 2 MB are\."):
        begin_removal(session.project, [document])
    with pytest.raises(RuleError, match="No document is chosen"):
        begin_removal(session.project, [])
    assert session.document_keys() == [document]


def test_what_goes_is_counted_beforehand(session: Session) -> None:
    first, second = a_document(session, TEXT), a_document(session, "[Eve](PERSON) rules.")
    session.do(commands.AcceptMany(documents=(first, second)))
    session.do(commands.SetFlag(kind=None, key=first, flagged=True))
    session.undo(first)
    going = removing.going_with(session.project, [first])
    assert (going.documents, going.spans, going.relations, going.rejections) == (1, 6, 0, 0)
    assert (going.candidates, going.entries, going.shortened) == (6, 3, 1)


def test_what_other_systems_call_them_is_forgotten(session: Session) -> None:
    first, second = a_document(session, TEXT), a_document(session, "Other words.")
    ids = [session.document(key).id for key in (first, second)]
    with session.project.writing() as connection:
        connection.executemany(
            "INSERT INTO external_id (system, remote, local, hash) VALUES ('x', ?, ?, '')",
            [(str(number), each) for number, each in enumerate(ids)],
        )
    remove(session, first)
    assert [row[0] for row in session.project.rows("SELECT local FROM external_id")] == [ids[1]]


def test_that_a_document_of_a_server_was_here_stays_known_without_a_word_of_it(session: Session) -> None:
    secret = a_document(session, "Xanthippe hid.")
    keep_links(
        session.project,
        [
            Link(
                system="doccano x/projects/1",
                remote="document/7",
                local=session.document(secret).id,
                hash=session.document(secret).hash,
                base='{"n":"Randbemerkung"}',
            )
        ],
    )
    remove(session, secret)
    assert shreds(session, "Xanthippe", "Randbemerkung") == []
    (left,) = links_of(session.project, "doccano x/projects/1")
    assert (left.local, left.hash, left.base) == ("", "", '{"a":"here"}')


@pytest.mark.parametrize(
    ("name", "schema", "neutral"),
    [
        (
            "Accept 3 spans and 1 relation in 2 documents",
            False,
            "Accept 3 spans and 1 relation in 2 documents",
        ),
        ("Accept 3 spans Moscow as GPE in 2 documents", False, "Accept candidates"),
        ("Propose Moscow as GPE at 12 places in 3 documents", False, "Propose the same words"),
        ("Skipped: 2 documents", False, "Skipped: 2 documents"),
        ("Skipped: a title", False, "An act on several documents"),
        ("Import secret.txt: 3 documents", False, "Import"),
        ("Merge GPE into LOC", True, "Merge GPE into LOC"),
    ],
)
def test_names_lose_the_words_of_texts(name: str, *, schema: bool, neutral: str) -> None:
    assert name_of_act(name, schema) == neutral


def test_one_who_decides_while_the_file_is_written_anew_is_told_to_wait(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = a_document(session, TEXT)
    monkeypatch.setattr("annotator.store.locking.PATIENCE", 0.05)
    with (
        session.project.turn.alone("The file is being written anew."),
        pytest.raises(ProjectError, match="being written anew"),
    ):
        session.do(commands.SetFlag(kind=None, key=document, flagged=True))
    session.do(commands.SetFlag(kind=None, key=document, flagged=True))


def test_entries_before_the_end_of_undo_lose_its_words_too(session: Session) -> None:
    gone, kept = a_document(session, "Zirbelkiefer stands.", source="zirbel.txt"), a_document(session, TEXT)
    session.do(commands.SetNote(kind=None, key=gone, note="x"))
    session.do(commands.AcceptMany(documents=(kept,)))
    with session.project.writing() as connection:  # as a repair leaves it
        connection.execute("DELETE FROM change")
        connection.execute("DELETE FROM reversal")
        connection.execute("UPDATE step SET kind = 'past', live = 0")
        connection.execute("UPDATE step SET name = 'Import zirbel.txt: 1 document' WHERE name LIKE 'Import%'")
        connection.execute("UPDATE document SET version = 0")
        connection.execute("UPDATE span SET version = 0")
    with pytest.raises(StaleError, match="before undo ended"):
        session.do(commands.Undo(steps=(session.history()[0].key,)))
    remove(session, gone)
    assert [each.name for each in session.history()][:3] == [
        "Removed for good: 1 document",
        "Accept 6 spans",
        "Import",
    ]
    assert shreds(session, "Zirbelkiefer", "zirbel") == []


class Removing(Editing):
    """Arbitrary acts and undos, with removals for good in between."""

    @rule(data=st.data())
    def remove_for_good(self, data: st.DataObject) -> None:
        """Remove a document for good; the others are as they were."""
        known = sorted(set(self.documents))
        if len(known) < 2 or data.draw(st.integers(0, 3)):
            return
        key = data.draw(st.sampled_from(known))
        self.documents = [each for each in known if each != key]
        before = {each: of_document(rows(self.session), each) for each in self.documents}
        remove(self.session, key)
        for each in self.documents:
            left = of_document(rows(self.session), each)
            assert without_names(left) == without_names(before[each])

    def check_ends(self) -> None:
        """Undo all: the documents that are left are as they began; redo all: as they ended."""
        assert check(self.session.project).breaches == ()
        end = rows(self.session)
        count = self.undo_all()
        assert check(self.session.project).breaches == ()
        began = {row[0] for row in self.start["document"]}
        for key in began & set(self.documents):
            assert without_names(of_document(rows(self.session), key)) == without_names(
                of_document(self.start, key)
            )
        for _ in range(count):
            assert self.session.redo(None) is not None
        assert rows(self.session) == end


def without_names(found: dict[str, list[tuple[Any, ...]]]) -> dict[str, list[tuple[Any, ...]]]:
    """Leave out what a removal may change elsewhere: the name of an import; and types that imports only hid."""
    kept = in_sight(found)
    kept["batch"] = [(row[0], *row[3:]) for row in kept["batch"]]
    return kept


Removing.TestCase.settings = settings(
    max_examples=30,
    stateful_step_count=30,
    phases=[Phase.generate],
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestRemoving = Removing.TestCase
