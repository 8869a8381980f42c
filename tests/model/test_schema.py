"""A schema survives its file, gives free keys and colours, and says what is wrong with a file that is not one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.model.errors import FormatError, RuleError
from annotator.model.schema import (
    COLORS,
    EntityType,
    RelationType,
    Schema,
    check_name,
    next_color,
    parse_schema,
    write_schema,
)
from tests.builders import SCHEMA

turning = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
lines = st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"], exclude_characters=turning)
names = st.text(lines, min_size=1, max_size=12).filter(lambda name: name == name.strip())
sayings = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
colors = st.sampled_from([*COLORS, "#12abEF"])


@st.composite
def schemas(draw: st.DrawFn) -> Schema:
    """Draw a schema whose relations name its own entities."""
    entity_names = draw(st.lists(names, max_size=5, unique=True))
    ends = st.lists(st.sampled_from(entity_names), max_size=3) if entity_names else st.just([])
    entities = [
        EntityType(
            name=name,
            color=draw(colors),
            shown=draw(st.text(lines, max_size=30)),
            summary=draw(sayings),
            guideline=draw(sayings),
        )
        for name in entity_names
    ]
    relations = [
        RelationType(
            name=name,
            color=draw(colors),
            summary=draw(sayings),
            symmetric=draw(st.booleans()),
            heads=tuple(draw(ends)),
            children=tuple(draw(ends)),
        )
        for name in draw(st.lists(names, max_size=4, unique=True))
    ]
    schema = Schema(tuple(entities), tuple(relations), title=draw(sayings), language=draw(sayings))
    return schema.with_defaults()


@given(schemas())
def test_a_schema_survives_its_file(schema: Schema) -> None:
    assert parse_schema(write_schema(schema, name="any")) == schema


def test_more_types_than_keys_leave_some_without() -> None:
    schema = Schema(tuple(EntityType(name=f"T{number}") for number in range(25))).with_defaults()
    keys = [each.shortcut for each in schema.entities]
    assert keys[:11] == ["1", "2", "3", "4", "5", "6", "7", "8", "9", "0", "Shift+1"]
    assert keys[19] == "Shift+0"
    assert keys[20:] == [""] * 5
    assert [each.position for each in schema.entities] == list(range(25))
    assert parse_schema(write_schema(schema)) == schema


def test_free_keys_leave_out_those_that_are_taken() -> None:
    schema = Schema((EntityType(name="A"), EntityType(name="B", shortcut="1"), EntityType(name="C")))
    assert [each.shortcut for each in schema.with_defaults().entities] == ["2", "1", "3"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("[[entity]\n", r"s\.toml is not TOML: .*line 1"),
        ("entity = 3\n", r"s\.toml: entity must be written as \[\[entity\]\] tables"),
        ("relation = [1]\n", r"s\.toml: relation must be written as \[\[relation\]\] tables"),
        ("[[entity]]\n", r"s\.toml, entity 1: A type needs a name"),
        ('[[entity]]\nname = " A"\n', r"entity 1: A type needs a name without blanks"),
        ('[[entity]]\nname = "A"\n[[entity]]\nname = 3\n', r"entity 2: name must be text"),
        (
            f'[[entity]]\nname = "{"x" * 101}"\n',
            r"entity 1: A name may have 100 characters; this one has 101",
        ),
        ('[[entity]]\nname = "A\\nB"\n', r"entity 1: A name may not hold control characters"),
        ('[[entity]]\nname = "A\\u0085B"\n', r"entity 1: A name may not hold control characters"),
        ('[[entity]]\nname = "A\\u2028B"\n', r"entity 1: A name may not hold control characters"),
        ('[[entity]]\nname = "A"\nguideline = 1\n', r"entity 1: guideline must be text"),
        ('[[entity]]\nname = "A"\nkey = "q"\n', r"entity 1: 'q' is no key"),
        ('[[entity]]\nname = "A"\nkey = "Ctrl+1"\n', r"entity 1: 'Ctrl\+1' is no key"),
        ('[[entity]]\nname = "A"\ncolor = "mauve"\n', r"entity 1: 'mauve' is no colour"),
        (
            '[[entity]]\nname = "A"\nkey = "1"\n[[entity]]\nname = "B"\nkey = "1"\n',
            r"types A and B have the same key '1'",
        ),
        ('[[entity]]\nname = "A"\n[[entity]]\nname = "A"\n', r"entity type 'A' stands there twice"),
        ('[[relation]]\nname = "R"\n[[relation]]\nname = "R"\n', r"relation type 'R' stands there twice"),
        ('[[relation]]\nname = "R"\nheads = "A"\n', r"relation 1: heads must be a list"),
        ('[[relation]]\nname = "R"\nchildren = [1]\n', r"relation 1: children must be a list"),
        ('[[relation]]\nname = "R"\nheads = ["A"]\n', r"relation 1: 'A' in heads is not an entity type"),
        ('[[relation]]\nname = "R"\nsymmetric = "no"\n', r"relation 1: symmetric must be true or false"),
    ],
)
def test_a_file_that_is_no_schema_says_why(content: str, words: str) -> None:
    with pytest.raises(FormatError, match=words):
        parse_schema(content, source="s.toml")


def test_a_name_that_no_file_could_hold_is_refused() -> None:
    for name in ("", " A", "A ", "A\tB", "A\x7fB", "\ud800", "x" * 101):
        with pytest.raises(RuleError):
            check_name(name)
    for name in ("A", "A B", "Person/Name", "人", "x" * 100):
        check_name(name)


def test_a_new_type_takes_the_hue_that_is_rarest() -> None:
    assert next_color([]) == COLORS[0]
    assert next_color(COLORS) == COLORS[0]
    assert next_color([*COLORS, "blue", "#123456"]) == COLORS[1]


def test_a_relation_type_says_which_ends_it_joins() -> None:
    def names_of(head: str, child: str) -> list[str]:
        return [each.name for each in SCHEMA.relations if each.allows(head=head, child=child)]

    assert names_of("PERSON", "GPE") == ["VISITED"]
    assert names_of("GPE", "PERSON") == []
    assert names_of("PERSON", "PERSON") == ["MET"]
    both = SCHEMA.legal_between(first="GPE", second="PERSON")
    assert [(each.name, turned) for each, turned in both] == [("VISITED", True)]
    both = SCHEMA.legal_between(first="PERSON", second="PERSON")
    assert [(each.name, turned) for each, turned in both] == [("MET", False)]


def test_a_symmetric_type_joins_its_ends_either_way_and_no_ends_mean_any() -> None:
    spoke = RelationType(name="SPOKE", heads=("PERSON",), children=("ORG",), symmetric=True)
    assert spoke.allows(head="ORG", child="PERSON")
    assert not replace(spoke, symmetric=False).allows(head="ORG", child="PERSON")
    anything = RelationType(name="ANY")
    assert anything.allows(head="X", child="Y")
    assert not replace(anything, heads=("A",)).allows(head="X", child="Y")
