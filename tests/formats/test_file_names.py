"""Names of files for documents: plain, each its own, and never outside the folder."""

from __future__ import annotations

import unicodedata
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from annotator.formats.file_names import FileNames
from annotator.model.record import Record


def named(*sources: str, title: str = "", identity: str = "") -> list[str]:
    naming = FileNames((".txt", ".text"))
    return [
        naming.name_for(Record(text="Ada.", source=source, title=title, id=identity)) for source in sources
    ]


def test_a_name_is_asked_for_again_with_a_number() -> None:
    assert named("a_2.txt", *["a.txt"] * 3, "A.txt") == ["a_2", "a", "a_3", "a_4", "A_5"]
    assert named("é.txt", unicodedata.normalize("NFD", "é.txt")) == ["é", "é_2"]


def test_names_are_found_at_once_however_many_documents_have_the_same() -> None:
    assert len({each.casefold() for each in named(*[""] * 50_000)}) == 50_000


def test_where_no_source_is_known_the_title_names_and_then_the_id() -> None:
    assert named("x.jsonl:3", title="News", identity="1") == ["x.jsonl-3"]
    assert named("", title="What's new?", identity="1") == ["What_s_new"]
    assert named("", "", title="???", identity="0190-x") == ["0190-x", "0190-x_2"]
    assert named("") == ["document"]


def test_names_that_windows_keeps_for_itself_are_not_taken() -> None:
    assert named("CON", "aux.txt", "com1.b.txt", "console.txt") == ["_CON", "_aux", "_com1.b", "console"]


@given(
    st.lists(
        st.text(max_size=300) | st.sampled_from(("../../x", "/etc/x", "..", ".x", "a\\b", "\ud800", "C:x"))
    )
)
def test_any_sources_give_names_that_stay_in_the_folder(sources: list[str]) -> None:
    names = named(*sources)
    assert len({unicodedata.normalize("NFD", each).casefold() for each in names}) == len(sources)
    for each in names:
        assert Path(each).name == each == each.strip(".")
        assert len(each.encode()) < 200
        assert not set(each) & set('<>:"/\\|?*\0')
