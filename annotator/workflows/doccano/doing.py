"""Carries a plan out, on both sides, reads back what became of it, and only then keeps it as what both sides have.

The order makes an interruption harmless at every point: what a document of the server is about to become is written
before the first call; a change of this side and its base are written in one turn; uploads are written down before they
begin. Whoever plans again finds what was done as agreed, and the rest as left to do.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from annotator.editing.commands import RemoveDocuments
from annotator.model.annotation import Kind
from annotator.model.errors import UserError
from annotator.store.links import Link, brought_by, keep_links
from annotator.sync.content import APART_HERE, APART_THERE, Base
from annotator.sync.deciding import Pair, decider
from annotator.sync.mapping import Here, There
from annotator.sync.merging import Change, Deciding, Difference, Side
from annotator.sync.plan import Choices, Deed, GoneType, SyncPlan, SyncResult, Thing, Way
from annotator.sync.remote import RefusedError, Remote
from annotator.workflows.doccano.arriving import needs_types, records_of
from annotator.workflows.doccano.changing import begun_row, change_here, send, work_of
from annotator.workflows.doccano.facts import Facts, Gone, new_counts
from annotator.workflows.doccano.gone_types import delete_gone_types
from annotator.workflows.doccano.ledger import Ledger
from annotator.workflows.doccano.links import (
    ProjectLink,
    apart,
    drop_documents,
    drop_uploads,
    keep_project,
    read_links,
)
from annotator.workflows.doccano.sending import upload_new
from annotator.workflows.doccano.types import bring_types_into_step
from annotator.workflows.importing import ImportOptions, import_records
from annotator.workflows.reporting import Remembering, Report, silent
from annotator.workflows.session import Session


def carry_out(
    session: Session,
    remote: Remote,
    plan: SyncPlan,
    choices: Choices | None = None,
    report: Report = silent,
) -> SyncResult:
    """Do what a plan says, as far as the choices go; stopped or cut off, it is planned and done again.

    Raises:
        ServerError: the server cannot be reached any more. ProjectError: the project cannot be written.
        Cancelled: the person stopped. UserError: this is no plan.
    """
    if not isinstance(plan.inside, Facts):
        raise UserError("This plan was made in another sitting.", "Plan again.")
    report = Remembering(report, "Asking the server")
    chosen, member = choices or Choices(), plan.inside.member
    if chosen.only is not Way.HERE and member not in ("", remote.account.name):
        raise UserError(
            f"What {member} made can be read, but only {member} can send there.",
            "Bring it in alone, or log in with that account.",
        )
    ledger = Ledger(
        session=session,
        remote=remote,
        project=plan.project,
        facts=plan.inside,
        choices=chosen,
        report=report,
        labels=plan.inside.labels,
    )
    with remote.stopping(report.again):
        return _Carrying(ledger, plan.gone_types).run()


class _Carrying:
    """The carrying out of one plan."""

    def __init__(self, ledger: Ledger, gone_types: Sequence[GoneType]) -> None:
        self._ledger = ledger
        self._gone_types = gone_types
        self._facts = ledger.facts
        self._choices = ledger.choices
        self._new_there: list[There] = list(self._facts.new_there)
        self._new_here: list[Here] = list(self._facts.new_here)

    def run(self) -> SyncResult:
        """Do all of it."""
        ledger = self._ledger
        began = time.perf_counter()
        link = self._types()
        ledger.keep(
            [
                ledger.row(number, here.document.id, here.document.hash, base)
                for number, here, base in self._facts.settled
            ]
        )
        drop_documents(ledger.session, self._facts.system, self._facts.forgotten)
        self._settle_gone_there()
        self._settle_gone_here()
        work = change_here(
            ledger, [work_of(ledger, pair, self._deciding(pair)) for pair in self._facts.pairs]
        )
        self._arrive()
        if ledger.goes(Way.THERE):
            send(ledger, [each for each in work if each.goes_there])
            self._drop_doubles(self._facts.doubles)
            self._upload()
        delete_gone_types(ledger, self._gone_types)
        # Those that were begun before, too: their documents have links by now.
        uploads = read_links(ledger.session, self._facts.system).uploads
        drop_uploads(ledger.session, self._facts.system, uploads)
        keep_project(ledger.session, self._facts.system, replace(link, synced_at=time.time()))
        return SyncResult(
            done={key: count for key, count in ledger.done.items() if count},
            left=ledger.left,
            healed=ledger.healed,
            differences=ledger.differences,
            problems=ledger.problems,
            seconds=time.perf_counter() - began,
            first_document=ledger.first,
            steps=tuple(reversed(ledger.steps)),
        )

    def _types(self) -> ProjectLink:
        """Bring the types into step first, and keep the table by which bases are read."""
        ledger = self._ledger
        table, ledger.labels = bring_types_into_step(ledger)
        schema = ledger.session.schema
        ledger.known = frozenset(
            [(Kind.SPAN, each.name) for each in schema.entities]
            + [(Kind.RELATION, each.name) for each in schema.relations]
        )
        before = self._facts.links.project
        link = replace(
            before,
            address=ledger.remote.address,
            project=ledger.project,
            account=ledger.remote.account.name,
            # What was sent in a unit must be read in it, whatever its places look like.
            unit=self._facts.unit.value
            if self._facts.is_unit_known or ledger.goes(Way.THERE)
            else before.unit,
            table=table,
        )
        keep_project(ledger.session, self._facts.system, link)
        return link

    def _deciding(self, pair: Pair) -> Deciding:
        decide = decider(pair, self._choices)
        if any(decide(each) is Side.LEAVE for each in pair.merge.conflicts):
            self._ledger.leave(pair.identity)
        return decide

    # ------------------------------------------------------------------ documents that are gone on one side

    def _settle_gone_there(self) -> None:
        """Settle documents that the server has no more: as was chosen, else they are left apart here."""
        ledger = self._ledger
        rows: list[Link] = []
        removed: list[Gone] = []
        for gone in self._facts.gone_there:
            side = self._side_of(
                gone, unchanged=Side.THEIRS if self._choices.delete_missing_there else Side.LEAVE
            )
            if side is Side.THEIRS and ledger.goes(Way.HERE):
                removed.append(gone)
            elif side is Side.MINE and ledger.goes(Way.THERE) and gone.here is not None:
                drop_documents(ledger.session, self._facts.system, [gone.number])
                self._new_here.append(gone.here)
            elif not gone.changed:
                rows.append(apart(gone.link, APART_THERE, ledger.labels))
        ledger.keep(rows)
        keys = tuple(gone.standing.key for gone in removed if gone.standing is not None)
        if keys:
            numbers = [gone.number for gone in removed]
            along = partial(drop_documents, ledger.session, self._facts.system, numbers)
            ledger.do(RemoveDocuments(keys), along)
            ledger.done[Way.HERE, Deed.DELETE, Thing.DOCUMENT] += len(keys)

    def _settle_gone_here(self) -> None:
        """Settle documents that were removed here, or whose import was undone: the latter are never deleted there."""
        ledger = self._ledger
        rows: list[Link] = []
        for gone in self._facts.gone_here:
            is_removed = gone.standing is not None and gone.standing.is_removed
            deletes = self._choices.delete_missing_here and is_removed
            side = self._side_of(gone, unchanged=Side.MINE if deletes else Side.LEAVE)
            if side is Side.MINE and ledger.goes(Way.THERE):
                self._delete_there(gone)
            elif side is Side.THEIRS and ledger.goes(Way.HERE) and gone.there is not None:
                drop_documents(ledger.session, self._facts.system, [gone.number])
                self._new_there.append(gone.there)
            elif not gone.changed:
                rows.append(apart(gone.link, APART_HERE, ledger.labels))
        ledger.keep(rows)

    def _side_of(self, gone: Gone, *, unchanged: Side) -> Side:
        """Give whose version of a document stands that one side deleted; `unchanged` where the other left it alone."""
        if self._choices.skipped & {gone.link.local, f"remote:{gone.number}"}:
            return Side.LEAVE
        if not gone.changed:
            return unchanged
        side = self._choices.by_document.get(gone.link.local, self._choices.side_of(Thing.DOCUMENT))
        if side is Side.LEAVE:
            self._ledger.leave(gone.link.local, Thing.DOCUMENT)
        return side

    def _delete_there(self, gone: Gone) -> None:
        ledger = self._ledger
        try:
            ledger.remote.delete_document(ledger.project.id, gone.number)
        except RefusedError as error:
            ledger.tell(gone.number, error.what)
            return
        drop_documents(ledger.session, self._facts.system, [gone.number])
        ledger.done[Way.THERE, Deed.DELETE, Thing.DOCUMENT] += 1

    def _drop_doubles(self, numbers: list[int]) -> None:
        for number in numbers:
            self._ledger.remote.delete_document(self._ledger.project.id, number)
            self._ledger.healed.append(f"Document {number} of the server was there twice; it was deleted.")

    # ------------------------------------------------------------------ documents that come

    def _arrive(self) -> None:
        """Import the documents that are new here, in one step; their rows are written when it is published."""
        ledger = self._ledger
        able: list[There] = []
        for there in self._new_there if ledger.goes(Way.HERE) else ():
            if f"remote:{there.document.id}" in self._choices.skipped:
                continue
            if lacking := needs_types(there.content, ledger.labels, ledger.known):
                ledger.tell(there.document.id, f"It needs the type {lacking}, which could not be added here.")
            else:
                able.append(there)
        if not able:
            return
        records = list(records_of(self._facts, able, ledger.labels, by=ledger.by))
        by_source = {record.source: there for record, there in zip(records, able, strict=True)}

        def link(batch: int) -> None:
            rows = []
            for identity, source, content in brought_by(ledger.session.project, batch):
                there = by_source[source]
                values = there.content.values
                base = Base(items=there.content.items, here=values, there=values)
                rows.append(ledger.row(there.document.id, identity, content, base))
            keep_links(ledger.session.project, rows)

        done = import_records(
            ledger.session,
            ledger.name,
            records,
            options=ImportOptions(on_duplicate="keep"),
            report=ledger.report,
            along=link,
        )
        ledger.problems += done.problems
        ledger.first = done.first_document
        if done.step is not None:
            ledger.steps.append(done.step)
        for there in able:
            ledger.done += new_counts(Way.HERE, there.content)

    # ------------------------------------------------------------------ documents that go

    def _upload(self) -> None:
        """Send new documents, find their numbers, and do by single calls what an upload cannot carry."""
        ledger = self._ledger
        new = [each for each in self._new_here if each.document.id not in self._choices.skipped]
        if new:
            sent = upload_new(ledger, new)
            work = [work_of(ledger, pair, self._mine) for pair in sent.pairs]
            ledger.keep([begun_row(ledger, each) for each in work])
            for each in work:
                ledger.done += new_counts(Way.THERE, each.pair.there.content)
            send(ledger, [each for each in work if each.goes_there])
            self._drop_doubles(sent.doubles)

    def _mine(self, each: Change) -> Side:
        """Let our version stand: nobody else made anything of a document that came there just now."""
        return Side.LEAVE if isinstance(each, Difference) and each.name in self._facts.untold else Side.MINE
