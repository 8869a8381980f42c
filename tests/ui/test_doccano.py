"""doccano in the window: signing in, choosing, planning, syncing, what came of it. Only the server stands in."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel, QPushButton

from annotator.editing.commands import RenameDocument
from annotator.model.annotation import Kind
from annotator.model.errors import Cancelled, UserError
from annotator.model.record import Example, Loss, Problem
from annotator.model.schema import Schema
from annotator.ui.dialogs.doccano import DoccanoDialog
from annotator.ui.dialogs.doccano_counts import deeds_words, way_words
from annotator.ui.doccano import Syncs, result_words
from annotator.ui.widgets import Strip
from annotator.ui.window import MainWindow
from annotator.workflows import doccano
from annotator.workflows.doccano import (
    CertificateError,
    Choices,
    Conflict,
    Deed,
    Details,
    DocumentChange,
    GoneType,
    Options,
    Others,
    ProjectRow,
    RemoteProject,
    RemoteType,
    Side,
    SyncPlan,
    SyncResult,
    Thing,
    TypeKind,
    Way,
)
from annotator.workflows.doccano.accounts import Account, Certificate
from annotator.workflows.projects import new_project
from annotator.workflows.reporting import Report
from annotator.workflows.session import Session
from tests.ui.driving import Person, wait_until

HERE, THERE = Way.HERE, Way.THERE
NEWS = RemoteProject(id=1, name="News", kind="SequenceLabeling", has_relations=True)
COURT = RemoteProject(id=2, name="Court", kind="SequenceLabeling", is_shared=False)
REVIEWS = RemoteProject(id=3, name="Reviews", kind="DocumentClassification")


def a_plan(project: RemoteProject = NEWS, **changed: Any) -> SyncPlan:
    """Make a plan with a bit of everything."""
    conflicts = (
        Conflict(
            number=1,
            thing=Thing.SPAN,
            document="a",
            title="Storm",
            mine="“Kyiv” is LOC",
            theirs="“Kyiv” is GPE",
        ),
        Conflict(
            number=2,
            thing=Thing.NOTE,
            document="a",
            title="Storm",
            mine="Ask Anna",
            theirs="Fine",
            whose="ben",
        ),
        Conflict(
            number=3, thing=Thing.STATE, document="b", title="Port", mine="done", theirs="not confirmed"
        ),
    )
    documents = (
        DocumentChange(
            document="a",
            remote=4,
            title="Storm",
            counts={(HERE, Deed.ADD, Thing.SPAN): 2},
            conflicts=conflicts[:2],
        ),
        DocumentChange(document="", remote=9, title="Budget", counts={(HERE, Deed.ADD, Thing.DOCUMENT): 1}),
    )
    plan = SyncPlan(
        project=project,
        counts={
            (HERE, Deed.ADD, Thing.SPAN): 2,
            (HERE, Deed.ADD, Thing.DOCUMENT): 1,
            (THERE, Deed.ADD, Thing.TYPE): 1,
        },
        documents=documents,
        conflicts=conflicts,
        stays=(),
        others=(),
        missing_here=0,
        missing_there=0,
        uploads=0,
        calls=12,
        seconds=3.0,
    )
    return replace(plan, **changed)


EMPTY: dict[str, Any] = {"counts": {}, "documents": (), "conflicts": (), "calls": 0}


class Server:
    """Stands in for a server and the workflows that ask it; `pause` holds the sync until it is cleared."""

    address = "https://labels.example.org"

    class account:  # noqa: N801 - as the attribute of a remote
        name = "mara"

    def __init__(self) -> None:
        self.fault: UserError | None = None
        self.plan_fault: UserError | None = None
        self.plan = a_plan()
        self.made: list[tuple[str, bool]] = []
        self.signed_in: list[tuple[Account, str]] = []
        self.kept: dict[str, str] = {}
        self.asked: list[Options] = []
        self.done: list[Choices] = []
        self.pulled: list[Path] = []
        self.result: SyncResult | UserError = SyncResult(
            done={(HERE, Deed.ADD, Thing.SPAN): 2},
            left=(),
            healed=(),
            differences=(),
            problems=(),
            seconds=2.0,
        )
        self.go_on = threading.Event()
        self.go_on.set()

    def connect(self, account: Account, password: str, *, stop: Report) -> Server:
        stop(0, 0, "Signing in")
        if self.fault is not None:
            raise self.fault
        self.signed_in.append((account, password))
        return self

    def projects_of(self, *_: object) -> list[ProjectRow]:
        why = "Its documents are labelled as a whole."
        return [
            ProjectRow(project=REVIEWS, documents=7, is_linked=False, obstacle=why),
            ProjectRow(project=COURT, documents=88, is_linked=False),
            ProjectRow(project=NEWS, documents=1204, is_linked=True),
        ]

    def details_of(self, _remote: object, project: RemoteProject, _report: Report) -> Details:
        members = ["mara"] if project.is_shared else ["mara", "ben"]
        return Details(types=[RemoteType(kind=TypeKind.SPAN, name="PERSON")], members=members)

    def make_project(
        self, _session: Session, _remote: object, name: str, *, shared: bool, report: Report
    ) -> RemoteProject:
        del report
        self.made.append((name, shared))
        return RemoteProject(id=8, name=name, kind="SequenceLabeling", is_shared=shared)

    def plan_sync(
        self, _session: Session, _remote: object, project: RemoteProject, options: Options, report: Report
    ) -> SyncPlan:
        self.asked.append(options)
        self._wait(report)
        if self.plan_fault is not None:
            raise self.plan_fault
        return replace(self.plan, project=project)

    def carry_out(
        self,
        _session: Session,
        _remote: object,
        _plan: SyncPlan,
        choices: Choices,
        report: Report,
    ) -> SyncResult:
        self.done.append(choices)
        self._wait(report)
        if isinstance(self.result, UserError):
            raise self.result
        return self.result

    def pull_into_new(
        self,
        path: Path,
        _remote: object,
        project: RemoteProject,
        _options: Options,
        report: Report,
        *,
        annotator: str,
    ) -> SyncResult:
        self._wait(report)
        new_project(path, name=project.name, schema=Schema(), language="en", annotator=annotator).close()
        self.pulled.append(path)
        assert isinstance(self.result, SyncResult)
        return self.result

    def _wait(self, report: Report) -> None:
        step = 0
        while not self.go_on.wait(0.005):
            step += 1
            report(step % 40, 40, "Asking")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    server = Server()
    for name in ("projects_of", "details_of", "make_project", "plan_sync", "carry_out", "pull_into_new"):
        monkeypatch.setattr(doccano, name, getattr(server, name))
    dialog = "annotator.ui.dialogs.doccano"
    monkeypatch.setattr(f"{dialog}.connect", server.connect)
    monkeypatch.setattr(
        f"{dialog}.keep_password", lambda account, password: server.kept.update({account.name: password})
    )
    monkeypatch.setattr(f"{dialog}.forget_password", lambda account: server.kept.pop(account.name, None))
    page = "annotator.ui.dialogs.doccano_account"
    monkeypatch.setattr(f"{page}.keeps_passwords", lambda: True)
    monkeypatch.setattr(f"{page}.password_of", lambda account: server.kept.get(account.name))
    monkeypatch.setattr(f"{page}.last_accounts", list)
    yield server
    server.go_on.set()


def opened(person: Person) -> DoccanoDialog:
    person.press("Ctrl+Shift+S")
    dialog = person.dialog()
    assert isinstance(dialog, DoccanoDialog)
    return dialog


def signed_in(person: Person) -> DoccanoDialog:
    """Type address, account and password, and wait for the projects."""
    dialog = opened(person)
    for words in ("labels.example.org", "mara", "secret"):
        person.type(words)
        if words != "secret":
            person.press("Tab")
    person.press("Return")
    wait_until(
        lambda: dialog.main_button.text() in {"Go on", "Bring in"} and "PERSON" in said(dialog),
        what="the projects",
    )
    return dialog


def planned(person: Person) -> DoccanoDialog:
    dialog = signed_in(person)
    person.press("Return")
    wait_until(dialog.plan_page.isVisible, what="the plan")
    return dialog


def said(dialog: DoccanoDialog) -> str:
    """Give everything the dialog says in labels, in order."""
    return "\n".join(each.text() for each in dialog.findChildren(QLabel) if each.isVisible())


def names(dialog: DoccanoDialog) -> list[str]:
    """Give the names of the projects in the order in which they stand."""
    model = dialog.projects_page.table.model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def choose_project(dialog: DoccanoDialog, name: str) -> None:
    table = dialog.projects_page.table
    table.setCurrentIndex(table.model().index(names(dialog).index(name), 0))


def test_signing_in_lists_the_projects_the_linked_one_first(person: Person, server: Server) -> None:
    dialog = signed_in(person)
    account, password = server.signed_in[0]
    assert (account.address, account.name, password) == ("https://labels.example.org", "mara", "secret")
    assert server.kept == {}
    assert names(dialog) == ["News", "Court", "Reviews", "A new project …"]
    assert "1 label: PERSON." in said(dialog)


def test_nothing_is_asked_before_all_is_typed(person: Person, server: Server) -> None:
    dialog = opened(person)
    person.type("labels.example.org")
    person.press("Return")
    assert dialog.account_page.isVisible()
    assert not dialog.main_button.isEnabled()
    assert not server.signed_in


def test_a_password_is_kept_only_where_that_is_wanted(person: Person, server: Server) -> None:
    dialog = opened(person)
    dialog.account_page.keep_card.setChecked(True)
    for field, words in (
        ("address_field", "http://localhost"),
        ("name_field", "mara"),
        ("password_field", "pw"),
    ):
        getattr(dialog.account_page, field).setText(words)
    dialog.account_page.changed.emit()
    dialog.main_button.click()
    wait_until(dialog.projects_page.isVisible, what="the projects")
    assert server.kept == {"mara": "pw"}
    dialog.back_button.click()
    dialog.account_page.keep_card.setChecked(False)
    dialog.main_button.click()
    wait_until(dialog.projects_page.isVisible, what="the projects")
    assert server.kept == {}


def test_what_is_wrong_is_said_where_it_was_typed(person: Person, server: Server) -> None:
    server.fault = UserError("The server does not know this account and password.")
    dialog = opened(person)
    for field, words in (
        ("address_field", "http://localhost"),
        ("name_field", "mara"),
        ("password_field", "pw"),
    ):
        getattr(dialog.account_page, field).setText(words)
    dialog.account_page.changed.emit()
    dialog.main_button.click()
    wait_until(lambda: "does not know this account" in dialog.fault)
    assert dialog.account_page.isVisible()
    server.fault = CertificateError("Nobody vouches for the certificate of localhost.")
    dialog.main_button.click()
    wait_until(lambda: "vouches" in dialog.fault)
    assert dialog.account_page.certificate.view_button.isVisible()


def test_a_project_without_spans_is_refused_in_words(person: Person, server: Server) -> None:
    dialog = signed_in(person)
    choose_project(dialog, "Reviews")
    assert "labelled as a whole" in dialog.note
    assert not dialog.main_button.isEnabled()
    assert not server.asked


def test_in_a_project_of_everybodys_own_one_chooses_whose(person: Person, server: Server) -> None:
    dialog = signed_in(person)
    choose_project(dialog, "Court")
    wait_until(dialog.projects_page.member_box.isVisible, what="the members")
    dialog.projects_page.member_box.choose("ben")
    dialog.projects_page.unit_box.choose("graphemes")
    dialog.main_button.click()
    wait_until(dialog.plan_page.isVisible, what="the plan")
    assert server.asked == [Options(unit="graphemes", member="ben")]
    assert dialog.note == "The work of others can only be brought in."
    assert not dialog.main_button.isEnabled()
    dialog.only_button.click()
    wait_until(lambda: server.done, what="the sync")
    assert server.done[0].only is HERE


def test_in_a_large_shared_project_one_may_ask_who_made_everything(person: Person, server: Server) -> None:
    dialog = signed_in(person)
    card = dialog.projects_page.makers_card
    assert card.isVisible()
    card.click()
    choose_project(dialog, "Court")
    assert not card.isVisible()
    choose_project(dialog, "News")
    assert card.isVisible()
    dialog.main_button.click()
    wait_until(dialog.plan_page.isVisible, what="the plan")
    assert server.asked == [Options(makers=True)]


def test_a_new_project_is_made_once_it_has_a_name(person: Person, server: Server) -> None:
    dialog = signed_in(person)
    choose_project(dialog, "A new project …")
    dialog.projects_page.name_field.clear()
    dialog.projects_page.chosen.emit()
    assert not dialog.main_button.isEnabled()
    dialog.projects_page.name_field.setText("Fresh")
    dialog.projects_page.chosen.emit()
    dialog.projects_page.shared_card.setChecked(False)
    dialog.main_button.click()
    wait_until(dialog.plan_page.isVisible, what="the plan")
    assert server.made == [("Fresh", False)]
    assert "Sync with Fresh" in dialog.windowTitle()


@pytest.mark.parametrize("fault", [None, UserError("labels.example.org does not answer.")])
def test_a_project_that_was_made_is_not_made_again(
    person: Person, server: Server, fault: UserError | None
) -> None:
    dialog = signed_in(person)
    choose_project(dialog, "A new project …")
    server.plan_fault = fault
    dialog.projects_page.name_field.setText("Fresh")
    person.press("Return")
    if fault is None:
        wait_until(dialog.plan_page.isVisible, what="the plan")
        dialog.back_button.click()
    wait_until(dialog.projects_page.isVisible, what="the projects")
    assert dialog.fault == str(fault or "")
    assert names(dialog) == ["News", "Court", "Fresh", "Reviews", "A new project …"]
    server.plan_fault = None
    person.press("Return")
    wait_until(dialog.plan_page.isVisible, what="the plan")
    assert server.made == [("Fresh", True)]
    assert "Sync with Fresh" in dialog.windowTitle()


def test_the_plan_counts_both_ways_and_estimates(person: Person, server: Server) -> None:
    dialog = planned(person)
    assert dialog.note == "About 3 s: 12 single calls"
    model = dialog.plan_page.counts.model()
    rows = [[model.index(row, column).data() for column in range(3)] for row in range(model.rowCount())]
    assert rows == [["Documents", "1 new", "–"], ["Spans", "2 new", "–"], ["Labels", "–", "1 new"]]
    assert not server.done


def test_a_choice_in_one_conflict_is_for_all_of_its_document(person: Person, server: Server) -> None:
    dialog = planned(person)
    conflicts = dialog.plan_page.conflicts
    delegate = conflicts.table.itemDelegate()
    index = conflicts.table.model().index(0, 4)
    delegate.chosen.emit(index, Side.THEIRS)  # type: ignore[attr-defined]
    assert conflicts.left == 1
    person.press("Return")
    wait_until(lambda: server.done, what="the sync")
    assert server.done[0].by_document == {"a": Side.THEIRS}


def take(dialog: DoccanoDialog, kind: str, side: Side) -> None:
    """Choose a side for all conflicts, or for those of a kind."""
    conflicts = dialog.plan_page.conflicts
    for box, value in ((conflicts.kind_box, kind), (conflicts.side_box, side)):
        box.choose(value)
        box.activated.emit(box.currentIndex())


def test_all_conflicts_are_chosen_at_once(person: Person, server: Server) -> None:
    dialog = planned(person)
    take(dialog, "all", Side.MINE)
    dialog.only_button.click()
    wait_until(lambda: server.done, what="the sync")
    assert server.done[0].conflicts is Side.MINE
    assert server.done[0].only is HERE


def test_conflicts_of_a_kind_are_chosen_at_once_and_give_way_to_a_document(
    person: Person, server: Server
) -> None:
    dialog = planned(person)
    conflicts = dialog.plan_page.conflicts
    take(dialog, "note", Side.MINE)
    take(dialog, "state", Side.THEIRS)
    assert conflicts.left == 2
    assert "1 choice does nothing yet" in said(dialog)
    take(dialog, "span", Side.MINE)
    assert conflicts.left == 0
    assert "does nothing yet" not in said(dialog)
    assert not conflicts.table.isColumnHidden(3)
    delegate = conflicts.table.itemDelegate()
    delegate.chosen.emit(conflicts.table.model().index(2, 4), Side.MINE)  # type: ignore[attr-defined]
    person.press("Return")
    wait_until(lambda: server.done, what="the sync")
    chosen = server.done[0]
    assert chosen.by_thing == {Thing.SPAN: Side.MINE, Thing.NOTE: Side.MINE, Thing.STATE: Side.THEIRS}
    assert chosen.by_document == {"b": Side.MINE}
    assert chosen.conflicts is Side.LEAVE


def test_a_type_belongs_to_no_document(person: Person, server: Server) -> None:
    color = Conflict(number=1, thing=Thing.TYPE, document="", title="PERSON", mine="blue", theirs="#ff0000")
    server.plan = a_plan(conflicts=(color,))
    dialog = planned(person)
    conflicts = dialog.plan_page.conflicts
    assert conflicts.table.isColumnHidden(3)
    delegate = conflicts.table.itemDelegate()
    delegate.chosen.emit(conflicts.table.model().index(0, 4), Side.THEIRS)  # type: ignore[attr-defined]
    assert conflicts.left == 0
    person.press("Return")
    wait_until(lambda: server.done, what="the sync")
    assert server.done[0].by_thing == {Thing.TYPE: Side.THEIRS}
    assert server.done[0].by_document == {}


def test_a_document_can_be_left_as_it_is(person: Person, server: Server) -> None:
    dialog = planned(person)
    dialog.plan_page.documents_button.click()
    assert dialog.plan_page.documents.isVisible()
    delegate = dialog.plan_page.documents.itemDelegate()
    delegate.chosen.emit(dialog.plan_page.documents.model().index(1, 3), "leave")  # type: ignore[attr-defined]
    person.press("Return")
    wait_until(lambda: server.done, what="the sync")
    assert server.done[0].skipped == frozenset({"remote:9"})


CERTIFICATE = Certificate(
    address="https://labels.example.org",
    pem="-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
    fingerprint=":".join(["AB"] * 32),
    name="labels.example.org",
    issuer="The press",
    until="2120-01-01",
)


def refused(
    person: Person, server: Server, monkeypatch: pytest.MonkeyPatch, shown: Certificate
) -> DoccanoDialog:
    """Be refused for a certificate, and look at that."""
    server.fault = CertificateError("The certificate cannot be trusted.", "Trust it.")
    page = "annotator.ui.dialogs.doccano_certificate.certificate_of"
    monkeypatch.setattr(page, lambda _address, *, stop: stop(0, 0, "Asking") or shown)
    dialog = opened(person)
    for words in ("labels.example.org", "Tab", "mara", "Tab", "secret", "Return"):
        (person.press if words in {"Tab", "Return"} else person.type)(words)
    wait_until(lambda: "cannot be trusted" in dialog.fault, what="the refusal")
    wait_until(dialog.account_page.certificate.view_button.hasFocus, what="the focus")
    person.press("Alt+V")
    wait_until(dialog.account_page.certificate.card.isVisible, what="the certificate")
    return dialog


def test_an_unknown_certificate_is_looked_at_and_trusted(
    person: Person, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = refused(person, server, monkeypatch, CERTIFICATE)
    assert "made out to labels.example.org, by The press, until 2120-01-01" in said(dialog)
    assert "AB:AB" in said(dialog)
    person.press("Alt+T")
    file = dialog.account_page.account.trust
    assert file is not None
    assert file.read_text() == CERTIFICATE.pem
    assert not dialog.account_page.certificate.card.isVisible()
    assert (dialog.fault, dialog.main_button.hasFocus()) == ("", True)
    person.press("Alt+N")
    assert dialog.account_page.account.trust is None


def test_a_certificate_that_does_not_hold_cannot_be_trusted(
    person: Person, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = refused(person, server, monkeypatch, replace(CERTIFICATE, name="", issuer="", until=""))
    assert "It does not hold" in said(dialog)
    person.press("Alt+T")
    assert dialog.account_page.account.trust is None


def test_every_button_of_it_shows_its_key(person: Person, server: Server) -> None:
    del server
    dialog = opened(person)
    part = dialog.account_page.certificate
    for button in (
        dialog.back_button,
        dialog.stop_button,
        dialog.only_button,
        dialog.undo_button,
        dialog.plan_page.documents_button,
        part.view_button,
        part.file_button,
        part.trust_button,
        part.distrust_button,
    ):
        assert button.key
        assert f"({button.key})" in button.toolTip()


def test_what_would_be_deleted_is_named_and_off(person: Person, server: Server) -> None:
    other = Others(whose="ben", label="ORG", words="the Commission", title="Budget", document="c")
    server.plan = a_plan(others=(other,), missing_here=2, missing_there=1)
    dialog = planned(person)
    page = dialog.plan_page
    assert "“the Commission” ORG, Budget" in page.others_card.accessibleDescription()
    assert not any(
        card.isChecked() for card in (page.others_card, page.missing_here_card, page.missing_there_card)
    )
    told = [card.accessibleDescription() for card in (page.missing_here_card, page.missing_there_card)]
    assert told == [
        "Without this they stay there, and are not brought in again.",
        "Without this it stays here, and is linked no longer.",
    ]
    page.missing_here_card.setChecked(True)
    person.press("Return")
    wait_until(lambda: server.done, what="the sync")
    chosen = server.done[0]
    assert (chosen.delete_others, chosen.delete_missing_here, chosen.delete_missing_there) == (
        False,
        True,
        False,
    )


def test_what_a_sync_deletes_on_the_server_stands_in_a_warning(person: Person, server: Server) -> None:
    deleted = {(THERE, Deed.DELETE, Thing.SPAN): 456, (THERE, Deed.DELETE, Thing.NOTE): 1}
    kept = {(HERE, Deed.DELETE, Thing.SPAN): 3, (THERE, Deed.DELETE, Thing.STATE): 2}
    server.plan = a_plan(counts=deleted | kept)
    dialog = planned(person)
    told = "Deleted on the server, since gone here: 456 spans, 1 note. No undo brings that back."
    assert told in said(dialog)
    dialog.back_button.click()
    server.plan = a_plan(counts=kept)
    dialog.main_button.click()
    wait_until(dialog.plan_page.isVisible, what="the plan")
    assert "No undo" not in said(dialog)


def test_label_types_that_are_gone_are_named_and_go_if_chosen(person: Person, server: Server) -> None:
    gone = (
        GoneType(way=Way.THERE, kind=Kind.SPAN, name="DATE"),
        GoneType(way=Way.HERE, kind=Kind.RELATION, name="MET"),
    )
    server.plan = a_plan(**EMPTY, gone_types=gone)
    dialog = planned(person)
    card = dialog.plan_page.types_card
    assert card.accessibleDescription() == "Here: MET. On the server: DATE. Nothing uses them any more."
    assert not dialog.main_button.isEnabled()
    wait_until(card.hasFocus, what="the focus")
    person.press("Space", "Return")
    wait_until(lambda: server.done, what="the sync")
    assert server.done[0].delete_types


def test_where_both_sides_agree_there_is_nothing_to_press(person: Person, server: Server) -> None:
    server.plan = a_plan(**EMPTY)
    dialog = planned(person)
    assert dialog.main_button.text() == "Close"
    assert not dialog.only_button.isVisible()
    person.press("Return")
    wait_until(lambda: not dialog.isVisible())
    assert not server.done


def test_with_conflicts_alone_something_must_be_chosen_first(person: Person, server: Server) -> None:
    server.plan = a_plan(counts={}, documents=())
    dialog = planned(person)
    assert not dialog.main_button.isEnabled()
    assert dialog.note == "Only conflicts are left."


def test_a_sync_is_followed_to_its_result(person: Person, server: Server) -> None:
    server.plan = a_plan()
    assert isinstance(server.result, SyncResult)
    server.result = replace(
        server.result,
        left=server.plan.conflicts[:1],
        healed=("2 doubled spans were deleted again.",),
        differences=(Problem(file="", record="Budget", message="ORG at 4 is missing on the server."),),
    )
    dialog = planned(person)
    server.go_on.clear()
    person.press("Return")
    wait_until(lambda: dialog.running.isVisible() and "Asking" in said(dialog), what="the progress")
    server.go_on.set()
    wait_until(dialog.result_page.isVisible, what="the result")
    words = said(dialog)
    assert "2 doubled spans were deleted again." in words
    assert "1 conflict left as on both sides. It stands in the next plan again." in words
    assert "1 document still different" in words
    assert dialog.result_page.problems.model().index(0, 1).data() == "ORG at 4 is missing on the server."
    person.press("Return")
    assert not dialog.isVisible()


def test_it_goes_on_while_its_dialog_is_closed_and_tells_what_came_of_it(
    person: Person, server: Server
) -> None:
    dialog = planned(person)
    server.go_on.clear()
    person.press("Return")
    wait_until(dialog.running.isVisible, what="the progress")
    person.press("Return")
    assert not dialog.isVisible()
    again = opened(person)
    assert again.running.isVisible()
    person.press("Escape")
    server.go_on.set()
    wait_until(lambda: person.window.centre.strips.get(Syncs.STRIP) is not None, what="the strip")
    strip = person.window.centre.strips.get(Syncs.STRIP)
    assert isinstance(strip, Strip)
    next(each for each in strip.buttons if each.text() == "Look at it").click()
    look = person.dialog()
    assert isinstance(look, DoccanoDialog)
    assert look.result_page.isVisible()
    assert person.window.centre.strips.get(Syncs.STRIP) is None


def one_came(person: Person, server: Server) -> Callable[[], bool]:
    """Let a sync change a document here, and give what tells whether that was taken back."""
    session = person.window.controller.session
    assert session is not None
    key = session.document_keys()[0]
    title = session.document(key).title
    done = session.do(RenameDocument(key, "As on the server"))
    assert isinstance(server.result, SyncResult)
    assert done.step is not None
    server.result = replace(server.result, steps=(done.step.key,))
    return lambda: session.document(key).title == title


def test_what_came_here_is_taken_back_from_the_strip(person: Person, server: Server) -> None:
    is_back = one_came(person, server)
    dialog = planned(person)
    server.go_on.clear()
    person.press("Return")
    wait_until(dialog.running.isVisible, what="the progress")
    person.press("Return")
    server.go_on.set()
    wait_until(lambda: person.window.centre.strips.get(Syncs.STRIP) is not None, what="the strip")
    strip = person.window.centre.strips.get(Syncs.STRIP)
    assert isinstance(strip, Strip)
    assert not is_back()
    next(each for each in strip.buttons if each.text() == "Undo what came here").click()
    assert is_back()
    assert person.window.centre.strips.get(Syncs.STRIP) is None


def test_what_came_here_is_taken_back_where_its_result_is_shown(person: Person, server: Server) -> None:
    is_back = one_came(person, server)
    dialog = planned(person)
    assert not dialog.undo_button.isVisible()
    person.press("Return")
    wait_until(dialog.undo_button.isVisible, what="the result")
    dialog.undo_button.click()
    assert not dialog.isVisible()
    assert is_back()


def test_what_came_of_it_waits_for_its_key_and_goes_by_escape(person: Person, server: Server) -> None:
    strips = person.window.centre.strips
    for leave in ("Ctrl+Shift+S", "Escape"):
        dialog = planned(person)
        server.go_on.clear()
        person.press("Return")
        wait_until(dialog.running.isVisible, what="the progress")
        person.press("Return")
        server.go_on.set()
        wait_until(lambda: strips.get(Syncs.STRIP) is not None, what="the strip")
        strip = strips.get(Syncs.STRIP)
        assert isinstance(strip, Strip)
        assert strip.buttons[0].key == "Ctrl Shift S"
        person.press(leave)
        assert strips.get(Syncs.STRIP) is None
        look = opened(person) if leave == "Escape" else person.dialog()
        assert isinstance(look, DoccanoDialog)
        assert look.result_page.isVisible()
        person.press("Return")


def test_stopped_it_says_that_it_takes_up_where_it_was(person: Person, server: Server) -> None:
    dialog = planned(person)
    server.go_on.clear()
    person.press("Return")
    wait_until(dialog.running.isVisible, what="the progress")
    dialog.stop_button.click()
    wait_until(lambda: "takes up where this one was" in dialog.note)
    assert dialog.projects_page.isVisible()


def test_what_failed_on_the_way_is_said_and_can_be_planned_again(person: Person, server: Server) -> None:
    server.result = UserError("labels.example.org does not answer.", "Try again later.")
    dialog = planned(person)
    person.press("Return")
    wait_until(lambda: "does not answer" in dialog.fault)
    assert dialog.note == "Broken off. The next sync takes up where this one was."
    assert dialog.projects_page.isVisible()


def test_a_question_to_the_server_can_be_given_up(person: Person, server: Server) -> None:
    dialog = signed_in(person)
    server.go_on.clear()
    person.press("Return")
    wait_until(dialog.asking.isVisible, what="the question")
    person.press("Escape")
    assert dialog.isVisible()
    assert dialog.projects_page.isVisible()
    assert dialog.fault == ""


def test_without_a_project_one_of_the_server_becomes_a_new_one(
    window: MainWindow, server: Server, tmp_path: Path
) -> None:
    window.projects.close()
    window.places.show_welcome()
    person = Person(window)
    dialog = signed_in(person)
    assert "A new project …" not in names(dialog)
    place = tmp_path / "brought.annot"
    dialog.projects_page.place_field.setText(str(place))
    dialog.main_button.click()
    wait_until(lambda: window.controller.session is not None, what="the project")
    assert server.pulled == [place]
    assert window.controller.session is not None
    assert window.controller.session.path == place
    wait_until(lambda: window.centre.strips.get(Syncs.STRIP) is not None, what="the strip")


def test_one_goes_to_what_stays_here_and_back(person: Person, server: Server) -> None:
    session = person.window.controller.session
    assert session is not None
    key = session.document_keys()[0]
    document = session.document(key)
    loss = Loss(
        kind="span",
        count=1,
        message="1 span stays here.",
        examples=(Example(document=document.title, id=document.id),),
    )
    server.plan = a_plan(stays=(loss,))
    dialog = planned(person)
    dialog.plan_page.losses.lines[0].button.click()
    dialog.plan_page.losses.example_wanted.emit(loss, 0)
    wait_until(lambda: not dialog.isVisible())
    strip = person.window.centre.strips.get("export")
    assert strip is not None
    buttons = [each.text() for each in strip.findChildren(QPushButton)]
    assert "Back to doccano" in buttons


def test_words_of_what_is_done() -> None:
    counts = {
        (HERE, Deed.ADD, Thing.CATEGORY): 2,
        (HERE, Deed.DELETE, Thing.SPAN): 1,
        (HERE, Deed.ADD, Thing.SPAN): 3,
    }
    assert way_words(counts, HERE) == "4 spans, 2 categories"
    assert way_words(counts, THERE) == "nothing"
    assert deeds_words(counts, HERE, Thing.SPAN) == "3 new, 1 deleted"
    result = SyncResult(done=counts, left=(), healed=(), differences=(), problems=())
    assert result_words(result) == "Synced with doccano: 4 spans, 2 categories came here, nothing went there."
    assert isinstance(Cancelled(), UserError)
