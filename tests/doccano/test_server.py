"""What doccano 1.8.4 does, call by call, as far as this program stands on it."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator.sync.client import log_in
from annotator.sync.remote import (
    LoginError,
    Member,
    RefusedError,
    RemoteComment,
    RemoteDocument,
    RemoteProject,
    RemoteRelation,
    RemoteSpan,
    RemoteType,
    TypeKind,
)
from tests.doccano.conftest import Account, MakeProject
from tests.doccano.files import line, plain, pulled, quiet, uploaded
from tests.doccano.server import Server

FACES = "😀 مرحبا Kyiv"


def spans_of(document: RemoteDocument) -> set[tuple[int, int, str]]:
    return {(span.start, span.end, span.label) for span in document.spans}


def test_a_wrong_password_is_told(server: Server) -> None:
    with pytest.raises(LoginError, match="does not know this account and password"):
        log_in(server.address, "admin", "wrong")


def test_an_account_is_known_by_its_name(account: Account) -> None:
    assert account("anna").account.name == "anna"
    assert account("anna").account.user != account("ben").account.user


def test_a_project_keeps_what_it_was_made_with(admin_project: RemoteProject, account: Account) -> None:
    assert admin_project in account("admin").projects()
    assert account("admin").project(admin_project.id) == admin_project
    assert admin_project not in account("cleo").projects()


@pytest.fixture
def admin_project(project: MakeProject) -> RemoteProject:
    wanted = {"is_shared": False, "allows_overlap": True, "has_relations": True, "counts_graphemes": True}
    made = project(name="Ours", description="what for", guideline="how", **wanted)
    assert made == RemoteProject(
        id=made.id, name="Ours", kind="SequenceLabeling", description="what for", guideline="how", **wanted
    )
    return made


def test_only_a_member_of_staff_makes_projects(account: Account) -> None:
    with pytest.raises(RefusedError) as refused:
        account("anna").create_project(RemoteProject(id=0, name="Mine", kind="SequenceLabeling"))
    assert refused.value.status == 403


def test_members_are_told_to_administrators(project: MakeProject, account: Account) -> None:
    made = project("anna", "ben")
    assert [(m.name, m.role) for m in account("admin").members(made.id)] == [
        ("admin", "project_admin"),
        ("anna", "annotator"),
        ("ben", "annotator"),
    ]
    anna = account("anna")
    assert anna.members(made.id) == [Member(user=anna.account.user, name="anna", role="annotator")]
    with pytest.raises(RefusedError, match="does not let this account"):
        account("cleo").members(made.id)


def test_types_keep_colour_and_key(project: MakeProject, account: Account) -> None:
    admin, made = account("admin"), project(has_relations=True)
    person = RemoteType(kind=TypeKind.SPAN, name="PERSON", background="#ff8800", key="p")
    knows = RemoteType(kind=TypeKind.RELATION, name="knows", background="#00ff00", key="p")
    types = [admin.create_type(made.id, person), admin.create_type(made.id, knows)]
    assert [(t.kind, t.name, t.background, t.key) for t in types] == [
        (t.kind, t.name, t.background, t.key) for t in (person, knows)
    ]
    assert admin.types(made.id) == types
    changed = RemoteType(kind=TypeKind.SPAN, id=types[0].id, name="Human", background="#123456", key="")
    assert admin.change_type(made.id, changed) == changed
    assert admin.types(made.id) == [changed, types[1]]


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        (RemoteType(kind=TypeKind.SPAN, name=" A "), "There is a label"),
        (RemoteType(kind=TypeKind.SPAN, name="B", key="a"), "Duplicate shortcut key"),
        (RemoteType(kind=TypeKind.SPAN, name="B" * 101), "no more than 100"),
        (RemoteType(kind=TypeKind.SPAN, name="B", key="Ä"), "not a valid choice"),
        (RemoteType(kind=TypeKind.SPAN, name=" "), "may not be blank"),
    ],
)
def test_types_that_are_refused(project: MakeProject, account: Account, wanted: RemoteType, why: str) -> None:
    admin, made = account("admin"), project()
    admin.create_type(made.id, RemoteType(kind=TypeKind.SPAN, name="A", key="a"))
    with pytest.raises(RefusedError, match=why) as refused:
        admin.create_type(made.id, wanted)
    assert refused.value.status == 400


def test_an_upload_keeps_the_text_as_it_is(project: MakeProject, account: Account, tmp_path: Path) -> None:
    admin, made = account("admin"), project(has_relations=True)
    texts = ["  one \n", "\u2028two\u2029", "\r\nthree\t", FACES, "a\x0bb\x85c", "e\u0301\u200d"]
    assert uploaded(admin, made, tmp_path, [line(text) for text in texts]).errors == ()
    assert [document.text for document in pulled(admin, made, tmp_path)] == texts
    assert admin.count(made.id) == len(texts)


def test_an_upload_with_relations_comes_back(project: MakeProject, account: Account, tmp_path: Path) -> None:
    admin, made = account("admin"), project(has_relations=True)
    row = line("Anna met Ben", (0, 4, "PER"), (9, 12, "PER"), relations=[(0, 1, "met")])
    uploaded(admin, made, tmp_path, [line("nothing"), row])
    nothing, document = pulled(admin, made, tmp_path)
    assert (nothing.spans, nothing.relations) == ((), ())
    assert spans_of(document) == {(0, 4, "PER"), (9, 12, "PER")}
    (relation,) = document.relations
    by_number = {span.id: span.start for span in document.spans}
    assert (by_number[relation.head], by_number[relation.child], relation.label) == (0, 9, "met")
    asked = admin.document(made, document.id)
    assert spans_of(asked) == spans_of(document)
    assert {span.user for span in asked.spans} == {admin.account.user}
    assert [(r.head, r.child, r.label) for r in asked.relations] == [(relation.head, relation.child, "met")]


def test_an_upload_drops_what_overlaps_without_a_word(
    project: MakeProject, account: Account, tmp_path: Path
) -> None:
    admin, made = account("admin"), project()
    row = plain("one two", (0, 7, "A"), (0, 3, "B"), (4, 7, "A"), (4, 7, "A"))
    assert uploaded(admin, made, tmp_path, [row]).errors == ()
    (document,) = pulled(admin, made, tmp_path)
    assert spans_of(document) == {(0, 7, "A")}


@pytest.mark.slow
def test_a_relation_to_a_dropped_span_makes_every_document_fourfold(
    project: MakeProject, account: Account, tmp_path: Path
) -> None:
    admin, made = account("admin"), project(has_relations=True)
    row = line("one two", (0, 7, "A"), (4, 7, "A"), relations=[(0, 1, "r")])
    told = uploaded(admin, made, tmp_path, [row])
    assert told.failure
    assert admin.count(made.id) == 4


def test_an_upload_takes_places_that_lie_outside(
    project: MakeProject, account: Account, tmp_path: Path
) -> None:
    admin, made = account("admin"), project()
    assert uploaded(admin, made, tmp_path, [plain("one", (1, 99, "A"), (99, 100, "A"))]).errors == ()
    (document,) = pulled(admin, made, tmp_path)
    assert spans_of(document) == {(1, 99, "A"), (99, 100, "A")}


def test_where_overlap_is_allowed_the_same_may_be_there_twice(
    project: MakeProject, account: Account, tmp_path: Path
) -> None:
    admin, made = account("admin"), project(allows_overlap=True)
    uploaded(admin, made, tmp_path, [plain("one two", (0, 3, "A"), (0, 7, "A"), (0, 3, "A"))])
    (document,) = pulled(admin, made, tmp_path)
    assert sorted((s.start, s.end, s.label) for s in document.spans) == [
        (0, 3, "A"),
        (0, 3, "A"),
        (0, 7, "A"),
    ]


def test_lines_that_are_not_taken_are_told(project: MakeProject, account: Account, tmp_path: Path) -> None:
    admin, made = account("admin"), project(has_relations=True)
    told = uploaded(admin, made, tmp_path, [line("one"), "{bad", line(""), {"entities": [], "relations": []}])
    assert admin.count(made.id) == 1
    assert [error.split(":")[0] for error in told.errors] == ["line 2", "line 3", "line 4"]


def test_unknown_labels_are_made(project: MakeProject, account: Account, tmp_path: Path) -> None:
    admin, made = account("admin"), project(has_relations=True)
    uploaded(admin, made, tmp_path, [line("one two", (0, 3, "A"), (4, 7, "B"), relations=[(0, 1, "r")])])
    assert {(t.kind, t.name) for t in admin.types(made.id)} == {
        (TypeKind.SPAN, "A"),
        (TypeKind.SPAN, "B"),
        (TypeKind.RELATION, "r"),
    }


def test_metadata_of_our_own_come_back_as_they_were(
    project: MakeProject, account: Account, tmp_path: Path
) -> None:
    admin, made = account("admin"), project(has_relations=True)
    exact = {"n": 2.0, "big": 2**60, "deep": [{"a": None}], "t": "2026-11-26", "j": '{"f":1.23456789012345}'}
    rows = [line("one", annotator={"id": "u1", "metadata": exact}), line("two", annotator={"id": "u2"})]
    uploaded(admin, made, tmp_path, rows)
    one, two = pulled(admin, made, tmp_path)
    assert one.metadata == {"annotator": {"id": "u1", "metadata": exact}}
    assert type(one.metadata["annotator"]["metadata"]["n"]) is float
    assert two.metadata == {"annotator": {"id": "u2"}}
    assert admin.document(made, one.id).metadata == one.metadata


def test_an_export_cuts_fractions_even_within_objects(
    project: MakeProject, account: Account, tmp_path: Path
) -> None:
    admin, made = account("admin"), project()
    uploaded(admin, made, tmp_path, [plain("one", f=1.23456789012345, deep={"f": 1.23456789012345})])
    (document,) = pulled(admin, made, tmp_path)
    assert document.metadata == {"f": 1.2345678901, "deep": {"f": 1.2345678901}}
    assert admin.document(made, document.id).metadata["f"] == 1.23456789012345


@pytest.mark.slow
def test_gaps_among_numbers_make_the_whole_upload_fail(
    project: MakeProject, account: Account, tmp_path: Path
) -> None:
    admin, made = account("admin"), project(has_relations=True)
    assert "JSON_VALID" in uploaded(admin, made, tmp_path, [line("one", n=1), line("two")]).failure
    assert admin.count(made.id) == 0


def test_gaps_among_texts_come_back_as_gaps(project: MakeProject, account: Account, tmp_path: Path) -> None:
    admin, made = account("admin"), project()
    uploaded(admin, made, tmp_path, [plain("one", s="x", b=True), plain("two", s=None, b=None)])
    one, two = pulled(admin, made, tmp_path)
    assert (one.metadata, two.metadata) == ({"s": "x", "b": True}, {})


def test_metadata_called_id_do_not_pass_for_numbers(
    project: MakeProject, account: Account, tmp_path: Path
) -> None:
    admin, made = account("admin"), project()
    uploaded(admin, made, tmp_path, [plain("one", (0, 3, "A"), id=7), plain("two", id=8)])
    one, two = pulled(admin, made, tmp_path)
    assert one.metadata == {"id": 7}
    assert admin.document(made, one.id).text == "one"
    assert admin.document(made, two.id).text == "two"
    assert spans_of(one) == {(0, 3, "A")}


def test_single_spans_and_relations(project: MakeProject, account: Account, tmp_path: Path) -> None:
    admin, made = account("admin"), project("anna", has_relations=True)
    uploaded(admin, made, tmp_path, [line("one two", (0, 3, "A"), relations=[(0, 0, "r")])])
    kinds = {t.kind: t.id for t in admin.types(made.id)}
    anna = account("anna")
    (document,) = pulled(admin, made, tmp_path)
    wanted = RemoteSpan(start=4, end=7, label="A")
    made_span = anna.create_span(made.id, document.id, wanted, kinds[TypeKind.SPAN])
    assert made_span == RemoteSpan(start=4, end=7, label="A", id=made_span.id, user=anna.account.user)
    link = RemoteRelation(head=document.spans[0].id, child=made_span.id, label="r")
    relation = anna.create_relation(made.id, document.id, link, kinds[TypeKind.RELATION])
    again = anna.create_relation(made.id, document.id, link, kinds[TypeKind.RELATION])
    assert {r.id for r in admin.document(made, document.id).relations} >= {relation.id, again.id}
    anna.delete_relation(made.id, document.id, again.id)
    anna.delete_relation(made.id, document.id, again.id)
    assert len(admin.document(made, document.id).relations) == 2
    anna.delete_span(made.id, document.id, document.spans[0].id)
    anna.delete_span(made.id, document.id, document.spans[0].id)
    left = admin.document(made, document.id)
    assert (left.spans, left.relations) == ((made_span,), ())


@pytest.mark.parametrize(
    ("place", "why"),
    [((0, 2), "overlapping"), ((2, 9), "overlapping"), ((5, 5), "start < end"), ((-1, 0), "startOffset")],
)
def test_single_spans_that_are_refused(
    project: MakeProject, account: Account, tmp_path: Path, place: tuple[int, int], why: str
) -> None:
    admin, made = account("admin"), project()
    uploaded(admin, made, tmp_path, [plain("one two", (0, 3, "A"))])
    (document,) = pulled(admin, made, tmp_path)
    (kind,) = admin.types(made.id)
    with pytest.raises(RefusedError, match=why) as refused:
        admin.create_span(made.id, document.id, RemoteSpan(start=place[0], end=place[1], label="A"), kind.id)
    assert refused.value.status == 400
    outside = RemoteSpan(start=50, end=60, label="A")
    assert admin.create_span(made.id, document.id, outside, kind.id).end == 60


def test_comments_have_writers_and_are_trimmed(
    project: MakeProject, account: Account, tmp_path: Path
) -> None:
    admin, made = account("admin"), project("anna")
    uploaded(admin, made, tmp_path, [plain("one"), plain("two")])
    one, two = pulled(admin, made, tmp_path)
    anna = account("anna")
    first = anna.create_comment(made.id, one.id, "  what\nis it? ")
    second = admin.create_comment(made.id, one.id, "an article")
    assert first == RemoteComment(text="what\nis it?", id=first.id, user=anna.account.user, username="anna")
    assert admin.comments(made.id, quiet) == {one.id: [first, second]}
    assert admin.document(made, one.id).comments == (first, second)
    assert {comment.text for comment in pulled(admin, made, tmp_path)[0].comments} == {
        "what\nis it?",
        "an article",
    }
    with pytest.raises(RefusedError):
        anna.delete_comment(made.id, one.id, second.id)
    anna.delete_comment(made.id, one.id, first.id)
    anna.delete_comment(made.id, one.id, first.id)
    assert admin.comments(made.id, quiet) == {one.id: [second]}
    assert admin.document(made, two.id).comments == ()


def test_a_shared_project_has_one_confirmed_state(
    project: MakeProject, account: Account, tmp_path: Path
) -> None:
    admin, made = account("admin"), project("anna")
    uploaded(admin, made, tmp_path, [plain("one"), plain("two")])
    one, _two = pulled(admin, made, tmp_path)
    account("anna").confirm(made.id, one.id, confirmed=True)
    account("anna").confirm(made.id, one.id, confirmed=True)
    assert admin.confirmed(made.id, quiet) == {one.id}
    assert admin.document(made, one.id).is_confirmed
    admin.confirm(made.id, one.id, confirmed=True)
    admin.confirm(made.id, one.id, confirmed=False)
    assert account("anna").confirmed(made.id, quiet) == frozenset()


def test_a_document_that_is_gone(project: MakeProject, account: Account, tmp_path: Path) -> None:
    admin, made = account("admin"), project("anna")
    uploaded(admin, made, tmp_path, [plain("one"), plain("two")])
    one, two = pulled(admin, made, tmp_path)
    with pytest.raises(RefusedError):
        account("anna").delete_document(made.id, one.id)
    admin.delete_document(made.id, one.id)
    admin.delete_document(made.id, one.id)
    with pytest.raises(RefusedError) as refused:
        admin.document(made, one.id)
    assert refused.value.status == 404
    assert [document.id for document in pulled(admin, made, tmp_path)] == [two.id]


def test_each_member_has_their_own(project: MakeProject, account: Account, tmp_path: Path) -> None:
    admin, made = account("admin"), project("anna", "ben", is_shared=False, has_relations=True)
    uploaded(admin, made, tmp_path, [line("one two", (0, 3, "A"), relations=[(0, 0, "r")])])
    (kind,) = [t.id for t in admin.types(made.id) if t.kind == TypeKind.SPAN]
    number = next(d.id for d in pulled(admin, made, tmp_path))
    anna, ben = account("anna"), account("ben")
    # What others have in the same place does not count.
    mine = anna.create_span(made.id, number, RemoteSpan(start=0, end=7, label="A"), kind)
    anna.create_comment(made.id, number, "hers")
    admin.create_comment(made.id, number, "the administrator's")
    anna.confirm(made.id, number, confirmed=True)
    exported = {d.owner: d for d in pulled(admin, made, tmp_path)}
    assert {name: spans_of(d) for name, d in exported.items()} == {
        "admin": {(0, 3, "A")},
        "anna": {(0, 7, "A")},
        "ben": set(),
    }
    assert {d.id for d in exported.values()} == {number}
    assert [c.text for c in exported["anna"].comments] == ["hers"]
    assert [c.username for c in ben.comments(made.id, quiet)[number]] == ["anna", "admin"]
    assert (anna.document(made, number).spans, anna.document(made, number).owner) == ((mine,), "anna")
    assert ben.document(made, number).spans == ()
    assert anna.confirmed(made.id, quiet) == {number}
    assert ben.confirmed(made.id, quiet) == frozenset()
    assert admin.confirmed(made.id, quiet, member="anna") == {number}
    assert admin.confirmed(made.id, quiet) == admin.confirmed(made.id, quiet, member="ben") == frozenset()
    with pytest.raises(RefusedError):
        ben.delete_span(made.id, number, mine.id)


@pytest.mark.slow
def test_many_confirmed_ones_are_listed(
    project: MakeProject, account: Account, tmp_path: Path, documents: int
) -> None:
    admin, made = account("admin"), project("anna")
    many = min(documents, 300)
    uploaded(admin, made, tmp_path, [plain(f"text {n}") for n in range(many)])
    numbers = [document.id for document in pulled(admin, made, tmp_path)]
    wanted = {number for place, number in enumerate(numbers) if place % 4}
    calls = [lambda number=number: admin.confirm(made.id, number, confirmed=True) for number in wanted]
    assert [value for _, value in admin.together(calls, quiet)] == [None] * len(wanted)
    assert admin.confirmed(made.id, quiet) == wanted
    assert account("anna").confirmed(made.id, quiet) == wanted


@pytest.mark.parametrize("is_shared", [True, False])
def test_who_may_not_export_reads_one_by_one(
    project: MakeProject, account: Account, tmp_path: Path, *, is_shared: bool
) -> None:
    admin, made = account("admin"), project("anna", is_shared=is_shared, has_relations=True)
    row = line("one two", (0, 3, "A"), (4, 7, "A"), relations=[(0, 1, "r")], id=3, f=2.0)
    uploaded(admin, made, tmp_path, [row, line("three", id=1, f=0.5)])
    anna = account("anna")
    one, three = pulled(anna, made, tmp_path)
    assert (one.owner, one.metadata, three.metadata) == (
        "" if is_shared else "anna",
        {"id": 3, "f": 2.0},
        {"id": 1, "f": 0.5},
    )
    anna.create_comment(made.id, three.id, "hers")
    anna.confirm(made.id, three.id, confirmed=True)
    found = pulled(anna, made, tmp_path)
    assert found == [anna.document(made, one.id), anna.document(made, three.id)]
    assert spans_of(found[0]) == ({(0, 3, "A"), (4, 7, "A")} if is_shared else set())
    assert len(found[0].relations) == (1 if is_shared else 0)
    assert [comment.username for comment in found[1].comments] == ["anna"]
    assert [document.is_confirmed for document in found] == [False, True]
    assert anna.confirmed(made.id, quiet) == {three.id}


@pytest.mark.slow
def test_deleting_a_type_deletes_what_has_it_whoever_made_it(
    project: MakeProject, account: Account, tmp_path: Path
) -> None:
    admin, anna, made = (
        account("admin"),
        account("anna"),
        project("anna", has_relations=True, allows_overlap=True),
    )
    uploaded(admin, made, tmp_path, [line("one two", (0, 3, "A"), (4, 7, "B"), relations=[(0, 1, "r")])])
    (document,) = pulled(admin, made, tmp_path)
    kinds = {each.name: each for each in admin.types(made.id)}
    anna.create_span(made.id, document.id, RemoteSpan(start=4, end=7, label="A"), kinds["A"].id)
    with pytest.raises(RefusedError):
        anna.delete_type(made.id, kinds["A"])
    admin.delete_type(made.id, kinds["A"])
    admin.delete_type(made.id, kinds["A"])
    (left,) = pulled(admin, made, tmp_path)
    assert ([each.label for each in left.spans], left.relations) == (["B"], ())
    assert {each.name for each in admin.types(made.id)} == {"B", "r"}
