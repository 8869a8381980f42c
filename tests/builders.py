"""Builders for tests: projects and documents from marked-up text, without any language library."""

from __future__ import annotations

import contextlib
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from annotator.model.annotation import Fragment, Fragments, RelationKey, SpanKey
from annotator.model.candidate import Proposal
from annotator.model.document import Part, Tokens
from annotator.model.record import Record, RecordSpan
from annotator.model.schema import EntityType, RelationType, Schema
from annotator.store import articles
from annotator.suggest.base import GivenPatterns, Settings, Text
from annotator.suggest.fine_tuned import Made
from annotator.suggest.fine_tuning import Tell
from annotator.suggest.in_process import InProcess
from annotator.suggest.phrases import Hit
from annotator.suggest.teaching import Decided
from annotator.workflows.importing import ImportOptions, ImportReport, import_records
from annotator.workflows.projects import new_project
from annotator.workflows.reporting import silent
from annotator.workflows.session import Session

SCHEMA = Schema(
    (
        EntityType(name="PERSON", color="blue"),
        EntityType(name="ROLE", color="slate"),
        EntityType(name="GPE", color="orange"),
    ),
    (
        RelationType(name="HOLDS_ROLE", heads=("PERSON",), children=("ROLE",)),
        RelationType(name="VISITED", heads=("PERSON",), children=("GPE",)),
        RelationType(name="MET", heads=("PERSON",), children=("PERSON",), symmetric=True),
    ),
).with_defaults()
_MARK = re.compile(r"\[([^\]]*)\]\(([^)]*)\)")


class FindsPatterns:
    """Lets a machine of a test look for patterns in this process; and fine-tune it there; nothing is learnt."""

    def learn(self, decided: Sequence[Decided], settings: Settings, *, anew: bool) -> int:  # noqa: ARG002
        """Learn nothing."""
        return 0

    def fine_tune(
        self, decided: Sequence[Decided], settings: Settings, *, tell: Tell, check: Callable[[], None]
    ) -> Made:
        """Fine-tune in this process."""
        return InProcess().fine_tune(decided, settings, tell=tell, check=check)

    def find_patterns(
        self, texts: Sequence[Text], given: GivenPatterns, pipeline: str = ""
    ) -> list[list[Hit]]:
        """Give for each text where the patterns of a list stand."""
        return InProcess().find_patterns(texts, given, pipeline)

    def pattern_faults(self, patterns: Sequence[str]) -> list[str]:
        """Say of token patterns what spaCy has against each."""
        return InProcess().pattern_faults(patterns)


def plain_tokens(text: str) -> Tokens:
    """Cut a text into runs of word characters and single signs."""
    found = list(re.finditer(r"\w+|[^\w\s]", text))
    return Tokens([m.start() for m in found], [m.end() for m in found], [0] if found else [])


def marked(written: str) -> tuple[str, list[SpanKey]]:
    """Read `[Ada](PERSON) met [Bob](PERSON)`: the text without marks, and its spans."""
    text, spans, last = "", [], 0
    for match in _MARK.finditer(written):
        text += written[last : match.start()]
        start = len(text)
        text += match[1]
        spans.append(SpanKey((Fragment(start, len(text)),), match[2]))
        last = match.end()
    return text + written[last:], spans


def place(text: str, words: str, *, number: int = 0) -> Fragments:
    """Give the fragments of the n-th occurrence of some words."""
    start = -1
    for _ in range(number + 1):
        start = text.index(words, start + 1)
    return (Fragment(start, start + len(words)),)


def a_record(written: str, *, source: str = "a.txt") -> Record:
    """Make a record with accepted spans from marked-up text."""
    text, spans = marked(written)
    return Record(
        text=text,
        source=source,
        tokens=plain_tokens(text),
        spans=tuple(RecordSpan(fragments=what.fragments, label=what.label) for what in spans),
    )


def a_project(folder: Path, *, schema: Schema = SCHEMA, name: str = "test") -> Session:
    """Make an empty project in a folder and open it."""
    return new_project(folder / f"{name}.annot", name=name, schema=schema, language="en", annotator="Mara")


def bring(session: Session, *records: Record, on_duplicate: str = "skip") -> ImportReport:
    """Import records as a file would bring them."""
    options = ImportOptions(on_duplicate=on_duplicate)
    return import_records(session, "Import test", records, options=options, report=silent)


def a_document(session: Session, written: str, *, source: str = "") -> int:
    """Import one document whose marked spans become candidates, and give its row key."""
    text, spans = marked(written)
    record = Record(text=text, source=source or text[:30], tokens=plain_tokens(text), part=Part.TRAIN)
    report = bring(session, record)
    assert report.first_document is not None
    propose(session, report.first_document, spans)
    return report.first_document


def propose(
    session: Session,
    document: int,
    what: Sequence[SpanKey | RelationKey],
    *,
    score: float = 0.8,
    suggester: str = "test",
) -> None:
    """Add candidates to a document."""
    with session.project.writing():
        proposals = [
            Proposal(what=each, suggester=suggester, score=score, reason="for a test") for each in what
        ]
        articles.add_candidates(session.project, document, proposals)
        articles.refresh_tally(session.project, document)


@contextlib.contextmanager
def as_nobody(folder: Path) -> Iterator[None]:
    """Act as somebody whom the rights of files in a temporary folder bind: nobody, where the tests are run as root."""
    if sys.platform == "win32" or os.geteuid() != 0:
        yield
        return
    top = Path(tempfile.gettempdir())
    for each in (folder, *folder.parents):
        if each == top or not each.is_relative_to(top):
            break
        each.chmod(0o755)
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)
