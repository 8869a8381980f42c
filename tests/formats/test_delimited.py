"""CSV and its kin: what parts columns, headers, broken rows, encodings, formulas, and what pandas reads of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.formats import delimited_reading, table_writing
from annotator.formats.base import is_accepted
from annotator.formats.delimited import FORMAT, DelimitedOptions
from annotator.formats.delimited_reading import SEPARATORS, DelimitedReadOptions
from annotator.formats.table_columns import unique
from annotator.model.document import State
from annotator.model.record import Problem, Record
from tests.formats.samples import a_record, a_span, held, read_all, read_back, records, refused, write_all


def table(folder: Path, content: str | bytes, name: str = "a.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def read(folder: Path, content: str | bytes, **told: Any) -> tuple[list[Record], list[Problem]]:
    return read_all(FORMAT, table(folder, content), DelimitedReadOptions(**told))


def texts(found: tuple[list[Record], list[Problem]]) -> list[str]:
    return [each.text for each in found[0]]


def words(record: Record) -> list[tuple[str, str]]:
    return [
        (record.text[each.fragments[0].start : each.fragments[0].end], each.label) for each in record.spans
    ]


@pytest.mark.parametrize("separator", SEPARATORS.values())
def test_what_parts_the_columns_is_found_out(tmp_path: Path, separator: str) -> None:
    rows = [["id", "text", "note"], ["1", "Ada left, then; Bob", "x"], ["2", "Eve | stayed", "y"]]
    lines = [separator.join(f'"{cell}"' for cell in row) for row in rows]
    found = read(tmp_path, "\n".join(lines))
    assert texts(found) == ["Ada left, then; Bob", "Eve | stayed"]
    assert found[0][0].metadata == {"id": "1", "note": "x"}
    assert found[1] == []


def test_a_single_column_needs_nothing_that_parts(tmp_path: Path) -> None:
    assert texts(read(tmp_path, "text\nAda left, then Bob\nEve\n")) == ["Ada left, then Bob", "Eve"]


def test_the_column_of_texts_is_found_by_name_and_said_if_guessed(tmp_path: Path) -> None:
    content = "title,Body,n\nOne,Ada.,1\nTwo,Bob.,2\n"
    found, problems = read(tmp_path, content)
    assert [(each.text, each.title, each.metadata) for each in found] == [
        ("Ada.", "One", {"n": "1", "title": "One"}),
        ("Bob.", "Two", {"n": "2", "title": "Two"}),
    ]
    assert [each.message for each in problems] == ["The texts of a.csv were taken from the column 'Body'."]
    longest = "wer,was,wo\nAda,ging gestern nach Hause,1\nBob,blieb,2\n"
    assert texts(read(tmp_path, longest, header="yes")) == ["ging gestern nach Hause", "blieb"]


@pytest.mark.parametrize("wanted", ["was", "WAS", "2"])
def test_the_column_of_texts_can_be_chosen(tmp_path: Path, wanted: str) -> None:
    found = read(tmp_path, "text,was\nAda,Bob\n", text_column=wanted)
    assert (texts(found), found[0][0].metadata) == (["Bob"], {"text": "Ada"})


def test_a_column_that_is_not_there_is_named(tmp_path: Path) -> None:
    found, problems = read(tmp_path, "text,was\nAda,Bob\n", text_column="wo")
    assert found == []
    assert refused(problems) == [(0, "a.csv has no column 'wo'. Its columns are text, was.")]
    found, problems = read(tmp_path, "id,n\n1,2\n3,4\n")
    assert found == []
    assert "has no column that looks like texts. Its columns are id, n" in problems[0].message


@pytest.mark.parametrize(
    "cell",
    [
        '[[0, 3, "PER"], [9, 12, "PER"]]',
        "[(0, 3, 'PER'), (9, 12, 'PER')]",
        '[{"start": 0, "end": 3, "label": "PER"}, {"start": 9, "end": 12, "label": "PER"}]',
        "[{'start_offset': 0, 'end_offset': 3, 'label': 'PER'}, {'start': 9, 'end': 12, 'labels': ['PER']}]",
        '{"entities": [[0, 3, "PER"], [9, 12, "PER"]]}',
        '{"start": [0, 9], "end": [3, 12], "label": ["PER", "PER"]}',
        "[['PER', 0, 3], ['PER', 9, 12]]",
        '[{"start": 0, "end": 3, "text": "Ada", "entity_group": "PER"}, {"start": 9, "end": 12, "type": "PER"}]',
    ],
)
@pytest.mark.parametrize("name", ["spans", "label", "anything"])
def test_spans_of_all_shapes(tmp_path: Path, cell: str, name: str) -> None:
    path = tmp_path / "a.csv"
    pd.DataFrame({"text": ["Ada left Bob.", "No one."], name: [cell, "[]"]}).to_csv(path, index=False)
    found, problems = read_all(FORMAT, path)
    assert [words(each) for each in found] == [[("Ada", "PER"), ("Bob", "PER")], []]
    assert problems == []


def test_bad_spans_are_told_one_by_one(tmp_path: Path) -> None:
    cells = ['[[0, 3, "PER"]]', '[[0, 99, "X"], [3, 2, "X"], [0, 3], 7, [0, 3, "Y"]]', "nothing", ""]
    path = tmp_path / "a.csv"
    pd.DataFrame({"text": ["Ada left."] * 4, "spans": cells}).to_csv(path, index=False)
    found, problems = read_all(FORMAT, path)
    assert [words(each) for each in found] == [[("Ada", "PER")], [("Ada", "Y")], [], []]
    assert [line for line, _ in refused(problems)] == [3, 3, 3, 3, 4]


def test_what_offsets_count_is_found_out(tmp_path: Path) -> None:
    text = "👍👍 Ada met Bob"
    spans = [[5, 8, "PER"], [13, 16, "PER"]]
    path = tmp_path / "a.csv"
    pd.DataFrame({"text": [text], "spans": [json.dumps(spans)]}).to_csv(path, index=False)
    (record,), problems = read_all(FORMAT, path)
    assert words(record) == [("Ada", "PER"), ("Bob", "PER")]
    assert "UTF-16" in problems[0].message


def test_categories_are_metadata(tmp_path: Path) -> None:
    found = read(tmp_path, "text,label\nAda left,good\nBob stayed,bad\n")
    assert [each.metadata for each in found[0]] == [{"label": "good"}, {"label": "bad"}]


def test_tokens_and_tags_in_cells(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    frame = pd.DataFrame({"tokens": [["New", "York", "waits"]], "ner_tags": [["B-LOC", "I-LOC", "O"]]})
    frame.to_csv(path, index=False)
    (record,), problems = read_all(FORMAT, path)
    assert (record.text, words(record), problems) == ("New York waits", [("New York", "LOC")], [])


def test_a_large_cell_is_read(tmp_path: Path) -> None:
    text = "Ada met Bob, " * 25_000
    path = tmp_path / "a.csv"
    pd.DataFrame({"id": [1, 2], "text": [text, "short"]}).to_csv(path, index=False)
    assert texts(read_all(FORMAT, path)) == [text, "short"]


def test_lines_are_counted_through_cells_of_many(tmp_path: Path) -> None:
    content = 'id,text\r\n1,"a\r\nb\nc"\r\n\r\n2,x,y\r\n3,\r\n4,"d\re"\r\n5,last\r\n'
    found, problems = read(tmp_path, content)
    assert [(each.text, each.source) for each in found] == [
        ("a\r\nb\nc", "a.csv:2"),
        ("d\re", "a.csv:8"),
        ("last", "a.csv:10"),
    ]
    assert [line for line, _ in refused(problems)] == [6, 7]


def test_rows_much_too_long_are_told(tmp_path: Path) -> None:
    found, problems = read(tmp_path, f"id,text\n1,Ada\n2,{',x' * 50}\n3,Bob\n")
    assert texts((found, problems)) == ["Ada", "Bob"]
    ((line, message),) = refused(problems)
    assert (line, "52 cells" in message) == (3, True)


def test_after_open_quotes_reading_goes_on(tmp_path: Path) -> None:
    lines = ["id,text"]
    for number in range(1200):
        quote = '"' if number == 700 else ""
        lines.append(f"{number},{quote}text number {number}")
    found, problems = read(tmp_path, "\n".join(lines))
    assert len(found) == 1199
    assert [line for line, _ in refused(problems)] == [702]


def test_quotes_without_end_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited_reading, "LIMIT", 300_000)
    good = "".join(f'{number},"{"long " * 400}"\n' for number in range(300))
    found, problems = read(tmp_path, f'id,text\n{good}300,"never closed{", and on" * 60_000}\n301,end\n')
    assert len(found) == 301
    assert [line for line, _ in refused(problems)] == [302]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    content = "id,text\n1,Zoë café\n".encode(encoding)
    assert texts(read(tmp_path, content, encoding="cp1252" if encoding == "cp1252" else "")) == ["Zoë café"]


def test_bytes_that_are_no_text_cost_their_row_and_are_guessed(tmp_path: Path) -> None:
    rows = "id,text\n1,plain\n2,Le café était fermé à midi, dit-elle à l’élève\n".replace(", dit", " dit")
    found, problems = read(tmp_path, rows.encode("cp1252"))
    assert texts((found, problems)) == ["plain"]
    ((line, message),) = refused(problems)
    assert line == 3
    assert "cp1252" in message


def test_pandas_reads_what_is_written(tmp_path: Path) -> None:
    text = 'Ada, "the" first;\r\nmet\tBob 👍\0.'
    spans = (a_span(text, "Ada"), a_span(text, "Bob 👍", "GPE"))
    record = a_record(text, *spans, metadata={"date": "2024-05-01", "n": 3})
    write_all(FORMAT, tmp_path / "a.csv", [record, a_record("Plain.")])
    frame = pd.read_csv(tmp_path / "a.csv", dtype=str, keep_default_na=False)
    assert list(frame.columns) == ["text", "spans", "relations", "date", "n", "annotator"]
    assert list(frame["text"]) == [text, "Plain."]
    assert [text[each["start"] : each["end"]] for each in json.loads(frame["spans"][0])] == ["Ada", "Bob 👍"]
    assert (frame["date"][0], frame["n"][0], frame["n"][1]) == ("2024-05-01", "3", "")


def test_a_cell_that_was_changed_since_counts(tmp_path: Path) -> None:
    write_all(FORMAT, tmp_path / "a.csv", [a_record("Ada.", metadata={"n": 3, "m": True})])
    frame = pd.read_csv(tmp_path / "a.csv", dtype=str, keep_default_na=False)
    frame["n"] = "4"
    frame.to_csv(tmp_path / "b.csv", index=False)
    (record,), _ = read_all(FORMAT, tmp_path / "b.csv")
    assert record.metadata == {"n": "4", "m": True}


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r"])
def test_formulas_are_made_harmless_where_asked(tmp_path: Path, sign: str) -> None:
    text = f"{sign}Ada met Bob"
    record = a_record(text, a_span(text, "Ada"), metadata={"=name": "x", "note": f"{sign}1", "n": -1})
    options = DelimitedOptions(spreadsheet=True)
    write_all(FORMAT, tmp_path / "a.csv", [record], options)
    frame = pd.read_csv(tmp_path / "a.csv", dtype=str, keep_default_na=False)
    told = [str(each) for each in (*frame.columns, frame["text"][0], frame["note"][0])]
    assert not any(each[:1] in "=+-@\t\r" for each in told)
    span = json.loads(frame["spans"][0])[0]
    assert frame["text"][0][span["start"] : span["end"]] == "Ada"
    assert FORMAT.losses is not None
    assert {each.kind: each.count for each in FORMAT.losses([record], options)}["formulas"] == 1
    assert (tmp_path / "a.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_without_being_asked_texts_stay_as_they_are(tmp_path: Path) -> None:
    write_all(FORMAT, tmp_path / "a.csv", [a_record("=1+1 is two")])
    assert texts(read_all(FORMAT, tmp_path / "a.csv")) == ["=1+1 is two"]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    given_records=st.lists(records(), max_size=3),
    separator=st.sampled_from(list(SEPARATORS)),
    sheet=st.booleans(),
)
def test_any_records_come_back_whatever_parts_them(
    tmp_path: Path, given_records: list[Record], separator: str, *, sheet: bool
) -> None:
    options = DelimitedOptions(separator=separator, spreadsheet=sheet)
    write_all(FORMAT, tmp_path / "a.csv", given_records, options)
    back, _ = read_back(FORMAT, tmp_path / "a.csv", options)
    assert [held(FORMAT, each, options) for each in back] == [
        held(FORMAT, each, options) for each in given_records
    ]
    frame = pd.read_csv(tmp_path / "a.csv", sep=SEPARATORS[separator], dtype=str, keep_default_na=False)
    spans = [json.loads(each) if each else [] for each in frame["spans"]]
    assert [len(each) for each in spans] == [
        len(held(FORMAT, record, options).spans) for record in given_records
    ]


def test_states_and_names_come_back(tmp_path: Path) -> None:
    record = a_record("Ada.", state=State.SKIPPED, reason="short", note="n", id="0190", flagged=True)
    write_all(FORMAT, tmp_path / "a.csv", [record])
    (back,), _ = read_all(FORMAT, tmp_path / "a.csv")
    assert (back.state, back.reason, back.note, back.id, back.flagged, back.source, back.title) == (
        State.SKIPPED,
        "short",
        "n",
        "0190",
        True,
        "a.txt",
        "A title",
    )
    assert all(map(is_accepted, back.spans))


@pytest.mark.parametrize(
    "cell",
    [
        "[" * 100_000,
        "(" * 50_000 + ")" * 50_000,
        f"[[0, {'9' * 5000}, 'X']]",
        "[[NaN, 3, 'X']]",
        "[[0, 1e400, 'X']]",
    ],
)
def test_cells_that_are_made_to_harm_are_told(tmp_path: Path, cell: str) -> None:
    path = tmp_path / "a.csv"
    pd.DataFrame({"text": ["Ada left.", "Bob."], "spans": [cell, "[[0, 3, 'PER']]"]}).to_csv(
        path, index=False
    )
    found, problems = read_all(FORMAT, path)
    assert [words(each) for each in found] == [[], [("Bob", "PER")]]
    assert [line for line, _ in refused(problems)] == [2]


def test_blank_lines_and_blanks_around_names_do_no_harm(tmp_path: Path) -> None:
    found, problems = read(tmp_path, "\n\n id , text \n\n1,Ada\n\n")
    assert [(each.text, each.source, each.metadata) for each in found] == [("Ada", "a.csv:5", {"id": "1"})]
    assert problems == []


@pytest.mark.parametrize("sign", [",", "\t", ",😀", "\t😀"])
def test_a_table_of_far_too_many_columns_is_told(
    tmp_path: Path, sign: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every column costs time in every row: none is made for them."""
    monkeypatch.setattr(pd, "read_csv", lambda *_args, **_options: pytest.fail("columns were made"))
    assert refused(read(tmp_path, sign * 20_000 + "\nAda,left\n" * 100)[1]) == [
        (0, "a.csv has more than 1,000 columns: it is no table of documents.")
    ]


def test_only_the_first_row_makes_columns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []
    plain = pd.read_csv

    def watched(*args: Any, names: range, **options: Any) -> Any:
        made.append(len(names))
        return plain(*args, names=names, **options)

    monkeypatch.setattr(pd, "read_csv", watched)
    found, problems = read(tmp_path, "id,text\n" + ",x" * 50_000 + "\n2,Ada\n")
    assert texts((found, problems)) == ["Ada"]
    assert [line for line, _ in refused(problems)] == [2]
    assert max(made) < 10


def test_empty_lines_before_a_table_are_none_of_it(tmp_path: Path) -> None:
    found, problems = read(tmp_path, "\n" * 10_000 + "id,a,b,c,d,e,f,text\n1,,,,,,,Ada\n")
    assert [(each.text, each.source) for each in found] == [("Ada", "a.csv:10002")]
    assert problems == []


def test_names_of_columns_are_made_different_however_many_are_alike() -> None:
    names = unique(["a", "a", "", "a 2", *["b"] * 100_000])
    assert names[:4] == ["a", "a 2", "column 3", "a 2 4"]
    assert len(set(names)) == 100_004


def test_a_header_alone_holds_no_documents(tmp_path: Path) -> None:
    assert refused(read(tmp_path, "id,text\n")[1]) == [(0, "a.csv holds no documents.")]


def test_memory_stays_flat(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows are taken and given some at a time: the most that is held does not grow with the file."""
    import tracemalloc

    def most(count: int) -> int:
        path = tmp_path / f"{count}.csv"
        rows = (a_record(f"Text number {number} " * 20) for number in range(count))
        tracemalloc.start()
        write_all(FORMAT, path, rows)
        assert sum(1 for _ in FORMAT.read(path, DelimitedReadOptions(), lambda _problem: None)) == count  # type: ignore[misc]
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    monkeypatch.setattr(table_writing, "ROWS", 100)
    monkeypatch.setattr(delimited_reading, "CHUNK", 50)
    most(10)
    assert most(1_600) < 1.5 * most(800)
