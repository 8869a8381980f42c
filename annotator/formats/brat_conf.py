"""Reads and writes brat's `annotation.conf`: entity and relation types, with what a relation may join.

Names in brat are of letters, digits, `_` and `-`; what a type is really called, where it has other signs, stands in
comments of our own. Events and attributes are no types here: they are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from annotator.formats.base import Format, ReadOptions, Report, Reporter, file_name, shown
from annotator.formats.text_files import decoded, opened, read_most
from annotator.formats.type_files import write_types
from annotator.model.errors import RuleError
from annotator.model.limits import SCHEMA_SIZE, TYPE_LIMIT
from annotator.model.record import Loss, Record
from annotator.model.schema import EntityType, RelationType, Schema, Type, check_name

CONF = "annotation.conf"
KEYS = "kb_shortcuts.conf"
OTHERS = ("visual.conf", "tools.conf", KEYS)
_NAME = re.compile(r"[A-Za-z0-9_-]+")
_SECTION = re.compile(r"\[(\w+)\]\s*$")
_MACRO = re.compile(r"<([^>=]+)>\s*=\s*(.+)$")
_ARGUMENT = re.compile(r"([\w-]+|<[A-Z-]+>)([?*+]|\{[\d,-]+\})?:(\S+)")
_CALLED = re.compile(r"#\s*annotator:\s*([A-Za-z0-9_-]+)\s+is\s+(\S.*)$")
_ANY = ("<ENTITY>", "<ANY>")


class Conf:
    """What an `annotation.conf` says, and the real names of types where they are others."""

    def __init__(self, schema: Schema, called: Mapping[str, str]) -> None:
        self.schema = schema
        self.called = called


def sniff(head: bytes, path: Path) -> float:
    """Tell by the name."""
    del head
    return 0.95 if path.name in (CONF, *OTHERS) else 0.0


def read(path: Path, options: ReadOptions, report: Report) -> Iterator[Record]:
    """Yield nothing: these files hold types alone."""
    del options
    with opened(path):
        pass
    if path.name not in (CONF, *OTHERS):
        Reporter(shown(path), report).refused(f"{file_name(path)} holds no documents.")
    return iter(())


def types(path: Path, options: ReadOptions, report: Report) -> Schema | None:
    """Give the types of an `annotation.conf`; the other files say nothing of them."""
    return None if path.name in OTHERS else read_conf(path, options, report).schema


def read_conf(path: Path, options: ReadOptions, report: Report) -> Conf:
    """Read an `annotation.conf`; what cannot be used is reported."""
    reporter = Reporter(shown(path), report)
    with opened(path) as file:
        raw = read_most(file, SCHEMA_SIZE)
    text = None
    if len(raw) > SCHEMA_SIZE:
        reporter.refused(f"{file_name(path)} is larger than any list of types; it was left out.")
    else:
        text = decoded(raw, name=file_name(path), options=options, reporter=reporter)
    reading = _Reading(reporter)
    for number, line in enumerate((text or "").splitlines(), start=1):
        reading.take(number, line)
    keys = _keys_beside(path)
    return Conf(reading.schema(keys), reading.called)


class _Reading:
    """Takes a file line by line."""

    def __init__(self, reporter: Reporter) -> None:
        self._reporter = reporter
        self._section = ""
        self._macros: dict[str, str] = {}
        self._entities: dict[str, None] = {}
        self._relations: dict[str, RelationType] = {}
        self._levels: list[tuple[int, str]] = []
        self._below: dict[str, list[str]] = {}
        self.called: dict[str, str] = {}

    def take(self, number: int, line: str) -> None:
        """Take a line."""
        if called := _CALLED.match(line.strip()):
            self.called[called.group(1)] = called.group(2).strip()
            return
        depth = len(line) - len(line.lstrip("\t"))
        line = line.split("#", 1)[0].rstrip()
        words = line.strip()
        if not words or words.startswith("---"):
            return
        if section := _SECTION.match(words):
            self._section, self._levels = section.group(1).lower(), []
        elif macro := _MACRO.match(words):
            self._macros[f"<{macro.group(1)}>"] = macro.group(2).strip()
        elif self._section in ("entities", "spans"):
            self._entity(words.split()[0], depth, self._reporter.at(line=number))
        elif self._section == "relations" and not words.startswith("<"):
            self._relation(words, self._reporter.at(line=number))

    def schema(self, keys: Mapping[str, str]) -> Schema:
        """Give the types under their real names."""
        names = [self._named(name) for name in self._entities]
        entities = tuple(
            EntityType(name=self._named(name), color="", shortcut=keys.get(name, ""))
            for name in self._entities
        )
        relations = []
        for each in self._relations.values():
            ends = [self._ends(side, set(names)) for side in (each.heads, each.children)]
            relations.append(
                RelationType(
                    name=self._named(each.name), symmetric=each.symmetric, heads=ends[0], children=ends[1]
                )
            )
        return Schema(entities, tuple(relations))

    def _named(self, name: str) -> str:
        return self.called.get(name, name)

    def _entity(self, name: str, depth: int, reporter: Reporter) -> None:
        is_shown_only = name.startswith("!")
        name = name.lstrip("!")
        if not _NAME.fullmatch(name):
            return
        self._levels = [level for level in self._levels if level[0] < depth]
        for _, above in self._levels:
            self._below.setdefault(above, []).append(name)
        self._levels.append((depth, name))
        if is_shown_only:
            return
        if name in self._entities or len(self._entities) >= TYPE_LIMIT:
            why = "stands there twice" if name in self._entities else "is one too many"
            reporter.refused(f"The type {name} {why}; it was left out.")
            return
        try:
            check_name(self._named(name))
        except RuleError as error:
            reporter.refused(f"The type {name} was left out: {error.what}")
            return
        self._entities[name] = None

    def _relation(self, words: str, reporter: Reporter) -> None:
        name, _, rest = words.partition("\t") if "\t" in words else words.partition(" ")
        name = name.strip().lstrip("!")
        sides: list[tuple[str, ...]] = []
        symmetric = False
        for argument in _ARGUMENT.finditer(self._unfolded(rest)):
            role, _, value = argument.groups()
            if role == "<REL-TYPE>":
                symmetric = "symmetric" in value.split(",")[0].split("-")
            elif not role.startswith("<"):
                sides.append(tuple(value.rstrip(",").split("|")))
        if not _NAME.fullmatch(name) or len(sides) != 2:
            reporter.refused(f"The relation {name} does not join two kinds of spans; it was left out.")
            return
        there = self._relations.get(name)
        if there is not None:  # further lines of one relation allow more
            sides = [there.heads + sides[0], there.children + sides[1]]
        self._relations[name] = RelationType(
            name=name,
            symmetric=symmetric,
            heads=tuple(dict.fromkeys(sides[0])),
            children=tuple(dict.fromkeys(sides[1])),
        )

    def _unfolded(self, words: str) -> str:
        for _ in range(5):  # macros may name macros
            for macro, meaning in self._macros.items():
                words = words.replace(macro, meaning)
        return words

    def _ends(self, side: Iterable[str], known: set[str]) -> tuple[str, ...]:
        """Give the types that an end may have, with all below them; empty where any may."""
        found: dict[str, None] = {}
        for name in side:
            if name in _ANY:
                return ()
            for each in (name, *self._below.get(name, ())):
                if self._named(each) in known:
                    found[self._named(each)] = None
        return tuple(found)


def _keys_beside(path: Path) -> dict[str, str]:
    """Give the keys that a `kb_shortcuts.conf` beside the file gives to types, behind `L`."""
    beside = path.with_name(KEYS)
    try:
        lines = beside.read_text(encoding="utf-8").splitlines() if beside.is_file() else []
    except (OSError, UnicodeDecodeError):
        return {}
    found: dict[str, str] = {}
    for line in lines:
        words = line.split("#", 1)[0].split()
        if len(words) == 2 and len(words[0]) == 1 and words[0].isalpha():
            key = f"L {words[0].lower()}"
            if key not in found.values():
                found.setdefault(words[1], key)
    return found


def safe_names(names: Iterable[str]) -> dict[str, str]:
    """Give each name as brat can write it: other signs become `_`, and no two become one."""
    found: dict[str, str] = {}
    for name in names:
        if name in found:
            continue
        plain = re.sub(r"[^A-Za-z0-9_-]|^-", "_", name) or "_"
        safe, number = plain, 2
        while safe in found.values():
            safe, number = f"{plain}_{number}", number + 1
        found[name] = safe
    return found


def write_conf(schema: Schema, safe: Mapping[str, str]) -> str:
    """Write an `annotation.conf` of all types, with what they are really called where that differs."""
    lines = [f"# annotator: {written} is {name}" for name, written in safe.items() if written != name]
    lines += ["[entities]", *(safe[each.name] for each in schema.entities), "", "[relations]"]
    known = [each.name for each in schema.entities]
    for each in schema.relations:
        ends = [[safe[name] for name in side if name in known] for side in (each.heads, each.children)]
        head, child = ("|".join(side) or "<ENTITY>" for side in ends)
        symmetric = ", <REL-TYPE>:symmetric" if each.symmetric else ""
        lines.append(f"{safe[each.name]}\tArg1:{head}, Arg2:{child}{symmetric}")
    overlap = "<OVERLAP>\tArg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>"
    return "\n".join([*lines, overlap, "", "[events]", "", "[attributes]", ""])


def _write(path: Path, schema: Schema) -> tuple[Loss, ...]:
    """Write a configuration of its own, as an export writes one beside its documents."""
    types: list[Type] = [*schema.entities, *schema.relations]
    safe = safe_names(each.name for each in types)
    return write_types(
        path,
        schema,
        write_conf(schema, safe),
        kept=schema,
        read=lambda part: read_conf(part, ReadOptions(), lambda _problem: None).schema,
    )


FORMAT = Format(
    name="brat-types",
    title="brat's configuration",
    suffixes=(".conf",),
    sniff=sniff,
    read=read,
    types=types,
    write_types=_write,
)
