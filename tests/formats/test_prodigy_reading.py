"""Reading Prodigy's tasks: answers, spans, relations, tokens, and what is told of the broken ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from annotator.formats import ReadOptions
from annotator.formats.base import is_accepted, is_candidate
from annotator.formats.prodigy import FORMAT
from annotator.model.document import State
from annotator.model.record import Problem, Record
from tests.formats.samples import lines, read_all, refused

TEXT = "Ada Lovelace wrote to Mary Somerville."
TOKENS = [
    {"text": "Ada", "start": 0, "end": 3, "id": 0, "ws": True},
    {"text": "Lovelace", "start": 4, "end": 12, "id": 1, "ws": True},
    {"text": "wrote", "start": 13, "end": 18, "id": 2, "ws": True},
    {"text": "to", "start": 19, "end": 21, "id": 3, "ws": True},
    {"text": "Mary", "start": 22, "end": 26, "id": 4, "ws": True},
    {"text": "Somerville", "start": 27, "end": 37, "id": 5, "ws": False},
    {"text": ".", "start": 37, "end": 38, "id": 6, "ws": False},
]
ADA = {"start": 0, "end": 12, "token_start": 0, "token_end": 1, "label": "PERSON"}
MARY = {"start": 22, "end": 37, "token_start": 4, "token_end": 5, "label": "PERSON"}


def read_tasks(folder: Path, *tasks: object) -> tuple[list[Record], list[Problem]]:
    return read_all(FORMAT, lines(folder / "tasks.jsonl", *tasks))


def read_task(folder: Path, **task: Any) -> tuple[Record, list[Problem]]:
    (record,), problems = read_tasks(folder, {"text": TEXT, **task})
    return record, problems


def words(record: Record) -> list[tuple[str, str]]:
    return [
        (record.text[span.fragments[0].start : span.fragments[0].end], span.label) for span in record.spans
    ]


def messages(problems: list[Problem], *, of_refused: bool = True) -> list[str]:
    return [problem.message for problem in problems if problem.refused is of_refused]


# What a record says -------------------------------------------------------------------------------


def test_a_task_becomes_a_record(tmp_path: Path) -> None:
    record, problems = read_task(
        tmp_path, tokens=TOKENS, spans=[ADA, MARY], answer="accept", _input_hash=-5, _view_id="ner_manual"
    )
    assert problems == []
    assert words(record) == [("Ada Lovelace", "PERSON"), ("Mary Somerville", "PERSON")]
    assert record.tokens is not None
    assert list(record.tokens.starts) == [0, 4, 13, 19, 22, 27, 37]
    assert record.tokens.tokenizer == "source"
    assert (record.state, record.source, record.title) == (State.DONE, "tasks.jsonl:1", TEXT)
    assert record.attributes == {"prodigy": {"_input_hash": -5}}


def test_the_metadata_give_title_and_language(tmp_path: Path) -> None:
    meta = {"title": "A letter", "language": "en", "source": "an archive", "n": 3}
    record, _ = read_task(tmp_path, meta=meta)
    assert (record.title, record.language) == ("A letter", "en")
    assert record.metadata == {"source": "an archive", "n": 3}
    (record,), _ = read_all(FORMAT, tmp_path / "tasks.jsonl", ReadOptions(language="de"))
    assert record.language == "en"


def test_the_source_names_file_and_line_even_where_many_come_from_one_place(tmp_path: Path) -> None:
    tasks = [{"text": f"Text {number}.", "meta": {"source": "The Paper"}} for number in range(2)]
    back, _ = read_tasks(tmp_path, *tasks)
    assert [record.source for record in back] == ["tasks.jsonl:1", "tasks.jsonl:2"]


@pytest.mark.parametrize(
    ("answer", "state", "status"),
    [
        ({"answer": "accept"}, State.DONE, "accepted"),
        ({"answer": "reject"}, State.SKIPPED, "rejected"),
        ({"answer": "ignore"}, State.SKIPPED, "candidate"),
        ({"answer": None}, None, "accepted"),
        ({"answer": "maybe"}, None, "accepted"),
        ({}, None, "accepted"),
        ({"answer": "accept", "meta": {"partial": True}}, State.IN_PROGRESS, "accepted"),
        ({"meta": {"partial": True}}, State.IN_PROGRESS, "accepted"),
        ({"answer": "accept", "_is_binary": True}, State.IN_PROGRESS, "accepted"),
        ({"answer": "accept", "_view_id": "ner"}, State.IN_PROGRESS, "accepted"),
    ],
)
def test_answers_decide_state_and_spans(
    tmp_path: Path, answer: dict[str, Any], state: State | None, status: str
) -> None:
    record, problems = read_task(tmp_path, spans=[ADA], **answer)
    (span,) = record.spans
    found = "rejected" if span.rejected else "candidate" if is_candidate(span) else "accepted"
    assert (record.state, found) == (state, status)
    assert "partial" not in record.metadata
    assert messages(problems) == []
    assert len(problems) == (answer.get("answer") == "maybe")


def test_an_answer_on_a_span_outweighs_the_records(tmp_path: Path) -> None:
    spans = [
        {**ADA, "answer": "reject"},
        {**MARY, "answer": "accept"},
        {**MARY, "label": "X", "answer": "ignore"},
    ]
    record, _ = read_task(tmp_path, spans=spans, answer="accept")
    assert [(span.rejected, is_candidate(span)) for span in record.spans] == [
        (True, False),
        (False, False),
        (False, True),
    ]
    assert record.state is State.IN_PROGRESS, "whatever was not asked about is not known"


def test_a_score_or_source_without_an_answer_is_a_proposal(tmp_path: Path) -> None:
    spans = [
        {**ADA, "score": 0.8, "source": "en_core_web_sm"},
        {**MARY, "source": "patterns"},
        {**MARY, "label": "X"},
    ]
    record, _ = read_task(tmp_path, spans=spans)
    assert [(is_candidate(span), span.score, span.suggester) for span in record.spans] == [
        (True, 0.8, "en_core_web_sm"),
        (True, None, "patterns"),
        (False, None, ""),
    ]
    record, _ = read_task(tmp_path, spans=spans, answer="accept")
    assert all(map(is_accepted, record.spans))
    assert record.spans[0].attributes == {"prodigy": {"score": 0.8, "source": "en_core_web_sm"}}


def test_a_score_out_of_bounds_is_kept_but_not_used(tmp_path: Path) -> None:
    record, _ = read_task(tmp_path, spans=[{**ADA, "score": 17.5, "answer": "ignore"}])
    assert record.spans[0].score is None
    assert record.spans[0].attributes == {"prodigy": {"score": 17.5}}


def test_who_decided_and_when_is_taken_from_the_session(tmp_path: Path) -> None:
    record, _ = read_task(
        tmp_path, spans=[ADA], answer="accept", _session_id="set-ada", _timestamp=1_700_000_000
    )
    assert (record.spans[0].annotator, record.spans[0].at) == ("set-ada", 1_700_000_000)
    assert record.attributes["prodigy"] == {"_session_id": "set-ada", "_timestamp": 1_700_000_000}


def test_a_question_about_categories_is_no_finished_document(tmp_path: Path) -> None:
    record, problems = read_task(
        tmp_path, label="SPORT", options=[{"id": "a"}], accept=["a"], answer="accept"
    )
    assert record.state is None
    assert "categories" in problems[0].message
    record, _ = read_task(tmp_path, label="SPORT", spans=[], answer="accept")
    assert record.state is State.DONE


def test_review_tasks_keep_their_result_and_report_the_versions(tmp_path: Path) -> None:
    versions = [{"spans": [ADA], "sessions": ["a"], "default": True}, {"spans": [], "sessions": ["b"]}]
    record, problems = read_task(tmp_path, spans=[MARY], versions=versions, answer="accept")
    assert (record.state, words(record)) == (State.DONE, [("Mary Somerville", "PERSON")])
    assert record.attributes["prodigy"]["versions"] == versions
    assert messages(problems, of_refused=False) == [
        "The record's own spans were read; its 2 versions for review were kept, but not read."
    ]


def test_a_review_task_without_a_result_gives_candidates(tmp_path: Path) -> None:
    wrong, ignored = {"start": 0, "end": 900, "label": "X"}, {**MARY, "answer": "reject"}
    versions = [
        {"spans": [ADA, ADA, ignored], "sessions": ["a", "b"], "answer": "accept", "default": True},
        {"spans": [ADA, MARY, wrong], "sessions": ["c"]},
        {"spans": [MARY], "sessions": ["d"], "answer": "reject"},
        "no version",
    ]
    record, problems = read_task(tmp_path, versions=versions, answer="accept")
    assert record.state is None
    assert words(record) == [("Ada Lovelace", "PERSON"), ("Mary Somerville", "PERSON")]
    assert [(is_candidate(each), each.suggester, each.score) for each in record.spans] == [
        (True, "review", 0.75),
        (True, "review", 0.25),
    ]
    assert record.attributes["prodigy"]["versions"] == versions
    assert "became candidates" in messages(problems, of_refused=False)[-1]
    assert len(messages(problems)) == 1
    record, problems = read_task(tmp_path, versions=[{"answer": "accept"}], answer="accept")
    assert (record.state, record.spans, messages(problems)) == (None, (), [])


def test_an_accepted_record_that_lost_spans_is_not_finished(tmp_path: Path) -> None:
    for spans in ([ADA, {"start": 0, "end": 900, "label": "X"}], "oops"):
        record, problems = read_task(tmp_path, spans=spans, answer="accept")
        assert record.state is State.IN_PROGRESS
        assert "counts as in progress" in problems[-1].message


# Broken lines and records -------------------------------------------------------------------------


def test_a_broken_line_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    back, problems = read_tasks(
        tmp_path, {"text": "One."}, '{"text": "broken, "spans": [}', {"text": "Three."}
    )
    assert [(record.text, record.source) for record in back] == [
        ("One.", "tasks.jsonl:1"),
        ("Three.", "tasks.jsonl:3"),
    ]
    ((line, message),) = refused(problems)
    assert line == 2
    assert message.startswith("This line is not JSON: ")
    assert problems[0].file.endswith("tasks.jsonl")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ([], "This line is a list, not an object; it was left out."),
        ("42", "This line is a number, not an object; it was left out."),
        ("null", "This line is null, not an object; it was left out."),
        ({}, 'This record has no "text"; it was left out.'),
        ({"html": "<b>x</b>"}, 'This record has no "text"; it was left out.'),
        ({"text": None}, "The text of this record is null, not text; the record was left out."),
        ({"text": ["a"]}, "The text of this record is a list, not text; the record was left out."),
        ({"text": " \n"}, "This record holds no text; it was left out."),
        (
            '{"text": "a", "n": NaN}',
            "This line is not JSON: it holds NaN, which is no number; it was left out.",
        ),
        ('{"text": "a\\ud83d"}', "half a surrogate pair"),
        ('{"text": "a", "meta": ' + "[" * 70 + "]" * 70 + "}", "nested deeper than 64 levels"),
    ],
)
def test_a_line_that_is_no_document_is_refused_by_number(tmp_path: Path, line: object, message: str) -> None:
    back, problems = read_tasks(tmp_path, {"text": "Good."}, line, {"text": "Good too."})
    assert len(back) == 2
    ((number, said),) = refused(problems)
    assert number == 2
    assert message in said


def test_a_file_of_patterns_is_refused_once_in_words(tmp_path: Path) -> None:
    back, problems = read_tasks(
        tmp_path, {"label": "DRUG", "pattern": [{"lower": "x"}]}, {"label": "DRUG", "pattern": "exact"}
    )
    assert back == []
    said = "tasks.jsonl is a file of patterns, which say what to look for; it holds no documents. "
    assert refused(problems) == [(0, said + "Add it to the pattern lists.")]


def test_json_over_several_lines_is_refused_once(tmp_path: Path) -> None:
    path = tmp_path / "pretty.jsonl"
    path.write_text('{\n "text": "a"\n}\n', encoding="utf-8")
    assert [line for line, _ in refused(read_all(FORMAT, path)[1])] == [0]


def test_metadata_that_are_none_are_reported_and_kept(tmp_path: Path) -> None:
    record, problems = read_task(tmp_path, meta="oops")
    assert record.metadata == {}
    assert record.attributes == {"prodigy": {"meta": "oops"}}
    assert len(problems) == 1


# Spans --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("span", "message"),
    [
        ({"start": 0, "end": 999, "label": "X"}, "does not lie in this text of 38 characters"),
        ({"start": 500, "end": 510, "label": "X"}, "does not lie in this text"),
        ({"start": -3, "end": 4, "label": "X"}, "does not lie in this text"),
        ({"start": 5, "end": 5, "label": "X"}, "does not lie in this text"),
        ({"start": 10, "end": 5, "label": "X"}, "does not lie in this text"),
        ({"start": 10**40, "end": 10**41, "label": "X"}, "does not lie in this text"),
        ({"start": 0.0, "end": 3.0, "label": "X"}, "its offsets must be whole numbers, not 0.0"),
        ({"start": "0", "end": 3, "label": "X"}, 'its offsets must be whole numbers, not "0"'),
        ({"start": True, "end": 3, "label": "X"}, "its offsets must be whole numbers, not true"),
        ({"start": 0, "label": "X"}, "its offsets must be whole numbers, not null"),
        ({"start": 0, "end": 3}, "it has no label"),
        ({"start": 0, "end": 3, "label": ""}, "it has no label"),
        ({"start": 0, "end": 3, "label": 7}, "its label is a number, not text"),
        ({"start": 0, "end": 3, "label": "a\nb"}, "its label 'a\\nb' cannot be used"),
        ({"start": 0, "end": 3, "label": "x" * 200}, "cannot be used"),
        (
            {"start": 0, "end": 3, "label": "X", "text": "Bob"},
            "the file calls it 'Bob', but the text there is 'Ada'",
        ),
        ({"start": 12, "end": 13, "label": "X"}, "nothing but blanks"),
        (None, "it is null, not an object"),
        ([0, 3, "PERSON"], "it is a list, not an object"),
    ],
)
def test_a_bad_span_is_left_out_and_the_good_ones_stay(tmp_path: Path, span: object, message: str) -> None:
    record, problems = read_task(tmp_path, spans=[ADA, span, MARY])
    assert words(record) == [("Ada Lovelace", "PERSON"), ("Mary Somerville", "PERSON")]
    (problem,) = problems
    assert problem.refused
    assert problem.line == 1
    assert problem.message.startswith("Span 2 was left out: ")
    assert message in problem.message


def test_spans_that_are_no_list_are_reported(tmp_path: Path) -> None:
    record, problems = read_task(tmp_path, spans="oops")
    assert record.spans == ()
    assert messages(problems) == ['The field "spans" is text, not a list; it was left out.']
    assert read_task(tmp_path, spans=None)[1] == []


def test_blanks_at_the_ends_are_cut_off_and_told(tmp_path: Path) -> None:
    record, problems = read_task(tmp_path, spans=[{"start": 12, "end": 22, "label": " VERB "}])
    assert words(record) == [("wrote to", "VERB")]
    assert [problem.refused for problem in problems] == [False, False]


def test_a_span_inside_a_word_is_legal_but_none_cuts_a_character(tmp_path: Path) -> None:
    record, problems = read_task(tmp_path, spans=[{"start": 1, "end": 3, "label": "X"}])
    assert words(record) == [("da", "X")]
    assert problems == []
    (record,), problems = read_tasks(
        tmp_path, {"text": "👩🏽\u200d🚀 e\u0301\r\n x", "spans": [{"start": 0, "end": 1, "label": "X"}]}
    )
    assert record.spans == ()
    assert "cut a character in two" in problems[0].message


def test_overlaps_stay_and_exact_doubles_are_told(tmp_path: Path) -> None:
    spans = [
        MARY,
        ADA,
        {"start": 0, "end": 3, "label": "FIRST"},
        {**ADA, "label": "X"},
        ADA,
        {"start": 4, "end": 26, "label": "Y"},
    ]
    record, problems = read_task(tmp_path, spans=spans)
    assert len(record.spans) == 5
    assert record.spans[0].fragments[0].start == 22
    assert messages(problems, of_refused=False) == [
        "Span 5 stands there twice (PERSON from 0 to 12); the first one was kept."
    ]


def test_offsets_are_code_points(tmp_path: Path) -> None:
    text = "👨\u200d👩\u200d👧 𝒜nn met محمد."
    start = text.index("𝒜nn")
    (record,), problems = read_tasks(
        tmp_path,
        {
            "text": text,
            "spans": [
                {"start": start, "end": start + 3, "label": "PERSON", "text": "𝒜nn"},
                {"start": start + 8, "end": start + 12, "label": "PERSON", "text": "محمد"},
            ],
        },
    )
    assert problems == []
    assert words(record) == [("𝒜nn", "PERSON"), ("محمد", "PERSON")]


def test_ids_are_kept_if_they_are_text(tmp_path: Path) -> None:
    record, _ = read_task(tmp_path, spans=[{**ADA, "id": "x1"}, {**MARY, "id": 7, "rank": 1}])
    assert [span.id for span in record.spans] == ["x1", ""]
    assert record.spans[1].attributes == {"prodigy": {"id": 7, "rank": 1}}


# Tokens -------------------------------------------------------------------------------------------


def test_tokens_need_not_say_where_blanks_are(tmp_path: Path) -> None:
    bare = [{name: token[name] for name in ("text", "start", "end", "id")} for token in TOKENS]
    record, problems = read_task(tmp_path, tokens=bare)
    assert record.tokens is not None
    assert len(record.tokens) == 7
    assert problems == []


@pytest.mark.parametrize(
    "tokens",
    [
        TOKENS[:-1],
        [*TOKENS[:2], *TOKENS[3:]],
        [{**TOKENS[0], "text": "Bob"}, *TOKENS[1:]],
        [{**TOKENS[0], "end": 5, "text": "Ada L"}, *TOKENS[1:]],
        [TOKENS[1], TOKENS[0], *TOKENS[2:]],
        [{"text": "Ada"}],
        ["Ada"],
        "oops",
        [{**TOKENS[0], "start": -3}, *TOKENS[1:]],
    ],
)
def test_tokens_that_do_not_rebuild_the_text_are_left_out(tmp_path: Path, tokens: object) -> None:
    record, problems = read_task(tmp_path, tokens=tokens, spans=[ADA])
    assert record.tokens is None
    assert len(record.spans) == 1
    assert messages(problems, of_refused=False) == [
        "The tokens of this record do not rebuild its text; they were left out."
    ]


def test_blanks_are_no_tokens(tmp_path: Path) -> None:
    tokens = [
        {"text": "A", "start": 0, "end": 1, "id": 0, "ws": True},
        {"text": " \n", "start": 2, "end": 4, "id": 1, "ws": False},
        {"text": "B", "start": 4, "end": 5, "id": 2, "ws": False},
    ]
    (record,), _ = read_tasks(
        tmp_path,
        {
            "text": "A  \nB",
            "tokens": tokens,
            "spans": [{"start": 0, "end": 1, "label": "X"}, {"start": 4, "end": 5, "label": "X"}],
            "relations": [{"head": 2, "child": 0, "label": "R"}],
        },
    )
    assert record.tokens is not None
    assert list(record.tokens.starts) == [0, 4]
    assert [(relation.head, relation.child) for relation in record.relations] == [(1, 0)]


# Relations ----------------------------------------------------------------------------------------

WROTE = {"head": 1, "child": 5, "head_span": ADA, "child_span": MARY, "label": "WROTE_TO", "color": "#ffd882"}


def read_relations(
    folder: Path, *relations: object, spans: object = (ADA, MARY)
) -> tuple[Record, list[Problem]]:
    return read_task(folder, tokens=TOKENS, spans=spans, relations=relations, answer="accept")


def test_relations_keep_their_direction_and_colour(tmp_path: Path) -> None:
    back = {**WROTE, "head": 5, "child": 1, "head_span": MARY, "child_span": ADA, "label": "ANSWERED"}
    record, problems = read_relations(tmp_path, WROTE, back)
    assert problems == []
    assert [(each.head, each.child, each.label) for each in record.relations] == [
        (0, 1, "WROTE_TO"),
        (1, 0, "ANSWERED"),
    ]
    assert record.relations[0].attributes == {"prodigy": {"color": "#ffd882"}}


@pytest.mark.parametrize(
    ("relation", "message"),
    [
        ({**WROTE, "label": None}, "it has no label"),
        ({**WROTE, "child": 1, "child_span": ADA}, "WROTE_TO joins a span with itself"),
        ({**WROTE, "child_span": {"start": 13, "end": 18, "label": None}}, "its child is a plain token"),
        ({"head": 2, "child": 5, "label": "R"}, "its head is the token 'wrote', not a span"),
        ({"head": 99, "child": 5, "label": "R"}, "its head (99) is no token of this record"),
        ({"head": True, "child": 5, "label": "R"}, "is no token of this record"),
        ({"label": "R"}, "is no token of this record"),
        ({**WROTE, "head_span": {"start": 500, "end": 510, "label": "X"}}, "does not lie in this text"),
        (None, "it is null, not an object"),
    ],
)
def test_a_bad_relation_is_left_out(tmp_path: Path, relation: object, message: str) -> None:
    record, problems = read_relations(tmp_path, relation, {**WROTE, "label": "GOOD"})
    assert [each.label for each in record.relations] == ["GOOD"]
    assert record.state is State.DONE
    (problem,) = problems
    assert problem.refused
    assert message in problem.message


def test_ends_are_found_by_their_last_token_alone(tmp_path: Path) -> None:
    record, problems = read_relations(tmp_path, {"head": 1, "child": 5, "label": "R"})
    assert [(each.head, each.child) for each in record.relations] == [(0, 1)]
    assert problems == []


def test_ends_are_found_by_token_numbers_when_there_are_no_tokens(tmp_path: Path) -> None:
    record, _ = read_task(tmp_path, spans=[ADA, MARY], relations=[{"head": 1, "child": 5, "label": "R"}])
    assert [(each.head, each.child) for each in record.relations] == [(0, 1)]


def test_an_end_that_two_spans_share_must_be_named(tmp_path: Path) -> None:
    nested = {**ADA, "start": 4, "token_start": 1}
    record, problems = read_relations(
        tmp_path,
        {"head": 1, "child": 5, "label": "R"},
        {**WROTE, "head_span": nested},
        spans=[ADA, nested, MARY],
    )
    assert [(each.head, each.child) for each in record.relations] == [(1, 2)]
    assert "2 spans end with token 1" in problems[0].message


def test_ends_that_are_in_no_span_are_added_and_told(tmp_path: Path) -> None:
    record, problems = read_relations(tmp_path, WROTE, spans=[])
    assert words(record) == [("Ada Lovelace", "PERSON"), ("Mary Somerville", "PERSON")]
    assert len(record.relations) == 1
    assert [problem.refused for problem in problems] == [False, False]


def test_doubles_and_cycles(tmp_path: Path) -> None:
    back = {**WROTE, "head": 5, "child": 1, "head_span": MARY, "child_span": ADA}
    record, problems = read_relations(tmp_path, WROTE, WROTE, back, {**WROTE, "label": "LIKES"})
    assert [(each.head, each.child, each.label) for each in record.relations] == [
        (0, 1, "WROTE_TO"),
        (1, 0, "WROTE_TO"),
        (0, 1, "LIKES"),
    ]
    assert messages(problems, of_refused=False) == [
        "Relation 2 (WROTE_TO) stands there twice; the first one was kept."
    ]


def test_relations_of_a_rejected_task_are_rejected(tmp_path: Path) -> None:
    record, _ = read_task(tmp_path, tokens=TOKENS, spans=[ADA, MARY], relations=[WROTE], answer="reject")
    assert [span.rejected for span in record.spans] == [True, True]
    assert [relation.rejected for relation in record.relations] == [True]
