"""What a file would not hold is counted, and some of it named."""

from __future__ import annotations

from annotator.formats.loss_counting import LossCounter, example_of
from annotator.model.annotation import Fragment
from annotator.model.record import Record, RecordRelation, RecordSpan


def test_losses_are_counted_with_examples_and_words() -> None:
    counter = LossCounter({"a": ("span", "{what} gone."), "b": ("relation", "{what} gone.")})
    where, there = (Fragment(0, 3),), (Fragment(8, 11), Fragment(16, 20))
    spans = (RecordSpan(fragments=where, label="PERSON"), RecordSpan(fragments=there, label="GPE"))
    relation = RecordRelation(head=0, child=1, label="SEES")
    record = Record(text="Ada saw New\nand York.", source="a.txt", id="7", spans=spans, relations=(relation,))
    for _ in range(1234):
        counter.add("b", record, relation)
    counter.add("a", record, spans[1])
    one, many = counter.result()
    assert (one.kind, one.count, one.message) == ("a", 1, "1 span gone.")
    assert str(one.examples[0]) == "a.txt: GPE “New … York” at 8"
    assert (one.examples[0].id, one.examples[0].places) == ("7", (there,))
    assert (many.examples[0].label, many.examples[0].words) == ("SEES", "Ada → New … York")
    assert many.examples[0].places == (where, there)
    assert str(example_of(record)) == "a.txt"
    assert (many.count, many.message, len(many.examples)) == (1234, "1,234 relations gone.", 20)
