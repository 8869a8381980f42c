"""What the right panel is handed, as values without Qt: the open document, what is selected, and the mode.

Nothing is drawn here. Offsets are code points, end exclusive.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from annotator.model.annotation import Fragments, Kind, Span, surface
from annotator.model.article import Annotations
from annotator.model.candidate import Candidate
from annotator.model.document import Document, Tokens
from annotator.model.schema import Schema
from annotator.ui.models.article_items import Value
from annotator.ui.tally import counted

SelectionKind = Literal[
    "none", "span", "candidate", "relation", "relation_candidate", "rejection", "text", "several"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectionState:
    """What is selected in the article.

    Args:
        kind: nothing, one thing, a stretch of text, or several spans.
        id: item id; empty for nothing, text and several.
        thing: the value of one thing. reading: which reading of a span to decide is shown (0 is the best).
        fragments: of the thing or the text. place: where, in words, such as `¶3  680–707`.
        grows: the text is to become a fragment of a span that is there.
        count: how many, for several. label: the label they share, or empty.
    """

    kind: SelectionKind = "none"
    id: str = ""
    thing: Value | None = None
    reading: int = 0
    fragments: Fragments = ()
    place: str = ""
    grows: bool = False
    count: int = 0
    label: str = ""


NOTHING_SELECTED = SelectionState()


@dataclass(frozen=True, slots=True)
class End:
    """One end of a relation as the panel tells it: label, words, and whether it is still a candidate."""

    label: str
    words: str
    candidate: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationMode:
    """What the relation mode knows.

    Args:
        start: the span that `R` was pressed on. target: the partner, once there is one.
        legal: names of the types that may join the start with anything; the others are dimmed.
        offered: names of the types that may join start and target; one of them will be made.
        only: the one type a digit has narrowed the partners to, or empty.
        turned: the target is the head.
    """

    start: End
    target: End | None = None
    legal: frozenset[str] = frozenset()
    offered: tuple[str, ...] = ()
    only: str = ""
    turned: bool = False


def _first_paragraph(_offset: int) -> int:
    return 1


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkState:
    """Everything the right panel shows.

    Args:
        document: the open document, or None.
        text, tokens, annotations: of that document.
        readings_chosen: by item id, which reading of a candidate is shown where it is not the best.
        paragraph_of: gives the number of the paragraph that holds a code point.
        otherwise: which other labels the words of the selection carry elsewhere, in words, or empty.
        outlook: what is said where nothing is to decide yet, empty for the usual words.
        read_only: nothing can be changed.
        relation_mode: set while a partner is picked.
    """

    schema: Schema = field(default_factory=Schema)
    document: Document | None = None
    text: str = ""
    tokens: Tokens = field(default_factory=lambda: Tokens((), ()))
    annotations: Annotations = field(default_factory=Annotations)
    selection: SelectionState = NOTHING_SELECTED
    readings_chosen: Mapping[str, int] = field(default_factory=dict)
    paragraph_of: Callable[[int], int] = _first_paragraph
    otherwise: str = ""
    outlook: str = ""
    read_only: bool = False
    relation_mode: RelationMode | None = None


NO_DOCUMENT = WorkState()


def type_counts(annotations: Annotations) -> Mapping[tuple[Kind, str], int]:
    """Count the accepted spans and relations of each type."""
    return {name: count for name, count in counted(annotations).types.items() if count}


def place_words(fragments: Fragments, paragraph_of: Callable[[int], int]) -> str:
    """Write where a span lies: paragraph and offsets, `¶3  680–707`; several fragments by their outermost."""
    if not fragments:
        return ""
    more = f" ({len(fragments)} parts)" if len(fragments) > 1 else ""
    return f"¶{paragraph_of(fragments[0].start)}  {fragments[0].start}–{fragments[-1].end}{more}"


def end_of(value: Span | Candidate, text: str) -> End:
    """Tell one end of a relation."""
    return End(value.label, surface(text, value.fragments), isinstance(value, Candidate))
