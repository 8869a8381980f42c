"""Measures how candidates grow with what is learnt: `python -m tests.benchmarks.learning_bench [--quick] [corpus ...]`.

For each bucket of documents the exact F1 of what is shown and the actions for 100 tokens: labelling from nothing, with
the start pipeline alone, and with what learns. Mean of three orders of the documents, of one with `--quick`.
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
from tests.benchmarks.learning_corpora import Corpus, corpora
from tests.benchmarks.learning_simulation import Bucket, Course, heard_in, simulate

ORDERS = 3
BELOW_START = 0.02
"""How far F1 may fall behind the start pipeline from `SETTLED` documents on."""
SETTLED = 25
AT = 100
"""Documents from which the goals hold, or else the last bucket."""
REFIT = 2.0
"""Seconds that a refit may take at `AT` short documents."""
SHORT = 40
"""Tokens up to which documents count as short, on average."""


def measure(corpus: Corpus, *, orders: int) -> Iterator[str]:
    """Measure one corpus and give its lines."""
    began = time.perf_counter()
    heard = heard_in(corpus)
    reading = time.perf_counter() - began
    course = simulate(corpus, heard, orders=orders)
    tokens = sum(len(each.text.tokens) for each in corpus.documents)
    gold = sum(len(each.gold) for each in corpus.documents)
    yield (
        f"{corpus.name}: {len(corpus.documents)} documents, {tokens:,} tokens, {gold:,} spans, "
        f"{len(corpus.schema.entities)} labels; read by the start pipeline in {reading:.1f} s"
    )
    yield "  documents    nothing       start F1 / actions   learnt F1 / actions   of nothing   and spread"
    for bucket in course.buckets:
        yield _line(bucket)
    yield from _verdicts(corpus, course, tokens)


def _line(bucket: Bucket) -> str:
    share = bucket.learnt.effort / bucket.nothing.effort
    spread = bucket.learnt.spread_effort / bucket.nothing.effort
    return (
        f"  {bucket.first:>4} - {bucket.last:<4} {bucket.nothing.effort:9.1f}"
        f"{100 * bucket.start.f1:14.1f} / {bucket.start.effort:<9.1f}"
        f"{100 * bucket.learnt.f1:9.1f} / {bucket.learnt.effort:<9.1f}{share:9.2f}{spread:12.2f}"
    )


def _verdicts(corpus: Corpus, course: Course, tokens: int) -> Iterator[str]:
    worst = max(
        (each.start.f1 - each.learnt.f1 for each in course.buckets if each.first >= SETTLED), default=0.0
    )
    yield f"  below the start by at most {100 * max(worst, 0.0):.1f}: {_verdict(worst <= BELOW_START)}"
    if corpus.goal is not None:
        bucket = next((each for each in course.buckets if each.first >= AT), course.buckets[-1])
        share = bucket.learnt.effort / bucket.nothing.effort
        yield f"  F1 {bucket.learnt.f1:.3f}, goal {corpus.goal.f1}: {_verdict(bucket.learnt.f1 >= corpus.goal.f1)}"
        yield f"  actions {share:.3f} of nothing, goal {corpus.goal.actions}: {_verdict(share <= corpus.goal.actions)}"
        spread = bucket.learnt.spread_effort / bucket.nothing.effort
        yield f"  with what is decided spread to the same words {spread:.3f}: {_verdict(spread <= corpus.goal.actions)}"
    elif course.buckets:
        first = course.buckets[0].learnt.f1
        yield f"  F1 {first:.3f} from the first document, goal 0.8: {_verdict(first >= 0.8)}"
    if course.refits:
        documents = max(each for each, _ in course.refits)
        near = [seconds for each, seconds in course.refits if AT <= each <= 1.5 * AT] or [
            seconds for each, seconds in course.refits if each == documents
        ]
        is_short = tokens / len(corpus.documents) <= SHORT
        verdict = f", goal {REFIT}: {_verdict(max(near) <= REFIT)}" if is_short else ""
        yield f"  slowest refit near {AT} documents or at the last {max(near):.2f} s{verdict}"


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
        f"candidates of {WORDS} words: start alone {took['start']:.0f} ms, learnt {took['learnt']:.0f} ms, "
        f"goal {ARTICLE}: {_verdict(took['learnt'] <= ARTICLE)}"
    )


def _verdict(is_met: object) -> str:
    return "met" if is_met else "MISSED"


CLOCK = time.process_time if os.environ.get("CLOCK") == "cpu" else time.perf_counter
"""What one article is measured by: `CLOCK=cpu` on a busy machine."""
WORDS, RUNS, ARTICLE = 600, 9, 150
"""Words of an article, how often its candidates are made, and the milliseconds that may take."""


def main(arguments: Sequence[str]) -> None:
    """Measure the corpora that are named, or all that are here."""
    names = [each for each in arguments if not each.startswith("-")]
    for corpus in corpora(names):
        for line in measure(corpus, orders=1 if "--quick" in arguments else ORDERS):
            print(line, flush=True)
    if not names:
        print(*measure_one_article())


if __name__ == "__main__":
    main(sys.argv[1:])
