"""Types that come with an import: described ones keep what was said of them, as far as the project is free."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.formats.base import Format, ReadOptions, Report
from annotator.model.record import Record
from annotator.model.schema import EntityType, RelationType, Schema
from annotator.workflows import reading
from annotator.workflows.importing import import_documents
from annotator.workflows.session import Session
from tests.builders import a_project

TOLD = Schema(
    (
        EntityType(name="PERSON", color="#123456", shortcut="L p"),
        EntityType(name="Gene", color="#3366cc", shortcut="L g"),
        EntityType(name="Protein", color="", shortcut="1"),
    ),
    (RelationType(name="Binds", heads=("Gene",), children=("Protein", "Complex"), symmetric=True),),
)


def brought(session: Session, folder: Path, monkeypatch: pytest.MonkeyPatch, *records: Record) -> None:
    """Import a file of a format that describes its types."""

    def read(_path: Path, _options: ReadOptions, _report: Report) -> Iterator[Record]:
        yield from records

    told = Format(
        name="told",
        title="Told",
        suffixes=(".told",),
        sniff=lambda _head, _path: 1.0,
        read=read,
        types=lambda _path, _options, _report: TOLD,
    )
    monkeypatch.setattr(reading, "detect", lambda _path: told)
    path = folder / "x.txt"
    path.write_text("x", encoding="utf-8")
    import_documents(session, [path])


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    session = a_project(tmp_path)
    yield session
    session.close()


def test_described_types_keep_colour_key_and_ends(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = session.schema.entity("PERSON")
    brought(session, tmp_path, monkeypatch, Record(text="Ada left."))
    gene, protein = session.schema.entity("Gene"), session.schema.entity("Protein")
    assert gene is not None
    assert protein is not None
    assert (gene.color, gene.shortcut) == ("#3366cc", "L g")
    assert protein.color
    assert protein.shortcut == ""  # the project uses 1 itself
    assert session.schema.entity("PERSON") == before
    binds = session.schema.relation("Binds")
    assert binds is not None
    assert (binds.heads, binds.children, binds.symmetric) == (("Gene",), ("Protein", "Complex"), True)
    assert session.schema.entity("Complex") is not None


def test_a_file_of_types_alone_is_one_step_that_can_be_undone(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = session.schema
    brought(session, tmp_path, monkeypatch)
    assert session.schema.entity("Gene") is not None
    assert session.history()[0].name == "Import x.txt: 4 types"
    session.undo(None)
    assert session.schema == before
