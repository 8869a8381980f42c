"""Words about spans and relations: what hovering over them says, and the phrases that panels share with it.

Without Qt and without ids (`article_items.py` has those): a value and a schema in, words out.
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from annotator.model.annotation import (
    Fragments,
    How,
    Origin,
    Provenance,
    Rejection,
    RelationKey,
    SpanKey,
    surface,
)
from annotator.model.candidate import Proposal
from annotator.model.schema import Schema

_LONGEST_QUOTE = 90


def quoted(text: str, fragments: Fragments, *, limit: int = _LONGEST_QUOTE) -> str:
    """Give the words of a span on one line, cut in the middle to `limit` code points."""
    words = " ".join(surface(text, fragments).split())
    if len(words) <= limit:
        return words
    half = limit // 2
    return f"{words[:half].rstrip()} … {words[-(limit - half - 3) :].lstrip()}"


def decided_words(provenance: Provenance) -> str:
    """Say who decided, how and when: `accepted by Mara, 2025-03-13 10:52`."""
    verb = {
        Origin.MANUAL: "added",
        Origin.CANDIDATE: "accepted",
        Origin.FIXED: "accepted and changed",
        Origin.IMPORTED: "imported",
    }[provenance.origin]
    many = " with others" if provenance.how is How.BULK else ""
    who = f" by {provenance.annotator}" if provenance.annotator else ""
    return f"{verb}{many}{who}, {moment_words(provenance.at)}"


def moment_words(at: float) -> str:
    """Write a moment (seconds since 1970) in local time: `2025-03-13 10:52`."""
    return _minute_words(at // 60)


@lru_cache(maxsize=1024)
def _minute_words(minutes: float) -> str:
    return f"{datetime.fromtimestamp(minutes * 60):%Y-%m-%d %H:%M}"  # noqa: DTZ006 - the person's own clock


def proposal_words(proposals: tuple[Proposal, ...]) -> str:
    """Say who proposed something, how sure, and why, a line each."""
    lines = [f"{each.suggester} {score_words(each.score)}" for each in proposals]
    reasons = dict.fromkeys(each.reason for each in proposals if each.reason)
    return "\n".join([", ".join(lines), *reasons])


def score_words(score: float) -> str:
    """Write a score with two digits and no zero before the point: `.71`."""
    return "1.0" if score >= 0.995 else f".{round(score * 100):02d}"


def span_tooltip(what: SpanKey, schema: Schema, text: str, told: list[str], *, learnable: bool) -> str:
    """Tell a span: label, words, offsets, then what is `told` of it, a line each."""
    kind = schema.entity(what.label)
    named = (
        what.label
        if kind is None or not kind.shown or kind.shown == what.label
        else f"{kind.shown} ({what.label})"
    )
    places = ", ".join(f"{start}–{end}" for start, end in what.fragments)
    lines = [f"{named}  “{quoted(text, what.fragments)}”  {places}", *told]
    if not learnable:
        lines.append("Not on a word border: spaCy cannot learn this span.")
    return "\n".join(lines)


def relation_tooltip(what: RelationKey, schema: Schema, text: str, told: list[str]) -> str:
    """Tell a relation: type and the words of both ends, then what is `told` of it, a line each."""
    head, child = (quoted(text, end.fragments, limit=40) for end in (what.head, what.child))
    arrow = "–" if is_symmetric(what.label, schema) else "→"
    return "\n".join([f"{what.label}  “{head}” {arrow} “{child}”", *told])


def is_symmetric(label: str, schema: Schema) -> bool:
    """Tell whether a relation type has no direction; one that the schema lacks has."""
    kind = schema.relation(label)
    return kind is not None and kind.symmetric


def rejected_words(rejection: Rejection) -> str:
    """Say who rejected something, why and when."""
    provenance = rejection.provenance
    who = f" by {provenance.annotator}" if provenance.annotator else ""
    return f"rejected{who} ({rejection.reason.value}), {moment_words(provenance.at)}"


def suggester_words(provenance: Provenance) -> str:
    """Name who had proposed something, with the score at the time."""
    score = "" if provenance.score is None else f" {score_words(provenance.score)}"
    return ", ".join(provenance.suggesters) + score
