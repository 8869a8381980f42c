"""`check` names every rule that does not hold, and finds nothing where all do."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from annotator.editing import commands
from annotator.model.annotation import Kind
from annotator.model.errors import Cancelled, ProjectError
from annotator.model.patterns import phrase
from annotator.model.record import Record, RecordSpan
from annotator.workflows.checking import CheckReport, check_project
from tests.builders import a_document, a_project, bring, place, plain_tokens

TEXT = "[President](ROLE) [Ada](PERSON) met [Bob](PERSON) in Paris 🇫🇷 yesterday."


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Make a closed project in which much was done: spans, relations, rejections, undos and a redo."""
    session = a_project(tmp_path)
    document = a_document(session, TEXT)
    text = session.text(document)
    found = session.annotations(document).undecided
    session.do(commands.AcceptSpan(document=document, candidate=found[0].best.what))
    session.do(commands.AcceptSpan(document=document, candidate=found[1].best.what))
    session.do(commands.AddSpan(document, place(text, "Paris"), "GPE"))
    spans = session.annotations(document).spans
    session.do(
        commands.AddRelation(document=document, head=spans[1].key, child=spans[0].key, label="HOLDS_ROLE")
    )
    session.do(commands.RejectSpan(document, (found[2].best.what,)))
    session.do(commands.SetNote(kind=Kind.SPAN, key=spans[0].key, note="sure?"))
    session.undo(document)
    session.redo(document)
    session.undo(document)
    other = bring(session, Record(text="Eve left.", source="b", tokens=plain_tokens("Eve left.")))
    assert other.first_document is not None
    session.do(commands.AddSpan(other.first_document, place("Eve left.", "Eve"), "PERSON"))
    session.do(commands.RemoveDocuments((other.first_document,)))
    thing = RecordSpan(fragments=place("A comet.", "comet"), label="COMET")
    bring(session, Record(text="A comet.", source="c", tokens=plain_tokens("A comet."), spans=(thing,)))
    session.undo(None)
    session.do(commands.FinishDocument(document=document))
    towns = commands.NewPatternList(name="Towns", label="GPE", patterns=(phrase("Oslo"), phrase("Rome")))
    session.do(commands.AddPatternLists((towns,)))
    session.close()
    return session.path


def broken(path: Path, *statements: str) -> CheckReport:
    """Break a project with SQL, and check it."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        for statement in statements:
            connection.execute(statement)
    return check_project(path)


def test_a_sound_project_breaks_nothing(path: Path) -> None:
    before = path.read_bytes()
    report = check_project(path)
    assert report.breaches == ()
    assert report.is_clean
    assert report.documents == 3
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize(
    ("statement", "rule", "words"),
    [
        ("UPDATE content SET text = text || '!' WHERE document = 1", "text", "length is kept"),
        ("UPDATE content SET text = replace(text, 'met', 'hit')", "text", "hash differs"),
        ("DELETE FROM content WHERE document = 1", "text", "no text"),
        ("UPDATE content SET text = CAST(x'41ff42' AS TEXT)", "text", "cannot be read"),
        ("UPDATE content SET text = x'4142'", "cell", "content.text hold blob, not text"),
        ("UPDATE tokenization SET tokens = x'42ff01'", "tokens", "Token 0 (255 to 256)"),
        ("UPDATE tokenization SET tokens = x'42000a05'", "tokens", "token starts"),
        ("UPDATE tokenization SET tokens = x'51'", "tokens", "cannot be read"),
        ("UPDATE tokenization SET sentences = x'4201'", "tokens", "first sentence does not begin"),
        ("UPDATE tokenization SET sentences = x'420000'", "tokens", "do not rise"),
        ("UPDATE tokenization SET sentences = x'4200ff'", "tokens", "behind the last token"),
        ("UPDATE span SET fragments = '900-905'", "span", "leaves the text"),
        ("UPDATE span SET fragments = '9-9'", "span", "is empty"),
        ("UPDATE span SET fragments = '9-12,11-14'", "span", "not apart"),
        ("UPDATE span SET fragments = '31-32'", "span", "cuts a character in two"),
        ("UPDATE span SET fragments = 'somewhere'", "span", "cannot be read"),
        ("UPDATE span SET type = (SELECT key FROM type WHERE kind = 'relation')", "type", "another kind"),
        ("UPDATE span SET type = 999 WHERE key = 1", "reference", "span 1 names a row of type"),
        ("UPDATE span SET how = 'guessed' WHERE key = 1", "span", "cannot be read"),
        ("UPDATE span SET at = 1e300 WHERE key = 1", "span", "at is 1e+300"),
        ("UPDATE span SET layer = 2 WHERE key = 1", "span", "its layer is not one"),
        ("UPDATE type SET hidden = 1 WHERE name = 'GPE'", "span", "not an entity type that can be seen"),
        ("UPDATE relation SET head = child", "relation", "its ends are one span"),
        ("UPDATE relation SET head = 4", "relation", "its head is not a span of its document"),
        ("UPDATE rejection SET head = '5-4'", "rejection", "is empty"),
        ("UPDATE rejection SET reason = 'no'", "rejection", "cannot be read"),
        ("UPDATE candidate SET score = 7", "candidate", "has the score 7"),
        ("UPDATE candidate SET head = '0-900'", "candidate", "leaves the text"),
        ("UPDATE document SET state = 'lost' WHERE key = 1", "document", "cannot be read"),
        ("UPDATE document SET attributes = '[' WHERE key = 1", "document", "cannot be read"),
        ("DELETE FROM rejection", "state", "1 of its candidates are undecided"),
        ("UPDATE tally SET spans = 99", "tally", "they are (3, 1, 1, 0)"),
        ("UPDATE document_count SET documents = documents + 1", "tally", "are kept, but not there"),
        ("DELETE FROM document_count", "tally", "are there, but not kept"),
        ("DELETE FROM tally", "tally", "kept as None"),
        ("DELETE FROM layer WHERE document = 2", "layer", "no layer"),
        ("DELETE FROM search_docsize WHERE id = 1", "search", "Document 1 is not in the index"),
        ("INSERT INTO search_docsize (id, sz) VALUES (77, x'01')", "search", "77 is in the index"),
        ("UPDATE type SET name = 'a' || char(10) || 'b' WHERE key = 1", "type", "name that cannot be"),
        ("UPDATE type SET name = 'PERSON' WHERE kind = 'span'", "type", "the name of another one"),
        ("UPDATE type SET color = 'url(x)' WHERE key = 1", "type", "a colour there is not"),
        ("UPDATE type SET heads = '[99]'", "type", "joins a type that is not there"),
        ("UPDATE type SET heads = '{'", "type", "ends that cannot be read"),
        ("INSERT INTO batch VALUES (9, 'x', 'killed', 'pending', 0, '', 0)", "import", "was not finished"),
        ("UPDATE batch SET state = 'ready' WHERE key = 1", "import", "a state there is not"),
        ("UPDATE setting SET value = '{' WHERE name = 'name'", "setting", "'name' is not JSON"),
        ("UPDATE sqlite_sequence SET seq = 0 WHERE name = 'span'", "file", "span has a row"),
        ("UPDATE sqlite_sequence SET seq = 'x' WHERE name = 'span'", "file", "The last key of 'span'"),
        ("UPDATE span SET note = 'changed' WHERE key = 1", "journal", "span 1 is not as step"),
        ("UPDATE span SET version = 0 WHERE key = 1", "journal", "span 1 was left by step 0"),
        ("DELETE FROM rejection", "journal", "rejection 1 is gone"),
        ("UPDATE step SET kind = 'undo' WHERE kind = 'redo'", "journal", "undoes what is undone"),
        ("UPDATE step SET live = 1 - live WHERE key = 3", "journal", "Step 3 stands, but is kept"),
        ("UPDATE step SET live = 1 WHERE kind = 'redo'", "journal", "can be taken back, but it cannot"),
        ("UPDATE step SET kind = 'hop' WHERE key = 3", "journal", "neither an act"),
        ("UPDATE step SET documents = 9 WHERE key = 3", "journal", "touched 9 documents, but 1"),
        ("DELETE FROM reversal", "journal", "an undo or redo of nothing"),
        ("UPDATE reversal SET target = 1000 WHERE entry = 9", "journal", "which is no act before it"),
        ("DELETE FROM step_document WHERE step = 3", "journal", "changed document 1 without naming it"),
        ("UPDATE change SET after = '{' WHERE step = 4", "journal", "cannot be read (JSONDecodeError)"),
        (
            'UPDATE change SET before = \'{"id":{"hex":"0g"}}\' WHERE step = 4',
            "journal",
            "cannot be read (ValueError)",
        ),
        ("UPDATE change SET after = NULL, before = NULL WHERE step = 4", "journal", "says nothing"),
        ("UPDATE change SET \"table\" = 'shelf' WHERE step = 4", "journal", "a table 'shelf'"),
        ("DELETE FROM change WHERE step = 4", "journal", "says that step 4 left it"),
        ("UPDATE pattern_block SET patterns = '[\"Oslo'", "patterns", "Block 1 of patterns cannot be read"),
        (
            "UPDATE pattern_list SET name = 'a' || char(8238)",
            "patterns",
            "Pattern list 1: A row of this project",
        ),
        (
            "UPDATE pattern_list SET type = (SELECT key FROM type WHERE kind = 'relation')",
            "patterns",
            "a type of another kind",
        ),
        ("CREATE TRIGGER evil AFTER INSERT ON span BEGIN SELECT 1; END", "foreign", "trigger evil"),
        (
            "INSERT INTO external_id VALUES ('doccano', '', 'x', '', '')",
            "external id",
            "has no name in 'doccano'",
        ),
    ],
)
def test_a_breach_is_named(path: Path, statement: str, rule: str, words: str) -> None:
    report = broken(path, statement)
    assert not report.is_clean
    assert any(each.rule == rule and words in each.message for each in report.breaches), report.breaches


def test_a_broken_page_is_named_or_refused(path: Path) -> None:
    content = bytearray(path.read_bytes())
    for page in range(2, len(content) // 4096):
        damaged = bytearray(content)
        damaged[page * 4096 : page * 4096 + 64] = b"\xff" * 64
        path.write_bytes(damaged)
        try:
            report = check_project(path)
        except ProjectError:
            continue
        assert not report.is_clean or damaged == content, page


def test_a_check_can_be_stopped(path: Path) -> None:
    def stop(_done: int, total: int, _text: str) -> None:
        if total:
            raise Cancelled

    with pytest.raises(Cancelled):
        check_project(path, stop)


def test_what_is_no_project_cannot_be_checked(tmp_path: Path) -> None:
    other = tmp_path / "other.annot"
    other.write_text("just words")
    with pytest.raises(ProjectError):
        check_project(other)
