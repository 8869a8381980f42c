"""Kills while a project is brought into step with a doccano server.

Both sides are changed, each document on one of them; then victims pull, push or sync, and are killed. What they left is
brought into step in peace: both sides must hold what they hold where nobody was killed, nothing lost and nothing twice.
"""

from __future__ import annotations

import copy
import shutil
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from annotator.editing import commands
from annotator.model.annotation import Fragment
from annotator.sync.remote import RemoteProject, RemoteSpan
from annotator.workflows.checking import check
from annotator.workflows.doccano import plan_sync
from annotator.workflows.projects import open_project
from annotator.workflows.session import Session
from tests.builders import a_document, a_project, place
from tests.stress.desk import ANNOTATOR
from tests.stress.driver import Killed, Means, Moment, preload, run
from tests.stress.far_server import WAYS, serving
from tests.stress.texts import PlainMachine
from tests.sync.fake_server import FakeServer
from tests.workflows.doccano import both_sides
from tests.workflows.doccano.both_sides import state_of

if TYPE_CHECKING:
    from tests.stress.campaign import Result

WORDS = {"Ada": "PERSON", "Bob": "PERSON", "Rome": "GPE"}
A_PAIR = 12
"""Kills over one project and its server, before the next ones are made."""
IN_A_ROW = 3
"""Most victims that are killed before what they left is brought into step."""


def kill(folder: Path, *, kills: int, seed: str, result: Result) -> None:
    """Kill so many times, over several projects and servers."""
    rng = Random(f"{seed}/syncing")
    library = preload(folder.parent)
    died = number = 0
    while died < kills:
        number += 1
        pair = _Pair(folder / f"pair-{number}", rng)
        with serving(pair.server, pair.socket):
            until = min(kills, died + A_PAIR)
            while died < until:
                some = min(until - died, rng.randint(1, IN_A_ROW))
                died += _kill_some(
                    pair, some, result, rng=rng, seed=f"{seed}, pair {number}", library=library
                )


def _kill_some(
    pair: _Pair, count: int, result: Result, *, rng: Random, seed: str, library: Path | None
) -> int:
    """Change both sides, run so many victims, and judge; gives how many were killed."""
    pair.change()
    wanted = pair.whole()
    died = 0
    for _ in range(count):
        way = rng.choice(list(WAYS))
        killed = pair.kill(_moment(rng, preloaded=library is not None), way, library=library)
        killed.kinds = (way,)
        result.verified += 1
        result.breaches += [f"seed {seed}: {line}" for line in killed.breaches]
        died += killed.by_kill
        if killed.by_kill:
            result.count(killed)
        else:
            result.survived += 1
    result.breaches += [f"seed {seed}, in {pair.path}: {line}" for line in pair.judge(wanted)]
    return died


def _moment(rng: Random, *, preloaded: bool) -> Moment:
    means = rng.choices(
        [Means.REQUEST, Means.CLOCK, Means.STATEMENT, Means.CALL, Means.TORN],
        (8, 3, 4, 2 * preloaded, 2 * preloaded),
    )[0]
    if means is Means.CLOCK:
        return Moment(means=means, after=rng.uniform(0.0, 0.4))
    highest = {Means.REQUEST: 45, Means.STATEMENT: 150}.get(means, 60)
    return Moment(means=means, number=rng.randint(1, highest))


class _Pair:
    """A project and a server, and what is done to both."""

    def __init__(self, folder: Path, rng: Random) -> None:
        (folder / "work").mkdir(parents=True)
        self._rng = rng
        self._texts = 0
        self.server = FakeServer()
        self.socket = folder / "socket"
        self._project = self.server.create_project(
            RemoteProject(
                id=0,
                name="News",
                kind="SequenceLabeling",
                allows_overlap=True,
                has_relations=True,
                is_shared=rng.random() < 0.7,
            )
        )
        self.server.people = self.server.people[:1]
        session = a_project(folder / "work", name="work")
        session.machine = PlainMachine()
        for _ in range(6):
            self._new_here(session)
        both_sides.sync(session, self.server, self._project)
        self.path = session.path
        session.close()

    def change(self) -> None:
        """Change each document on one side or not at all, and make new ones on both."""
        session = self._opened(self.path)
        there = {each.text: each.id for each in self.server.kept[self._project.id].documents.values()}
        for key in session.document_keys():
            side = self._rng.choice((self._change_here, self._change_there, None))
            if side is not None:
                side(session, key, there[session.text(key)])
        for _ in range(self._rng.randint(0, 3)):
            self._new_here(session)
        for _ in range(self._rng.randint(0, 3)):
            text = self._text()
            self.server.put(self._project.id, text, (0, 3, "PERSON"), page=self._texts)
        session.close()

    def whole(self) -> object:
        """Give what both sides hold where nobody is killed."""
        path = self.path.with_name("whole.annot")
        shutil.copy(self.path, path)
        server = FakeServer()
        server.kept, server._next = copy.deepcopy((self.server.kept, self.server._next))
        server.people = self.server.people
        found, breaches = self._in_step(path, server)
        assert breaches == [], breaches
        path.unlink()
        return found

    def kill(self, moment: Moment, way: str, *, library: Path | None) -> Killed:
        """Let a victim go one way, and kill it; gives what is wrong with the project it left."""
        more = ("--sync", way, "--socket", str(self.socket))
        killed = run(
            self.path, moment, seed="0", first=1 << 60, hear=lambda _: [], library=library, more=more
        )
        session = self._opened(self.path)
        killed.breaches += [str(each.message) for each in check(session.project).breaches]
        session.close()
        return killed

    def judge(self, wanted: object) -> list[str]:
        """Bring both sides into step in peace, and compare with what they hold where nobody was killed."""
        found, breaches = self._in_step(self.path, self.server)
        return breaches if found == wanted else [*breaches, f"{found} and not {wanted}"]

    def _in_step(self, path: Path, server: FakeServer) -> tuple[object, list[str]]:
        session = self._opened(path)
        _, done = both_sides.sync(session, server, self._project)
        found = [each.message for each in (*done.problems, *done.differences)]
        if not plan_sync(session, server, self._project).is_empty:
            found.append("something is left to be done after the sync")
        state = state_of(session, server, self._project)
        if state[0] != state[1]:
            found.append(f"the sides differ: {state}")
        session.close()
        return state, found

    @staticmethod
    def _opened(path: Path) -> Session:
        session = open_project(path, annotator=ANNOTATOR)
        session.machine = PlainMachine()
        return session

    def _text(self) -> str:
        self._texts += 1
        return f"Ada met Bob in Rome on day {self._texts}."

    def _new_here(self, session: Session) -> None:
        key = a_document(session, self._text(), source=str(self._texts))
        for words, label in self._rng.sample(sorted(WORDS.items()), 2):
            both_sides.label(session, key, words, label)
        if self._rng.random() < 0.5:
            session.do(commands.SetNote(kind=None, key=key, note=f"note {self._texts}"))

    def _change_here(self, session: Session, key: int, _number: int) -> None:
        rng, text = self._rng, session.text(key)
        spans = {text[each.start : each.end]: each.key for each in session.annotations(key).spans}
        for words, label in WORDS.items():
            if words in spans and rng.random() < 0.3:
                session.do(commands.RemoveSpans((spans[words],)))
            elif words not in spans and rng.random() < 0.6:
                both_sides.label(session, key, words, label)
        spans = {text[each.start : each.end]: each.key for each in session.annotations(key).spans}
        joined = session.annotations(key).relations
        if {"Ada", "Bob"} <= spans.keys() and not joined:
            both_sides.relate(session, key, "Ada", "Bob", "MET")
        if rng.random() < 0.4:
            session.do(commands.SetNote(kind=None, key=key, note=f"said {rng.random()}"))
        if rng.random() < 0.4:
            both_sides.describe(session, key, share=rng.random())

    def _change_there(self, _session: Session, _key: int, number: int) -> None:
        rng, server, project = self._rng, self.server, self._project.id
        document = server.kept[project].documents[number]
        types = {each.name: each.id for each in server.kept[project].types}
        for words, label in WORDS.items():
            start = document.text.index(words)
            found = [each for each in document.spans if each.start == start]
            if found and rng.random() < 0.3:
                server.delete_span(project, number, found[0].id)
            elif not found and label in types and rng.random() < 0.6:
                self._span_there(number, place(document.text, words)[0], types[label])
        if rng.random() < 0.4:
            server.create_comment(project, number, f"there {rng.random()}")
        if rng.random() < 0.4:
            server.confirm(project, number, confirmed=not document.confirmed)

    def _span_there(self, number: int, fragment: Fragment, kind: int) -> None:
        span = RemoteSpan(start=fragment.start, end=fragment.end, label="")
        self.server.create_span(self._project.id, number, span, kind)
