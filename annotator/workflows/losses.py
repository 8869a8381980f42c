"""What losses mean for whoever exports: which take decisions away, and which leave whole documents out."""

from __future__ import annotations

from collections.abc import Iterable

from annotator.formats.holding import (
    ATTRIBUTES,
    DETAILS,
    ITEM_ATTRIBUTES,
    METADATA,
    NAMES,
    STATES,
    TOKENS,
    UNDECIDED,
    UNFINISHED,
)
from annotator.model.errors import FormatError
from annotator.model.record import Loss
from annotator.model.wording import counted

_ASIDE = frozenset(
    {UNDECIDED, UNFINISHED, STATES, NAMES, METADATA, ATTRIBUTES, ITEM_ATTRIBUTES, TOKENS, DETAILS}
    | {"skipped", "zeros", "windows"}
)


def is_aside(loss: Loss) -> bool:
    """Tell whether no decision of a finished document is lost by it: it is said, but nobody need mend it."""
    return loss.kind in _ASIDE


def count_changed(losses: Iterable[Loss]) -> int:
    """Count the spans and relations that do not go out as they are, though somebody decided them."""
    return sum(
        loss.count for loss in losses if not is_aside(loss) and any(each.places for each in loss.examples)
    )


def count_left_out(losses: Iterable[Loss]) -> int:
    """Count the documents that stay out as a whole."""
    return sum(loss.count for loss in losses if loss.kind == UNFINISHED)


def nothing_left(documents: int, title: str, todo: str) -> FormatError:
    """Give what to raise where a format leaves all of some documents out."""
    what = (
        f"Of {counted(documents, 'document')} none is done" if documents > 1 else "The document is not done"
    )
    return FormatError(
        f"{what}, and {title} leaves such out: its bare words would say that nothing is there.", todo
    )
