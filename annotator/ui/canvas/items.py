"""What the article view is handed and what it says: values without Qt, in code points.

Nothing here is drawn; `compose.py` makes figures of these values.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from annotator.model.annotation import Fragments
from annotator.model.document import Tokens

State = Literal["accepted", "candidate", "rejected"]
End = Literal["head", "child"]


@dataclass(frozen=True, slots=True)
class SpanItem:
    """A span as it is drawn.

    Args:
        id: stable name: `s12` accepted row 12, `c:<start>-<end>:LABEL` a candidate, `r12` a rejection.
        label: the type's name. shown: the words on its tag. color: one of the schema's hues, or `#rrggbb`.
        doubtful: a candidate below the threshold; drawn with a question mark.
        learnable: begins and ends with a token; otherwise a zigzag shows the bad edge.
        noted, flagged: has a note, has a flag. otherwise: the same words carry another label elsewhere.
        score: 0 to 1, shown on demand.
        readings: how many readings the candidate has; more than one is hinted. other_labels: those of the others.
        tooltip: what hovering says; empty says nothing.
    """

    id: str
    fragments: Fragments
    label: str
    shown: str
    color: str
    state: State = "accepted"
    doubtful: bool = False
    learnable: bool = True
    noted: bool = False
    flagged: bool = False
    otherwise: bool = False
    score: float | None = None
    readings: int = 1
    other_labels: tuple[str, ...] = ()
    tooltip: str = ""

    @property
    def start(self) -> int:
        """Give the first code point."""
        return self.fragments[0].start

    @property
    def end(self) -> int:
        """Give the end of the last fragment."""
        return self.fragments[-1].end

    @property
    def length(self) -> int:
        """Give the code points that lie in its fragments."""
        return sum(end - start for start, end in self.fragments)


@dataclass(frozen=True, slots=True)
class RelationItem:
    """A relation as it is drawn; `head` and `child` are ids of spans.

    Args:
        shown: the words on the arc. illegal: does not fit the schema, and is marked so.
    """

    id: str
    head: str
    child: str
    label: str
    shown: str
    symmetric: bool = False
    state: State = "accepted"
    score: float | None = None
    illegal: bool = False
    tooltip: str = ""

    def other(self, span: str) -> str:
        """Give the id of the end that is not this span."""
        return self.child if span == self.head else self.head


@dataclass(slots=True)
class Article:
    """A text with its tokens and everything drawn in it; `language` settles the shapes of Chinese characters."""

    text: str
    tokens: Tokens
    spans: tuple[SpanItem, ...] = ()
    relations: tuple[RelationItem, ...] = ()
    language: str = ""


@dataclass(frozen=True, slots=True)
class Selection:
    """What is selected: nothing, a span, a relation, or a stretch of text.

    Args:
        id: of the span or relation, else empty.
        fragments: of the span or the text, else empty.
    """

    kind: Literal["none", "span", "relation", "text"] = "none"
    id: str = ""
    fragments: Fragments = ()


NOTHING = Selection()
