"""A document as the suggesters are given it."""

from __future__ import annotations

from annotator.model.annotation import RelationKey, SpanKey
from annotator.store import articles
from annotator.suggest.base import Text
from annotator.workflows.session import Session


def text_of(session: Session, key: int) -> Text:
    """Give the text of a document with its tokens and what is decided in it.

    Raises:
        StaleError: it is gone.
    """
    spans = {span.key: span.identity for span in articles.spans_of(session.project, key)}
    related = tuple(
        RelationKey(spans[each.head], spans[each.child], each.label)
        for each in articles.relations_of(session.project, key)
    )
    decisions = articles.rejections_of(session.project, key)
    rejected = tuple(each.what for each in decisions if isinstance(each.what, SpanKey))
    return Text(
        document=key,
        text=session.text(key),
        language=session.document(key).language,
        tokens=session.tokens(key),
        accepted=tuple(spans.values()),
        rejected=rejected,
        related=related,
    )


def plain_text_of(session: Session, key: int) -> Text:
    """Give the text of a document with its tokens alone.

    Raises:
        StaleError: it is gone.
    """
    language = session.document(key).language
    return Text(document=key, text=session.text(key), language=language, tokens=session.tokens(key))
