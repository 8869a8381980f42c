"""Other kinds of projects, and offsets as doccano's window would count them."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator.sync.remote import RemoteRelation, RemoteSpan, TypeKind
from tests.doccano.conftest import Account, MakeProject
from tests.doccano.files import line, plain, pulled, uploaded

TEXT = "👩‍👩‍👧 مرحبا يا Kyiv"
"""A family is five code points, eight UTF-16 units and one grapheme."""
KYIV = {"code points": (15, 19), "utf-16": (18, 22), "graphemes": (11, 15)}


def test_the_places_of_these_tests_are_right() -> None:
    start, end = KYIV["code points"]
    assert TEXT[start:end] == "Kyiv"
    units = TEXT.encode("utf-16-le")
    start, end = KYIV["utf-16"]
    assert units[2 * start : 2 * end].decode("utf-16-le") == "Kyiv"
    assert KYIV["code points"][0] - KYIV["graphemes"][0] == len("👩‍👩‍👧") - 1


@pytest.mark.parametrize("unit", sorted(KYIV))
@pytest.mark.parametrize("counts_graphemes", [False, True])
def test_the_server_never_turns_offsets_into_others(
    project: MakeProject, account: Account, tmp_path: Path, *, unit: str, counts_graphemes: bool
) -> None:
    admin, made = account("admin"), project(has_relations=True, counts_graphemes=counts_graphemes)
    start, end = KYIV[unit]
    uploaded(admin, made, tmp_path, [line(TEXT, (start, end, "GPE")), line(TEXT)])
    whole, bare = pulled(admin, made, tmp_path)
    kind = next(t.id for t in admin.types(made.id) if t.kind == TypeKind.SPAN)
    admin.create_span(made.id, bare.id, RemoteSpan(start=start, end=end, label="GPE"), kind)
    for document in (whole, *pulled(admin, made, tmp_path), admin.document(made, bare.id)):
        assert [(s.start, s.end) for s in document.spans] == [(start, end)]
        assert document.text == TEXT


def test_numbers_that_only_some_documents_have_are_mended(
    project: MakeProject, account: Account, tmp_path: Path
) -> None:
    admin, made = account("admin"), project()
    uploaded(admin, made, tmp_path, [plain("one", n=7, f=2.5)])
    uploaded(admin, made, tmp_path, [plain("two", s="x")])
    one, two = pulled(admin, made, tmp_path)
    assert (one.metadata, two.metadata) == ({"n": 7, "f": 2.5}, {"s": "x"})
    assert type(one.metadata["n"]) is int


def test_categories_of_documents(project: MakeProject, account: Account, tmp_path: Path) -> None:
    admin, made = account("admin"), project(kind="DocumentClassification")
    uploaded(
        admin, made, tmp_path, [{"text": "one", "label": ["news", "sport"]}, {"text": "two", "label": []}]
    )
    one, two = pulled(admin, made, tmp_path)
    assert (one.categories, two.categories) == (("news", "sport"), ())
    assert sorted(admin.document(made, one.id).categories) == ["news", "sport"]
    assert {(t.kind, t.name) for t in admin.types(made.id)} == {
        (TypeKind.CATEGORY, "news"),
        (TypeKind.CATEGORY, "sport"),
    }


def test_categories_beside_spans(project: MakeProject, account: Account, tmp_path: Path) -> None:
    admin, made = account("admin"), project(kind="IntentDetectionAndSlotFilling")
    row = {"text": "fly to Oslo", "cats": ["flight"], "entities": [[7, 11, "GPE"]]}
    uploaded(admin, made, tmp_path, [row])
    (document,) = pulled(admin, made, tmp_path)
    assert document.categories == ("flight",)
    assert document.spans == (RemoteSpan(start=7, end=11, label="GPE"),)
    asked = admin.document(made, document.id)
    assert (asked.categories, [(s.start, s.end, s.label) for s in asked.spans]) == (
        ("flight",),
        [(7, 11, "GPE")],
    )


def test_a_relation_may_end_at_a_span_of_somebody_else(
    project: MakeProject, account: Account, tmp_path: Path
) -> None:
    admin, made = account("admin"), project("anna", is_shared=False, has_relations=True)
    uploaded(admin, made, tmp_path, [line("one two", (0, 3, "A"), relations=[(0, 0, "r")])])
    kinds = {t.kind: t.id for t in admin.types(made.id)}
    theirs = next(d for d in pulled(admin, made, tmp_path) if d.owner == "admin")
    anna = account("anna")
    own = anna.create_span(made.id, theirs.id, RemoteSpan(start=4, end=7, label="A"), kinds[TypeKind.SPAN])
    link = RemoteRelation(head=own.id, child=theirs.spans[0].id, label="r")
    anna.create_relation(made.id, theirs.id, link, kinds[TypeKind.RELATION])
    hers = next(d for d in pulled(admin, made, tmp_path) if d.owner == "anna")
    assert [span.id for span in hers.spans] == [own.id]
    assert [(r.head, r.child) for r in hers.relations] == [(own.id, theirs.spans[0].id)]


def test_deleting_a_span_deletes_its_relations(
    project: MakeProject, account: Account, tmp_path: Path
) -> None:
    admin, made = account("admin"), project(has_relations=True)
    uploaded(admin, made, tmp_path, [line("one two", (0, 3, "A"), (4, 7, "A"), relations=[(0, 1, "r")])])
    (document,) = pulled(admin, made, tmp_path)
    admin.delete_span(made.id, document.id, document.relations[0].child)
    (left,) = pulled(admin, made, tmp_path)
    assert (len(left.spans), left.relations) == (1, ())
