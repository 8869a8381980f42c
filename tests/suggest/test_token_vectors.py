"""How vectors of a pipeline's tokens are brought onto the tokens of a project."""

from __future__ import annotations

from annotator.suggest.pipelines import find_pipeline, load
from annotator.suggest.token_vectors import Seen, joined, seen
from tests.suggest.helpers import needs_pipeline

PART = Seen((0, 4, 8), (3, 7, 9), (b"aa", b"bb", b"cc"))


def test_a_token_takes_the_vector_of_one_that_begins_or_ends_with_it() -> None:
    assert joined([PART], starts=[0, 4, 5, 8], ends=[3, 5, 7, 9]) == b"aabbbbcc"


def test_a_token_that_fits_none_gets_zeros() -> None:
    assert joined([PART], starts=[1], ends=[2]) == bytes(2)


def test_without_vectors_there_are_none() -> None:
    assert joined([], starts=[0], ends=[3]) == b""


def test_pieces_of_a_text_are_put_where_they_stand() -> None:
    assert joined([PART.moved(10)], starts=[0, 10], ends=[3, 13]) == bytes(2) + b"aa"
    assert PART.moved(0) is PART


@needs_pipeline
def test_a_pipeline_tells_how_it_sees_tokens() -> None:
    pipeline = find_pipeline()
    assert pipeline is not None
    nlp = load(pipeline)
    documents = list(nlp.pipe(["Ada met Bob.", "", "Rain."]))
    found = seen(nlp, documents)
    assert [len(each.rows) for each in found] == [4, 0, 2]
    assert len({len(row) for each in found for row in each.rows}) == 1
    assert seen(nlp, [nlp.make_doc("")]) == []
