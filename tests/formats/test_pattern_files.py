"""Files of patterns: what is found in them, and what is said of lines that hold none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.formats.pattern_files import FoundPattern, is_pattern_file, read_patterns
from annotator.model.errors import FormatError, RuleError
from annotator.model.patterns import phrase, token_pattern
from annotator.model.record import Problem


def read(
    path: Path, content: str | bytes = "", *, encoding: str = ""
) -> tuple[list[FoundPattern], list[Problem]]:
    """Read a file, written first where there is content."""
    if content:
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    problems: list[Problem] = []
    return list(read_patterns(path, problems.append, encoding=encoding)), problems


def words(found: list[FoundPattern]) -> list[tuple[str, str, int]]:
    return [(each.pattern.text, each.label, each.line) for each in found]


def test_a_pattern_file_of_spacy_or_prodigy(tmp_path: Path) -> None:
    lines = [
        {"label": "ORG", "pattern": "Apple", "id": "apple"},
        {"label": "GPE", "pattern": [{"LOWER": "san"}, {"LOWER": "francisco"}]},
        {"pattern": "Somewhere"},
    ]
    path = tmp_path / "patterns.jsonl"
    found, problems = read(path, "\n".join(map(json.dumps, lines)))
    assert [each.pattern for each in found] == [
        phrase("Apple"),
        token_pattern([{"LOWER": "san"}, {"LOWER": "francisco"}]),
        phrase("Somewhere"),
    ]
    assert [each.label for each in found] == ["ORG", "GPE", ""]
    assert problems == []
    assert is_pattern_file(path)
    path.write_text(json.dumps(lines, indent=2))
    assert [each.label for each in read(path)[0]] == ["ORG", "GPE", ""]
    assert is_pattern_file(path)


def test_what_is_no_pattern_file_is_not_taken_for_one(tmp_path: Path) -> None:
    documents = tmp_path / "documents.jsonl"
    documents.write_text('{"text": "Apple", "pattern": 3}\n')
    assert not is_pattern_file(documents)
    assert not is_pattern_file(tmp_path / "missing.jsonl")
    (tmp_path / "bytes.jsonl").write_bytes(bytes(range(256)))
    assert not is_pattern_file(tmp_path / "bytes.jsonl")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{bad", "not JSON"),
        ("[1, 2]", "not an object"),
        ('{"label": "ORG"}', 'no "pattern"'),
        ('{"label": "ORG", "pattern": 3}', "a number"),
        ('{"label": 3, "pattern": "a"}', "not text"),
        ('{"label": "ORG", "pattern": "  "}', "empty"),
        ('{"label": "ORG", "pattern": []}', "list of token descriptions"),
        ('{"label": "ORG", "pattern": ["a"]}', "object"),
        ('{"label": "ORG", "pattern": "\\ud83d"}', "surrogate"),
        ('{"label": "O\\u202eRG", "pattern": "a"}', "control"),
        ('{"label": "' + "L" * 200 + '", "pattern": "a"}', "characters"),
        ('{"label": "ORG", "pattern": "' + "a" * 5_000_000 + '"}', "5,000,000 characters"),
        ('{"label": "ORG", "pattern": ' + "[" * 100 + "]" * 100 + "}", "nested"),
    ],
)
def test_a_line_that_is_no_pattern_is_named_and_left_out(tmp_path: Path, line: str, said: str) -> None:
    content = f'{{"label": "ORG", "pattern": "before"}}\n{line}\n{{"label": "ORG", "pattern": "after"}}\n'
    found, problems = read(tmp_path / "a.jsonl", content)
    assert words(found) == [("before", "ORG", 1), ("after", "ORG", 3)]
    assert [problem.line for problem in problems] == [2]
    assert said in problems[0].message
    assert len(problems[0].message) < 300


@pytest.mark.parametrize(
    "content",
    [
        'label,name\nGPE,Paris\nGPE,"New\nYork"\nORG,Acme\n',
        "id;Term;Label\n1;Paris;GPE\n2;New York;GPE\n3;Acme;ORG\n",
        "\ufeffPattern\tType\r\nParis\tGPE\r\nNew York\tGPE\r\n\r\nAcme\tORG\r\n",
        "Paris,GPE\nNew York,GPE\nAcme,ORG\n",
    ],
    ids=["quoted", "semicolons", "tabs", "no names"],
)
def test_a_table_of_words_and_labels(tmp_path: Path, content: str) -> None:
    found, problems = read(tmp_path / "a.csv", content)
    assert [(each.pattern.text, each.label) for each in found] == [
        ("Paris", "GPE"),
        ("New York", "GPE"),
        ("Acme", "ORG"),
    ]
    assert problems == []


def test_rows_know_their_lines(tmp_path: Path) -> None:
    found, problems = read(tmp_path / "a.csv", 'phrase\n"New\n\nYork"\nParis\n' + "x" * 1_001 + "\nOslo\n")
    assert words(found) == [("New York", "", 2), ("Paris", "", 5), ("Oslo", "", 7)]
    assert [(problem.line, "1,001 characters" in problem.message) for problem in problems] == [(6, True)]


def test_a_table_may_hold_token_patterns(tmp_path: Path) -> None:
    found, _ = read(tmp_path / "a.tsv", 'pattern\tlabel\n"[{""LOWER"": ""acme""}]"\tORG\n')
    assert [each.pattern for each in found] == [token_pattern([{"LOWER": "acme"}])]


def test_a_plain_list_has_a_phrase_a_line(tmp_path: Path) -> None:
    found, problems = read(
        tmp_path / "a.txt", '\ufeffParis\n\n  New   York \n#MeToo\n[{"LOWER": "x"}]\n[{"LOWER": x}]\n'
    )
    assert words(found) == [
        ("Paris", "", 1),
        ("New York", "", 3),
        ("#MeToo", "", 4),
        ('[{"LOWER":"x"}]', "", 5),
    ]
    assert [(each.line, each.message[:30]) for each in problems] == [(6, "The token pattern is no JSON: ")]


def test_encodings(tmp_path: Path) -> None:
    found, problems = read(tmp_path / "a.txt", "Zürich\nGenève\n".encode("cp1252"))
    assert found == []
    assert [problem.line for problem in problems] == [1, 2]
    assert [each.pattern.text for each in read(tmp_path / "a.txt", encoding="cp1252")[0]] == [
        "Zürich",
        "Genève",
    ]
    assert [each.pattern.text for each in read(tmp_path / "b.csv", "Zürich,GPE\n".encode("utf-16"))[0]] == [
        "Zürich"
    ]
    with pytest.raises(FormatError):
        read(tmp_path / "a.txt", encoding="no such")
    with pytest.raises(FormatError):
        read(tmp_path / "missing.txt")


def test_more_than_a_list_holds_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotator.formats.pattern_files.PATTERN_LIMIT", 2)
    found, problems = read(tmp_path / "a.txt", "a\nb\nc\nd\n")
    assert [each.pattern.text for each in found] == ["a", "b"]
    assert [problem.line for problem in problems] == [3]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=8), max_size=6))
def test_words_of_every_kind_come_through_json(
    tmp_path_factory: pytest.TempPathFactory, given_words: list[str]
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.jsonl"
    path.write_text(
        "".join(json.dumps({"pattern": each, "label": "A"}) + "\n" for each in given_words) or "\n"
    )
    expected = []
    for each in given_words:
        try:
            expected.append(phrase(each))
        except RuleError:
            continue
    assert [each.pattern for each in read(path)[0]] == expected
