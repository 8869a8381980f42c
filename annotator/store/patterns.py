"""Asks for pattern lists and their patterns, and for the documents that can tell how good these are."""

from __future__ import annotations

from annotator.model.document import State
from annotator.model.patterns import Pattern, PatternBlock, PatternList, unpack_patterns
from annotator.store.documents import VISIBLE
from annotator.store.project import Project
from annotator.store.soundness import UNREADABLE, DamagedError
from annotator.store.tables import PATTERN_BLOCK, PATTERN_LIST


def pattern_lists(project: Project) -> list[PatternList]:
    """List the pattern lists, oldest first; those of types that wait for an import are not there yet."""
    rows = project.rows("SELECT * FROM pattern_list ORDER BY key")
    types = project.types if rows else None
    return (
        []
        if types is None
        else [PATTERN_LIST.from_columns(row, types) for row in rows if row["type"] not in types.hidden]
    )


def blocks_of(project: Project, pattern_list: int) -> list[PatternBlock]:
    """Give the blocks of a list, by row key, in order."""
    rows = project.rows("SELECT * FROM pattern_block WHERE list = ? ORDER BY key", (pattern_list,))
    return [PATTERN_BLOCK.from_columns(row, project.types) for row in rows]


def packed_blocks(project: Project, pattern_list: int) -> tuple[str, ...]:
    """Give the patterns of a list as its blocks hold them."""
    rows = project.rows("SELECT patterns FROM pattern_block WHERE list = ? ORDER BY key", (pattern_list,))
    return tuple(row[0] for row in rows)


def patterns_in(block: str) -> list[Pattern]:
    """Give the patterns of a block.

    Raises:
        DamagedError: it is not as this program writes one.
    """
    try:
        return unpack_patterns(block)
    except UNREADABLE as error:
        raise DamagedError("patterns", type(error).__name__) from error


def pattern_count(project: Project, pattern_list: int) -> int:
    """Count the patterns of a list."""
    counted: int = project.value(
        "SELECT coalesce(sum(CASE WHEN json_valid(patterns) THEN json_array_length(patterns) ELSE 0 END), 0) "
        "FROM pattern_block WHERE list = ?",
        (pattern_list,),
    )
    return counted


def decided_last(project: Project, limit: int) -> list[tuple[int, int]]:
    """List documents on which was decided last, newest first, each with the key of its newest step.

    Of bulk acts and long journals only so much is looked at as a few documents need: those named by the newest
    `20 * limit` entries.
    """
    rows = project.rows(
        f"""SELECT named.document, max(named.step) FROM
            (SELECT document, step FROM step_document ORDER BY step DESC LIMIT ?1) AS named
        JOIN document ON document.key = named.document
        WHERE {VISIBLE} AND state IN (?2, ?3) GROUP BY named.document ORDER BY max(named.step) DESC LIMIT ?4""",
        (20 * limit, State.DONE.value, State.IN_PROGRESS.value, limit),
    )
    return [(row[0], row[1]) for row in rows]


def newest_everywhere(project: Project) -> int:
    """Give the key of the newest step that concerns every document, 0 where there is none."""
    found: int = project.value("SELECT coalesce(max(key), 0) FROM step WHERE everywhere")
    return found
