"""The rules that hold in every document of a project, checked on values: text, tokens, spans, relations, rejections."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

from annotator.model.annotation import Fragments, Rejection, Relation, RelationKey, Span, SpanKey
from annotator.model.breach import Breach
from annotator.model.candidate import Proposal
from annotator.model.document import Document, State, Tokens, content_hash
from annotator.model.limits import FRAGMENT_LIMIT, TEXT_LIMIT
from annotator.model.offsets import is_grapheme_border
from annotator.model.schema import Schema

T = TypeVar("T", bound=Hashable)


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One document with all that stands in it; None for what could not be read.

    Args:
        layers: row keys of its layers. seen: it is published and not removed.
        undecided: how many things in it are left to decide.
    """

    document: Document
    text: str | None
    tokens: Tokens | None
    layers: Collection[int]
    spans: tuple[Span, ...]
    relations: tuple[Relation, ...]
    rejections: tuple[Rejection, ...]
    proposals: tuple[Proposal, ...]
    seen: bool
    undecided: int


def breaches_in(article: Article, schema: Schema) -> Iterator[Breach]:
    """Give every rule that a document breaks."""
    key = article.document.key
    for rule, message in _broken(article, schema):
        yield Breach(rule=rule, message=message, document=key)


def _broken(article: Article, schema: Schema) -> Iterator[tuple[str, str]]:
    if article.text is not None:
        yield from _in_text(article, article.text)
    for span in article.spans:
        yield from (("span", f"Span {span.id}: {each}") for each in _span(span, article, schema))
    for relation in article.relations:
        yield from (
            ("relation", f"Relation {relation.id}: {each}") for each in _relation(relation, article, schema)
        )
    for rejection in article.rejections:
        yield from (
            ("rejection", f"Rejection {rejection.id}: {each}") for each in _rejection(rejection, article)
        )
    yield from (("double", each) for each in _doubles(article))
    if article.seen and article.document.state is State.DONE and article.undecided:
        yield "state", f"It is done, but {article.undecided:,} of its candidates are undecided."


def _in_text(article: Article, text: str) -> Iterator[tuple[str, str]]:
    yield from (("text", each) for each in _text(article.document, text))
    if article.tokens is not None:
        yield from (("tokens", each) for each in _tokens(article.tokens, len(text)))
    for proposal in article.proposals:
        yield from (("candidate", each) for each in _proposal(proposal, text))


def _text(document: Document, text: str) -> Iterator[str]:
    if len(text) != document.length:
        yield f"Its length is kept as {document.length:,}, but the text has {len(text):,} characters."
    if content_hash(text) != document.hash:
        yield "Its text is not the one that was imported: the hash differs."
    if len(text) > TEXT_LIMIT:
        yield f"Its text has {len(text):,} characters; {TEXT_LIMIT:,} are the limit."


def _tokens(tokens: Tokens, length: int) -> Iterator[str]:
    if len(tokens.starts) != len(tokens.ends):
        yield f"There are {len(tokens.starts):,} token starts, but {len(tokens.ends):,} ends."
        return
    last = 0
    for number, (start, end) in enumerate(zip(tokens.starts, tokens.ends, strict=True)):
        if not last <= start < end <= length:
            yield (
                f"Token {number:,} ({start:,} to {end:,}) does not follow the one before, which ends at {last:,}, "
                f"inside a text of {length:,} characters."
            )
            break
        last = end
    sentences = tokens.sentences
    if sentences and sentences[0] != 0:
        yield "Its first sentence does not begin with the first token."
    if any(one >= other for one, other in pairwise(sentences)):
        yield "Its sentence starts do not rise."
    if sentences and sentences[-1] >= max(len(tokens), 1):
        yield "A sentence begins behind the last token."


def _fragments(fragments: Fragments, text: str | None) -> Iterator[str]:
    if not 1 <= len(fragments) <= FRAGMENT_LIMIT:
        yield f"it has {len(fragments)} fragments; 1 to {FRAGMENT_LIMIT} are allowed."
    last = -1
    for start, end in fragments:
        if not last < start < end:
            yield f"the fragment {start:,} to {end:,} is empty, or not apart from the one before."
        elif text is not None and end > len(text):
            yield f"the fragment {start:,} to {end:,} leaves the text of {len(text):,} characters."
        elif text is not None and not (is_grapheme_border(text, start) and is_grapheme_border(text, end)):
            yield f"the fragment {start:,} to {end:,} cuts a character in two."
        last = end


def _span(span: Span, article: Article, schema: Schema) -> Iterator[str]:
    yield from _fragments(span.fragments, article.text)
    if span.layer not in article.layers:
        yield "its layer is not one of its document's."
    if article.seen and schema.entity(span.label) is None:
        yield f"its type {span.label!r} is not an entity type that can be seen."


def _relation(relation: Relation, article: Article, schema: Schema) -> Iterator[str]:
    ours = {span.key for span in article.spans}
    for side, key in (("head", relation.head), ("child", relation.child)):
        if key not in ours:
            yield f"its {side} is not a span of its document."
    if relation.head == relation.child:
        yield "its ends are one span."
    if relation.layer not in article.layers:
        yield "its layer is not one of its document's."
    if article.seen and schema.relation(relation.label) is None:
        yield f"its type {relation.label!r} is not a relation type that can be seen."


def _rejection(rejection: Rejection, article: Article) -> Iterator[str]:
    what = rejection.what
    for end in (what.head, what.child) if isinstance(what, RelationKey) else (what,):
        yield from _fragments(end.fragments, article.text)
    if rejection.layer not in article.layers:
        yield "its layer is not one of its document's."


def _proposal(proposal: Proposal, text: str) -> Iterator[str]:
    what = proposal.what
    who = f"A candidate of {proposal.suggester!r}"
    for end in (what.head, what.child) if isinstance(what, RelationKey) else (what,):
        yield from (f"{who}: {each}" for each in _fragments(end.fragments, text))
    if not 0 <= proposal.score <= 1:
        yield f"{who} has the score {proposal.score}."


def _doubles(article: Article) -> Iterator[str]:
    if not article.seen:
        return  # an undone import may have a type of its own, hidden, that is called like one that was renamed since
    for _, what in _twice((span.layer, span.identity) for span in article.spans):
        yield f"Two spans are at {_place(what)} with the label {what.label!r}."
    for _, _, _, label in _twice(
        (each.layer, each.head, each.child, each.label) for each in article.relations
    ):
        yield f"Two relations {label!r} join the same spans."


def _twice(items: Iterable[T]) -> list[T]:
    return [item for item, count in Counter(items).items() if count > 1]


def _place(what: SpanKey) -> str:
    return ", ".join(f"{start:,} to {end:,}" for start, end in what.fragments)
