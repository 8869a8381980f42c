"""Makes a project of the present version of the file format, with acts of every kind in its journal.

`python -m tests.data.make_old_project` writes `VERSION.annot` and `VERSION.json` beside this file. It is run once,
before a migration is added: what it made is then the project of an older version that the migration is tested on.
Clock and ids run by a fixed rule, so that two runs of one version make the same bytes.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from unittest import mock

from annotator.editing import commands
from annotator.model.annotation import Fragment, Kind, RelationKey, SpanKey
from annotator.model.document import Part, State
from annotator.model.patterns import phrase, token_pattern
from annotator.model.record import Record, RecordSpan
from annotator.model.schema import EntityType, RelationType, Schema
from annotator.resources_path import seeds_folder
from annotator.store.migrate import latest
from annotator.workflows.importing import import_documents
from annotator.workflows.patterns import listed
from annotator.workflows.projects import load_schema, new_project, open_project
from annotator.workflows.session import Session, SuggestSettings
from tests.builders import bring, place, plain_tokens, propose
from tests.data.describing import decided, digest, settled

HERE = Path(__file__).parent
ODD = (
    "Zoë 👩‍🚀 met Bob.\r\nΆννα and Bo\u0308b left 🇫🇷 for İzmir, "
    "\u202eon Monday\u202c.\u2028Ada wrote <b>&amp; %s</b>."
)
"""Line ends of three kinds, clusters, astral letters, writing from right to left: a small text full of borders."""
BEGAN = 1_750_000_000


class Story:
    """Works in a project as two persons would, one act after the other."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.first, self.second, self.third = 0, 0, 0

    def tell(self) -> None:
        """Do all of it."""
        self._bring()
        self._decide()
        self._join()
        self._change_types()
        self._finish()
        self._go_back_and_forth()

    def _bring(self) -> None:
        news = load_schema("news")
        self.session.do(
            commands.ExtendSchema(
                Schema(
                    tuple(replace(each, guideline=each.guideline[:20], summary="") for each in news.entities),
                    tuple(
                        replace(each, guideline=each.guideline[:20], summary="") for each in news.relations
                    ),
                )
            )
        )
        lines = (seeds_folder() / "gold.jsonl").read_text(encoding="utf-8").splitlines()
        with tempfile.TemporaryDirectory() as folder:
            gold = Path(folder) / "gold.jsonl"
            gold.write_text(lines[10], encoding="utf-8")
            import_documents(self.session, [gold])
        article = json.loads(lines[3])
        text = article["text"][: article["text"].index("\n", 500)]
        mark = Fragment(0, 3)
        bring(
            self.session,
            Record(text="Bo left.", source="short.txt", tokens=plain_tokens("Bo left.")),  # to be removed
            Record(text=text, source="04-hidden-lake.txt", tokens=plain_tokens(text), part=Part.DEV),
            Record(
                text=ODD,
                source="odd.txt",
                title="<b>Odd</b> &amp; %s",
                tokens=plain_tokens(ODD),
                part=Part.TEST,
                spans=(RecordSpan(fragments=(mark,), label="THING", attributes={"brat": {"id": "T1"}}),),
                metadata={"source": "by hand", "deep": [1, {"a": None}]},
            ),
        )
        self.first, _, self.second, self.third = self.session.document_keys()
        spans = [
            SpanKey((Fragment(each["start"], each["end"]),), each["label"])
            for each in article["spans"]
            if each["end"] <= len(text)
        ]
        propose(self.session, self.second, spans, score=0.75, suggester="gold")
        propose(self.session, self.second, spans[::2], score=0.5, suggester="second opinion")
        self.session.set_suggest_settings(SuggestSettings(mapping={"NORP": "GPE"}, roles=False))

    def _decide(self) -> None:
        do, key = self.session.do, self.second
        found = [group.best.what for group in self.session.annotations(key).undecided]
        do(commands.AcceptSpan(document=key, candidate=found[0]))
        do(commands.AcceptSpan(document=key, candidate=found[1], label="LOC"))
        longer = (Fragment(found[2].fragments[0].start, found[2].fragments[0].end + 1),)
        do(commands.AcceptSpan(document=key, candidate=found[2], fragments=longer))
        do(commands.RejectSpan(key, (found[3],)))
        do(commands.RejectMany(document=key, label=found[5].label, words=self._words(found[5])))
        do(commands.AcceptMany(documents=(key,), minimum=0.7, label=found[6].label))
        accepted = self.session.annotations(key).spans
        do(commands.SetFlag(kind=Kind.SPAN, key=accepted[0].key, flagged=True))
        do(
            commands.SetNote(
                kind=Kind.SPAN, key=accepted[0].key, note="Is it a place?\n<i>look</i> &amp; ask"
            )
        )
        do(commands.RelabelSpans((accepted[-1].key,), "FAC"))
        do(commands.RemoveSpans((accepted[1].key,)))
        do(commands.Reopen(document=key, spans=(accepted[2].key,)))
        ada = place(ODD, "Ada")
        do(commands.AddSpan(self.third, ada, "PERSON"))
        do(commands.AddSpan(self.third, (*place(ODD, "Zoë"), *place(ODD, "Bob")), "PERSON"))
        do(commands.AddSpan(self.third, place(ODD, "🇫🇷"), "GPE"))
        do(commands.MoveSpan(self._span(self.third, ada), place(ODD, "Ada wrote")))

    def _join(self) -> None:
        do, text = self.session.do, self.session.text(self.second)
        people = [what for what in self._proposed(self.second) if what.label == "PERSON"][:2]
        if len(people) < 2:  # the article names too few: two of its words serve as well
            people = [SpanKey(place(text, words), "PERSON") for words in text.split()[4:6]]
        do(commands.AddSpan(self.second, people[0].fragments, "PERSON"))
        head = self._span(self.second, people[0].fragments)
        do(commands.AddRelation(document=self.second, head=head, child=people[1], label="MET"))
        spoke = RelationKey(people[1], people[0], "SPOKE_WITH")
        propose(self.session, self.second, [spoke], score=0.4, suggester="gold")
        do(commands.RejectRelation(self.second, spoke))
        met = self.session.annotations(self.second).relations[0].key
        do(commands.AddType(RelationType(name="KNOWS", heads=("PERSON",), children=("PERSON",))))
        do(commands.ChangeRelation(relation=met, label="KNOWS"))
        do(commands.ReverseRelation(met))
        do(commands.SetNote(kind=Kind.RELATION, key=met, note="for years"))
        done = self.session.annotations(self.first).relations
        do(commands.RemoveRelations((done[0].key,)))
        do(commands.SetFlag(kind=Kind.RELATION, key=done[1].key, flagged=True))

    def _change_types(self) -> None:
        do = self.session.do
        do(commands.AddType(EntityType(name="VESSEL", guideline="Ships & <b>boats</b>.")))
        do(commands.AddType(RelationType(name="SAILED", heads=("PERSON",), children=("VESSEL", "GPE"))))
        do(commands.ChangeType(replace(self._entity("GPE"), name="PLACE", shown="Place", color="#336699")))
        do(commands.MergeTypes(kind=Kind.SPAN, source="LOC", target="PLACE"))
        do(commands.DeleteType(kind=Kind.SPAN, name="DATE"))
        names = [each.name for each in self.session.schema.relations]
        do(commands.ReorderTypes(kind=Kind.RELATION, names=tuple(reversed(names))))
        do(commands.ExtendSchema(Schema((EntityType(name="LAW"),))))
        self._keep_patterns()

    def _keep_patterns(self) -> None:
        do = self.session.do
        told = token_pattern([{"LOWER": {"IN": ["prime", "foreign"]}}, {"LOWER": "minister", "OP": "+"}])
        words = tuple(phrase(f"Zoë & <b>{number}</b>") for number in range(1_200))
        do(
            commands.AddPatternLists(
                (
                    commands.NewPatternList(name="Offices", label="ROLE", patterns=(told,), source="a.jsonl"),
                    commands.NewPatternList(name="Cities", label="CITY", patterns=words, ignore_case=True),
                )
            )
        )
        offices, cities = (each.list for each in listed(self.session))
        do(commands.ChangePatterns(list=cities.key, removed=(words[3],), added=(phrase("Oslo"),)))
        do(commands.ChangePatternList(replace(cities, name="Towns", enabled=False)))
        do(commands.RemovePatternLists((offices.key,)))

    def _finish(self) -> None:
        do, key = self.session.do, self.third
        self.session.call_annotator("Bo")
        do(commands.RemoveDocuments((self.session.document_keys()[1],)))
        do(commands.SetFlag(kind=None, key=key, flagged=True))
        do(commands.SetNote(kind=None, key=key, note="Ask Mara."))
        do(commands.RenameDocument(key, "Odd — <u>renamed</u>"))
        do(commands.SetPart(documents=(key, self.second), part=Part.TRAIN))
        do(commands.SetState(documents=(key,), state=State.SKIPPED, reason="not news"))
        do(commands.ExcludeDocuments(documents=(key,)))
        do(
            commands.Retokenize(
                document=key,
                language="el",
                starts=(0, 4),
                ends=(3, len(ODD)),
                sentences=(0, 1),
                tokenizer="two",
            )
        )
        do(commands.FinishDocument(document=self.second, accept_rest=True))

    def _go_back_and_forth(self) -> None:
        session = self.session
        session.undo(None)
        session.undo(None)
        session.redo(None)
        session.undo(None)
        session.do(commands.SetNote(kind=None, key=self.second, note="written after an undo"))
        flagged = next(each for each in session.history(500) if each.name == "Flag ROLE_OF")
        session.do(commands.Undo(steps=(flagged.key,), with_later=True))
        session.do(commands.SetState(documents=(self.third,), state=State.IN_PROGRESS))

    def _words(self, what: SpanKey) -> str:
        start, end = what.fragments[0]
        return self.session.text(self.second)[start:end]

    def _proposed(self, document: int) -> list[SpanKey]:
        return [group.best.what for group in self.session.annotations(document).undecided]

    def _span(self, document: int, fragments: tuple[Fragment, ...]) -> int:
        spans = self.session.annotations(document).spans
        return next(span.key for span in spans if span.fragments == fragments)

    def _entity(self, name: str) -> EntityType:
        found = self.session.schema.entity(name)
        assert found is not None
        return found


def make(folder: Path) -> tuple[Path, Path]:
    """Make the project of the present version in a folder, and say beside it what it holds; gives both paths."""
    path = folder / f"{latest()}.annot"
    path.unlink(missing_ok=True)
    with _running_by_rule() as clock:
        session = new_project(
            path, name="Old & <b>bold</b>", schema=Schema(), language="en", annotator="Mara"
        )
        try:
            session.editor._clock = clock
            Story(session).tell()
        finally:
            session.close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("VACUUM")
    described = path.with_suffix(".json")
    described.write_text(
        json.dumps(_what_it_holds(path), ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    return path, described


def undo_all(session: Session, *, most: int | None = None) -> list[list[str]]:
    """Undo act after act, and give the name of each undo with a digest of what then stands."""
    undone: list[list[str]] = []
    while len(undone) != most and (done := session.undo(None)) is not None:
        assert done.step is not None
        undone.append([done.step.name, digest(decided(session))])
    return undone


def redo(session: Session, times: int) -> None:
    """Take back the last so many undos."""
    for _ in range(times):
        assert session.redo(None) is not None


def _what_it_holds(path: Path) -> dict[str, object]:
    """Describe a project, and what undoing every act of it, one after the other, must give."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / path.name
        shutil.copy(path, copy)
        session = open_project(copy, annotator="Mara")
        try:
            holds: dict[str, object] = {"version": latest(), "decided": decided(session), **settled(session)}
            undone = undo_all(session)
            holds["undone"] = undone
            holds["at the beginning"] = decided(session)
            redo(session, len(undone))
            assert decided(session) == holds["decided"], "redoing all gives the end"
            return holds
        finally:
            session.close()


@contextmanager
def _running_by_rule() -> Iterator[Callable[[], float]]:
    """Let clock and chance run by rule, each asking a quarter of a second after the one before; gives the clock."""
    chance, moment = random.Random(1001), [BEGAN * 4]

    def clock() -> float:
        moment[0] += 1
        return moment[0] / 4

    with (
        mock.patch.object(os, "urandom", chance.randbytes),
        mock.patch.object(time, "time", clock),
        mock.patch.object(time, "time_ns", side_effect=lambda: int(clock() * 1e9)),
    ):
        yield clock


if __name__ == "__main__":
    for made in make(HERE):
        print(f"{made.name}: {made.stat().st_size:,} bytes")
