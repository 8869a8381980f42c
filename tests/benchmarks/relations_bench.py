"""Measures learnt relations beside patterns alone: `python -m tests.benchmarks.relations_bench [--whole] [corpus ...]`.

A simulated annotator decides them in a real project (`relating.py`), between gold entities and between candidates. For
each bucket of documents the exact F1 of the relations that are shown, and for 100 tokens the actions about relations
and all key presses. `--whole` takes all documents in three orders, else some in file order.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence

from tests.benchmarks.course_chart import FOLDER, Figure, Row, draw
from tests.benchmarks.learning_bench import ORDERS, TITLE, beside, some_of
from tests.benchmarks.learning_corpora import Corpus, corpora
from tests.benchmarks.relating import WAYS, simulate, with_relations
from tests.benchmarks.working import Bucket, Course

CORPORA = ("seeds", "rel_component", "re3d", "materials")
SOME = 3_000
"""Tokens of a corpus that a run which is not whole goes through."""
GOAL = 0.5
"""F1 that articles of the kind of the samples are to have from the first one on, between gold entities."""


def measure(corpus: Corpus, *, whole: bool) -> tuple[list[str], list[Row]]:
    """Measure a corpus, or the beginning of it; give lines and what is drawn."""
    begun = with_relations(corpus if whole else some_of(corpus, SOME))
    count = sum(len(each.relations) for each in begun.documents)
    labels = len({each.label for document in begun.documents for each in document.relations})
    lines, rows = [], []
    for gold_entities in (True, False):
        entities = "gold entities" if gold_entities else "candidate entities"
        began = time.perf_counter()
        course = simulate(begun, orders=ORDERS if whole else 1, gold_entities=gold_entities)
        lines.append(
            f"{corpus.name}, {entities}: {len(begun.documents)} of {len(corpus.documents)} documents, "
            f"{count:,} relations, {labels} types; measured in {time.perf_counter() - began:.0f} s"
        )
        lines.append(
            "  documents     F1, %: patterns learnt | actions: nothing patterns learnt | keys: nothing patterns learnt"
            "  ratio"
        )
        lines += [_line(bucket) for bucket in course.buckets]
        if corpus.name == "seeds" and gold_entities:
            first = course.buckets[0].ways["learnt"].f1
            lines.append(f"  F1 {beside(first, GOAL, is_most=False)} from the first document")
        rows.append(
            _row(corpus.name, f"{entities}\n{len(begun.documents)} documents\n{count:,} relations", course)
        )
    return lines, rows


def _line(bucket: Bucket) -> str:
    nothing, patterns, learnt = (bucket.ways[name] for name in WAYS)
    ratio = learnt.presses / max(nothing.presses, 1)
    return (
        f"  {bucket.first:>4} - {bucket.last:<4}{100 * patterns.f1:17.1f}{100 * learnt.f1:7.1f}"
        f" |{nothing.per_tokens('actions'):17.1f}{patterns.per_tokens('actions'):9.1f}"
        f"{learnt.per_tokens('actions'):7.1f}"
        f" |{nothing.per_tokens('presses'):14.1f}{patterns.per_tokens('presses'):9.1f}"
        f"{learnt.per_tokens('presses'):7.1f}{ratio:7.2f}"
    )


def _row(name: str, about: str, course: Course) -> Row:
    def lines(figure: str) -> dict[str, list[float]]:
        return {way: [bucket.ways[way].per_tokens(figure) for bucket in course.buckets] for way in WAYS}

    f1 = {way: [100 * each.ways[way].f1 for each in course.buckets] for way in ("patterns", "learnt")}
    return Row(
        name=name,
        about=about,
        ends=[each.last for each in course.buckets],
        figures=(
            Figure("F1 of relations shown, %", f1, most=100.0),
            Figure("Actions for 100 tokens", lines("actions")),
            Figure("Keys for 100 tokens", lines("presses")),
        ),
    )


def main(arguments: Sequence[str]) -> None:
    """Measure the corpora that are named, or all that have relations, and draw them."""
    names = [each for each in arguments if not each.startswith("-")] or CORPORA
    whole = "--whole" in arguments
    rows = []
    for corpus in corpora(names):
        lines, drawn = measure(corpus, whole=whole)
        print(*lines, sep="\n", flush=True)
        rows += drawn
    if rows:
        print("drawn:", draw(rows, TITLE, FOLDER / f"relations{'-whole' if whole else ''}.png"))


if __name__ == "__main__":
    main(sys.argv[1:])
