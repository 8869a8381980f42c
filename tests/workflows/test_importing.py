"""Imports: all of one appears at once or nothing of it; what is known, broken or cut short is told."""

from __future__ import annotations

import gc
import json
import re
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from annotator.editing import commands
from annotator.model.annotation import How, Origin, Reason
from annotator.model.document import Part, State
from annotator.model.errors import Cancelled, FormatError, UserError
from annotator.model.record import Record, RecordRelation, RecordSpan
from annotator.workflows.importing import ImportOptions, import_documents, import_records, import_text
from annotator.workflows.looking import look
from annotator.workflows.session import Session
from tests.builders import a_record, as_nobody, bring, place
from tests.store.test_batches import rich_record, sizes


def write(folder: Path, **files: str | bytes) -> Path:
    """Make a folder of files; `_txt` at the end of a name is its suffix."""
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        stem, _, suffix = name.rpartition("_")
        raw = content.encode() if isinstance(content, str) else content
        (folder / f"{stem}.{suffix}").write_bytes(raw)
    return folder


def texts(session: Session) -> list[str]:
    return [session.text(key) for key in session.document_keys()]


def test_texts_arrive_unchanged_in_the_order_of_their_names(session: Session, tmp_path: Path) -> None:
    folder = write(
        tmp_path / "in", b_txt="Second.\r\n\r\nÉ e\u0301 🎉\n", a_txt=b"\xef\xbb\xbf  First line \nmore"
    )
    (folder / "deeper").mkdir()
    (folder / "deeper" / "c.txt").write_text("Third.")
    report = import_documents(session, [folder])
    assert texts(session) == ["  First line \nmore", "Second.\r\n\r\nÉ e\u0301 🎉\n", "Third."]
    assert (report.documents, report.problems_total, report.duplicates) == (3, 0, 0)
    rows = [session.document(key) for key in session.document_keys()]
    assert [row.source for row in rows] == ["a.txt", "b.txt", "deeper/c.txt"]
    assert [row.title for row in rows] == ["First line", "Second.", "Third."]
    assert {(row.state, row.language) for row in rows} == {(State.TODO, "en")}
    assert report.first_document == rows[0].key
    assert session.history()[0].name == "Import in: 3 documents"


def test_languages_come_from_the_options_of_each_file(session: Session, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", a_txt="Eins.", b_txt="Two.")
    options = ImportOptions(languages={"a.txt": "de"}, language="fr")
    import_documents(session, [folder], options)
    assert [session.document(key).language for key in session.document_keys()] == ["de", "fr"]


def test_what_one_span_says_of_itself_is_not_said_of_the_next(session: Session) -> None:
    text = "a b c d e f"
    places = [place(text, letter) for letter in "abcdef"]
    details: list[dict[str, Any]] = [
        {},
        {"annotator": "Ivo", "at": 5.0},
        {"note": "so"},
        {},
        {"flagged": True, "how": How.BULK},
        {"attributes": {"other": {"color": "red"}}},
    ]
    spans = [
        RecordSpan(fragments=where, label="PERSON", **said)
        for where, said in zip(places, details, strict=True)
    ]
    twice = RecordSpan(fragments=places[0], label="PERSON", note="again")
    report = bring(session, Record(text=text, source="x", spans=(*spans, twice)))
    messages = [problem.message for problem in report.problems]
    assert (report.spans, messages) == (6, [f"“{text}”: PERSON stands twice at 0; one was left out."])
    assert report.first_document is not None
    found = sorted(session.annotations(report.first_document).spans, key=lambda span: span.start)
    told = [(span.provenance.annotator, span.note, span.flagged, span.provenance.how) for span in found]
    assert told == [
        ("Mara", "", False, How.IMPORTED),
        ("Ivo", "", False, How.IMPORTED),
        ("Mara", "so", False, How.IMPORTED),
        ("Mara", "", False, How.IMPORTED),
        ("Mara", "", True, How.BULK),
        ("Mara", "", False, How.IMPORTED),
    ]
    assert [span.provenance.at == 5.0 for span in found] == [False, True, False, False, False, False]
    assert [dict(span.attributes) for span in found] == [{}] * 5 + [{"other": {"color": "red"}}]


def test_jsonl_brings_decisions_candidates_and_types(session: Session, tmp_path: Path) -> None:
    line = {
        "text": "Ada saw a comet in Oslo.",
        "spans": [{"start": 0, "end": 3, "label": "PERSON"}, {"start": 10, "end": 15, "label": "THING"}],
        "answer": "accept",
    }
    source = tmp_path / "a.jsonl"
    source.write_text(json.dumps(line), encoding="utf-8")
    report = import_documents(session, [source])
    assert (report.documents, report.spans, report.read_spans, report.new_types) == (1, 2, 2, ("THING",))
    assert report.first_document is not None
    told = [span.provenance for span in session.annotations(report.first_document).spans]
    assert {(each.how, each.origin) for each in told} == {(How.IMPORTED, Origin.IMPORTED)}
    made = session.schema.entity("THING")
    assert made is not None
    assert made.color not in {each.color for each in session.schema.entities if each.name != "THING"}


def test_what_is_known_is_skipped_and_counted(session: Session, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", a_txt="One.", b_txt="Two.")
    import_documents(session, [folder])
    for policy in ("skip", "keep", "replace"):
        again = import_documents(session, [folder], ImportOptions(on_duplicate=policy))
        assert (again.documents, again.duplicates, again.problems_total, again.step) == (0, 2, 0, None)
        assert again.read_documents == 2
    assert texts(session) == ["One.", "Two."]


@pytest.mark.parametrize(("policy", "count"), [("skip", 1), ("replace", 1), ("keep", 2)])
def test_the_same_text_under_another_name(session: Session, policy: str, count: int) -> None:
    bring(session, a_record("Ada left.", source="a"))
    report = bring(session, a_record("Ada left.", source="b"), on_duplicate=policy)
    assert session.counts().all == count
    assert report.duplicates == 2 - count
    if count == 1:
        assert "in the project already, under another name" in report.problems[0].message
        assert report.problems[0].file == "b"


def test_another_text_under_a_known_name_is_skipped_or_kept(session: Session) -> None:
    bring(session, a_record("Ada left.", source="a"))
    report = bring(session, a_record("Ada stayed.", source="a"))
    assert (report.documents, report.duplicates) == (0, 1)
    assert "another text is known under this name" in report.problems[0].message
    for _ in range(2):
        bring(session, a_record("Ada stayed.", source="a"), on_duplicate="keep")
    assert texts(session) == ["Ada left.", "Ada stayed."]
    bring(session, a_record("Ada left.", source="a"), on_duplicate="keep")
    assert session.counts().all == 2


def test_records_without_a_name_are_no_duplicates_of_each_other(session: Session) -> None:
    report = bring(
        session, a_record("One.", source=""), a_record("Two.", source=""), a_record("One.", source="")
    )
    assert texts(session) == ["One.", "Two."]
    assert report.duplicates == 1


def test_two_texts_of_one_name_do_not_both_take_the_place_of_the_old(session: Session) -> None:
    bring(session, a_record("Old.", source="a"))
    report = bring(
        session, a_record("New.", source="a"), a_record("Newer.", source="a"), on_duplicate="replace"
    )
    assert texts(session) == ["New."]
    assert (report.replaced, report.duplicates) == (1, 1)


OLD = "Yesterday afternoon [Ada](PERSON) met her friend [Bob](PERSON) in the very, very quiet old town of [Paris](GPE)."
NEW = "An introduction. Yesterday afternoon Ada met her friend Bob in the very, very quiet new town of Paris."


def test_replacing_carries_decisions_over_and_lists_the_rest(session: Session) -> None:
    old = bring(session, replace(a_record(OLD), part=Part.TEST)).first_document
    assert old is not None
    ada, bob, paris = session.annotations(old).spans
    session.do(commands.SetFlag(kind=None, key=old, flagged=True))
    session.do(commands.AddRelation(document=old, head=ada.key, child=bob.key, label="MET"))
    session.do(commands.AddRelation(document=old, head=ada.key, child=paris.key, label="VISITED"))
    session.do(commands.SetNote(kind=None, key=old, note="mine"))
    report = bring(
        session, Record(text=NEW, source="a.txt", tokens=a_record(NEW).tokens), on_duplicate="replace"
    )
    (new,) = session.document_keys()
    assert new != old
    found = session.annotations(new)
    assert [NEW[span.start : span.end] for span in found.spans] == ["Ada", "Bob"]
    assert [each.label for each in found.relations] == ["MET"]
    assert found.relations[0].provenance.annotator == "Mara"
    assert found.relations[0].provenance.how is How.SINGLE
    assert session.document(new).part is Part.TEST
    assert (report.replaced, report.documents) == (1, 1)
    assert [problem.message for problem in report.problems] == [
        "“An introduction. Yesterday afternoon Ada met her friend Bob in the very, very quiet new…”: " + rest
        for rest in (
            "Paris (GPE) could not be carried over: the text around it changed.",
            "VISITED (Ada → Paris) could not be carried over: it lost an end.",
        )
    ]
    session.undo(None)
    assert session.document_keys() == [old]
    assert len(session.annotations(old).spans) == 3


def test_replacing_does_not_take_a_candidate_of_the_new_file_for_the_decision(session: Session) -> None:
    old = bring(session, a_record("[Ada](PERSON) left town.")).first_document
    assert old is not None
    session.do(commands.AddSpan(old, place(session.text(old), "town"), "GPE"))
    text = "Ada left town. At last."
    proposed = RecordSpan(fragments=place(text, "Ada"), label="PERSON", score=0.4)
    refused = RecordSpan(fragments=place(text, "town"), label="GPE", rejected=True)
    record = Record(text=text, source="a.txt", tokens=a_record(text).tokens, spans=(proposed, refused))
    report = bring(session, record, on_duplicate="replace")
    (new,) = session.document_keys()
    found = session.annotations(new)
    assert [span.label for span in found.spans] == ["PERSON"]
    assert found.left == 0
    assert [problem.message for problem in report.problems] == [
        "“Ada left town. At last.”: town (GPE) could not be carried over: the new file rejects it."
    ]


def test_replacing_carries_rejections_over(session: Session) -> None:
    old = bring(session, rich_record(1)).first_document
    assert old is not None
    before = session.annotations(old).rejections
    assert len(before) == 2
    text = session.text(old) + " More."
    bring(session, Record(text=text, source="1", tokens=a_record(text).tokens), on_duplicate="replace")
    (new,) = session.document_keys()
    after = session.annotations(new).rejections
    assert {each.what for each in after} == {each.what for each in before}
    assert {each.reason for each in after} == {Reason.WRONG}


def test_an_import_can_be_stopped_at_any_time_and_leaves_nothing(session: Session, tmp_path: Path) -> None:
    source = tmp_path / "many.jsonl"
    lines = [
        {
            "text": f"Ada saw {number} comets.",
            "spans": [{"start": 0, "end": 3, "label": "NEW"}],
            "answer": "accept",
        }
        for number in range(350)
    ]
    source.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    before = sizes(session)
    for stop in (0, 1, 3):
        calls: list[int] = []

        def report(done: int, total: int, text: str, *, calls: list[int] = calls, stop: int = stop) -> None:
            calls.append(done)
            if len(calls) > stop:
                raise Cancelled

        with pytest.raises(Cancelled):
            import_documents(session, [source], report=report)
        assert len(calls) == stop + 1
        assert sizes(session) == before
        assert session.schema.entity("NEW") is None
        assert session.history(1)[0].name != "Import many.jsonl: 350 documents"
    assert import_documents(session, [source]).documents == 350


def test_an_import_in_another_thread_is_delivered_to_listeners(session: Session, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", a_txt="One.")
    heard: list[Any] = []
    session.listen(heard.append)

    def work() -> None:
        clone = session.clone()
        try:
            import_documents(clone, [folder])
        finally:
            clone.close()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert heard == []
    session.deliver()
    assert [each.step.name for each in heard] == ["Import in: 1 document"]
    assert session.counts().all == 1


def test_a_broken_line_in_the_middle_is_named_and_the_rest_is_kept(session: Session, tmp_path: Path) -> None:
    source = tmp_path / "a.jsonl"
    good = [json.dumps({"text": f"Number {number}.", "spans": []}) for number in range(3)]
    bad = json.dumps({"text": "Short.", "spans": [{"start": 2, "end": 90, "label": "X"}]})
    source.write_text("\n".join([good[0], "{broken", good[1], bad, good[2]]), encoding="utf-8")
    report = import_documents(session, [source])
    assert report.documents == 4
    assert [problem.line for problem in report.problems if problem.refused] == [2, 4]
    assert report.refused == 2
    assert all("a.jsonl" in problem.file for problem in report.problems)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty|no text"),
        (b"caf\xe9 au lait", "not UTF-8"),
        (b"\x00\x01\x02\xff", "not UTF-8"),
    ],
)
def test_a_file_that_is_no_text_is_named(
    session: Session, tmp_path: Path, content: bytes, words: str
) -> None:
    folder = write(tmp_path / "in", bad_txt=content, good_txt="Fine.")
    report = import_documents(session, [folder])
    assert texts(session) == ["Fine."]
    (problem,) = report.problems
    assert "bad.txt" in problem.file + problem.message
    assert re.search(words, problem.message)
    assert problem.refused
    assert not session.schema.entity("X")


def test_what_no_format_fits_in_a_folder_is_named(session: Session, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", paper_pdf=b"%PDF-1.7 x", good_txt="Fine.")
    (folder / ".hidden").write_bytes(b"%PDF-1.7 x")
    report = import_documents(session, [folder])
    assert texts(session) == ["Fine."]
    (problem,) = report.problems
    assert Path(problem.file).name == "paper.pdf"
    assert "a PDF" in problem.message
    assert problem.refused


def test_another_encoding_is_read_when_it_is_said(session: Session, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", bad_txt=b"caf\xe9")
    import_documents(session, [folder], ImportOptions(encoding="cp1252"))
    assert texts(session) == ["café"]


def test_a_source_that_is_not_there_ends_the_import_or_is_named(session: Session, tmp_path: Path) -> None:
    missing = tmp_path / "no.txt"
    good = write(tmp_path / "in", good_txt="Fine.")
    with pytest.raises(FormatError, match=r"no\.txt is not there"):
        import_documents(session, [missing])
    report = import_documents(session, [missing, good])
    assert report.documents == 1
    assert "is not there" in report.problems[0].message
    with pytest.raises(FormatError, match="no format named 'x'"):
        import_documents(session, [good / "good.txt"], ImportOptions(format="x"))


@pytest.mark.skipif(sys.platform == "win32", reason="rights of files are POSIX")
def test_a_folder_without_rights_is_named_and_stops_nothing_else(session: Session, tmp_path: Path) -> None:
    closed, good = write(tmp_path / "closed", a_txt="Hidden."), write(tmp_path / "good", b_txt="Fine.")
    shut = write(tmp_path / "shut", c_txt="Hidden.") / "c.txt"
    shut.chmod(0o000)
    closed.chmod(0o000)
    with as_nobody(tmp_path):
        for source in (closed, shut, closed / "a.txt"):
            with pytest.raises(FormatError, match=r"may not be read|cannot be (read|opened)"):
                import_documents(session, [source])
        report = import_documents(session, [closed, good, shut, closed / "a.txt"])
    closed.chmod(0o755)
    assert texts(session) == ["Fine."]
    assert report.problems_total == report.refused == 3


def test_a_project_is_no_source(session: Session) -> None:
    with pytest.raises(FormatError, match="database, perhaps a project"):
        import_documents(session, [session.path])


def test_pasted_text_is_a_document_once(session: Session) -> None:
    report = import_text(session, "Ada left.\nIt rained.", language="de")
    assert report.first_document is not None
    found = session.document(report.first_document)
    assert (found.title, found.language) == ("Ada left.", "de")
    assert import_text(session, "Ada left.\nIt rained.").duplicates == 1
    with pytest.raises(UserError, match="no text to paste"):
        import_text(session, " \n")


def test_pasted_halves_of_characters_are_mended(session: Session) -> None:
    import_text(session, "whole \ud83d\ude00 half \ud83d end")
    assert texts(session) == ["whole 😀 half \ufffd end"]


def test_what_stands_twice_in_a_record_is_told_and_loses_nothing(session: Session) -> None:
    record = a_record("[Ada](PERSON) met [Bob](PERSON).")
    ada, bob = record.spans
    relations = (
        RecordRelation(head=0, child=2, label="MET"),
        RecordRelation(head=2, child=1, label="MET"),
    )
    report = bring(session, replace(record, spans=(ada, ada, bob), relations=relations))
    assert report.first_document is not None
    found = session.annotations(report.first_document)
    assert (len(found.spans), len(found.relations)) == (report.spans, report.relations) == (2, 1)
    assert len(report.problems) == 2


def test_a_relation_keeps_hold_of_a_span_that_stood_twice(session: Session) -> None:
    record = a_record("[Ada](PERSON) met [Bob](PERSON).")
    ada, bob = record.spans
    relations = (RecordRelation(head=1, child=2, label="MET"),)
    report = bring(session, replace(record, spans=(ada, ada, bob), relations=relations))
    assert report.relations == 1


def test_looking_says_what_a_file_holds_and_writes_nothing(session: Session, tmp_path: Path) -> None:
    before = sizes(session)
    source = tmp_path / "a.jsonl"
    line = {"text": "Ada left.", "spans": [{"start": 0, "end": 3, "label": "PERSON"}], "answer": "accept"}
    source.write_text(json.dumps(line) + "\n{broken\n", encoding="utf-8")
    found = look(source)
    assert (found.format, found.documents, found.spans, dict(found.labels)) == (
        "prodigy",
        1,
        1,
        {"PERSON": 1},
    )
    assert (found.problems_total, found.refusal, found.beginning) == (1, "", "Ada left.")
    assert "is not there" in look(tmp_path / "no").refusal
    empty = write(tmp_path / "in", a_txt="")
    assert "no text" in look(empty / "a.txt").refusal
    assert sizes(session) == before


def test_python_looks_for_objects_to_free_as_often_after_an_import_as_before(session: Session) -> None:
    before = gc.get_threshold()
    seen: list[int] = []

    def report(_done: int, _total: int, _text: str) -> None:
        seen.append(gc.get_threshold()[0])
        if len(seen) > 1:
            raise Cancelled

    options = ImportOptions()
    with pytest.raises(Cancelled):
        import_records(session, "Import", [a_record("[Ada](PERSON) went.")], options=options, report=report)
    assert seen[-1] > before[0]
    assert gc.get_threshold() == before


def test_before_an_import_one_sees_the_text_around_the_first_span(tmp_path: Path) -> None:
    far = "Nothing is here. " * 30 + "Then Ada met Bob. " + "More of it. " * 60
    start = far.index("Ada")
    path = tmp_path / "far.jsonl"
    lines = [
        {"text": far, "label": [[start, start + 3, "PERSON"], [len(far) - 5, len(far) - 1, "GPE"]]},
        {"text": "Ada left.", "label": [[0, 3, "PERSON"]]},
    ]
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    first, second = look(path).first
    assert first.text.startswith("… ")
    assert first.text[2:] in far
    assert [first.text[each.fragments[0].start : each.fragments[0].end] for each in first.spans] == ["Ada"]
    assert (second.text, second.spans[0].fragments[0]) == ("Ada left.", (0, 3))
