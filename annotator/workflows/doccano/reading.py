"""Reads both sides and compares them: an export of the server, and the project, some documents at a time."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from annotator.model.annotation import Kind
from annotator.model.errors import UserError
from annotator.model.record import Problem
from annotator.model.wording import counted
from annotator.store.links import Decided, Link, Standing, decided_in, standings
from annotator.sync.content import Base, Place
from annotator.sync.deciding import Pair
from annotator.sync.labels import Labels, State, is_too_long, states_of
from annotator.sync.mapping import Here, There, own_id, read_here, read_there
from annotator.sync.merging import Merge, after_interruption, merge, next_base
from annotator.sync.plan import Options
from annotator.sync.remote import ADMIN, Member, Remote, RemoteDocument, RemoteProject
from annotator.sync.units import Unit, Votes, agree, units_of
from annotator.workflows.doccano.facts import Facts, Gone, obstacle_of
from annotator.workflows.doccano.gone_types import disputed
from annotator.workflows.doccano.links import Links, base_of, read_links, source_of, system_of
from annotator.workflows.doccano.matching import Matching
from annotator.workflows.doccano.room import room
from annotator.workflows.doccano.sending import Whole
from annotator.workflows.doccano.telling import oddities, problem
from annotator.workflows.machine import is_in_process, warm_up
from annotator.workflows.reporting import Report
from annotator.workflows.session import Session

AT_ONCE = 400
"""Documents that are compared at once."""
MANY = 1_000
"""New documents of the server from which on a worker process begins before they come."""
STILL, PAUSE = 3, 1.0
"""How often the number of documents must be the same, and the seconds in between, before an upload counts as over."""


class Comparison:
    """One reading of both sides; `facts` is what was found."""

    def __init__(
        self, session: Session, remote: Remote, project: RemoteProject, options: Options, report: Report
    ) -> None:
        self.project = remote.project(project.id)
        if obstacle := obstacle_of(self.project):
            raise UserError(f"{self.project.name} cannot be used. {obstacle}", "Choose another project.")
        self._session = session
        self._remote = remote
        self._options = options
        self._report = report
        member = "" if self.project.is_shared else (options.member or remote.account.name)
        system = system_of(remote.address, self.project, member)
        links = read_links(session, system)
        self._wait_for_uploads(links)
        types = tuple(remote.types(self.project.id))
        states = states_of(links.project.table, session.schema, types)
        members = remote.members(self.project.id)
        self.facts = Facts(
            system=system,
            links=links,
            remote_types=types,
            states=states,
            labels=Labels(states),
            member=member,
            lacks=self._lacking(states),
            users={each.user: each.name for each in members},
            untold=_untold(self.project, members, remote.account),
        )
        self.facts.disputed = disputed(states, self.facts.lacks, session.usage())
        self._standings = {each.id: each for each in standings(session.project)}
        self._unlinked: list[There] = []
        self._waiting: list[tuple[Link, Standing, There]] = []
        self._seen: set[int] = set()

    def find(self) -> Facts:
        """Read everything."""
        total = self._remote.count(self.project.id)
        if total - len(self.facts.links.documents) >= MANY and is_in_process(self._session):
            # While the server is at work; bringing in so many would begin it later, and wait for it.
            warm_up(self._session)
        self._read(self._whole(total) if total else ())
        self._compare()
        self._match()
        self._look_for_what_is_gone()
        self._find_new_here()
        self.facts.pairs.sort(key=lambda pair: pair.here.document.key)
        return self.facts

    def _whole(self, total: int) -> Iterator[RemoteDocument]:
        """Give all documents of the server, as one export has them."""
        with room() as folder:
            exported = self._remote.export(self.project.id, folder, self._report)
            whole = Whole(self._remote, self.project, self.facts.member, self._report)
            documents = self._remote.documents(self.project, exported)
            yield from map(whole.document, self._members(documents, total))

    def _wait_for_uploads(self, links: Links) -> None:
        """Wait for uploads that an interrupted sync began; where the task is not known, until nothing more comes."""
        for upload in links.uploads:
            if upload.task:
                self._remote.wait(self.project.id, upload.task, self._report)
        if any(not upload.task for upload in links.uploads):
            counts = [self._remote.count(self.project.id)]
            while len(counts) < STILL or len(set(counts[-STILL:])) > 1:
                self._report(0, 0, "Waiting for an upload that was begun before")
                time.sleep(PAUSE)
                counts.append(self._remote.count(self.project.id))

    def _lacking(self, states: Iterable[State]) -> frozenset[tuple[Kind, str]]:
        """Give the types that the server will not have."""
        return frozenset(
            (state.kind, state.common)
            for state in states
            if state.remote is None
            and state.local is not None
            and (not self._options.make_types or is_too_long(state.local.name))
        )

    def _members(self, documents: Iterable[RemoteDocument], total: int) -> Iterator[RemoteDocument]:
        for number, document in enumerate(documents):
            if number % 100 == 0:
                self._report(number, total, f"Comparing, {number:,} of {total:,}")
            if not self.facts.member or document.owner == self.facts.member:
                yield document

    # ------------------------------------------------------------------ what offsets count

    def _read(self, documents: Iterable[RemoteDocument]) -> None:
        """Take documents; those in which it matters what offsets count wait until that is known."""
        units = units_of(counts_graphemes=self.project.counts_graphemes)
        chosen = self.facts.links.project.unit if self._options.unit == "auto" else self._options.unit
        known = chosen in list(Unit)
        unit, votes = (Unit(chosen) if known else units[0]), Votes(units)
        unsure: list[RemoteDocument] = []
        for document in documents:
            if known or not document.spans or agree(document.text, units):
                self._take(document, unit)
                continue
            unsure.append(document)
            votes.add(document.text, ((each.start, each.end) for each in document.spans))
            if votes.has_enough:
                unit, known = votes.unit, True
                for each in unsure:
                    self._take(each, unit)
                unsure.clear()
        if not known:
            unit = votes.unit
        for each in unsure:
            self._take(each, unit)
        if not votes.is_sure:
            places = counted(votes.asked, "place")
            self.facts.told.append(
                f"What the server counts cannot be told from {places}; {unit.value} were taken."
            )
        self.facts.unit, self.facts.is_unit_known = unit, known or votes.asked > 0

    # ------------------------------------------------------------------ documents of both sides

    def _take(self, document: RemoteDocument, unit: Unit) -> None:
        there = read_there(document, self.facts.labels, unit)
        self.facts.problems += oddities(there, name=self.project.name)
        self._seen.add(document.id)
        link = self.facts.links.documents.get(document.id)
        if link is None:
            self._unlinked.append(there)
            return
        standing = self._standings.get(link.local)
        if standing is not None and standing.is_there:
            self._waiting.append((link, standing, there))
            if len(self._waiting) >= AT_ONCE:
                self._compare()
            return
        base = base_of(link, self.facts.labels)
        changed = base is not None and not base.apart and _is_changed_there(base, there)
        self.facts.gone_here.append(
            Gone(number=document.id, link=link, standing=standing, there=there, changed=changed)
        )

    def _compare(self) -> None:
        """Compare the documents that wait with those of the project."""
        waiting = {standing.key: (link, there) for link, standing, there in self._waiting}
        for decided in decided_in(self._session.project, sorted(waiting)):
            link, there = waiting[decided.document.key]
            if decided.text != there.document.text:
                what = "Its text is another one here; it was left as it is."
                self.facts.problems.append(problem(self.project.name, there.document.id, what))
                continue
            base = base_of(link, self.facts.labels)
            if base is not None and base.apart:
                base = replace(base, apart="")
            self._pair(self._here(decided, there, base), there, base, is_linked=True)
        self._waiting.clear()

    def _here(self, decided: Decided, there: There | None, base: Base | None) -> Here:
        """Read a document of the project, and count what stays of it."""
        prior: frozenset[Place] = there.content.spans if there is not None else frozenset()
        if base is not None:
            prior |= {item for item in base.items if isinstance(item, Place)}
        here = read_here(
            decided.document,
            decided.text,
            decided.spans,
            decided.relations,
            labels=self.facts.labels,
            project=self.project,
            prior=prior,
            blocked=there.blocked if there is not None else (),
            lacks=self.facts.lacks,
        )
        self.facts.stays.add(here)
        return here

    def _pair(self, here: Here, there: There, base: Base | None, *, is_linked: bool) -> None:
        found = self._merged(base, here, there)
        if not found.is_empty or there.doubled:
            self.facts.pairs.append(
                Pair(
                    here,
                    there,
                    base,
                    found,
                    users=self.facts.users,
                    account=self._remote.account.user,
                    is_shared=self.project.is_shared,
                    untold=self.facts.untold,
                    disputed=frozenset(self.facts.disputed),
                )
            )
            return
        known = None if base is None else after_interruption(base, there.content)
        after = next_base(known, here.content, there.content, found=found, decide=lambda each: each.side)
        if base != after or not is_linked:
            self.facts.settled.append((there.document.id, here, after))

    def _merged(self, base: Base | None, here: Here, there: There) -> Merge:
        return merge(base, here.content, there.content, allows_overlap=self.project.allows_overlap)

    # ------------------------------------------------------------------ what has no link

    def _match(self) -> None:
        """Find documents of here for those of the server that have no link."""
        linked = {link.local for link in self.facts.links.documents.values()}
        free = [each for each in self._standings.values() if each.is_there and each.id not in linked]
        matching = Matching(free, source=partial(source_of, self.facts.system))
        pairs, left = matching.pairs(self._unlinked)
        by_number = {there.document.id: there for there in self._unlinked}
        by_key = {standing.key: by_number[number] for number, standing in pairs.items()}
        for decided in decided_in(self._session.project, sorted(by_key)):
            there = by_key[decided.document.key]
            self._pair(self._here(decided, there, None), there, None, is_linked=False)
        self.facts.matched = {standing.id for standing in pairs.values()}
        numbers = {standing.id: number for number, standing in pairs.items()}
        numbers |= {
            link.local: number
            for number, link in self.facts.links.documents.items()
            if number in self._seen and link.local
        }
        for there in left:
            self._take_new(there, numbers.get(own_id(there.document)), by_number)

    def _take_new(self, there: There, first: int | None, unlinked: dict[int, There]) -> None:
        """Take a document as new, unless an upload made it twice: then it goes, if nothing was added to it."""
        if first is None:
            self.facts.new_there.append(there)
            return
        values = there.content.values
        untouched = not values.note and not values.confirmed and not there.left
        if untouched and there.content.items <= self._items_of(first, unlinked):
            self.facts.doubles.append(there.document.id)
        else:
            what = f"It is there twice, as document {first} too, and not alike; it was left there."
            self.facts.problems.append(problem(self.project.name, there.document.id, what))

    def _items_of(self, number: int, unlinked: dict[int, There]) -> frozenset[object]:
        known: dict[int, There] = {pair.there.document.id: pair.there for pair in self.facts.pairs}
        there = unlinked.get(number) or known.get(number)
        if there is not None:
            return frozenset(there.content.items)
        base = base_of(self.facts.links.documents[number], self.facts.labels)
        return frozenset() if base is None else frozenset(base.items)

    def _look_for_what_is_gone(self) -> None:
        """Find linked documents that the server has no more."""
        gone: dict[int, tuple[int, Link, Standing]] = {}
        for number, link in sorted(self.facts.links.documents.items()):
            if number in self._seen:
                continue
            standing = self._standings.get(link.local)
            if standing is None or not standing.is_there:
                self.facts.forgotten.append(number)  # gone on both sides
            else:
                gone[standing.key] = number, link, standing
        for decided in decided_in(self._session.project, sorted(gone)):
            number, link, standing = gone[decided.document.key]
            base = base_of(link, self.facts.labels)
            here = self._here(decided, None, base)
            changed = base is not None and not base.apart and _is_changed_here(base, here)
            self.facts.gone_there.append(
                Gone(number=number, link=link, standing=standing, here=here, changed=changed)
            )

    def _find_new_here(self) -> None:
        known = {link.local for link in self.facts.links.documents.values()} | self.facts.matched
        new = [
            each.key
            for each in self._standings.values()
            if each.is_there and not each.is_excluded and each.id not in known
        ]
        for decided in decided_in(self._session.project, sorted(new)):
            if why := _why_not_sent(decided.text):
                message = f"It cannot be sent: {why}"
                self.facts.problems.append(Problem(file=decided.document.title, message=message))
            else:
                self.facts.new_here.append(self._here(decided, None, None))


def _untold(project: RemoteProject, members: Sequence[Member], account: Member) -> frozenset[str]:
    """Give the names of values that an account cannot change on the server."""
    is_admin = any(each.user == account.user and each.role == ADMIN for each in members)
    untold = {"metadata": not is_admin, "categories": not project.holds_categories}
    return frozenset(name for name, is_untold in untold.items() if is_untold)


def _is_changed_there(base: Base, there: There) -> bool:
    known = after_interruption(base, there.content)
    return there.content.items != known.items or there.content.values != known.there


def _is_changed_here(base: Base, here: Here) -> bool:
    return here.content.items != base.items or here.content.values != base.here


def _why_not_sent(text: str) -> str:
    """Say why a text cannot be sent; empty where it can."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return "its text holds halves of characters."
    return "" if text.strip() else "it has no text."
