"""The doccano dialog: sign in, choose a project of the server, see what would be done, follow it, see what came of it.

Everything that asks the server runs in jobs. What a sync does goes on while the dialog is closed; what only asks
(signing in, listing, planning) ends with it.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget

from annotator.model.errors import Cancelled, UserError
from annotator.ui.dialogs.doccano_account import AccountPage
from annotator.ui.dialogs.doccano_plan import PlanPage
from annotator.ui.dialogs.doccano_projects import ProjectsPage
from annotator.ui.dialogs.doccano_result import UNDO, SyncResultPage
from annotator.ui.dialogs.frame import DialogFrame
from annotator.ui.dialogs.parts import give_key
from annotator.ui.dialogs.running import RunningPage
from annotator.ui.dialogs.sources import RunJob
from annotator.ui.jobs import Job
from annotator.workflows import doccano
from annotator.workflows.doccano import (
    CertificateError,
    ProjectRow,
    Remote,
    RemoteProject,
    SyncPlan,
    SyncResult,
    Way,
)
from annotator.workflows.doccano.accounts import Account, connect, forget_password, keep_password
from annotator.workflows.reporting import Report
from annotator.workflows.session import Session

_WIDTH = 760
_GOES_ON = (
    "You can close this and go on working: it goes on, the status row tells how far it is, and what came of it is "
    "told above the article. Stopped, it takes up where it was the next time."
)
_AGREE = "Both sides agree. Nothing has to be done."
_ASKS = "Nothing changes before you have seen what would be done."


class DoccanoDialog(DialogFrame):
    """Leads through a sync, or, without a project, brings one of the server in as a new one.

    Signals: `sync_wanted(Remote, SyncPlan, Choices)`; `pull_wanted(Remote, RemoteProject, Options, Path)`;
    `example_wanted(Loss, int)` asks to go to something that stays here, `undo_wanted(SyncResult)` to undo what came.
    """

    sync_wanted = Signal(object, object, object)
    pull_wanted = Signal(object, object, object, object)
    example_wanted = Signal(object, int)
    undo_wanted = Signal(object)

    def __init__(self, session: Session | None, run: RunJob, parent: QWidget | None = None) -> None:
        super().__init__("doccano", parent, width=_WIDTH, height=0)
        self._session, self._run = session, run
        self._remote: Remote | None = None
        self._plan: SyncPlan | None = None
        self._result: SyncResult | None = None
        self._made: list[RemoteProject] = []
        self._back_to: QWidget | None = None
        self._build()
        self.show_account()

    # ------------------------------------------------------------------ building

    def _build(self) -> None:
        name = self._session.name if self._session is not None else None
        self.account_page = AccountPage(self._run)
        self.account_page.changed.connect(self._update)
        self.account_page.certificate.changed.connect(self._fit_page)
        self.account_page.certificate.trusted.connect(self.show_account)
        self.account_page.certificate.failed.connect(self._say)
        self.projects_page = ProjectsPage(self._run, name=name)
        self.projects_page.chosen.connect(self._update)
        self.projects_page.grown.connect(self._fit_page)
        self.projects_page.failed.connect(self._say)
        self.plan_page = PlanPage()
        self.plan_page.chosen.connect(self._update)
        self.plan_page.grown.connect(self._show_documents)
        self.plan_page.example_wanted.connect(self.reject)
        self.plan_page.example_wanted.connect(self.example_wanted)
        self.running = RunningPage("doccano", _GOES_ON)
        self.asking = RunningPage("doccano", _ASKS)
        self.running.failed.connect(self._on_sync_failed)
        self.asking.failed.connect(self._on_failed)
        self.running.finished.connect(self.show_result)
        self.asking.finished.connect(self._take_answer)
        self.result_page = SyncResultPage()
        self._pages = (
            self.account_page,
            self.projects_page,
            self.plan_page,
            self.running,
            self.asking,
            self.result_page,
        )
        self._page: QWidget = self.account_page
        for page in self._pages:
            self.body.addWidget(page)
        self.back_button = self.add_button("Back", kind="quiet")
        self.back_button.clicked.connect(self._go_back)
        give_key(self.back_button, "Alt+Left", "Back to the page before")
        self.stop_button = self.add_button("Stop")
        self.stop_button.clicked.connect(self._stop)
        give_key(self.stop_button, "Alt+S", "Stop; the next sync takes up where this one was")
        self.cancel_button = self.add_cancel()
        self.only_button = self.add_button("Only bring in")
        self.only_button.clicked.connect(lambda: self._sync(Way.HERE))
        give_key(self.only_button, "Alt+B", "Bring in what is new on the server, and send nothing")
        self.undo_button = self.add_button(UNDO)
        self.undo_button.clicked.connect(self._undo)
        give_key(self.undo_button, "Alt+U", "Take back what came here; what went to the server stays there")
        self.main_button = self.add_button("Sign in", kind="primary", key="Return")
        self.main_button.clicked.connect(self._go_on)

    def _show_page(
        self, page: QWidget, *, title: str, subtitle: str, main: str, cancel: str = "Cancel"
    ) -> None:
        self._page = page
        for each in self._pages:
            each.setVisible(each is page)
        self.set_title(title, subtitle=subtitle)
        self.stop_button.setVisible(page is self.running)
        self.stop_button.setEnabled(True)
        self.back_button.setVisible(page in {self.projects_page, self.plan_page})
        self.only_button.setVisible(page is self.plan_page and main == "Sync")
        self.undo_button.hide()
        self.cancel_button.setText(cancel)
        self.cancel_button.setVisible(bool(cancel))
        self.main_button.setText(main)
        self.main_button.setVisible(bool(main))
        self.set_fault("")
        self._update()
        self._fit_page()

    def _fit_page(self) -> None:
        """Take the size of what is shown now, once what was just put there asks for room."""
        QTimer.singleShot(0, self, self.fit)

    def _update(self) -> None:
        """Let the buttons do what can be done now, and say what hinders."""
        page, note = self._page, ""
        if page is self.account_page:
            self.main_button.setEnabled(self.account_page.is_complete)
        elif page is self.projects_page:
            note = self.projects_page.obstacle
            self.main_button.setEnabled(not note)
        elif page is self.plan_page and self._plan is not None and not self._plan.is_empty:
            is_read_only = self._session is not None and self._session.read_only
            of_others = bool(self.projects_page.options.member)
            self.main_button.setEnabled(self.plan_page.does_something and not is_read_only and not of_others)
            self.only_button.setEnabled(self.plan_page.comes_here and not is_read_only)
            note = "The work of others can only be brought in." if of_others else self.plan_page.note
            note = "This project is read only." if is_read_only else note
        else:
            self.main_button.setEnabled(True)
        self.set_note(note)

    # ------------------------------------------------------------------ the pages, one after the other

    def show_account(self) -> None:
        """Ask who signs in where."""
        words = "Bring in what a team labels on a server, work on it here, and take it back."
        self._show_page(self.account_page, title="Sign in to doccano", subtitle=words, main="Sign in")
        if self.account_page.is_complete:
            self.main_button.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.account_page.take_focus()

    def _go_on(self) -> None:
        page = self._page
        if page is self.account_page:
            self._sign_in()
        elif page is self.projects_page:
            self._choose_project()
        elif page is self.plan_page and self._plan is not None and not self._plan.is_empty:
            self._sync(None)
        else:
            self.accept()

    def _go_back(self) -> None:
        if self._page is self.plan_page:
            self._show_projects()
        else:
            self.show_account()

    def _sign_in(self) -> None:
        page = self.account_page
        account, password, keeps = page.account, page.password, page.keeps

        def work(report: Report) -> tuple[Remote, list[ProjectRow]]:
            remote = connect(account, password, stop=report)
            if keeps:
                keep_password(account, password)
            else:
                forget_password(account)
            return remote, doccano.projects_of(remote, self._session, report)

        self._ask(f"Signing in to {_host(account)} …", work)

    def _show_projects(self) -> None:
        assert self._remote is not None, "signed in"
        words = f"{self._remote.account.name} on {self._remote.address}"
        main = "Go on" if self._session is not None else "Bring in"
        while self._made:
            self.projects_page.show_made(self._made.pop())
        self._show_page(self.projects_page, title="Choose a project", subtitle=words, main=main)
        self.projects_page.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _choose_project(self) -> None:
        remote, page, session = self._remote, self.projects_page, self._session
        assert remote is not None, "signed in"
        if session is None:
            assert page.project is not None, "the button is off"
            self.pull_wanted.emit(remote, page.project, page.options, page.place)
            return
        project, name, is_shared, options = (
            page.project,
            page.name_field.text().strip(),
            page.shared_card.isChecked(),
            page.options,
        )
        made = self._made

        def work(report: Report) -> SyncPlan:
            with closing(session.clone()) as own:
                chosen = project
                if chosen is None:
                    chosen = doccano.make_project(own, remote, name, shared=is_shared, report=report)
                    made.append(chosen)
                return doccano.plan_sync(own, remote, chosen, options, report)

        self._ask(f"Comparing with {project.name if project is not None else name} …", work)

    def show_plan(self, plan: SyncPlan) -> None:
        """Show what would be done, or that there is nothing to do."""
        self._plan = plan
        self.plan_page.show_plan(plan)
        title = f"Sync with {plan.project.name}"
        if plan.is_empty:
            self._show_page(self.plan_page, title=title, subtitle=_AGREE, main="Close", cancel="")
        else:
            self._show_page(self.plan_page, title=title, subtitle=_ASKS, main="Sync")
        if self.main_button.isEnabled():
            self.main_button.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.plan_page.take_focus()

    def _show_documents(self) -> None:
        self.fit()
        QTimer.singleShot(0, self, lambda: self.scroll_to(self.plan_page.documents))

    def _sync(self, only: Way | None) -> None:
        assert self._plan is not None, "the button is off"
        self.sync_wanted.emit(self._remote, self._plan, self.plan_page.choices(only=only))

    def follow(self, job: Job, name: str) -> None:
        """Show how far a sync is that was begun."""
        self.asking.leave()
        self.running.follow(job)
        self._show_page(self.running, title=name, subtitle="", main="Go on working", cancel="")
        self.stop_button.setEnabled(not job.is_stopping)
        self.main_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_result(self, result: SyncResult) -> None:
        """Show what a sync came to."""
        self.result_page.show_result(result)
        title = "Synced" if not result.differences else "Synced, with differences"
        self._result = result
        self._show_page(self.result_page, title=title, subtitle="", main="Close", cancel="")
        self.undo_button.setVisible(bool(result.steps))
        self.main_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _undo(self) -> None:
        self.accept()
        self.undo_wanted.emit(self._result)

    # ------------------------------------------------------------------ asking the server

    def _ask(self, words: str, work: Callable[[Report], object]) -> None:
        self._back_to = self._page
        job = self._run(words, work)
        self.asking.follow(job)
        self._show_page(self.asking, title=words.removesuffix(" …"), subtitle="", main="")
        self.cancel_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _take_answer(self, answer: object) -> None:
        if isinstance(answer, SyncPlan):
            self.show_plan(answer)
            return
        assert isinstance(answer, tuple), "who signed in, and the projects"
        self._remote, rows = answer
        self.projects_page.show_projects(self._remote, rows)
        self._show_projects()

    def _say(self, error: object) -> None:
        """Say what went wrong, where a person can do something about it."""
        if isinstance(error, UserError) and not isinstance(error, Cancelled):
            self.set_fault(error)

    def _on_failed(self, error: object) -> None:
        """Go back to where the question was asked, and say what came of it."""
        if self._remote is not None and self._back_to is not self.account_page:
            self._show_projects()
        else:
            self.show_account()
            self.account_page.take_focus()
        if isinstance(error, CertificateError):
            self.account_page.offer_trust()
        self._say(error)

    def _on_sync_failed(self, error: object) -> None:
        self._back_to = self.projects_page
        self._on_failed(error)
        how = "Stopped" if isinstance(error, Cancelled) else "Broken off"
        self.set_note(f"{how}. The next sync takes up where this one was.")

    # ------------------------------------------------------------------ the rest

    def reject(self) -> None:
        """Close; from a question to the server go back to where it was asked."""
        if self._page is self.asking and self.asking.job is not None:
            self.asking.stop()
            self.asking.leave()
            self._on_failed(Cancelled())
            return
        super().reject()

    def done(self, result: int) -> None:
        """Close; a sync goes on."""
        self.asking.stop()
        self.asking.leave()
        self.running.leave()
        super().done(result)

    def _stop(self) -> None:
        self.running.stop()
        self.stop_button.setEnabled(False)


def _host(account: Account) -> str:
    return account.address.partition("://")[2] or account.address
