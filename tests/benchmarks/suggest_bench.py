"""Measures candidates for many documents: several worker processes beside spaCy's own `nlp.pipe` with as many.

Run by hand: `python -m tests.benchmarks.suggest_bench [documents] [workers]`. Nothing is asserted: machines differ,
ratios travel better. The documents are paragraphs of the sample articles, several times over. Beside it stands what
spaCy alone does in the same run: `nlp.pipe` of the whole English pipeline, on the same texts, in as many processes.
What is timed on our side is all of it: reading the texts from the project, proposing, and keeping what was proposed.
"""

from __future__ import annotations

import itertools
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from annotator.model.record import Record
from annotator.suggest.pipelines import find_pipeline
from annotator.suggest.worker_process import resident_bytes
from annotator.workflows.importing import ImportOptions, import_records
from annotator.workflows.machine import crew
from annotator.workflows.projects import load_schema, new_project
from annotator.workflows.reporting import silent
from annotator.workflows.session import Session
from annotator.workflows.suggesting import suggest

DOCUMENTS, WORKERS = 4_000, 2
GOAL = 0.9
"""At least so much of the documents a second that spaCy's own way comes to."""
_SEEDS = Path(__file__).parents[2] / "seeds"


def measure(count: int = DOCUMENTS, workers: int = WORKERS) -> Iterator[str]:
    """Measure, and give a line for each figure."""
    texts = list(itertools.islice(_paragraphs(), count))
    spacy_alone = _piped(texts, workers)
    with tempfile.TemporaryDirectory() as folder:
        session = _project(Path(folder), texts)
        try:
            before = resident_bytes()
            with crew(workers=workers) as several:
                began = time.perf_counter()
                done = suggest(session, crew=several)
                ours = time.perf_counter() - began
            grown = (resident_bytes() - before) / 1e6
        finally:
            session.close()
    yield f"{count:,} documents of {sum(map(len, texts)) // count} code points, {workers} processes"
    yield f"  candidates: {count / ours:,.0f} documents a second ({done.spans:,} spans, {done.relations:,} relations)"
    ratio = spacy_alone / ours
    verdict = "met" if ratio >= GOAL else "MISSED"
    yield f"  nlp.pipe alone: {count / spacy_alone:,.0f} a second; ratio {ratio:.2f}, goal {GOAL}: {verdict}"
    yield f"  memory of the main process grew by {grown:,.0f} MB"


def _paragraphs() -> Iterator[str]:
    """Give paragraphs of the English sample articles without end, each begun with another number."""
    articles = [path.read_text(encoding="utf-8") for path in sorted(_SEEDS.glob("*.txt"))]
    english = [each for each in articles if " the " in each]
    found = [part for article in english for part in article.split("\n") if len(part) > 80]
    for number in itertools.count(1):
        for part in found:
            yield f"{number}. {part}"


def _piped(texts: list[str], workers: int) -> float:
    """Run spaCy's pipeline alone, and give the seconds, less those in which the processes begin."""
    import spacy

    pipeline = find_pipeline()
    assert pipeline is not None, "the English pipeline is installed"
    nlp = spacy.load(pipeline.name)
    began = time.perf_counter()
    for _ in nlp.pipe(texts, n_process=workers, batch_size=64):
        pass
    return time.perf_counter() - began


def _project(folder: Path, texts: list[str]) -> Session:
    session = new_project(
        folder / "bench.annot", name="bench", schema=load_schema("news"), language="en", annotator="Mara"
    )
    records = (Record(text=text, source=f"{number}.txt") for number, text in enumerate(texts))
    options = ImportOptions(on_duplicate="keep")
    import_records(session, "bench", records, options=options, report=silent)
    return session


def main() -> None:
    """Measure what the command line names."""
    given = [int(each) for each in sys.argv[1:3]]
    for line in measure(*given):
        print(line, flush=True)


if __name__ == "__main__":
    main()
