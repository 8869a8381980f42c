"""Pattern lists as a person works with them: brought in from files, looked at, changed, and tried on documents.

Every change is a command of `editing/commands.py`; what is read from files is looked at before it becomes one. What a
list would find, and how often it was right, is found out by whoever does the language work.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from annotator.editing.commands import AddPatternLists, NewPatternList
from annotator.formats.base import file_name
from annotator.formats.pattern_files import SUFFIXES, is_pattern_file, read_patterns
from annotator.model.change import ChangeSet
from annotator.model.errors import Cancelled, FormatError, RuleError, StaleError, UserError
from annotator.model.patterns import TOKEN_PATTERN_LIMIT, Pattern, PatternList, exact_words, pack_patterns
from annotator.model.record import Problem
from annotator.model.schema import Schema
from annotator.store import patterns as stored
from annotator.suggest.base import GivenPatterns
from annotator.suggest.mapping import default_mapping
from annotator.suggest.phrases import Hit
from annotator.workflows.machine import Machine, machine_of
from annotator.workflows.pattern_records import Record, given, outermost, record_of
from annotator.workflows.problems import Problems
from annotator.workflows.reporting import Report, silent
from annotator.workflows.session import Session
from annotator.workflows.texts_given import plain_text_of
from annotator.workflows.words_around import one_line, words_after, words_before

__all__ = ["SUFFIXES", "Record", "is_pattern_file"]

FIRST = 200
"""Documents at the beginning of a project in which hits are counted."""
SHOWN = 200
"""Most places that a trial lists."""
_AT_ONCE = 25
_CHECKED_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class ArrivingList:
    """Patterns of one file and label, to become a list; an empty label means that the file names none."""

    source: str
    label: str
    patterns: tuple[Pattern, ...]

    @property
    def name(self) -> str:
        """Give what the list would be called: the file's name, and the label where it has one."""
        stem = Path(self.source).stem
        return f"{stem} {self.label}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivingPatterns:
    """What files of patterns hold.

    Args:
        lists: in the order of files and of their labels. problems: what was left out; `problems_total` counts all.
    """

    lists: tuple[ArrivingList, ...]
    problems: tuple[Problem, ...] = ()
    problems_total: int = 0


@dataclass(frozen=True, slots=True)
class Adding:
    """What becomes of patterns that were read.

    Args:
        targets: the project's label for each label of the files; lists of others are left out. A label that the project
            lacks is added to it.
        ignore_case: phrases are found in any case. name: of the list, where there is but one.
    """

    targets: Mapping[str, str]
    ignore_case: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True)
class ListedPatterns:
    """A list of the project, and how many patterns it has."""

    list: PatternList
    patterns: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where a pattern stands: row key and title of the document, the hit, and the words there with some around them."""

    document: int
    title: str
    hit: Hit
    before: str
    words: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What a list finds.

    Args:
        documents: how many were looked at. hits: how many places there are in them, `counts` by number of pattern.
        here: places in the open document. places: the first `SHOWN` of all. problem: what went wrong, in words.
        is_all: there are no other documents.
    """

    documents: int = 0
    hits: int = 0
    counts: Mapping[int, int] = field(default_factory=dict)
    here: tuple[Place, ...] = ()
    places: tuple[Place, ...] = ()
    problem: str = ""
    is_all: bool = False


def listed(session: Session) -> list[ListedPatterns]:
    """List the pattern lists of a project, oldest first."""
    project = session.project
    return [
        ListedPatterns(each, stored.pattern_count(project, each.key))
        for each in stored.pattern_lists(project)
    ]


def patterns_of(session: Session, key: int) -> list[Pattern]:
    """Give the patterns of a list, by row key, in order.

    Raises:
        DamagedError: they are not as this program writes them.
    """
    blocks = stored.packed_blocks(session.project, key)
    return [each for block in blocks for each in stored.patterns_in(block)]


def list_named(session: Session, name: str) -> PatternList:
    """Give the list of a name.

    Raises:
        StaleError: there is none.
    """
    found = {each.name: each for each in stored.pattern_lists(session.project)}
    if name not in found:
        known = ", ".join(list(found)[:10])
        raise StaleError(
            f"There is no pattern list {name}.", f"Known are: {known}." if known else "Add one first."
        )
    return found[name]


# ---------------------------------------------------------------------- from files


def read_files(
    machine: Machine, paths: Sequence[Path], report: Report = silent, *, encoding: str = ""
) -> ArrivingPatterns:
    """Read files of patterns; what cannot be one is left out with its reason, what stands twice counts once.

    Raises:
        FormatError: a file cannot be read, or holds none. Cancelled: the person stopped.
    """
    problems = Problems()
    lists: list[ArrivingList] = []
    for path in paths:
        lists += _read_file(machine, path, report, problems, encoding=encoding)
    if not lists:
        first = problems.kept[0].message if problems.kept else ""
        names = ", ".join(file_name(path) for path in paths[:3])
        raise FormatError(
            f"{names} holds no patterns. {first}".strip(), "A file has a phrase or a JSON object a line."
        )
    return ArrivingPatterns(lists=tuple(lists), problems=tuple(problems.kept), problems_total=problems.total)


def _read_file(
    machine: Machine, path: Path, report: Report, problems: Problems, *, encoding: str
) -> Iterator[ArrivingList]:
    name = file_name(path)
    found: dict[str, dict[Pattern, int]] = {}
    for number, read in enumerate(read_patterns(path, problems, encoding=encoding)):
        if number % 1_000 == 0:
            report(number, 0, f"Reading {name}")
        found.setdefault(read.label, {}).setdefault(read.pattern, read.line)
    for label, patterns in found.items():
        report(0, 0, f"Looking at the patterns of {name}")
        asked = [each for each in patterns if each.is_tokens and exact_words(each) is None]
        for each in asked[TOKEN_PATTERN_LIMIT:]:
            line = patterns.pop(each)
            message = f"A list holds {TOKEN_PATTERN_LIMIT:,} such token patterns at most; it was left out."
            problems(Problem(file=str(path), line=line, message=message))
        wrong = _faults(machine, asked[:TOKEN_PATTERN_LIMIT], report)
        for each, fault in wrong.items():
            problems(Problem(file=str(path), line=patterns[each], message=f"{fault} It was left out."))
        kept = tuple(each for each in patterns if each not in wrong)
        if kept:
            yield ArrivingList(name, label, kept)


def _faults(machine: Machine, patterns: Sequence[Pattern], report: Report) -> dict[Pattern, str]:
    """Give what spaCy has against token patterns; those that it takes are absent."""
    wrong: dict[Pattern, str] = {}
    for first in range(0, len(patterns), _CHECKED_AT_ONCE):
        report(first, len(patterns), "Looking at token patterns")
        some = patterns[first : first + _CHECKED_AT_ONCE]
        told = machine.pattern_faults([each.text for each in some])
        wrong.update({each: fault for each, fault in zip(some, told, strict=True) if fault})
    return wrong


def targets_of(arriving: ArrivingPatterns, schema: Schema) -> dict[str, str]:
    """Give for each label of the files the project's label it stands for by its name; empty where there is none."""
    labels = dict.fromkeys(each.label for each in arriving.lists)
    return {
        label: label if schema.entity(label) is not None else default_mapping((label,), schema)[label]
        for label in labels
        if label
    } | {label: "" for label in labels if not label}


def add_lists(session: Session, arriving: ArrivingPatterns, adding: Adding) -> ChangeSet:
    """Add what was read as lists of the project, in one step.

    Raises:
        RuleError: nothing is left to add, or there is too much.
    """
    wanted = [each for each in arriving.lists if adding.targets.get(each.label)]
    if not wanted:
        raise RuleError("No label is chosen for these patterns.", "Say what they are to be proposed as.")
    lists = tuple(
        NewPatternList(
            name=adding.name if adding.name and len(wanted) == 1 else each.name,
            label=adding.targets[each.label],
            patterns=each.patterns,
            source=each.source[:200],
            ignore_case=adding.ignore_case,
        )
        for each in wanted
    )
    return session.do(AddPatternLists(lists))


def check_patterns(session: Session, patterns: Sequence[Pattern]) -> None:
    """Let spaCy look at token patterns.

    Raises:
        RuleError: it does not take one; says why.
    """
    token_patterns = [each for each in patterns if each.is_tokens]
    for fault in _faults(machine_of(session), token_patterns, silent).values():
        raise RuleError(fault)


# ---------------------------------------------------------------------- trying


def list_as_given(session: Session, each: PatternList) -> GivenPatterns:
    """Give a list as it can be tried."""
    return given(session, each)


def pattern_as_given(pattern: Pattern, like: PatternList) -> GivenPatterns:
    """Give a single pattern, which need not be kept yet, as it can be tried: with label and case of a list."""
    return GivenPatterns(
        id=f"{like.id} typed",
        name=like.name,
        label=like.label,
        ignore_case=like.ignore_case,
        blocks=(pack_patterns([pattern]),),
    )


def try_list(
    session: Session, each: PatternList, report: Report = silent, *, document: int | None = None
) -> tuple[Trial, Record]:
    """Look where the patterns of a list stand, as `try_patterns` does, and how often they were right.

    Raises:
        Cancelled: the person stopped.
    """
    made = given(session, each)
    return try_patterns(session, made, report, document=document), recorded(session, made)


def try_pattern(
    session: Session,
    pattern: Pattern,
    like: PatternList,
    report: Report = silent,
    *,
    document: int | None = None,
) -> tuple[Trial, Record]:
    """Do the same with one pattern, which need not be kept yet, as if it were in a list.

    Raises:
        Cancelled: the person stopped.
    """
    try:
        check_patterns(session, [pattern])
    except RuleError as error:
        return Trial(problem=str(error)), Record()
    made = pattern_as_given(pattern, like)
    return try_patterns(session, made, report, document=document), recorded(session, made)


def recorded(session: Session, each: GivenPatterns) -> Record:
    """Give how often the patterns of a list were right in the documents that were worked on last."""
    return record_of(session, each, session.suggest_settings().pipeline)


def try_patterns(
    session: Session,
    each: GivenPatterns,
    report: Report = silent,
    *,
    document: int | None = None,
    first: int = FIRST,
) -> Trial:
    """Look where patterns stand, in the open document and in the first documents of the project.

    A pattern that cannot be run, or takes too long, is named in the trial's `problem`.

    Raises:
        Cancelled: the person stopped.
    """
    keys = [row.key for row in session.documents(limit=first + 1)]
    is_all = len(keys) <= first
    del keys[first:]
    looked_at = list(dict.fromkeys([*([document] if document is not None else []), *keys]))
    counts: Counter[int] = Counter()
    here: list[Place] = []
    places: list[Place] = []
    try:
        for start in range(0, len(looked_at), _AT_ONCE):
            report(start, len(looked_at), "Trying the patterns")
            for key, text, hits in _tried(session, looked_at[start : start + _AT_ONCE], each):
                if key != document or key in keys:
                    counts.update(hit.number for hit in hits)
                room = SHOWN if key == document else SHOWN - len(places)
                some = _places(session, key, text, hits[:room])
                here += some if key == document else []
                places += some[: SHOWN - len(places)]
    except Cancelled:
        raise
    except UserError as error:
        return Trial(problem=str(error))
    return Trial(
        documents=len(keys),
        hits=counts.total(),
        counts=dict(counts),
        here=tuple(here),
        places=tuple(places),
        is_all=is_all,
    )


def _tried(
    session: Session, keys: Sequence[int], each: GivenPatterns
) -> Iterator[tuple[int, str, list[Hit]]]:
    texts = []
    for key in keys:
        try:
            texts.append(plain_text_of(session, key))
        except StaleError:  # removed meanwhile
            continue
    found = machine_of(session).find_patterns(texts, each, session.suggest_settings().pipeline)
    for text, hits in zip(texts, found, strict=True):
        yield text.document, text.text, outermost(hits)


def _places(session: Session, key: int, text: str, hits: Sequence[Hit]) -> list[Place]:
    if not hits:
        return []
    title = session.document(key).title
    return [
        Place(
            key,
            title,
            hit,
            before=words_before(text, hit.start),
            words=one_line(text[hit.start : hit.end]),
            after=words_after(text, hit.end),
        )
        for hit in hits
    ]
