"""Parquet: what pyarrow makes of what is written, names of classes, damaged files, and what is said without pyarrow."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from annotator.formats import FORMATS, Format, detect, format_named
from annotator.formats.parquet import FORMAT
from annotator.model.errors import FormatError
from annotator.model.record import Record
from tests.formats.samples import a_record, a_span, is_here, read_all, refused, write_all

TAGS = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC"]
CARD = """---
license: mit
dataset_info:
  features:
  - name: tokens
    sequence: string
  - name: ner_tags
    sequence:
      class_label:
        names:
          '0': O
          '1': B-PER
          '2': I-PER
          '3': B-LOC
          '4': I-LOC
---
# A dataset
"""
with_pyarrow = pytest.mark.skipif(not is_here(FORMAT), reason="pyarrow is not installed")


def words(record: Record) -> list[tuple[str, str]]:
    return [
        (record.text[each.fragments[0].start : each.fragments[0].end], each.label) for each in record.spans
    ]


def put(path: Path, columns: dict[str, Any], *, about: object = None, rows: int = 1000) -> Path:
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.table(columns)
    if about is not None:
        table = table.replace_schema_metadata({"huggingface": json.dumps(about)})
    pq.write_table(table, path, row_group_size=rows)
    return path


@with_pyarrow
def test_pyarrow_and_pandas_read_what_is_written(tmp_path: Path) -> None:
    import pandas as pd
    import pyarrow.parquet as pq

    text = "👍 Ada met Bob."
    record = a_record(text, a_span(text, "Ada"), a_span(text, "Bob"), metadata={"n": 1, "date": "2024"})
    write_all(FORMAT, tmp_path / "a.parquet", [record, a_record("Nothing.")])
    rows = pq.read_table(tmp_path / "a.parquet").to_pylist()
    assert [text[each["start"] : each["end"]] for each in rows[0]["spans"]] == ["Ada", "Bob"]
    assert (rows[0]["date"], rows[0]["n"], rows[1]["spans"], rows[1]["date"]) == ("2024", "1", [], None)
    assert list(pd.read_parquet(tmp_path / "a.parquet")["text"]) == [text, "Nothing."]


@with_pyarrow
def test_rows_come_group_by_group(tmp_path: Path) -> None:
    path = put(tmp_path / "a.parquet", {"text": [f"Text {number}" for number in range(300)]}, rows=50)
    found, problems = read_all(FORMAT, path)
    assert ([each.text for each in found], problems) == ([f"Text {number}" for number in range(300)], [])
    assert found[-1].source == "a.parquet:300"


@with_pyarrow
@pytest.mark.parametrize(
    "feature",
    [
        {"feature": {"names": TAGS, "_type": "ClassLabel"}, "_type": "Sequence"},
        {"feature": {"num_classes": 5, "names": TAGS, "_type": "ClassLabel"}, "length": -1, "_type": "List"},
        [{"names": TAGS, "_type": "ClassLabel"}],
    ],
)
def test_numbers_get_the_names_of_their_classes(tmp_path: Path, feature: object) -> None:
    columns = {"tokens": [["Ada", "Li", "in", "Rome"], ["No"]], "ner_tags": [[1, 2, 0, 3], [0]]}
    path = put(tmp_path / "a.parquet", columns, about={"info": {"features": {"ner_tags": feature}}})
    found, problems = read_all(FORMAT, path)
    assert [words(each) for each in found] == [[("Ada Li", "PER"), ("Rome", "LOC")], []]
    assert problems == []


@with_pyarrow
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("labels.json", TAGS),
        ("labels.json", {"O": 0, "B-PER": 1, "I-PER": 2, "B-LOC": 3, "I-LOC": 4}),
        ("labels.json", {"0": "O", "1": "B-PER", "2": "I-PER", "3": "B-LOC", "4": "I-LOC"}),
        ("labels.json", {"ner_tags": TAGS}),
        ("dataset_info.json", {"features": {"ner_tags": {"feature": {"names": TAGS}}}}),
        ("dataset_infos.json", {"default": {"features": {"ner_tags": {"feature": {"names": TAGS}}}}}),
        ("../README.md", CARD),
        ("../dataset_info.json", {"features": {"ner_tags": {"feature": {"names": TAGS}}}}),
    ],
)
def test_names_of_classes_may_stand_beside_the_file(tmp_path: Path, name: str, content: object) -> None:
    (tmp_path / "data").mkdir()
    path = put(tmp_path / "data" / "a.parquet", {"tokens": [["Ada", "in", "Rome"]], "ner_tags": [[1, 0, 3]]})
    written = content if isinstance(content, str) else json.dumps(content)
    (path.parent / name).write_text(written, encoding="utf-8")
    (record,), problems = read_all(FORMAT, path)
    assert (words(record), problems) == ([("Ada", "PER"), ("Rome", "LOC")], [])


@with_pyarrow
@pytest.mark.parametrize(
    "content", ["# No head", "---\nclass_label: [\n---\n", "---\ndataset_info: 7\n---\n", "---\n"]
)
def test_cards_that_say_nothing_of_labels_do_no_harm(tmp_path: Path, content: str) -> None:
    path = put(tmp_path / "a.parquet", {"tokens": [["Ada"]], "ner_tags": [["B-PER"]]})
    (tmp_path / "README.md").write_text(content + "\nclass_label", encoding="utf-8")
    (record,), problems = read_all(FORMAT, path)
    assert (words(record), problems) == ([("Ada", "PER")], [])


@with_pyarrow
def test_numbers_without_names_are_refused_and_the_text_stays(tmp_path: Path) -> None:
    path = put(tmp_path / "a.parquet", {"tokens": [["Ada", "left"]], "ner_tags": [[1, 0]]})
    (record,), problems = read_all(FORMAT, path)
    assert (record.text, record.spans) == ("Ada left", ())
    assert "nothing here says what they stand for" in refused(problems)[0][1]
    assert problems[0].record == "row 1"


@with_pyarrow
def test_values_of_all_kinds_become_metadata(tmp_path: Path) -> None:
    import datetime as dt
    import decimal

    columns = {
        "text": ["Ada."],
        "day": [dt.date(2024, 5, 1)],
        "price": [decimal.Decimal("1.50")],
        "raw": [b"\0"],
        "nan": [float("nan")],
        "none": [None],
        "list": [[1, 2]],
    }
    (record,), problems = read_all(FORMAT, put(tmp_path / "a.parquet", columns))
    assert record.metadata == {"day": "2024-05-01", "price": "1.50", "list": [1, 2]}
    assert problems == []


@with_pyarrow
def test_damaged_files_are_told(tmp_path: Path) -> None:
    path = put(tmp_path / "a.parquet", {"text": [f"Text {number}" * 50 for number in range(3000)]})
    content = path.read_bytes()
    for cut in (content[:-10], content[:200] + b"\xff" * 3000 + content[3200:]):
        path.write_bytes(cut)
        _, problems = read_all(FORMAT, path)
        assert refused(problems)


@with_pyarrow
def test_values_that_python_has_no_place_for_are_told(tmp_path: Path) -> None:
    import pyarrow as pa

    columns = {"text": ["Ada.", "Bob.", "Eve."], "when": pa.array([0, 2**62, None], pa.timestamp("us"))}
    found, problems = read_all(FORMAT, put(tmp_path / "a.parquet", columns))
    assert [each.text for each in found] == ["Ada.", "Eve."]
    assert [(each.record, each.refused) for each in problems] == [("row 2", True)]


@with_pyarrow
def test_bytes_that_are_no_text_are_told(tmp_path: Path) -> None:
    import pyarrow as pa

    broken = pa.Array.from_buffers(
        pa.string(), 1, [None, pa.py_buffer(b"\0\0\0\0\4\0\0\0"), pa.py_buffer(b"caf\xe9")]
    )
    both = pa.concat_arrays([pa.array(["Ada."]), broken])
    found, problems = read_all(FORMAT, put(tmp_path / "a.parquet", {"text": both}))
    assert [each.text for each in found] == ["Ada."]
    assert [(each.record, each.refused) for each in problems] == [("row 2", True)]


@with_pyarrow
def test_what_unpacks_to_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotator.formats.parquet.most_unpacked", lambda _size: 1_000)
    monkeypatch.setattr("annotator.formats.parquet.GROUP", 1_000)
    path = put(tmp_path / "a.parquet", {"text": [f"Text {number}" for number in range(3000)]})
    found, problems = read_all(FORMAT, path)
    assert (found, ["unpacks to more" in message for _, message in refused(problems)]) == ([], [True])


@pytest.mark.parametrize(
    ("found", "missing"),
    [(format_named("parquet"), "pyarrow"), (format_named("excel"), "openpyxl")],
    ids=lambda each: each if isinstance(each, str) else each.name,
)
def test_without_its_wheel_a_format_says_which_to_add(
    found: Format, missing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [each for each in sys.modules if each.partition(".")[0] == missing]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, missing, None)
    path = tmp_path / f"a{found.suffixes[0]}"
    path.write_bytes(b"PAR1 and more")
    with pytest.raises(FormatError, match=f"the wheel {missing} is missing") as caught:
        read_all(found, path)
    assert f"pip install {missing}" in caught.value.todo
    path.unlink()
    with pytest.raises(FormatError, match=f"the wheel {missing} is missing"):
        write_all(found, path, [a_record("Ada.")])
    assert list(tmp_path.iterdir()) == []
    assert found in FORMATS


def test_a_table_is_known_without_pyarrow(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"PAR1....")
    assert detect(path) is FORMAT
