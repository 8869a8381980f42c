"""Says in JSON what a project holds, in words that no version of the file format changes.

Documents, spans and types are named by their ids, never by row keys; what is kept beside a project of an older
version must be true of it after any number of migrations.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from annotator.model.annotation import Provenance, Rejection, Relation, RelationKey, Span, SpanKey
from annotator.model.document import content_hash
from annotator.model.schema import RelationType, Type
from annotator.workflows.session import Session

Description = dict[str, Any]


def decided(session: Session) -> Description:
    """Describe everything that the journal answers for: documents with what was decided in them, and types."""
    schema = session.schema
    return {
        "documents": [_document(session, key) for key in session.document_keys()],
        "entities": [_type(each) for each in schema.entities],
        "relations": [_type(each) for each in schema.relations],
    }


def settled(session: Session) -> Description:
    """Describe what stands beside the journal: settings, the journal's own entries, what is left to decide."""
    return {
        "name": session.name,
        "language": session.language,
        "suggest": session.setting("suggest", {}),
        "steps": [
            [step.id, step.kind.value, step.name, step.at, step.annotator, step.documents, step.undone]
            for step in reversed(session.history(10_000))
        ],
        "left": [session.row(key).undecided for key in session.document_keys()],
        "usage": sorted(
            [kind.value, name, *counts] for (kind, name), counts in session.usage().items() if counts[0]
        ),
    }


def digest(description: Description) -> str:
    """Give 16 hexadecimal digits that change with anything in a description."""
    written = json.dumps(description, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _document(session: Session, key: int) -> Description:
    document, found, tokens = session.document(key), session.annotations(key), session.tokens(key)
    text = session.text(key)
    edges = [list(tokens.starts), list(tokens.ends), list(tokens.sentences), tokens.tokenizer]
    return {
        "id": document.id,
        "title": document.title,
        "language": document.language,
        "length": len(text),
        "hash": content_hash(text),
        "source": document.source,
        "state": document.state.value,
        "reason": document.reason,
        "flagged": document.flagged,
        "note": document.note,
        "part": document.part.value,
        "excluded": document.excluded,
        "metadata": dict(document.metadata),
        "attributes": dict(document.attributes),
        "version": document.version,
        "tokens": [len(tokens), digest({"edges": edges})],
        "spans": sorted((_span(span) for span in found.spans), key=lambda each: each["id"]),
        "relations": sorted(
            (_relation(each, found.spans) for each in found.relations), key=lambda each: each["id"]
        ),
        "rejections": sorted(map(_rejection, found.rejections), key=lambda each: each["id"]),
    }


def _span(span: Span) -> Description:
    return {
        "id": span.id,
        "fragments": [list(each) for each in span.fragments],
        "label": span.label,
        "flagged": span.flagged,
        "note": span.note,
        "attributes": dict(span.attributes),
        "version": span.version,
        **_provenance(span.provenance),
    }


def _relation(relation: Relation, spans: tuple[Span, ...]) -> Description:
    ids = {span.key: span.id for span in spans}
    return {
        "id": relation.id,
        "head": ids[relation.head],
        "child": ids[relation.child],
        "label": relation.label,
        "flagged": relation.flagged,
        "note": relation.note,
        "attributes": dict(relation.attributes),
        "version": relation.version,
        **_provenance(relation.provenance),
    }


def _rejection(rejection: Rejection) -> Description:
    return {
        "id": rejection.id,
        "what": _what(rejection.what),
        "reason": rejection.reason.value,
        "version": rejection.version,
        **_provenance(rejection.provenance),
    }


def _what(what: SpanKey | RelationKey) -> list[Any]:
    if isinstance(what, RelationKey):
        return [_what(what.head), _what(what.child), what.label]
    return [[list(each) for each in what.fragments], what.label]


def _provenance(provenance: Provenance) -> Description:
    return {
        "annotator": provenance.annotator,
        "at": provenance.at,
        "how": provenance.how.value,
        "origin": provenance.origin.value,
        "suggesters": list(provenance.suggesters),
        "score": provenance.score,
    }


def _type(each: Type) -> Description:
    relation = each if isinstance(each, RelationType) else None
    return {
        "id": each.id,
        "name": each.name,
        "shortcut": each.shortcut,
        "color": each.color,
        "shown": each.shown,
        "summary": each.summary,
        "guideline": digest({"guideline": each.guideline}),
        "version": each.version,
        "ends": None
        if relation is None
        else [relation.symmetric, sorted(relation.heads), sorted(relation.children)],
    }
