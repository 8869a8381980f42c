"""Measures how candidates grow with what is learnt.

`python -m tests.benchmarks.learning_bench [--whole] [--fine-tuned] [--orders=N] [corpus ...]`

A simulated annotator works through each corpus in a real project (`working.py`): from nothing, with the start pipeline
alone, and with what learns. For each bucket of documents the exact F1 of what is shown when a document is opened, the
actions and the key presses for 100 tokens. `--whole` takes all documents in three orders (or `--orders=N`), else some
in file order; `--fine-tuned` goes through them once more with the pipeline fine-tuned. The picture of a run lies in
`build/bench`.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from annotator.suggest.base import Settings, Text
from annotator.suggest.engine import learn_all, propose_all
from annotator.suggest.teaching import Decided
from annotator.suggest.tokenizing import tokenize
from tests.benchmarks.course_chart import FOLDER, Figure, Row, draw
from tests.benchmarks.learning_corpora import Corpus, corpora
from tests.benchmarks.working import FINE_TUNED, WAYS, Bucket, Course, simulate

TITLE = "What is shown and what it takes to put it right, by documents worked through"
ORDERS = 3
SOME = 6_000
"""Tokens of a corpus, counted from its beginning, that a run which is not whole goes through."""
BELOW_START = 0.02
"""How far F1 may fall behind the start pipeline from `SETTLED` documents on."""
SETTLED = 25
AT = 100
"""Documents from which the goals hold, or else the last bucket."""
REFIT = 2.0
"""Seconds that a refit may take at `AT` short documents."""
SHORT = 40
"""Tokens up to which documents count as short, on average."""
FROM_THE_FIRST = 0.8
"""F1 that articles of the kind of the samples are to have from the first one on."""


HEAD = (
    "  documents     F1, %: start learnt | actions: nothing  start learnt  done"
    " | keys: nothing  start learnt  ratio"
)


def some_of(corpus: Corpus, tokens: int = SOME) -> Corpus:
    """Give the first documents of a corpus, so many tokens of them."""
    left, kept = tokens, []
    for each in corpus.documents:
        if left <= 0:
            break
        kept.append(each)
        left -= len(each.text.tokens)
    return replace(corpus, documents=tuple(kept))


def measure(
    corpus: Corpus, *, whole: bool, orders: int = ORDERS, fine_tunes: bool = False
) -> tuple[list[str], Row]:
    """Measure one corpus, or the beginning of it; give lines and what is drawn."""
    begun = corpus if whole else some_of(corpus)
    is_all = len(begun.documents) == len(corpus.documents)
    began = time.perf_counter()
    course = simulate(begun, orders=orders if whole else 1, fine_tunes=fine_tunes)
    taken = time.perf_counter() - began
    lines = [
        f"{_about(corpus, begun)}; measured in {taken:.0f} s",
        HEAD,
        *(_line(bucket) for bucket in course.buckets),
        *_fine_tuned(course),
        *_verdicts(begun, course, is_all=is_all),
    ]
    return lines, _row(begun, course)


def _about(corpus: Corpus, begun: Corpus) -> str:
    tokens = sum(len(each.text.tokens) for each in begun.documents)
    gold = sum(len(each.gold) for each in begun.documents)
    of = "" if begun is corpus else f" of {len(corpus.documents)}"
    return (
        f"{corpus.name}: {len(begun.documents)}{of} documents, {tokens:,} tokens, {gold:,} spans, "
        f"{len(corpus.schema.entities)} labels"
    )


def _line(bucket: Bucket) -> str:
    nothing, start, learnt = (bucket.ways[name] for name in WAYS)
    ratio = learnt.presses / max(nothing.presses, 1)
    return (
        f"  {bucket.first:>4} - {bucket.last:<4}{100 * start.f1:14.1f}{100 * learnt.f1:7.1f}"
        f" |{nothing.per_tokens('actions'):17.1f}{start.per_tokens('actions'):7.1f}"
        f"{learnt.per_tokens('actions'):7.1f}{learnt.per_tokens('done'):6.1f}"
        f" |{nothing.per_tokens('presses'):14.1f}{start.per_tokens('presses'):7.1f}"
        f"{learnt.per_tokens('presses'):7.1f}{ratio:7.2f}"
    )


def _fine_tuned(course: Course) -> Iterator[str]:
    for bucket in course.buckets:
        if FINE_TUNED in bucket.ways:
            learnt, tuned = bucket.ways["learnt"], bucket.ways[FINE_TUNED]
            more = "".join(
                f", {name} {learnt.per_tokens(name):.2f} -> {tuned.per_tokens(name):.2f}"
                for name in ("actions", "presses")
            )
            f1 = f"F1 {100 * learnt.f1:.1f} -> {100 * tuned.f1:.1f}"
            yield f"  {bucket.first:>4} - {bucket.last:<4} fine-tuned: {f1}{more}"
    for seconds, told in course.fine_tuning:
        yield f"  {told.words()} {seconds:.0f} s of processor time"


def _verdicts(corpus: Corpus, course: Course, *, is_all: bool) -> Iterator[str]:
    late = [each for each in course.buckets if each.first >= SETTLED]
    if late:
        worst = max(each.ways["start"].f1 - each.ways["learnt"].f1 for each in late)
        yield f"  below the start by at most {100 * max(worst, 0.0):.1f}: {_verdict(worst <= BELOW_START)}"
    reached = [each for each in course.buckets if each.first >= AT] or (course.buckets[-1:] if is_all else [])
    if corpus.goal is not None and reached:
        yield from _against_goal(reached[0], corpus.goal.f1, corpus.goal.actions)
    elif corpus.goal is None:
        first = course.buckets[0].ways["learnt"].f1
        yield f"  F1 {beside(first, FROM_THE_FIRST, is_most=False)} from the first document"
    trainings = [(each, seconds) for each, seconds, was_trained in course.learning if was_trained]
    if trainings:
        documents = max(each for each, _ in trainings)
        near = [seconds for each, seconds in trainings if AT <= each <= 1.5 * AT] or [
            seconds for each, seconds in trainings if each == documents
        ]
        tokens = sum(len(each.text.tokens) for each in corpus.documents)
        is_short = tokens / len(corpus.documents) <= SHORT
        verdict = beside(max(near), REFIT, is_most=True) if is_short else f"{max(near):.3f}"
        yield f"  seconds to learn, train, keep and propose anew, near {min(documents, AT)} documents: {verdict}"


def _against_goal(bucket: Bucket, f1: float, share: float) -> Iterator[str]:
    nothing, learnt = bucket.ways["nothing"], bucket.ways["learnt"]
    yield f"  F1 {beside(learnt.f1, f1, is_most=False)}"
    yield f"  actions of nothing {beside(learnt.actions / nothing.actions, share, is_most=True)}"
    yield f"  with what was decided spread {beside(learnt.done / nothing.actions, share, is_most=True)}"
    yield f"  keys of nothing {learnt.presses / nothing.presses:.3f}"


def beside(ours: float, reference: float, *, is_most: bool) -> str:
    """Give a figure, what it is held against, the ratio, and whether that is met."""
    is_met = ours <= reference if is_most else ours >= reference
    return f"{ours:.3f}, goal {reference:g}, ratio {ours / reference:.2f}: {_verdict(is_met)}"


def _verdict(is_met: object) -> str:
    return "met" if is_met else "MISSED"


def _row(corpus: Corpus, course: Course) -> Row:
    def lines(name: str) -> dict[str, list[float]]:
        return {way: [bucket.ways[way].per_tokens(name) for bucket in course.buckets] for way in WAYS}

    f1 = {way: [100 * each.ways[way].f1 for each in course.buckets] for way in WAYS if way != "nothing"}
    goal = None if corpus.goal is None else 100 * corpus.goal.f1
    tokens = sum(len(each.text.tokens) for each in corpus.documents)
    return Row(
        name=corpus.name,
        about=f"{len(corpus.documents)} documents\n{tokens:,} tokens\n{len(corpus.schema.entities)} labels",
        ends=[each.last for each in course.buckets],
        figures=(
            Figure("F1 of what is shown, %", f1, most=100.0, goal=goal),
            Figure("Actions for 100 tokens", lines("actions")),
            Figure("Keys for 100 tokens", lines("presses")),
        ),
    )


def measure_one_article() -> Iterator[str]:
    """Measure how long the candidates of an article of 600 words take, once the pipeline is loaded."""
    found = next(corpora(["seeds"]))
    texts = [each.text for each in found.documents]
    decided = [
        Decided(text=replace(each.text, accepted=tuple(sorted(each.gold))), evidence="")
        for each in found.documents
    ]
    words = "\n".join(each.text for each in texts).split(" ")
    article = " ".join(words[:WORDS])
    asked = Text(document=1, text=article, language="en", tokens=tokenize(article, "en"))
    with tempfile.TemporaryDirectory() as folder:
        alone = Settings(schema=found.schema)
        learnt = replace(alone, learnt=str(Path(folder, "learnt")))
        learn_all(decided, learnt, anew=True)
        took = {}
        for name, settings in (("start", alone), ("learnt", learnt)):
            runs = []
            for _ in range(RUNS):
                began = CLOCK()
                propose_all([asked], settings)
                runs.append(1000 * (CLOCK() - began))
            took[name] = statistics.median(runs)
    yield (
        f"candidates of {WORDS} words: start alone {took['start']:.0f} ms, learnt "
        f"{beside(took['learnt'], ARTICLE, is_most=True)}"
    )


CLOCK = time.process_time if os.environ.get("CLOCK") == "cpu" else time.perf_counter
"""What one article is measured by: `CLOCK=cpu` on a busy machine."""
WORDS, RUNS, ARTICLE = 600, 9, 150
"""Words of an article, how often its candidates are made, and the milliseconds that may take."""


def main(arguments: Sequence[str]) -> None:
    """Measure the corpora that are named, or all that are here, and draw them."""
    names = [each for each in arguments if not each.startswith("-")]
    whole, fine_tunes = "--whole" in arguments, "--fine-tuned" in arguments
    orders = next((int(each[9:]) for each in arguments if each.startswith("--orders=")), ORDERS)
    rows = []
    for corpus in corpora(names):
        lines, row = measure(corpus, whole=whole, orders=orders, fine_tunes=fine_tunes)
        print(*lines, sep="\n", flush=True)
        rows.append(row)
    if rows:
        print("drawn:", draw(rows, TITLE, FOLDER / f"learning{'-whole' if whole else ''}.png"))
    if not names:
        print(*measure_one_article())


if __name__ == "__main__":
    main(sys.argv[1:])
