"""Turns documents of a project into the records that writers take."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from annotator.model.annotation import Provenance, Rejection, RelationKey
from annotator.model.record import Record, RecordRelation, RecordSpan
from annotator.workflows.reporting import Report, silent
from annotator.workflows.session import Session


def record_of(session: Session, key: int) -> Record:
    """Give a document with what was decided in it, accepted and rejected; candidates are nobody's decision."""
    document = session.document(key)
    found = session.annotations(key)
    places = {span.key: index for index, span in enumerate(found.spans)}
    spans = [
        RecordSpan(
            fragments=span.fragments,
            label=span.label,
            id=span.id,
            flagged=span.flagged,
            note=span.note,
            attributes=span.attributes,
            **_told(span.provenance),
        )
        for span in found.spans
    ]
    relations = [
        RecordRelation(
            head=places[relation.head],
            child=places[relation.child],
            label=relation.label,
            id=relation.id,
            flagged=relation.flagged,
            note=relation.note,
            attributes=relation.attributes,
            **_told(relation.provenance),
        )
        for relation in found.relations
    ]
    _add_rejected(found.rejections, spans, relations)
    return Record(
        text=session.text(key),
        source=document.source,
        id=document.id,
        title=document.title,
        language=document.language,
        tokens=session.tokens(key),
        state=document.state,
        reason=document.reason,
        part=document.part,
        flagged=document.flagged,
        note=document.note,
        spans=tuple(spans),
        relations=tuple(relations),
        metadata=document.metadata,
        attributes=document.attributes,
    )


def _add_rejected(
    rejections: Iterable[Rejection], spans: list[RecordSpan], relations: list[RecordRelation]
) -> None:
    """Add what was rejected; a rejected relation only where both its ends were accepted."""
    by_identity = {span.identity: index for index, span in enumerate(spans)}
    for rejection in rejections:
        what = rejection.what
        if isinstance(what, RelationKey):
            head, child = by_identity.get(what.head), by_identity.get(what.child)
            if head is not None and child is not None:
                relations.append(
                    RecordRelation(
                        head=head, child=child, label=what.label, rejected=True, **_told(rejection.provenance)
                    )
                )
        else:
            spans.append(
                RecordSpan(
                    fragments=what.fragments, label=what.label, rejected=True, **_told(rejection.provenance)
                )
            )


def _told(provenance: Provenance) -> dict[str, Any]:
    return {"annotator": provenance.annotator, "how": provenance.how, "at": provenance.at}


def records(
    session: Session, keys: Sequence[int], report: Report = silent, *, text: str = "Writing"
) -> Iterator[Record]:
    """Give documents one after the other, reporting how far it is."""
    for number, key in enumerate(keys):
        # At each one, so that a person who stops it waits for one document at most.
        report(number, len(keys), f"{text}, {number:,} of {len(keys):,}")
        yield record_of(session, key)
    report(len(keys), len(keys), f"{text}, {len(keys):,} of {len(keys):,}")
