"""What is typed into the filter of the documents, and what it means."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.model.document import State
from annotator.ui.models.filtering import read_filter
from annotator.workflows.session import DocumentFilter


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("", DocumentFilter()),
        ("  grain   corridor ", DocumentFilter(text="grain corridor")),
        ("label:GPE", DocumentFilter(label="GPE")),
        ("grain Label:gpe", DocumentFilter(text="grain", label="GPE")),
        ('label:"two words" x', DocumentFilter(text="x", label="two words")),
        ("is:flagged", DocumentFilter(flagged=True)),
        ("is:skipped talks", DocumentFilter(state=State.SKIPPED, text="talks")),
        ("IS:Todo", DocumentFilter(state=State.TODO)),
        ("is:open", DocumentFilter(state=State.IN_PROGRESS)),
        ("is:done is:flagged", DocumentFilter(state=State.DONE, flagged=True)),
        ("label: is:", DocumentFilter()),
        ("this:that", DocumentFilter(text="this:that")),
    ],
)
def test_words_labels_and_states_are_told_apart(typed: str, wanted: DocumentFilter) -> None:
    found = read_filter(typed, labels=["GPE", "two words"])
    assert (found.wanted, found.problem) == (wanted, "")


@pytest.mark.parametrize(("typed", "said"), [("is:new", "is:new is unknown"), ("label:GEP", "no label GEP")])
def test_what_is_not_understood_is_said(typed: str, said: str) -> None:
    assert said in read_filter(typed, labels=["GPE"]).problem


@given(st.text(max_size=60))
def test_anything_can_be_typed(typed: str) -> None:
    found = read_filter(typed, labels=["GPE"])
    assert set(found.wanted.text.split()) <= set(typed.split())
