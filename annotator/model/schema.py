"""The entity and relation types of a project, and the TOML file they are written in.

A schema says what may be labelled and which spans a relation may join. Types are known by name;
a project keeps a row key and an id beside each, so that renaming one touches no span.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from annotator.model.errors import FormatError, RuleError
from annotator.model.limits import (
    GUIDELINE_LIMIT,
    LABEL_LIMIT,
    SCHEMA_SIZE,
    SHOWN_LIMIT,
    SUMMARY_LIMIT,
    TYPE_LIMIT,
)
from annotator.model.wording import is_unprintable

COLORS = ("blue", "slate", "teal", "orange", "coral", "indigo", "pink", "olive", "violet")
"""Names of the nine hues, in the order in which new types take them."""
DIGITS = "1234567890"
_SHORTCUT = re.compile(r"(Shift\+)?[0-9]|L [^\W\d_]")
_COLOR = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityType:
    """A label for spans.

    Args:
        key: row key in a project, 0 outside one. id: UUIDv7, empty outside a project.
        name: what is stored and exported. shown: what the screen says instead, if anything.
        shortcut: `1`-`9`, `0`, `Shift+1` ... `Shift+0`, `L` and a letter (`L x`), or empty.
        color: one of `COLORS`, or `#rrggbb`.
        summary: what it is, in a line. guideline: rules and examples, Markdown.
        hidden: it came with an import that is not published, or no longer.
    """

    name: str
    key: int = 0
    id: str = ""
    position: int = 0
    shortcut: str = ""
    color: str = "blue"
    shown: str = ""
    summary: str = ""
    guideline: str = ""
    hidden: bool = False
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationType:
    """A label for relations; `heads` and `children` name the entity types it may join, empty means any."""

    name: str
    key: int = 0
    id: str = ""
    position: int = 0
    shortcut: str = ""
    color: str = "slate"
    shown: str = ""
    summary: str = ""
    guideline: str = ""
    hidden: bool = False
    symmetric: bool = False
    heads: tuple[str, ...] = ()
    children: tuple[str, ...] = ()
    version: int = 0

    def allows(self, *, head: str, child: str) -> bool:
        """Tell whether spans with these labels may be its head and its child."""
        if self._fits(head=head, child=child):
            return True
        return self.symmetric and self._fits(head=child, child=head)

    def _fits(self, *, head: str, child: str) -> bool:
        return (not self.heads or head in self.heads) and (not self.children or child in self.children)


Type = EntityType | RelationType


@dataclass(frozen=True, slots=True)
class Schema:
    """All types of a project, in the order in which they are shown."""

    entities: tuple[EntityType, ...] = ()
    relations: tuple[RelationType, ...] = ()
    title: str = ""
    language: str = ""
    _by_name: Mapping[str, EntityType] = field(init=False, repr=False, compare=False, default_factory=dict)
    _relations_by_name: Mapping[str, RelationType] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_name", {each.name: each for each in self.entities})
        object.__setattr__(self, "_relations_by_name", {each.name: each for each in self.relations})

    def entity(self, name: str) -> EntityType | None:
        """Give the entity type of this name, or None."""
        return self._by_name.get(name)

    def relation(self, name: str) -> RelationType | None:
        """Give the relation type of this name, or None."""
        return self._relations_by_name.get(name)

    def legal_between(self, *, first: str, second: str) -> tuple[tuple[RelationType, bool], ...]:
        """List the relation types that may join two spans in either direction, with `turned`.

        `turned` says that the second span is the head; a type legal both ways comes once, unturned.
        """
        found = []
        for each in self.relations:
            if each.allows(head=first, child=second):
                found.append((each, False))
            elif each.allows(head=second, child=first):
                found.append((each, True))
        return tuple(found)

    def with_defaults(self) -> Schema:
        """Give free shortcuts, colours and positions to the types that have none."""
        entities = _with_shortcuts(self.entities)
        relations = _with_shortcuts(self.relations)
        return replace(self, entities=entities, relations=relations)


def _with_shortcuts(types: tuple[Any, ...]) -> tuple[Any, ...]:
    taken = {each.shortcut for each in types}
    free = (key for key in (*DIGITS, *(f"Shift+{digit}" for digit in DIGITS)) if key not in taken)
    return tuple(
        replace(each, shortcut=each.shortcut or next(free, ""), position=index)
        for index, each in enumerate(types)
    )


def next_color(taken: Iterable[str]) -> str:
    """Give the hue that the fewest types have, in the order of `COLORS`."""
    counts = dict.fromkeys(COLORS, 0)
    for color in taken:
        if color in counts:
            counts[color] += 1
    return min(COLORS, key=lambda color: counts[color])


def check_name(name: str) -> None:
    """Refuse a name that no file could hold.

    Raises:
        RuleError: empty, too long, blank at an edge, or with a control character.
    """
    if not name or name != name.strip():
        raise RuleError("A type needs a name without blanks at its ends.")
    if len(name) > LABEL_LIMIT:
        raise RuleError(f"A name may have {LABEL_LIMIT} characters; this one has {len(name)}.")
    if not name.isprintable() and any(map(is_unprintable, name)):
        raise RuleError(
            "A name may not hold control characters, line ends, or marks that turn the direction of writing."
        )


def check_words(each: Type) -> None:
    """Refuse a type with a name, a name on screen, a summary or a guideline that no project takes in.

    Raises:
        RuleError: the name cannot be, or one of the others is too long or would be shown as something else.
    """
    check_name(each.name)
    for what, written, limit in (
        ("The name on screen", each.shown, SHOWN_LIMIT),
        ("The summary", each.summary, SUMMARY_LIMIT),
        ("The guideline", each.guideline, GUIDELINE_LIMIT),
    ):
        if len(written) > limit:
            raise RuleError(f"{what} may have {limit:,} characters; this one has {len(written):,}.")
    if any(is_unprintable(character) for character in each.shown):
        raise RuleError("The name on screen may not hold control characters or line ends.")


def check_count(kind: str, count: int) -> None:
    """Refuse more types of a kind than a project takes in.

    Raises:
        RuleError: too many.
    """
    if count > TYPE_LIMIT:
        raise RuleError(f"There may be {TYPE_LIMIT:,} {kind}s; these are {count:,}.")


def parse_schema(content: str, *, source: str = "the schema") -> Schema:
    """Read a schema from TOML; `source` names it in messages.

    Raises:
        FormatError: not TOML, a type without a name or with a wrong or doubled key, a wrong colour, or a relation
            with an unknown end.
    """
    import tomllib

    if len(content) > SCHEMA_SIZE:
        raise FormatError(f"{source} is larger than any schema: {len(content):,} characters.")
    try:
        data = tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        raise FormatError(f"{source} is not TOML: {error}.", "Mend the line it names.") from error
    except (RecursionError, ValueError, OverflowError) as error:  # nested too deep, a number too long
        raise FormatError(
            f"{source} holds what no schema does: nested too deep, or a number too long."
        ) from error
    entities = [_entity(item, number, source) for number, item in enumerate(_tables(data, "entity", source))]
    names = [each.name for each in entities]
    relations = [
        _relation(item, number, source, names)
        for number, item in enumerate(_tables(data, "relation", source))
    ]
    _check_once("entity", entities, source)
    _check_once("relation", relations, source)
    schema = Schema(
        tuple(entities),
        tuple(relations),
        title=_text(data, "title", source),
        language=_text(data, "language", source),
    )
    return schema.with_defaults()


def _check_once(kind: str, types: Iterable[Type], source: str) -> None:
    names: set[str] = set()
    keys: dict[str, str] = {}
    for each in types:
        if each.name in names:
            raise FormatError(
                f"{source}: the {kind} type {each.name!r} stands there twice.", "Remove one of them."
            )
        if each.shortcut in keys:
            raise FormatError(
                f"{source}: the {kind} types {keys[each.shortcut]} and {each.name} have the same key "
                f"{each.shortcut!r}.",
                "Give one of them another.",
            )
        names.add(each.name)
        if each.shortcut:
            keys[each.shortcut] = each.name


def write_schema(schema: Schema, *, name: str = "") -> str:
    """Write a schema as TOML that `parse_schema` reads back to the same types."""
    lines = [f"name = {_quoted(name)}"] if name else []
    lines += [f"title = {_quoted(schema.title)}"] if schema.title else []
    lines += [f"language = {_quoted(schema.language)}"] if schema.language else []
    for entity in schema.entities:
        lines += ["", "[[entity]]", *_common(entity)]
    for relation in schema.relations:
        lines += ["", "[[relation]]", *_common(relation)]
        lines.append(f"symmetric = {'true' if relation.symmetric else 'false'}")
        lines.append(f"heads = [{', '.join(_quoted(end) for end in relation.heads)}]")
        lines.append(f"children = [{', '.join(_quoted(end) for end in relation.children)}]")
    return "\n".join(lines) + "\n"


def _common(each: Type) -> list[str]:
    lines = [
        f"name = {_quoted(each.name)}",
        f"key = {_quoted(each.shortcut)}",
        f"color = {_quoted(each.color)}",
    ]
    lines += [f"shown = {_quoted(each.shown)}"] if each.shown else []
    lines += [f"summary = {_quoted(each.summary)}"] if each.summary else []
    lines += [f"guideline = {_quoted(each.guideline)}"] if each.guideline else []
    return lines


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    escaped = "".join(
        f"\\u{ord(character):04x}" if ord(character) < 32 or ord(character) == 127 else character
        for character in escaped
    )
    return f'"{escaped}"'


def _tables(data: Mapping[str, Any], name: str, source: str) -> list[Mapping[str, Any]]:
    found = data.get(name, [])
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise FormatError(f"{source}: {name} must be written as [[{name}]] tables.")
    try:
        check_count(f"{name} type", len(found))
    except RuleError as error:
        raise FormatError(f"{source}: {error.what}") from error
    return found


def _text(item: Mapping[str, Any], field_name: str, where: str) -> str:
    value = item.get(field_name, "")
    if not isinstance(value, str):
        raise FormatError(f"{where}: {field_name} must be text.")
    return value


def _names(item: Mapping[str, Any], field_name: str, where: str, known: list[str]) -> tuple[str, ...]:
    value = item.get(field_name, [])
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise FormatError(f"{where}: {field_name} must be a list of entity types.")
    if len(value) > TYPE_LIMIT:
        raise FormatError(f"{where}: {field_name} names more types than there may be.")
    unknown = next((name for name in value if name not in known), None)
    if unknown is not None:
        raise FormatError(f"{where}: {unknown!r} in {field_name} is not an entity type of this schema.")
    return tuple(value)


def _shared_fields(item: Mapping[str, Any], where: str) -> dict[str, Any]:
    name, shown, summary, guideline = (
        _text(item, field_name, where) for field_name in ("name", "shown", "summary", "guideline")
    )
    try:
        check_words(EntityType(name=name, shown=shown, summary=summary, guideline=guideline))
    except RuleError as error:
        raise FormatError(f"{where}: {error.what}") from error
    shortcut = _text(item, "key", where)
    if shortcut and not _SHORTCUT.fullmatch(shortcut):
        raise FormatError(
            f"{where}: {shortcut!r} is no key for a type.",
            "Keys are 0 to 9, Shift+0 to Shift+9, and L with a letter, such as L x.",
        )
    return {
        "name": name,
        "shortcut": shortcut,
        "shown": shown,
        "summary": summary,
        "guideline": guideline,
    }


def _color(item: Mapping[str, Any], where: str) -> str:
    color = _text(item, "color", where)
    if color and color not in COLORS and not _COLOR.fullmatch(color):
        raise FormatError(
            f"{where}: {color!r} is no colour.", f"Colours are {', '.join(COLORS)}, or such as #3366cc."
        )
    return color


def _entity(item: Mapping[str, Any], number: int, source: str) -> EntityType:
    where = f"{source}, entity {number + 1}"
    color = _color(item, where) or COLORS[number % len(COLORS)]
    return EntityType(position=number, color=color, **_shared_fields(item, where))


def _relation(item: Mapping[str, Any], number: int, source: str, known: list[str]) -> RelationType:
    where = f"{source}, relation {number + 1}"
    symmetric = item.get("symmetric", False)
    if not isinstance(symmetric, bool):
        raise FormatError(f"{where}: symmetric must be true or false.")
    return RelationType(
        position=number,
        color=_color(item, where) or "slate",
        symmetric=symmetric,
        heads=_names(item, "heads", where, known),
        children=_names(item, "children", where, known),
        **_shared_fields(item, where),
    )
