"""Pattern lists: what they find, against a naive search and against spaCy, and how what they find is scored."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import spacy
from hypothesis import example, given
from hypothesis import strategies as st
from spacy.matcher import Matcher
from spacy.tokens import Doc

from annotator.model.annotation import SpanKey, fragments_of
from annotator.model.document import Tokens
from annotator.model.patterns import Pattern, in_blocks, phrase, token_pattern
from annotator.suggest.base import GivenPatterns, Settings, Suggestions, Text
from annotator.suggest.engine import learn_all, propose_all
from annotator.suggest.patterns import PRIOR, WEIGHT, faults, find
from annotator.suggest.phrases import Hit, PhraseIndex
from annotator.suggest.teaching import Decided
from annotator.suggest.word_index import WordIndex
from annotator.suggest.worker import Worker, WorkerError
from annotator.suggest.worker_link import LostError
from annotator.suggest.worker_process import Beginning
from tests.builders import plain_tokens
from tests.suggest.helpers import NEWS, a_text, needs_pipeline, said


def a_list(
    *patterns: str | list[dict[str, Any]], label: str = "GPE", name: str = "Cities", ignore_case: bool = False
) -> GivenPatterns:
    """Make a list of phrases and token patterns."""
    made = [phrase(each) if isinstance(each, str) else token_pattern(each) for each in patterns]
    blocks = tuple(in_blocks(made))
    return GivenPatterns(id=name, name=name, label=label, ignore_case=ignore_case, blocks=blocks)


def alone(*lists: GivenPatterns) -> Settings:
    """Switch everything off but some lists."""
    return Settings(schema=NEWS, patterns=lists, enabled=tuple(each.kind for each in lists))


def hits(text: Text, given_list: GivenPatterns) -> list[tuple[str, int]]:
    """Give the words and the pattern of each hit."""
    found = find([text], given_list, lambda _what, _documents: None)[0]
    return [(text.text[start:end], number) for start, end, number in found]


def naive(text: str, tokens: Tokens, phrases: Sequence[str], *, ignore_case: bool) -> set[Hit]:
    """Look at every stretch between two token borders."""

    def alike(words: str) -> str:
        runs = re.split(r"(\s+)", words)
        for number in range(1, len(runs), 2):
            runs[number] = "\n" if len(f"x{runs[number]}x".splitlines()) > 2 else " "
        words = "".join(runs)
        return words.casefold() if ignore_case else words

    forms: dict[str, int] = {}
    for number, each in enumerate(phrases):
        written = alike(each)
        for form in (written, unicodedata.normalize("NFC", written), unicodedata.normalize("NFD", written)):
            forms.setdefault(form, number)
    return {
        Hit(start, end, forms[alike(text[start:end])])
        for start in tokens.starts
        for end in tokens.ends
        if end > start and alike(text[start:end]) in forms
    }


LETTERS = st.text(st.sampled_from("aAbB é\u0301eßſİiı.-\n \u2028\r\t"), max_size=40)


@given(text=LETTERS, written=st.lists(LETTERS, max_size=8), ignore_case=st.booleans())
@example(text="Straße strasse STRASSE", written=["strasse"], ignore_case=True)
@example(text="İi İ", written=["i\u0307i"], ignore_case=True)
@example(text="a\r\nb a\n\nb a \n b", written=["a b"], ignore_case=False)
@example(text="café cafe\u0301", written=["cafe\u0301"], ignore_case=False)
@example(text="a", written=["ab", "abc"], ignore_case=False)
def test_phrases_are_found_as_by_looking_everywhere(
    *, text: str, written: list[str], ignore_case: bool
) -> None:
    phrases = [" ".join(each.split()) for each in written]
    phrases = [each for each in phrases if each]
    tokens = plain_tokens(text)
    found = PhraseIndex(enumerate(phrases), ignore_case=ignore_case).find(text, tokens)
    assert sorted(found) == sorted(naive(text, tokens, phrases, ignore_case=ignore_case))


def test_tokens_decide_where_a_phrase_may_begin_and_end() -> None:
    text = a_text("Parisian Paris, Paris-based in New\nYork. 10km of U.S. Army")
    assert hits(text, a_list("Paris", "New York", "km", "U.S. Army", "aris")) == [
        ("Paris", 0),
        ("Paris", 0),
        ("New\nYork", 1),
        ("km", 2),
        ("U.S. Army", 3),
    ]


def test_case_counts_unless_it_is_ignored() -> None:
    text = a_text("PARIS and paris and Paris")
    assert [words for words, _ in hits(text, a_list("Paris"))] == ["Paris"]
    assert [words for words, _ in hits(text, a_list("Paris", ignore_case=True))] == [
        "PARIS",
        "paris",
        "Paris",
    ]


def test_scripts_without_blanks() -> None:
    text = a_text("我在北京市工作。", language="zh")
    assert hits(text, a_list("北京市")) == [("北京市", 0)]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ([{"LOWER": "acme"}, {"ORTH": "Inc"}], ["ACME Inc"]),
        ([{"IS_TITLE": True, "OP": "+"}, {"LOWER": {"IN": ["inc", "ltd"]}}], ["Big Ltd"]),
        ([{"TEXT": {"REGEX": "^[A-Z]{3,}$"}}], ["ACME"]),
        ([{"LENGTH": 40}], []),
    ],
)
def test_token_patterns_find_what_spacy_finds(pattern: list[dict[str, Any]], expected: list[str]) -> None:
    text = a_text("the ACME Inc and Big Ltd")
    assert [words for words, _ in hits(text, a_list("nothing", pattern))] == expected


def test_token_patterns_look_at_the_tokens_of_the_project() -> None:
    whole = "New York"
    text = Text(document=1, text=whole, language="en", tokens=Tokens([0], [8], [0]))
    assert hits(text, a_list([{"ORTH": "New"}, {"ORTH": "York"}], [{"ORTH": whole}])) == [(whole, 1)]


@needs_pipeline
def test_what_only_a_pipeline_tells_comes_from_it() -> None:
    text, other = a_text("She runs and he runs."), a_text("Elle court.", language="fr")
    pattern = a_list("She", [{"LEMMA": "run", "POS": "VERB"}])
    assert hits(text, pattern) == [("She", 0), ("runs", 1), ("runs", 1)]
    assert hits(other, pattern) == []


@pytest.mark.parametrize(
    ("pattern", "said_of_it"),
    [
        ([{"LOWER": "a"}], ""),
        ([{"LOWER": "a"}, {"FOO": "x"}], "spaCy knows nothing of this name: token 2, FOO."),
        ([{"LOWER": 3}], "spaCy cannot take it (token 1, LOWER): "),
        ([{"TEXT": {"REGEX": "("}}], "spaCy cannot take it: error: missing )"),
        ([{"OP": "x"}], "spaCy cannot take it (token 1, OP): "),
        ([{"_": {"own": 1}}], "attributes of one's own"),
    ],
)
def test_what_spacy_does_not_take_is_said(pattern: list[dict[str, Any]], said_of_it: str) -> None:
    told = faults([token_pattern(pattern).text])[0]
    assert said_of_it in told
    assert bool(told) == bool(said_of_it)


def test_a_proposal_says_its_list_and_how_often_it_was_right() -> None:
    text = a_text("Paris and Rome.")
    cities = a_list("Paris", "Rome")
    fresh = propose_all([text], alone(cities))[0].proposals
    assert [(each.suggester, each.score, each.reason) for each in fresh] == [
        ("Cities (patterns)", PRIOR, "Paris is in the pattern list Cities"),
        ("Cities (patterns)", PRIOR, "Rome is in the pattern list Cities"),
    ]
    known = GivenPatterns(
        id="1", name="Cities", label="GPE", ignore_case=False, blocks=cities.blocks,
        record=(12, 15), records={0: (12, 14)},
    )  # fmt: skip
    paris, rome = propose_all([text], alone(known))[0].proposals
    of_list = (12 + WEIGHT * PRIOR) / (15 + WEIGHT)
    assert rome.score == round(of_list, 3)
    assert rome.reason == "Rome is in the pattern list Cities, whose patterns were right 12 of 15 times"
    assert paris.score == round((12 + WEIGHT * of_list) / (14 + WEIGHT), 3)
    assert paris.reason == "Paris is in the pattern list Cities, right 12 of 14 times"


def test_a_pattern_that_was_always_wrong_is_not_shown() -> None:
    text = a_text("Paris and Rome.")
    known = GivenPatterns(
        id="1", name="Cities", label="GPE", ignore_case=False, blocks=a_list("Paris", "Rome").blocks,
        record=(20, 40), records={0: (0, 20), 1: (20, 20)},
    )  # fmt: skip
    assert said(text, propose_all([text], alone(known))[0].proposals) == {("Rome", "GPE")}


def test_the_longest_of_what_overlaps_has_its_say_and_decided_places_are_left() -> None:
    text = a_text("New York City and Rome")
    accepted = SpanKey(fragments_of((18, 22)), "GPE")
    text = Text(document=1, text=text.text, language="en", tokens=text.tokens, accepted=(accepted,))
    given_list = a_list("New York", "New York City", "Rome")
    proposals = propose_all([text], alone(given_list))[0].proposals
    assert said(text, [max(proposals, key=lambda each: each.score)]) == {("New York City", "GPE")}
    # The shorter one is a reading behind it.
    assert said(text, proposals) == {("New York City", "GPE"), ("New York", "GPE")}


def test_a_list_that_is_damaged_is_named_and_the_others_go_on() -> None:
    text = a_text("Paris and Ada.")
    broken = GivenPatterns(id="b", name="Broken", label="GPE", ignore_case=False, blocks=("{oops",))
    found = propose_all([text], alone(broken, a_list("Ada", label="PERSON", name="People")))[0]
    assert "Broken (patterns) could not read this document" in found.skipped
    assert said(text, found.proposals) == {("Ada", "PERSON")}


HANGING = [{"TEXT": {"REGEX": r"^(a+)+$"}}]
LONG = "a" * 40 + "!b"


def hanging() -> tuple[Text, GivenPatterns]:
    """Give a text, and a list whose second pattern never ends on it."""
    tokens = Tokens([0, 43], [42, 48], [0])
    return Text(document=7, text=f"{LONG} Paris.", language="en", tokens=tokens), a_list(
        "Paris", HANGING, name="Slow"
    )


def test_a_pattern_that_takes_for_ever_is_cut_off_and_named() -> None:
    text, slow = hanging()
    with Worker() as worker:
        worker.pattern_faults([json.dumps(HANGING)])  # spaCy is there from here on
        worker._silence = 3.0
        with pytest.raises(WorkerError, match="Pattern 2 of Slow") as lost:
            worker.find_patterns([text], slow)
        worker._silence = 60.0
        found = worker.propose([text], alone(slow, a_list("Paris", name="Good")))[0]
    which = 'Pattern 2 of Slow, [{"TEXT":{"REGEX":"^(a+)+$"}}],'
    cut = f"{which} was cut off: the worker process did not answer for 3 seconds."
    assert lost.value.what == cut
    assert found.skipped == f"{cut} Its list is left out until it is changed."
    assert said(text, found.proposals) == {("Paris", "GPE")}


def test_a_list_that_the_worker_was_lost_with_costs_the_waiting_once(monkeypatch: pytest.MonkeyPatch) -> None:
    text, slow = hanging()
    good, asked = a_list("Paris", name="Good"), []

    def ask(_work: str, given_work: tuple[Any, ...], **_: object) -> list[Suggestions]:
        texts, settings = given_work
        asked.append([each.name for each in settings.patterns])
        if slow in settings.patterns:
            raise LostError("did not answer", Beginning(1, slow.kind, "pattern 2 of Slow", (7,)))
        return propose_all(texts, settings)

    worker = Worker()
    monkeypatch.setattr(worker, "_ask", ask)
    for _ in range(2):
        found = worker.propose([text, text], alone(slow, good))
        assert [said(text, each.proposals) for each in found] == [{("Paris", "GPE")}] * 2
        cut = "Pattern 2 of Slow was cut off: the worker process did not answer."
        assert {each.skipped for each in found} == {f"{cut} Its list is left out until it is changed."}
    assert asked == [["Slow", "Good"], ["Good"], ["Good"]]
    mended = replace(slow, blocks=a_list("Rome").blocks)
    monkeypatch.setattr(worker, "_ask", lambda _work, given_work, **_: propose_all(*given_work))
    assert worker.propose([text], alone(mended, good))[0].skipped == ""


def test_the_worker_finds_what_this_process_finds() -> None:
    text = a_text("Paris and ACME Inc")
    given_list = a_list("Paris", [{"LOWER": "acme"}, {"LOWER": "inc"}])
    with Worker() as worker:
        assert worker.find_patterns([text], given_list) == find([text], given_list, lambda *_: None)
        assert worker.pattern_faults(['[{"FOO":1}]']) == faults(['[{"FOO":1}]'])


def test_many_phrases_are_one_look_each() -> None:
    phrases = [Pattern(f"word{number} of many") for number in range(20_000)]
    index = PhraseIndex((number, each.text) for number, each in enumerate(phrases))
    text = "so word19999 of many and word7 of many, but word7 of some"
    assert [(text[start:end], number) for start, end, number in index.find(text, plain_tokens(text))] == [
        ("word19999 of many", 19_999),
        ("word7 of many", 7),
    ]


def test_what_was_learnt_believes_a_pattern_by_its_own_record(tmp_path: Path) -> None:
    text = a_text("We saw Odda and Zorn there.")
    learnt = str(tmp_path / "learnt")
    lessons = [
        Decided(text=replace(a_text("They met Bob.", document=number), accepted=()), evidence=str(number))
        for number in range(3)
    ]
    towns = replace(a_list("Odda", "Zorn"), record=(30, 60), records={0: (30, 30), 1: (0, 30)})
    settings = replace(alone(towns), learnt=learnt)
    learn_all(lessons, settings, anew=True)
    (answer,) = propose_all([text], settings)
    assert said(text, answer.proposals) == {("Odda", "GPE")}
    (proposal,) = answer.proposals
    assert proposal.suggester == "Cities (patterns)"
    assert proposal.reason == "Odda is in the pattern list Cities, right 30 of 30 times"
    assert proposal.score > 0.5


VOCAB = spacy.blank("xx").vocab
WORDS = st.lists(st.sampled_from(["a", "A", "b", "İ", "ß", "."]), min_size=1, max_size=3)


@given(
    text=st.lists(st.sampled_from(["a", "A", "b", "B", "İ", "ß", ".", "c"]), max_size=12),
    rows=st.lists(st.tuples(st.booleans(), WORDS), max_size=6),
)
def test_rows_of_words_are_found_as_spacy_finds_them(
    *, text: list[str], rows: list[tuple[bool, list[str]]]
) -> None:
    whole = " ".join(text)
    borders = [sum(map(len, text[:number])) + number for number in range(len(text))]
    tokens = Tokens(
        borders, [at + len(word) for at, word in zip(borders, text, strict=True)], [0] if text else []
    )
    given_rows = list(dict.fromkeys((is_lower, tuple(words)) for is_lower, words in rows))
    index = WordIndex((number, is_lower, words) for number, (is_lower, words) in enumerate(given_rows))
    matcher = Matcher(VOCAB)
    for number, (is_lower, words) in enumerate(given_rows):
        matcher.add(str(number), [[{"LOWER" if is_lower else "ORTH": word} for word in words]])
    found = matcher(Doc(VOCAB, words=text)) if text and given_rows else []
    expected = {
        Hit(tokens.starts[first], tokens.ends[after - 1], int(VOCAB.strings[name]))
        for name, first, after in found
    }
    assert sorted(index.find(whole, tokens)) == sorted(expected)
