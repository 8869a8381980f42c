"""Schema files that nobody sane would write: read, or refused with words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from annotator.model.errors import FormatError
from annotator.model.schema import COLORS, parse_schema, write_schema

words = st.text(max_size=12) | st.sampled_from(
    ["PERSON", "", " ", "a\nb", "\x00", "x" * 101, "1", "Shift+0", "L x", *COLORS, "#aabbcc", "\u202egnp"]
)
numbers = st.booleans() | st.integers() | st.floats()
values = st.recursive(
    words | numbers,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=6,
)
types = st.dictionaries(
    st.sampled_from(
        ["name", "key", "color", "shown", "summary", "guideline", "symmetric", "heads", "children"]
    )
    | words,
    values,
    max_size=6,
)
tables = st.dictionaries(
    st.sampled_from(["entity", "relation", "title", "language", "name"]),
    values | st.lists(types, max_size=4),
    max_size=4,
)
sensible = st.fixed_dictionaries(
    {
        "entity": st.lists(
            st.fixed_dictionaries(
                {"name": words}, optional={"key": words, "color": words, "shown": words, "guideline": words}
            ),
            max_size=4,
        ),
        "relation": st.lists(
            st.fixed_dictionaries(
                {"name": words}, optional={"heads": st.lists(words, max_size=2), "symmetric": st.booleans()}
            ),
            max_size=3,
        ),
    }
)


def read(content: str) -> None:
    """Read a schema file; one that can be read is written and read back to the same."""
    try:
        schema = parse_schema(content)
    except FormatError as error:
        if not str(error).isprintable():
            raise AssertionError("a message that a terminal would obey") from error
        return
    assert parse_schema(write_schema(schema)).entities == schema.entities
    assert parse_schema(write_schema(schema)).relations == schema.relations


def toml(value: object) -> str:
    """Write a value as TOML, in one line."""
    match value:
        case bool():
            return str(value).lower()
        case int() | float():
            return str(value)
        case str():
            return quoted(value)
        case list():
            return f"[{', '.join(map(toml, value))}]"
        case dict():
            pairs = (f"{quoted(str(name))} = {toml(each)}" for name, each in value.items())
            return f"{{{', '.join(pairs)}}}"
    raise AssertionError(value)


def quoted(text: str) -> str:
    """Write a text as TOML quotes it."""
    signs = (sign if sign.isprintable() and sign not in '"\\' else f"\\U{ord(sign):08x}" for sign in text)
    return f'"{"".join(signs)}"'


def as_file(data: Mapping[str, Any]) -> str:
    """Write a table as a file."""
    return "\n".join(f"{quoted(name)} = {toml(value)}" for name, value in data.items()) + "\n"
