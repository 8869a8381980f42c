"""What other systems call our things."""

from __future__ import annotations

from pathlib import Path

from annotator.editing.commands import AddRelation, AddSpan, ExcludeDocuments, RemoveDocuments
from annotator.store.links import (
    Link,
    decided_in,
    drop_links,
    keep_links,
    linked_systems,
    links_of,
    standings,
)
from annotator.workflows.checking import check
from tests.builders import a_document, a_project, place


def test_links_are_kept_replaced_and_dropped(tmp_path: Path) -> None:
    session = a_project(tmp_path)
    project = session.project
    rows = [
        Link(system="doccano x/projects/1", remote=f"document/{number}", local=str(number), base="{}")
        for number in range(3)
    ]
    keep_links(project, rows)
    keep_links(project, [Link(system="doccano x/projects/1", remote="document/1", local="1", base='{"d":1}')])
    keep_links(project, [Link(system="other", remote="project", base="{}")])
    assert [each.base for each in links_of(project, "doccano x/projects/1")] == ["{}", '{"d":1}', "{}"]
    assert linked_systems(project, "doccano ") == ["doccano x/projects/1"]
    drop_links(project, "doccano x/projects/1", ["document/0", "document/2"])
    assert [each.remote for each in links_of(project, "doccano x/projects/1")] == ["document/1"]
    assert links_of(project, "other") == [Link(system="other", remote="project", base="{}")]
    assert check(project).breaches == ()
    session.close()


def test_documents_are_told_by_how_they_stand(tmp_path: Path) -> None:
    session = a_project(tmp_path)
    seen, removed, undone = (
        a_document(session, f"Text {number}.", source=str(number)) for number in range(3)
    )
    session.undo(undone)
    session.do(RemoveDocuments((removed,)))
    session.do(ExcludeDocuments(documents=(seen,)))
    found = {each.key: each for each in standings(session.project)}
    assert [(each.is_there, each.is_removed) for each in found.values()] == [
        (True, False),
        (False, True),
        (False, False),
    ]
    assert found[seen].is_excluded
    assert (found[seen].id, found[seen].hash) == (session.document(seen).id, session.document(seen).hash)
    session.close()


def test_decisions_of_many_documents_are_read_at_once(tmp_path: Path) -> None:
    session = a_project(tmp_path)
    keys = [a_document(session, f"Ada met Bob {number} times.", source=str(number)) for number in range(5)]
    for key in keys:
        text = session.text(key)
        for words in ("Ada", "Bob"):
            session.do(AddSpan(key, place(text, words), "PERSON"))
        head, child = session.annotations(key).spans
        session.do(AddRelation(document=key, head=head.key, child=child.key, label="MET"))
    found = list(decided_in(session.project, keys))
    assert [each.document.key for each in found] == keys
    for each in found:
        annotations = session.annotations(each.document.key)
        assert (tuple(each.spans), tuple(each.relations)) == (annotations.spans, annotations.relations)
        assert each.text == session.text(each.document.key)
    assert list(decided_in(session.project, [])) == []
    session.close()
