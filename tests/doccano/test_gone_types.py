"""Label types that one side deleted, against the server itself."""

from __future__ import annotations

import pytest

from annotator.editing import commands
from annotator.model.annotation import Kind
from annotator.sync.client import DoccanoServer
from annotator.sync.remote import RemoteProject
from annotator.workflows.doccano import Choices, Deed, Side, Thing, Way, plan_sync
from annotator.workflows.session import Session
from tests.builders import a_document
from tests.doccano.conftest import MakeProject
from tests.workflows.doccano.both_sides import TEXT, label, said, sync


def names_there(remote: DoccanoServer, project: RemoteProject) -> set[str]:
    return {each.name for each in remote.types(project.id)}


def test_a_type_deleted_here_goes_there_after_its_spans(
    project: MakeProject, admin: DoccanoServer, session: Session
) -> None:
    made = project()
    document = a_document(session, TEXT, source="first")
    label(session, document, "Ada", "PERSON")
    label(session, document, "Rome", "GPE")
    sync(session, admin, made)
    session.do(commands.DeleteType(kind=Kind.SPAN, name="PERSON"))
    plan, done = sync(session, admin, made, Choices(delete_types=True))
    assert "PERSON" in {each.name for each in plan.gone_types}
    assert done.done[Way.THERE, Deed.DELETE, Thing.SPAN] == 1
    assert (done.problems, done.differences) == ([], [])
    assert "PERSON" not in names_there(admin, made)
    assert plan_sync(session, admin, made).is_empty


@pytest.mark.parametrize(
    "side", [Side.MINE, *(pytest.param(side, marks=pytest.mark.slow) for side in (Side.THEIRS, Side.LEAVE))]
)
def test_a_type_deleted_there_and_used_here(
    project: MakeProject, admin: DoccanoServer, session: Session, side: Side
) -> None:
    made = project()
    document = a_document(session, TEXT, source="first")
    label(session, document, "Ada", "PERSON")
    sync(session, admin, made)
    admin.delete_type(made.id, next(each for each in admin.types(made.id) if each.name == "PERSON"))
    plan, done = sync(session, admin, made, Choices(conflicts=side))
    assert [(each.mine, each.theirs) for each in plan.conflicts] == [("used once", "deleted")]
    assert said(session, document) == (set() if side is Side.THEIRS else {("Ada", "PERSON")})
    assert ("PERSON" in names_there(admin, made)) is (side is Side.MINE)
    assert (done.differences, len(done.left)) == ([], side is Side.LEAVE)
