"""Asks for pattern lists and their patterns."""

from __future__ import annotations

from annotator.model.patterns import Pattern, PatternBlock, PatternList, unpack_patterns
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
