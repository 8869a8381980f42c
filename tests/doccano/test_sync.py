"""Both sides of a sync with the real server: round trips, conflicts, and what happens when it dies in the middle."""

from __future__ import annotations

import contextlib
import random
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from annotator.editing import commands
from annotator.model.annotation import Fragment
from annotator.model.document import State
from annotator.model.record import Record, RecordRelation, RecordSpan
from annotator.resources_path import seeds_folder
from annotator.sync.client import DoccanoServer, log_in
from annotator.sync.remote import (
    RemoteProject,
    RemoteRelation,
    RemoteSpan,
    RemoteType,
    ServerError,
    TypeKind,
)
from annotator.sync.units import Offsets, Unit
from annotator.workflows.doccano import (
    Choices,
    Deed,
    Options,
    Side,
    Thing,
    Way,
    carry_out,
    make_project,
    plan_sync,
    reading,
    status,
)
from annotator.workflows.doccano.links import system_of
from annotator.workflows.importing import ImportOptions, import_documents, import_records
from annotator.workflows.reporting import silent
from annotator.workflows.session import Session
from tests.builders import a_document, place
from tests.doccano.conftest import Account, MakeProject, OpenProject
from tests.doccano.files import quiet
from tests.doccano.installing import ACCOUNTS
from tests.doccano.proxy import Proxy, Rule, Trouble
from tests.doccano.server import Server
from tests.sync.little_server import CERTIFICATES
from tests.workflows.doccano.both_sides import pull, sync

TEXT = "Ada met Bob in Rome."
EMOJI = "👩‍🚀 Ada met عَرَب in Rome 🇫🇷, said Zoe\u0308 (e\u0301)."
NAMES = ("Ada", "Bob", "Eve", "Zoë", "عمر", "👩‍🚀 Ann")
PLACES = ("Rome", "Oslo", "İzmir", "Kyiv 🇺🇦", "Dakar")


@pytest.fixture
def one_address(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a server be the same one behind every proxy, as it is for a person who always types one address."""
    monkeypatch.setattr(
        reading,
        "system_of",
        lambda _address, project, member: system_of(server.address, project, member),
    )


def generated(count: int, seed: int = 7) -> Iterator[Record]:
    """Make documents with spans and relations, some with emoji and Arabic, notes and finished ones."""
    chance = random.Random(seed)
    for number in range(count):
        text, spans = "", []
        for sentence in range(chance.randrange(2, 7)):
            name, town = chance.choice(NAMES), chance.choice(PLACES)
            for piece, label in (
                (name, "PERSON"),
                (" went to ", ""),
                (town, "GPE"),
                (f" in {1900 + sentence}. ", ""),
            ):
                if label:
                    spans.append(
                        RecordSpan(fragments=(Fragment(len(text), len(text) + len(piece)),), label=label)
                    )
                text += piece
        relations = tuple(
            RecordRelation(head=index, child=index + 1, label="VISITED") for index in range(0, len(spans), 2)
        )
        yield Record(
            text=f"{text}({number})",
            source=f"generated {number}",
            spans=tuple(spans),
            relations=relations,
            note=f"note {number}" if number % 40 == 0 else "",
            state=State.DONE if number % 20 == 0 else None,
            metadata={"number": number, "share": number / 7} if number % 3 else {"number": number},
        )


def content(session: Session, *, values: bool = True) -> object:
    """Give all that a project holds of its documents, in no order."""
    found = []
    for key in session.document_keys():
        text, annotations, document = session.text(key), session.annotations(key), session.document(key)
        spans = {span.key: (span.start, span.end, span.label) for span in annotations.spans}
        relations = sorted(
            (spans[each.head], spans[each.child], each.label) for each in annotations.relations
        )
        told = (
            (document.note, document.state is State.DONE, sorted(document.metadata.items())) if values else ()
        )
        found.append((text, sorted(spans.values()), relations, told))
    return sorted(found)


def said(session: Session, document: int) -> set[tuple[str, str]]:
    text = session.text(document)
    return {(text[each.start : each.end], each.label) for each in session.annotations(document).spans}


def said_there(remote: DoccanoServer, project: RemoteProject, number: int) -> set[tuple[str, str]]:
    document = remote.document(project, number)
    offsets = Offsets(document.text, Unit.UTF16)
    pairs = [(offsets.here(each.start, each.end), each.label) for each in document.spans]
    return {(document.text[pair[0] : pair[1]], label) for pair, label in pairs if pair is not None}


def label(session: Session, document: int, words: str, name: str) -> None:
    session.do(commands.AddSpan(document, place(session.text(document), words), name))


def span_of(session: Session, document: int, words: str) -> int:
    text = session.text(document)
    return next(
        each.key for each in session.annotations(document).spans if text[each.start : each.end] == words
    )


def kinds(remote: DoccanoServer, project: RemoteProject, name: str) -> RemoteType:
    return next(each for each in remote.types(project.id) if each.name == name)


def a_pair(
    session: Session, remote: DoccanoServer, project: RemoteProject, *, relates: bool = False
) -> tuple[int, int]:
    """Lay a document on both sides; gives its row key and its number."""
    document = a_document(session, TEXT, source="first")
    for words in ("Ada", "Bob"):
        label(session, document, words, "PERSON")
    label(session, document, "Rome", "GPE")
    if relates:
        ends = [span_of(session, document, words) for words in ("Ada", "Bob")]
        session.do(commands.AddRelation(document=document, head=ends[0], child=ends[1], label="MET"))
    _, done = sync(session, remote, project)
    assert not done.differences
    row = session.project.value("SELECT remote FROM external_id WHERE remote LIKE 'document/%'")
    return document, int(row.removeprefix("document/"))


# ---------------------------------------------------------------------- round trips


def test_the_seeds_go_there_and_come_back(opened: OpenProject, admin: DoccanoServer) -> None:
    here, other = opened("here"), opened("other")
    import_documents(here, [seeds_folder() / "gold.jsonl"])
    project = make_project(here, admin, "Seeds", shared=True)
    plan, done = sync(here, admin, project)
    assert plan.uploads == len(here.document_keys()) == done.done[Way.THERE, Deed.ADD, Thing.DOCUMENT]
    assert not done.differences
    assert not done.problems
    assert plan_sync(here, admin, project).is_empty
    pull(other, admin, project)
    assert content(other) == content(here)
    assert {(each.name, each.color) for each in other.schema.entities} >= {
        (each.name, each.color) for each in here.schema.entities if here.schema.entity(each.name)
    }
    assert plan_sync(other, admin, project).is_empty


@pytest.mark.parametrize(
    "shared", [True, pytest.param(False, marks=pytest.mark.slow)], ids=["shared", "individual"]
)
def test_generated_documents_go_there_and_come_back(
    opened: OpenProject, admin: DoccanoServer, documents: int, *, shared: bool
) -> None:
    here, other = opened("here"), opened("other")
    count = documents if shared else max(documents // 5, 20)
    import_records(here, "Import", generated(count), options=ImportOptions(), report=silent)
    project = make_project(here, admin, "Generated", shared=shared)
    began = time.perf_counter()
    plan, done = sync(here, admin, project)
    sent = time.perf_counter() - began
    assert (plan.uploads, done.done[Way.THERE, Deed.ADD, Thing.DOCUMENT]) == (count, count)
    spans = sum(len(here.annotations(key).spans) for key in here.document_keys())
    assert done.done[Way.THERE, Deed.ADD, Thing.SPAN] == spans
    assert not done.differences
    assert not done.problems
    again = plan_sync(here, admin, project)
    assert again.is_empty
    assert again.calls == 0
    began = time.perf_counter()
    pull(other, admin, project)
    print(
        f"{count:,} documents, {spans:,} spans: sent in {sent:.1f} s, pulled in {time.perf_counter() - began:.1f} s"
    )
    assert content(other) == content(here)
    assert plan_sync(other, admin, project).is_empty
    found = status(other)
    assert found is not None
    assert (found.linked, found.changed_here, found.new_here) == (count, 0, 0)


@pytest.mark.parametrize("unit", list(Unit))
def test_offsets_made_as_its_window_would_come_and_go(
    session: Session, admin: DoccanoServer, project: MakeProject, tmp_path: Path, unit: Unit
) -> None:
    made = project(has_relations=True, allows_overlap=True, counts_graphemes=unit is Unit.GRAPHEMES)
    other = a_document(session, EMOJI, source="mine")
    sync(session, admin, made)
    number = next(iter(_numbers(session)))
    kind = admin.create_type(made.id, RemoteType(kind=TypeKind.SPAN, name="WORD"))
    offsets = Offsets(EMOJI, unit)
    words = ("Ada", "عَرَب", "Rome", "🇫🇷", "Zoe\u0308")
    for each in words:
        pair = offsets.there(EMOJI.index(each), EMOJI.index(each) + len(each))
        assert pair is not None
        admin.create_span(made.id, number, RemoteSpan(start=pair[0], end=pair[1], label="WORD"), kind.id)
    options = Options(unit=unit.value)
    _, done = sync(session, admin, made, options=options)
    assert said(session, other) == {(each, "WORD") for each in words}
    assert not done.problems
    label(session, other, "👩‍🚀", "PERSON")
    label(session, other, "e\u0301", "PERSON")
    _, done = sync(session, admin, made)
    assert not done.differences
    there = {(each.start, each.end, each.label) for each in admin.document(made, number).spans}
    for each in ("👩‍🚀", "e\u0301"):
        pair = offsets.there(EMOJI.index(each), EMOJI.index(each) + len(each))
        assert pair is not None
        assert (*pair, "PERSON") in there
    assert plan_sync(session, admin, made).is_empty


def _numbers(session: Session) -> list[int]:
    rows = session.project.rows("SELECT remote FROM external_id WHERE remote LIKE 'document/%'")
    return sorted(int(row[0].removeprefix("document/")) for row in rows)


def test_members_of_an_individual_project_work_apart(
    opened: OpenProject, admin: DoccanoServer, account: Account, project: MakeProject
) -> None:
    made = project("anna", has_relations=True, is_shared=False)
    mine, hers = opened("mine"), opened("hers")
    document, number = a_pair(mine, admin, made)
    ann = account("anna")
    pull(hers, ann, made)
    (key,) = hers.document_keys()
    assert said(hers, key) == set()
    label(hers, key, "Rome", "GPE")
    hers.do(commands.FinishDocument(document=key))
    _, done = sync(hers, ann, made)
    assert not done.differences
    assert said_there(ann, made, number) == {("Rome", "GPE")}
    assert plan_sync(mine, admin, made).is_empty
    assert mine.document(document).state is not State.DONE
    third = opened("third")
    pull(third, admin, made, Options(member="anna"))
    (key,) = third.document_keys()
    assert said(third, key) == {("Rome", "GPE")}
    assert third.document(key).state is State.DONE
    assert third.annotations(key).spans[0].provenance.annotator == "anna"


def test_what_others_made_is_named_and_stays_unless_chosen(
    session: Session, admin: DoccanoServer, account: Account, project: MakeProject
) -> None:
    made = project("anna", has_relations=True)
    document, number = a_pair(session, admin, made)
    ann = account("anna")
    kind = kinds(admin, made, "GPE")
    ann.create_span(made.id, number, RemoteSpan(start=4, end=7, label="GPE"), kind.id)
    sync(session, admin, made)
    text = session.text(document)
    found = next(each for each in session.annotations(document).spans if text[each.start : each.end] == "met")
    assert found.provenance.annotator == "anna"
    session.do(commands.RemoveSpans((found.key,)))
    plan, _ = sync(session, admin, made)
    assert [(each.whose, each.label, each.words) for each in plan.others] == [("anna", "GPE", "met")]
    assert ("met", "GPE") in said_there(admin, made, number)
    sync(session, admin, made, Choices(delete_others=True))
    assert ("met", "GPE") not in said_there(admin, made, number)
    assert plan_sync(session, admin, made).is_empty


def test_what_the_project_forbids_stays_here(
    session: Session, admin: DoccanoServer, project: MakeProject
) -> None:
    made = project()
    document = a_document(session, TEXT, source="first")
    label(session, document, "Ada met", "PERSON")
    label(session, document, "Ada", "ROLE")
    label(session, document, "Rome", "GPE")
    ends = [span_of(session, document, words) for words in ("Ada met", "Rome")]
    session.do(commands.AddRelation(document=document, head=ends[0], child=ends[1], label="VISITED"))
    plan, done = sync(session, admin, made)
    assert {each.kind: each.count for each in plan.stays} == {"overlap": 1, "relations": 1}
    assert not done.differences
    assert said_there(admin, made, _numbers(session)[0]) == {("Ada met", "PERSON"), ("Rome", "GPE")}
    assert plan_sync(session, admin, made).is_empty


# ---------------------------------------------------------------------- conflicts, one of each kind


SIDES = [
    Side.THEIRS,
    pytest.param(Side.MINE, marks=pytest.mark.slow),
    pytest.param(Side.LEAVE, marks=pytest.mark.slow),
]
"""Whose version stands; on a server in memory all of them are tested for each kind."""


@pytest.mark.parametrize("side", SIDES)
def test_a_conflict_over_everything_in_a_document(
    session: Session, admin: DoccanoServer, project: MakeProject, side: Side
) -> None:
    made = project(has_relations=True)
    document, number = a_pair(session, admin, made, relates=True)
    session.do(commands.RelabelSpans((span_of(session, document, "Rome"),), "ROLE"))
    session.do(commands.RemoveRelations((session.annotations(document).relations[0].key,)))
    ends = [span_of(session, document, words) for words in ("Ada", "Bob")]
    session.do(
        commands.AddType(replace(session.schema.relations[2], name="KNOWS", key=0, id="", shortcut=""))
    )
    session.do(commands.AddRelation(document=document, head=ends[0], child=ends[1], label="KNOWS"))
    session.do(commands.SetNote(kind=None, key=document, note="mine"))
    there = admin.document(made, number)
    ids = {(each.start, each.label): each.id for each in there.spans}
    admin.delete_span(made.id, number, ids[15, "GPE"])
    admin.create_span(
        made.id, number, RemoteSpan(start=15, end=19, label="PERSON"), kinds(admin, made, "PERSON").id
    )
    admin.delete_relation(made.id, number, there.relations[0].id)
    saw = admin.create_type(made.id, RemoteType(kind=TypeKind.RELATION, name="SAW"))
    wanted = RemoteRelation(head=ids[0, "PERSON"], child=ids[8, "PERSON"], label="SAW")
    admin.create_relation(made.id, number, wanted, saw.id)
    admin.create_comment(made.id, number, "theirs")
    plan = plan_sync(session, admin, made)
    assert sorted(each.thing for each in plan.conflicts) == [Thing.NOTE, Thing.RELATION, Thing.SPAN]
    done = carry_out(session, admin, plan, Choices(conflicts=side))
    assert len(done.left) == (3 if side is Side.LEAVE else 0)
    now = admin.document(made, number)
    here = {each.label for each in session.annotations(document).relations}
    mine = (("Rome", "ROLE"), {"KNOWS"}, "mine")
    theirs = (("Rome", "PERSON"), {"SAW"}, "theirs")
    for wanted_span, wanted_relations, wanted_note, held in (
        (
            *(theirs if side is Side.THEIRS else mine),
            (said(session, document), here, session.document(document).note),
        ),
        (
            *(mine if side is Side.MINE else theirs),
            (
                said_there(admin, made, number),
                {each.label for each in now.relations},
                "\n\n".join(each.text for each in now.comments),
            ),
        ),
    ):
        assert wanted_span in held[0]
        assert held[1:] == (wanted_relations, wanted_note)
    again = plan_sync(session, admin, made)
    assert not again.counts
    assert len(again.conflicts) == (3 if side is Side.LEAVE else 0)


@pytest.mark.parametrize("side", SIDES)
def test_a_conflict_over_types_and_documents(
    session: Session, admin: DoccanoServer, project: MakeProject, side: Side
) -> None:
    made = project(has_relations=True)
    first, number = a_pair(session, admin, made)
    second = a_document(session, "Another one by Eve.", source="second")
    label(session, second, "Eve", "PERSON")
    sync(session, admin, made)
    other = next(each for each in _numbers(session) if each != number)
    person, gpe = session.schema.entity("PERSON"), session.schema.entity("GPE")
    assert person is not None
    assert gpe is not None
    session.do(commands.ChangeType(replace(person, name="HUMAN")))
    session.do(commands.ChangeType(replace(gpe, color="teal")))
    admin.change_type(made.id, replace(kinds(admin, made, "GPE"), background="#112233"))
    label(session, first, "met", "GPE")
    admin.delete_document(made.id, number)
    session.do(commands.RemoveDocuments((second,)))
    admin.create_span(made.id, other, RemoteSpan(start=0, end=7, label="GPE"), kinds(admin, made, "GPE").id)
    plan = plan_sync(session, admin, made)
    assert sorted(each.thing for each in plan.conflicts) == [
        Thing.DOCUMENT,
        Thing.DOCUMENT,
        Thing.TYPE,
        Thing.TYPE,
    ]
    carry_out(session, admin, plan, Choices(conflicts=side))
    names = {each.name for each in admin.types(made.id)}
    assert ("HUMAN" in names) is (side is Side.MINE)
    assert (session.schema.entity("HUMAN") is None) is (side is Side.THEIRS)
    changed = session.schema.entity("GPE")
    assert changed is not None
    assert changed.color == ("#112233" if side is Side.THEIRS else "teal")
    assert kinds(admin, made, "GPE").background == ("#0c7365" if side is Side.MINE else "#112233")
    texts = sorted(session.text(key) for key in session.document_keys())
    assert texts == (["Another one by Eve."] if side is Side.THEIRS else [TEXT])
    assert admin.count(made.id) == 1
    again = plan_sync(session, admin, made)
    assert len(again.conflicts) == (4 if side is Side.LEAVE else 0)
    assert not again.counts


# ---------------------------------------------------------------------- trouble


def _work(session: Session, admin: DoccanoServer, project: RemoteProject, count: int) -> None:
    """Lay documents on both sides, and then change some of each, and add some."""
    import_records(session, "Import", generated(count), options=ImportOptions(), report=silent)
    sync(session, admin, project)
    for index, key in enumerate(session.document_keys()):
        spans = session.annotations(key).spans
        if index % 3 == 0:
            session.do(commands.RelabelSpans((spans[0].key,), "ROLE"))
        if index % 3 == 1:
            session.do(commands.RemoveSpans((spans[1].key,)))
            session.do(commands.SetNote(kind=None, key=key, note=f"again {index}"))
        if index % 3 == 2 and session.document(key).state is not State.DONE:
            session.do(commands.FinishDocument(document=key))
    import_records(session, "More", generated(2 * count, seed=8), options=ImportOptions(), report=silent)
    kind = kinds(admin, project, "GPE")
    for number in _numbers(session)[2::6]:
        text = admin.document(project, number).text
        pair = Offsets(text, Unit.UTF16).there(text.index("went"), text.index("went") + 4)
        assert pair is not None
        admin.create_span(project.id, number, RemoteSpan(start=pair[0], end=pair[1], label="GPE"), kind.id)


def _is_whole(session: Session, opened: OpenProject, admin: DoccanoServer, project: RemoteProject) -> None:
    """Hold the server against the project by bringing it into another one."""
    _, done = sync(session, admin, project)
    assert not done.differences
    assert plan_sync(session, admin, project).is_empty
    other = opened("whole")
    pull(other, admin, project)
    assert content(other, values=False) == content(session, values=False)
    assert content(other) == content(session)
    exported = admin.export(project.id, session.path.parent, quiet)
    for document in admin.documents(project, exported):
        places = [(each.start, each.end, each.label) for each in document.spans]
        assert len(places) == len(set(places)), document.text
        assert len(document.relations) == len(
            {(each.head, each.child, each.label) for each in document.relations}
        )
    assert len(set(session.document_keys())) == admin.count(project.id)


@pytest.mark.parametrize(
    "path",
    ["/spans", *(pytest.param(path, marks=pytest.mark.slow) for path in ("/upload", "/states", "/comments"))],
)
def test_a_server_that_is_killed_in_the_middle(  # noqa: PLR0917 - fixtures
    session: Session,
    opened: OpenProject,
    admin: DoccanoServer,
    server: Server,
    project: MakeProject,
    one_address: None,
    path: str,
) -> None:
    made = project(has_relations=True, allows_overlap=True)
    _work(session, admin, made, 6)
    kills = []

    def kill() -> None:
        kills.append(path)
        server.kill()

    rule = Rule(Trouble.LOST, method="POST", path=path, every=1, times=1, before=kill)
    with Proxy(server.address, rule, certificate="here.pem") as proxy:
        remote = _through(proxy)
        with pytest.raises(ServerError):
            sync(session, remote, made)
        remote.close()
    assert kills == [path]
    server.start()
    _wait_until_it_answers(server)
    fresh = log_in(server.address, "admin", ACCOUNTS["admin"])
    _is_whole(session, opened, fresh, made)
    fresh.close()


def _wait_until_it_answers(server: Server) -> None:
    end = time.monotonic() + 60
    while not server.answers():
        assert time.monotonic() < end
        time.sleep(0.1)


def _through(proxy: Proxy) -> DoccanoServer:
    remote = log_in(proxy.address, "admin", ACCOUNTS["admin"], trust=CERTIFICATES / "here.pem")
    remote._connection._pauses = (0.05, 0.05)
    return remote


@pytest.mark.parametrize(
    "trouble",
    [
        Trouble.DOUBLED,
        pytest.param(Trouble.UNANSWERED, marks=pytest.mark.slow),
        pytest.param(Trouble.LOST, marks=pytest.mark.slow),
        pytest.param(Trouble.LATE, marks=pytest.mark.slow),
    ],
)
def test_requests_that_are_lost_doubled_and_late(  # noqa: PLR0917 - fixtures
    session: Session,
    opened: OpenProject,
    admin: DoccanoServer,
    server: Server,
    project: MakeProject,
    one_address: None,
    trouble: Trouble,
) -> None:
    made = project(has_relations=True, allows_overlap=True)
    _work(session, admin, made, 9)
    with Proxy(
        server.address, Rule(trouble, path="/v1/", every=7, seconds=0.05), certificate="here.pem"
    ) as proxy:
        for _ in range(12):
            with contextlib.suppress(ServerError):
                remote = _through(proxy)
                sync(session, remote, made)
                remote.close()
                break
        assert proxy.troubles
    _is_whole(session, opened, admin, made)
