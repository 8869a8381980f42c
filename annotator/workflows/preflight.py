"""Checks, before a DocBin is written, which spans a spaCy model could not learn as they stand, and mends what can be.

The spans are held against the tokens that the export was told to use; what is found names document and span, so that
one can go there. Nothing is changed unless a person asks for one way of mending, and that is one step of the journal.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from annotator.editing.commands import MendSpans
from annotator.editing.planning import shortened
from annotator.formats.docbin_options import DocBinOptions
from annotator.formats.docbin_plan import AUTO, BOTH, ENTS
from annotator.formats.docbin_windows import Pairs, pairs_in, windows_of
from annotator.model.annotation import Fragments, Span, surface
from annotator.model.change import ChangeSet
from annotator.model.document import Document, Tokens
from annotator.model.errors import StaleError, UserError
from annotator.model.wording import counted
from annotator.quality.preflight import Finding, Flaw, Mend, findings_in
from annotator.workflows.export_choice import ExportOptions, chosen_documents, options_of_format
from annotator.workflows.machine import machine_of
from annotator.workflows.records import record_of
from annotator.workflows.reporting import Report, silent
from annotator.workflows.session import Session
from annotator.workflows.tokenizers import cutter, prepared, title_of

__all__ = [
    "Flaw",
    "Mend",
    "Preflight",
    "Spot",
    "can_check",
    "has_span",
    "mend",
    "mend_words",
    "pairs_by_window",
    "preflight",
]

LISTED = 1000
"""Most findings that are listed; all are counted."""
_AT_ONCE = 64
_WINDOWS = ("whole", "1", "2", "3", "5")
_STEPS = {
    Mend.TRIM: "Trim blanks off {what}",
    Mend.EXTEND: "Extend {what} to token borders",
    Mend.SHRINK: "Shrink {what} to token borders",
    Mend.DROP: "Drop {what} that are empty or there twice",
}
_STEP_OF_ONE = "Drop 1 span that is empty or there twice"
_SAFEST = (Mend.DROP, Mend.EXTEND, Mend.SHRINK, Mend.TRIM)
"""Of the ways that a span offers the first is its safe fix; whole tokens hold no blanks at their edges either."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """One finding and where it is: row keys of document and span, the place in code points, and what can be done.

    `fix` is the one way that is safe for the span with all that is wrong with it.
    """

    document: int
    title: str
    span: int
    label: str
    words: str
    start: int
    flaw: Flaw
    told: str
    mends: tuple[Mend, ...] = ()
    fix: Mend | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Preflight:
    """What a check came to.

    Args:
        tokenizer: whose tokens, in words. layout: the one that `auto` comes to. spans: how many were looked at.
        counts: findings of each flaw. mendable: spans that each way of mending would change. fixable: spans that have a
            safe fix.
        spots: the findings, by document, `LISTED` at most.
    """

    tokenizer: str
    layout: str
    documents: int
    spans: int
    counts: Mapping[Flaw, int] = field(default_factory=dict)
    mendable: Mapping[Mend, int] = field(default_factory=dict)
    fixable: int = 0
    spots: tuple[Spot, ...] = ()

    @property
    def total(self) -> int:
        """Count all findings."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class _Looked:
    document: Document
    text: str
    spans: tuple[Span, ...]
    findings: list[Finding]


def can_check(options: ExportOptions) -> bool:
    """Tell whether an export is one that spaCy trains on."""
    return isinstance(options_of_format(options), DocBinOptions)


def has_span(session: Session, spot: Spot) -> bool:
    """Tell whether the span of a finding is still there."""
    try:
        spans = session.annotations(spot.document).spans
    except UserError:
        return False
    return any(span.key == spot.span for span in spans)


def preflight(session: Session, options: ExportOptions, report: Report = silent) -> Preflight:
    """Find what could not be learnt of the documents of an export.

    Raises:
        UserError: the tokenizer cannot be used, or the format is unknown. Cancelled: the person stopped.
    """
    made = _docbin_options(options)
    total = documents = fixable = 0
    by_flaw: Counter[Flaw] = Counter()
    by_mend: Counter[Mend] = Counter()
    spots: dict[bool, list[Spot]] = {True: [], False: []}
    for looked in _looked(session, options, made, report):
        documents += 1
        total += len(looked.spans)
        fixes = _fixes(looked.findings, None)
        fixable += len(fixes)
        for finding in looked.findings:
            by_flaw[finding.flaw] += 1
            by_mend.update(how for how, _ in finding.mends)
            kept = spots[finding.flaw in (Flaw.OVERLAPPING, Flaw.LONG)]
            if len(kept) < LISTED:
                how = fixes[finding.span][0] if finding.span in fixes else None
                kept.append(_spot(looked, finding, made, how))
    layout, flaws = _settled(made.layout, by_flaw)
    found = [spot for spot in (*spots[False], *spots[True]) if spot.flaw in flaws]
    order = list(Flaw)
    return Preflight(
        tokenizer=title_of(made.tokenizer),
        layout=layout,
        documents=documents,
        spans=total,
        counts={flaw: by_flaw[flaw] for flaw in flaws if by_flaw[flaw]},
        mendable={how: by_mend[how] for how in Mend if by_mend[how]},
        fixable=fixable,
        spots=tuple(
            sorted(found, key=lambda each: (each.document, each.start, order.index(each.flaw)))[:LISTED]
        ),
    )


def mend(
    session: Session,
    options: ExportOptions,
    how: Mend | None,
    report: Report = silent,
    *,
    only: Collection[int] | None = None,
) -> ChangeSet:
    """Mend what can be mended, or `only` the spans of some row keys, as one step that can be undone.

    Args:
        how: in this way; None mends every span by its safe fix.

    Raises:
        UserError: nothing is left to mend so, or the project cannot be written. Cancelled: the person stopped.
    """
    moves: list[tuple[int, Fragments]] = []
    drops: list[tuple[int, int]] = []
    for looked in _looked(session, options, _docbin_options(options), report):
        for index, (_, fragments, other) in _fixes(looked.findings, how).items():
            key = looked.spans[index].key
            if only is not None and key not in only:
                continue
            if fragments is not None:
                moves.append((key, fragments))
            else:
                drops.append((key, 0 if other is None else looked.spans[other].key))
    if not moves and not drops:
        raise StaleError("Nothing is left to mend like this.", "Check again.")
    return session.do(
        MendSpans(name=mend_words(how, len(moves) + len(drops)), moves=tuple(moves), drops=tuple(drops))
    )


_Fix = tuple[Mend, Fragments | None, int | None]


def _fixes(findings: Sequence[Finding], how: Mend | None) -> dict[int, _Fix]:
    """Give for each span that can be mended the way, its fragments then, and the span that it doubles.

    The way is `how`, or where that is None the safest of those that the span offers.
    """
    wanted = _SAFEST if how is None else (how,)
    fixes: dict[int, _Fix] = {}
    for finding in findings:
        for each, fragments in finding.mends:
            before = fixes.get(finding.span)
            if each in wanted and (before is None or wanted.index(each) < wanted.index(before[0])):
                fixes[finding.span] = each, fragments, finding.other
    return fixes


def mend_words(how: Mend | None, count: int) -> str:
    """Say what a way of mending, or the safe fix of each, does to so many spans: as button and step are called."""
    if how is None:
        return f"Fix {counted(count, 'span')}"
    if how is Mend.DROP and count == 1:
        return _STEP_OF_ONE
    return _STEPS[how].format(what=counted(count, "span"))


def pairs_by_window(session: Session, options: ExportOptions, report: Report = silent) -> list[str]:
    """Say for each size of window how many pairs of entities a model for relations would look at; empty without any."""
    made = _docbin_options(options)
    documents = chosen_documents(session, options)
    if not any(session.row(each.key).relations for each in documents):
        return []
    counts = {size: Pairs() for size in _WINDOWS}
    symmetric = {each.name for each in session.schema.relations if each.symmetric}
    lost: Counter[str] = Counter()
    stream = (record_of(session, each.key) for each in documents)
    with_sentences = replace(made, windows="1")
    for number, record in enumerate(prepared(stream, machine_of(session), with_sentences)):
        if number % _AT_ONCE == 0:
            report(number, len(documents), "Counting pairs")
        for size, pairs in counts.items():
            windows = windows_of(record, 0 if size == "whole" else int(size))
            lost[size] += pairs_in(record, windows, pairs, symmetric=symmetric)
    lines = []
    for size, pairs in counts.items():
        if told := pairs.told("document" if size == "whole" else "window"):
            more = f" {counted(lost[size], 'relation')} in none." if lost[size] else ""
            of = "whole documents" if size == "whole" else counted(int(size), "sentence")
            lines.append(f"{of}: {told}{more}")
    return lines


def _docbin_options(options: ExportOptions) -> DocBinOptions:
    made = options_of_format(options)
    return made if isinstance(made, DocBinOptions) else DocBinOptions()


def _settled(layout: str, found: Mapping[Flaw, int]) -> tuple[str, list[Flaw]]:
    """Settle what `auto` comes to, and give the flaws that count there."""
    if layout == AUTO:
        layout = BOTH if found.get(Flaw.OVERLAPPING) else ENTS
    beside = Flaw.LONG if layout == ENTS else Flaw.OVERLAPPING
    return layout, [flaw for flaw in Flaw if flaw is not beside]


def _looked(
    session: Session, options: ExportOptions, made: DocBinOptions, report: Report
) -> Iterator[_Looked]:
    """Look at the documents of an export one after the other; those of no span too."""
    code = cutter(made.tokenizer)
    documents = chosen_documents(session, options)
    for first in range(0, len(documents), _AT_ONCE):
        report(first, len(documents), f"Checking spans, {first:,} of {len(documents):,}")
        chunk = documents[first : first + _AT_ONCE]
        texts = [session.text(each.key) for each in chunk]
        tokens = _tokens(session, chunk, texts, code)
        for document, text, cut in zip(chunk, texts, tokens, strict=True):
            spans = session.annotations(document.key).spans
            found = findings_in(
                text,
                [each.identity for each in spans],
                cut,
                holds_overlaps=made.layout not in (ENTS, AUTO),
                longest=made.most_tokens,
            )
            yield _Looked(document, text, spans, found)
    report(len(documents), len(documents), "Checking spans")


def _tokens(session: Session, documents: Sequence[Document], texts: Sequence[str], code: str) -> list[Tokens]:
    if not code:
        return [session.tokens(each.key) for each in documents]
    return machine_of(session).tokenize([(text, code) for text in texts])


def _spot(looked: _Looked, finding: Finding, made: DocBinOptions, fix: Mend | None) -> Spot:
    span = looked.spans[finding.span]
    words = surface(looked.text, span.fragments)
    return Spot(
        document=looked.document.key,
        title=looked.document.title,
        span=span.key,
        label=span.label,
        words=shortened(words) or "blanks",
        start=span.start,
        flaw=finding.flaw,
        told=_told(looked, finding, made),
        mends=tuple(how for how, _ in finding.mends),
        fix=fix,
    )


def _in_line(words: str) -> str:
    """Cut words to 40 code points in one line, with whatever sign stands at their end."""
    line = " ".join(words.split())
    return line if len(line) <= 40 else line[:39] + "…"


def _told(looked: _Looked, finding: Finding, made: DocBinOptions) -> str:
    """Say in a line what is wrong."""

    def named(index: Any) -> str:
        other = looked.spans[index]
        return f"{other.label} “{shortened(surface(looked.text, other.fragments))}”"

    match finding.flaw:
        case Flaw.EMPTY:
            return "Nothing but blanks."
        case Flaw.EDGES:
            return "Blanks at its edges."
        case Flaw.MISALIGNED:
            wider = dict(finding.mends).get(Mend.EXTEND)
            around = f" The tokens there: “{_in_line(surface(looked.text, wider))}”." if wider else ""
            return f"Off token borders.{around}"
        case Flaw.DISCONTINUOUS:
            return "Of several fragments: spaCy has none such."
        case Flaw.DUPLICATE:
            return f"Says the same as {named(finding.other)}."
        case Flaw.OVERLAPPING:
            return f"Gives way to {named(finding.other)}, with which it shares words."
    return f"{finding.tokens:,} tokens long; spans of {made.longest} are tried at most."
