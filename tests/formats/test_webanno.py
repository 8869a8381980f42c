"""WebAnno TSV 3: layers, numbers of annotations, parts of tokens, relations, slots and chains, escapes, UTF-16."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.formats import detect
from annotator.formats.webanno import FORMAT, WebannoOptions
from annotator.model.offsets import Utf16Map
from annotator.model.record import Problem, Record
from tests.formats.samples import WORDS, read_all, refused

ENTITY = "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity"
POS = "de.tudarmstadt.ukp.dkpro.core.api.lexmorph.type.pos.POS"


def read(
    tmp_path: Path, layers: str, *lines: str, options: WebannoOptions | None = None
) -> tuple[Record, list[Problem]]:
    path = tmp_path / "a.tsv"
    head = ["#FORMAT=WebAnno TSV 3.3", *layers.split(), "", ""]
    path.write_text("".join(f"{line}\n" for line in [*head, *lines]), encoding="utf-8", newline="")
    assert detect(path) is FORMAT
    (record,), problems = read_all(FORMAT, path, options)
    return record, problems


def words(record: Record) -> list[tuple[str, str]]:
    return [
        (record.text[span.fragments[0].start : span.fragments[0].end], span.label) for span in record.spans
    ]


def joins(record: Record) -> list[tuple[str, str, str]]:
    named = [text for text, _ in words(record)]
    return [(named[each.head], each.label, named[each.child]) for each in record.relations]


def test_spans_of_several_tokens_and_of_the_same_place(tmp_path: Path) -> None:
    record, problems = read(
        tmp_path,
        f"#T_SP={ENTITY}|identifier|value #T_SP=webanno.custom.Mood|Kind|Force",
        "#Text=Ms. Haag left.",
        "1-1\t0-3\tMs.\t*[1]\tPER[1]\t_\t_\t",
        "1-2\t4-8\tHaag\t*[1]|Q7[2]\tPER[1]|NAME[2]\t_\t_\t",
        "1-3\t9-13\tleft\t_\t_\tsad\tstrong\t",
        "1-4\t13-14\t.\t_\t_\t_\t_\t",
        "",
        "#Sentence.id=s2",
        "#Text=Bye.",
        "2-1\t15-18\tBye\t_\t_\t*\t*\t",
        "2-2\t18-19\t.\t_\t_\t_\t_\t",
    )
    assert problems == []
    assert record.text == "Ms. Haag left. Bye."
    assert words(record) == [("Ms. Haag", "PER"), ("Haag", "NAME"), ("left", "sad"), ("Bye", "Mood")]
    assert record.spans[1].attributes["webanno"] == {"layer": ENTITY, "features": {"identifier": "Q7"}}
    assert record.spans[2].attributes["webanno"]["features"] == {"Force": "strong"}
    assert record.tokens is not None
    assert (len(record.tokens), list(record.tokens.sentences)) == (6, [0, 4])
    assert record.state is None


def test_escaped_signs_are_no_borders(tmp_path: Path) -> None:
    record, problems = read(
        tmp_path,
        "#T_SP=webanno.custom.Span|value",
        r"#Text=a\tb \[c\] \_ \\",
        r"1-1	0-1	a	NO\[1\]	",
        r"1-2	2-3	b	x\|y|x\->z	",
        r"1-3	4-7	\[c\]	\_	",
        r"1-4	8-9	\_	\*	",
        r"1-5	10-11	\\	back\\[3]	",
    )
    assert problems == []
    assert record.text == "a\tb [c] _ \\"
    assert words(record) == [
        ("a", "NO[1]"),
        ("b", "x|y"),
        ("b", "x->z"),
        ("[c]", "_"),
        ("_", "*"),
        ("\\", "back\\"),
    ]


def test_parts_of_tokens(tmp_path: Path) -> None:
    record, problems = read(
        tmp_path,
        "#T_SP=webanno.custom.Span|",
        "#Text=aaaaaa bbbbbb",
        "1-1\t0-6\taaaaaa\t_\t",
        "1-1.1\t3-6\taaa\t*[1]\t",
        "1-1.2\t2-4\taa\t*\t",
        "1-1.3\t6-6\t\t*\t",
        "1-2\t7-13\tbbbbbb\t_\t",
        "1-2.1\t7-10\tbbb\t*[1]\t",
    )
    assert sorted(words(record)) == [("aa", "Span"), ("aaa bbb", "Span")]
    assert [line for line, _ in refused(problems)] == [9]
    assert record.tokens is not None
    assert len(record.tokens) == 2


def test_relations_lie_on_their_target_and_point_to_their_source(tmp_path: Path) -> None:
    record, problems = read(
        tmp_path,
        f"#T_SP={ENTITY}|value #T_RL=webanno.custom.Knows|kind|BT_{ENTITY} #T_RL=webanno.custom.Near|BT_{ENTITY}",
        "#Text=Ann Bob Cy Dee",
        "1-1\t0-3\tAnn\tPER\t_\t_\t_\t",
        "1-2\t4-7\tBob\tPER[1]|ORG[2]\tlikes\t1-1[0_2]\t_\t",
        "1-3\t8-10\tCy\t_\t_\t_\t_\t",
        "1-4\t11-14\tDee\tLOC\t*|sees\t1-2[1_0]|1-1\t1-2[2_0]\t",
    )
    assert problems == []
    labels = [
        (record.spans[each.head].label, each.label, record.spans[each.child].label)
        for each in record.relations
    ]
    assert labels == [
        ("PER", "likes", "ORG"),
        ("PER", "Knows", "LOC"),
        ("PER", "sees", "LOC"),
        ("ORG", "Near", "LOC"),
    ]


def test_a_relation_without_an_end_is_told(tmp_path: Path) -> None:
    record, problems = read(
        tmp_path,
        f"#T_SP={ENTITY}|value #T_RL=webanno.custom.R|kind|BT_{ENTITY}",
        "#Text=Ann Bob",
        "1-1\t0-3\tAnn\t_\t_\t_\t",
        "1-2\t4-7\tBob\tPER\tlikes|x\t1-1|nowhere\t",
    )
    assert record.relations == ()
    assert [line for line, _ in refused(problems)] == [0, 8]


def test_slots_become_relations(tmp_path: Path) -> None:
    lu, frame = "webanno.custom.Lu", "webanno.custom.Frame"
    record, problems = read(
        tmp_path,
        f"#T_SP={frame}|FE|ROLE_{frame}:Roles_webanno.custom.FrameRolesLink|{lu} #T_SP={lu}|luvalue",
        "#Text=Bob sold the clock",
        "1-1\t0-3\tBob\t_\t_\t_\tbob\t",
        "1-2\t4-8\tsold\ttrade\tseller;*\t1-1;1-3[4]\t_\t",
        "1-3\t9-12\tthe\t_\t_\t_\tclock[4]\t",
        "1-4\t13-18\tclock\t_\t_\t_\tclock[4]\t",
    )
    assert problems == []
    assert joins(record) == [("sold", "seller", "Bob"), ("sold", "Roles", "the clock")]


def test_links_of_chains_become_relations(tmp_path: Path) -> None:
    record, problems = read(
        tmp_path,
        "#T_CH=a.b.CoreferenceLink|referenceType|referenceRelation",
        "#Text=He shot himself with his own",
        "1-1\t0-2\tHe\tpr[1]\tcoref->1-1\t",
        "1-2\t3-7\tshot\t_\t_\t",
        "1-3\t8-15\thimself\tpr[1]\t*->1-2\t",
        "1-4\t16-20\twith\t_\t_\t",
        "1-5\t21-24\this\t*[1]|x[2]\t*->1-3|*->2-1\t",
        "1-6\t25-28\town\t*[1]\t*->1-3\t",
    )
    assert problems == []
    assert words(record) == [("He", "pr"), ("himself", "pr"), ("his own", "CoreferenceLink"), ("his", "x")]
    assert joins(record) == [("He", "coref", "himself"), ("himself", "CoreferenceLink", "his own")]


def test_layers_of_every_token_are_read_when_asked_for(tmp_path: Path) -> None:
    layers = f"#T_SP={POS}|coarseValue|PosValue #T_SP={ENTITY}|value #T_RL=a.Dependency|Type|BT_{POS}"
    lines = ["#Text=Ann left", "1-1\t0-3\tAnn\tN\tNNP\tPER\tSUBJ\t1-2", "1-2\t4-8\tleft\tV\tVB\t_\t_\t_"]
    record, problems = read(tmp_path, layers, *lines)
    assert words(record) == [("Ann", "PER")]
    assert [each.refused for each in problems] == [True]
    assert "POS, Dependency" in problems[0].message
    record, problems = read(tmp_path, layers, *lines, options=WebannoOptions(layers="all"))
    assert (len(record.spans), joins(record), problems) == (3, [("left", "SUBJ", "Ann")], [])
    record, problems = read(tmp_path, layers, *lines, options=WebannoOptions(layers="POS, Nothing"))
    assert words(record) == [("Ann", "N"), ("left", "V")]
    assert any("no layer Nothing" in each.message for each in problems)


def test_lines_within_a_sentence_and_what_lies_between_sentences(tmp_path: Path) -> None:
    record, problems = read(
        tmp_path,
        "#T_SP=a.Span|value",
        "#Text=One\\r",
        "#Text=two ",
        "1-1\t0-3\tOne\tX[1]",
        "1-2\t5-8\ttwo\tX[1]",
        "",
        "#Text= Three",
        "2-1\t12-17\tThree\tY",
    )
    assert problems == []
    assert record.text == "One\r\ntwo \n\n Three"
    assert words(record) == [("One\r\ntwo", "X"), ("Three", "Y")]


def test_offsets_in_code_points_are_noticed(tmp_path: Path) -> None:
    record, problems = read(
        tmp_path,
        "#T_SP=a.Span|value",
        "#Text=I 😊 😊 it.",
        "1-1\t0-1\tI\t_",
        "1-2\t2-3\t😊\t_",
        "1-3\t4-5\t😊\tX",
        "1-4\t6-8\tit\tY",
        "1-5\t8-9\t.\t_",
    )
    assert words(record) == [("😊", "X"), ("it", "Y")]
    assert [each.refused for each in problems] == [False]
    assert "code points" in problems[0].message


def test_words_go_before_wrong_offsets(tmp_path: Path) -> None:
    record, problems = read(
        tmp_path, "#T_SP=a.Span|value", "#Text=Ann left", "1-1\t7-10\tAnn\tX", "1-2\t90-94\tleft\tY"
    )
    assert (record.text, words(record)) == ("Ann left", [("Ann", "X"), ("left", "Y")])
    assert [each.refused for each in problems] == [False]


def test_odd_lines_are_told(tmp_path: Path) -> None:
    record, problems = read(
        tmp_path,
        "#T_SP=a.Span|value",
        "1-1\t0-3\tAnn\tX",
        "no row",
        "1-2\t4-8\tleft",
        "1-3\t999999999999-9\t.\tY",
        "#T_XX=other",
    )
    assert (record.text, words(record)) == ("Ann left .", [("Ann", "X"), (".", "Y")])
    assert [line for line, _ in refused(problems)] == [6]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sentences=st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=6), min_size=1, max_size=4),
    gap=st.sampled_from((" ", "\n\n")),
)
def test_every_token_is_found_where_utf_16_says(tmp_path: Path, sentences: list[list[str]], gap: str) -> None:
    """Whatever the signs: as another program would write it, which counts UTF-16 units over the whole document."""
    text, lines, at = "", [], 0
    for number, sentence in enumerate(sentences, start=1):
        text += gap if text else ""
        at = len(text)
        joined = " ".join(sentence)
        text += joined
        lines.append(f"#Text={_escaped(joined)}")
        for place, word in enumerate(sentence, start=1):
            start, end = (Utf16Map(text).to_utf16(each) for each in (at, at + len(word)))
            lines.append(f"{number}-{place}\t{start}-{end}\t{_escaped(word)}\tL{number}[{number}]")
            at += len(word) + 1
        lines.append("")
    record, problems = read(tmp_path, "#T_SP=a.Span|value", *lines)
    assert (record.text, problems) == (text, [])
    assert [each for each, _ in words(record)] == [" ".join(sentence) for sentence in sentences]
    assert record.tokens is not None
    assert [
        record.text[start:end] for start, end in zip(record.tokens.starts, record.tokens.ends, strict=True)
    ] == [word for sentence in sentences for word in sentence]


def _escaped(words: str) -> str:
    return "".join(f"\\{sign}" if sign in "\\[]|_;*" else sign for sign in words)


@pytest.mark.parametrize(
    "content", ["#FORMAT=WebAnno TSV 3.3\n", "#FORMAT=WebAnno TSV 3.3\n\n\n#Text=\n", "other"]
)
def test_what_holds_no_text_is_told(tmp_path: Path, content: str) -> None:
    path = tmp_path / "a.tsv"
    path.write_text(content, encoding="utf-8")
    found, problems = read_all(FORMAT, path)
    assert found == []
    assert len(refused(problems)) == 1
