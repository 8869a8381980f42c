"""Metadata and categories of documents that both sides have, against the server itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator.sync.mapping import metadata_of
from annotator.sync.remote import RefusedError, RemoteType, TypeKind
from annotator.workflows.doccano import Deed, Thing, Way, plan_sync
from annotator.workflows.session import Session
from tests.builders import a_document
from tests.doccano.conftest import Account, MakeProject
from tests.doccano.files import line, plain, pulled, uploaded
from tests.workflows.doccano.both_sides import TEXT, describe, label, sync
from tests.workflows.doccano.test_values import categories, sorted_under

INTENT = "IntentDetectionAndSlotFilling"
ODD = {
    "year": 2**60,
    "share": 1 / 3,
    "tags": ["a", {"b": 0.1}],
    "none": None,
    "yes": True,
    "id": "x",
    "label": 4,
}


def test_only_administrators_may_change_metadata(
    project: MakeProject, account: Account, tmp_path: Path
) -> None:
    admin, made = account("admin"), project("anna")
    uploaded(admin, made, tmp_path, [plain("one", year=1999)])
    (document,) = pulled(admin, made, tmp_path)
    with pytest.raises(RefusedError) as refused:
        account("anna").change_metadata(made.id, document.id, {"year": 2000})
    assert refused.value.status == 403
    admin.change_metadata(made.id, document.id, {"share": 1 / 3, "tags": [{"a": None}]})
    assert admin.metadata(made.id, document.id) == {"share": 1 / 3, "tags": [{"a": None}]}


def test_categories_where_spans_alone_are_labelled_are_in_no_export(
    project: MakeProject, account: Account, tmp_path: Path
) -> None:
    admin, made = account("admin"), project()
    uploaded(admin, made, tmp_path, [plain("one")])
    (document,) = pulled(admin, made, tmp_path)
    kind = admin.create_type(made.id, RemoteType(kind=TypeKind.CATEGORY, name="sport", background="#112233"))
    admin.change_categories(made.id, document.id, {"sport": kind.id}, others=False)
    assert pulled(admin, made, tmp_path)[0].categories == ()


@pytest.mark.slow
def test_in_shared_projects_categories_of_others_stay(
    project: MakeProject, account: Account, tmp_path: Path
) -> None:
    admin, anna, made = account("admin"), account("anna"), project("anna", kind=INTENT)
    uploaded(admin, made, tmp_path, [{"text": "fly to Oslo", "cats": ["flight"], "entities": []}])
    (document,) = pulled(admin, made, tmp_path)
    sport = admin.create_type(made.id, RemoteType(kind=TypeKind.CATEGORY, name="sport", background="#112233"))
    for _ in range(2):
        anna.change_categories(made.id, document.id, {"sport": sport.id}, others=False)
    assert sorted(anna.document(made, document.id).categories) == ["flight", "sport"]
    anna.change_categories(made.id, document.id, {"sport": sport.id}, others=True)
    assert anna.document(made, document.id).categories == ("sport",)


def test_metadata_go_and_come(
    project: MakeProject, account: Account, session: Session, tmp_path: Path
) -> None:
    admin, made = account("admin"), project(has_relations=True)
    uploaded(admin, made, tmp_path, [line("from there", (0, 4, "A"), page=7, share=0.12345678901234)])
    document = a_document(session, TEXT, source="first")
    label(session, document, "Ada", "PERSON")
    describe(session, document, year=1999)
    sync(session, admin, made)
    theirs = next(key for key in session.document_keys() if key != document)
    describe(session, theirs, page=8, share=0.12345678901234)
    describe(session, document, **ODD)
    plan, done = sync(session, admin, made)
    assert plan.counts == {(Way.THERE, Deed.CHANGE, Thing.METADATA): 2} == done.done
    assert done.differences == []
    for there in pulled(admin, made, tmp_path):
        key = document if there.text == TEXT else theirs
        assert metadata_of(there) == session.document(key).metadata
    assert plan_sync(session, admin, made).is_empty
    (number,) = (there.id for there in pulled(admin, made, tmp_path) if there.text == TEXT)
    admin.change_metadata(made.id, number, {**admin.metadata(made.id, number), "yes": False})
    sync(session, admin, made)
    assert session.document(document).metadata == ODD | {"yes": False}
    assert plan_sync(session, admin, made).is_empty


@pytest.mark.parametrize("is_shared", [True, pytest.param(False, marks=pytest.mark.slow)])
def test_categories_go_and_come(
    project: MakeProject, account: Account, session: Session, tmp_path: Path, *, is_shared: bool
) -> None:
    admin, made = account("admin"), project(kind=INTENT, is_shared=is_shared)
    document = a_document(session, TEXT, source="first")
    label(session, document, "Ada", "PERSON")
    sorted_under(session, document, "sport", "news")
    _, done = sync(session, admin, made)
    assert (done.done[Way.THERE, Deed.ADD, Thing.CATEGORY], done.differences) == (1, [])
    (there,) = pulled(admin, made, tmp_path)
    assert (sorted(there.categories), len(there.spans)) == (["news", "sport"], 1)
    sorted_under(session, document, "sport", "press")
    _, done = sync(session, admin, made)
    assert done.differences == []
    assert sorted(admin.document(made, there.id).categories) == ["press", "sport"]
    sport = next(each.id for each in admin.types(made.id) if each.name == "sport")
    admin.change_categories(made.id, there.id, {"sport": sport}, others=False)
    sync(session, admin, made)
    assert categories(session, document) == ["sport"]
    assert plan_sync(session, admin, made).is_empty
