"""Counts the keys that a person presses in the real window, beside the keys that the measuring of learning counts.

Run by hand: `python -m tests.benchmarks.keys_bench [documents of the samples] [headlines]`. A simulated annotator works
through sample articles, relations too, and through news headlines by key events alone, in the real window with the
real worker process, learning as it goes; afterwards every document must be as the gold has it. Then the same is done
by commands, and the presses that `strokes.py` counts for them are set beside those that were made.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

from annotator.model.document import State
from annotator.ui.app import make_application
from annotator.ui.window import MainWindow
from annotator.workflows.learning import learn_ahead
from annotator.workflows.projects import new_project, open_project
from annotator.workflows.session import Session, SuggestSettings
from annotator.workflows.suggesting import suggest
from tests.benchmarks.annotator import Annotator, Hands, Step
from tests.benchmarks.at_work import SessionHands
from tests.benchmarks.learning_corpora import Annotated, Corpus, corpora
from tests.benchmarks.needs import Act, Gold, gold_of
from tests.benchmarks.window_hands import OutOfReachError, WindowHands
from tests.benchmarks.working import bring, relations_in, remembering_pipeline
from tests.ui.driving import let_live, wait_until

SAMPLES, HEADLINES = 8, 30
"""Documents of each kind that are worked through."""
SIZE = (1440, 900)


@dataclass(slots=True)
class Pressed:
    """Keys pressed in a window and keys counted for the same document, with what was done."""

    window: int = 0
    model: int = 0
    tokens: int = 0
    acts: Counter[Act] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)


def measure(corpus: Corpus, count: int) -> Iterator[str]:
    """Work through the first documents of a corpus in both ways, and give the lines."""
    documents = corpus.documents[:count]
    with tempfile.TemporaryDirectory() as folder, patch.dict("os.environ", ANNOTATOR_SETTINGS=folder):
        in_window = _in_window(_project(Path(folder, "window.annot"), corpus, documents), documents)
        by_commands = _by_commands(_project(Path(folder, "commands.annot"), corpus, documents), documents)
    total = Pressed()
    for number, (one, other, document) in enumerate(zip(in_window, by_commands, documents, strict=True)):
        pressed, steps, fault = one
        model = sum(each.presses for each in other)
        total.window += pressed
        total.model += model
        total.tokens += len(document.text.tokens)
        total.acts.update(each.act for each in steps)
        if fault:
            total.notes.append(f"  document {number + 1}: {fault}")
        elif pressed != model:
            total.notes.append(f"  document {number + 1}: {pressed} keys pressed, {model} counted")
    done = ", ".join(
        f"{act.name.lower().replace('_', ' ')} {times}" for act, times in total.acts.most_common()
    )
    yield f"{corpus.name}: {len(documents)} documents by keys alone, {total.tokens:,} tokens; {done}"
    yield from total.notes
    faults = sum(bool(fault) for _, _, fault in in_window)
    yield f"  every decision as the gold has it in {len(documents) - faults} of {len(documents)}"
    per_tokens = 100 / total.tokens
    yield (
        f"  keys for 100 tokens: pressed {total.window * per_tokens:.2f}, counted {total.model * per_tokens:.2f}, "
        f"ratio {total.model / total.window:.3f}"
    )


def _project(path: Path, corpus: Corpus, documents: Sequence[Annotated]) -> Path:
    """Make a project with candidates, as one that was opened before."""
    with closing(
        new_project(path, name=corpus.name, schema=corpus.schema, language="en", annotator="Mara")
    ) as session:
        session.set_suggest_settings(SuggestSettings(relations=bool(corpus.schema.relations)))
        bring(session, documents)
        suggest(session)
    return path


def _gold(document: Annotated, session: Session) -> Gold:
    known = {each.name for each in session.schema.relations}
    relations = [each for each in document.relations if each.label in known]
    return gold_of(document.gold, relations, session.schema)


def _in_window(path: Path, documents: Sequence[Annotated]) -> list[tuple[int, list[Step], str]]:
    """Press keys in a window: how many for each document, the steps, and what went wrong, empty if nothing did."""
    app = make_application()
    window = MainWindow(annotator="Mara")
    window.resize(*SIZE)
    window.show()
    assert window.open_project(path)
    window.activateWindow()
    window.focus_article()
    session = window.controller.session
    assert session is not None
    found = []
    for key, document in zip(session.document_keys(), documents, strict=True):
        _wait(window)
        if window.controller.document != key:
            window.controller.open_document(key)
        hands, steps, fault = WindowHands(window), list[Step](), ""
        gold = _gold(document, session)
        try:
            steps = Annotator(gold).work(hands)
        except OutOfReachError as error:
            fault = str(error)
        fault = fault or _unlike(session, key, gold)
        found.append((hands.pressed, steps, fault))
    _wait(window)
    window.close()
    app.processEvents()
    return found


def _wait(window: MainWindow) -> None:
    """Let the window learn what it was taught: a person reads the next document meanwhile."""
    let_live(20)
    wait_until(
        lambda: not window.learning.is_learning and not window.jobs.running, patience=120, what="learnt"
    )


def _unlike(session: Session, key: int, gold: Gold) -> str:
    """Say how a document differs from the gold, or that it is not done."""
    spans = (span.identity for span in session.annotations(key).spans)
    now = Gold(frozenset(spans), relations_in(session, key))
    if now != gold:
        return f"not the gold: {now.spans ^ gold.spans} {now.relations ^ gold.relations}"
    return "" if session.document(key).state is State.DONE else "it is not done"


def _by_commands(path: Path, documents: Sequence[Annotated]) -> list[list[Step]]:
    found = []
    with remembering_pipeline(), closing(open_project(path, annotator="Mara")) as session:
        keys = session.document_keys()
        for number, (key, document) in enumerate(zip(keys, documents, strict=True)):
            gold = _gold(document, session)
            hands: Hands = SessionHands(session, key)
            found.append(Annotator(gold).work(hands))
            assert not _unlike(session, key, gold)
            opened = keys[min(number + 1, len(keys) - 1)]
            learn_ahead(session, opened=lambda opened=opened: opened)  # type: ignore[misc]
    return found


def main(arguments: Sequence[str]) -> None:
    """Print what was pressed for both kinds of documents."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    counts = [int(each) for each in arguments] or [SAMPLES, HEADLINES]
    for corpus, count in zip(corpora(["seeds", "news"]), counts, strict=False):
        for line in measure(corpus, count):
            print(line, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
