"""Thinks up something that a person could do to a project just now, out of all commands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

from annotator.editing import commands
from annotator.model.annotation import Fragment, Fragments, How, Kind
from annotator.model.article import Annotations
from annotator.model.document import Part, State
from annotator.model.patterns import phrase, unpack_patterns
from annotator.model.schema import EntityType, RelationType, Schema
from annotator.store.patterns import packed_blocks, pattern_lists
from annotator.workflows.session import Session
from tests.builders import SCHEMA, plain_tokens

NAMES = ("PERSON", "ROLE", "GPE", "DATE", "ORG", "EVENT", "CITY")
RELATIONS = ("HOLDS_ROLE", "VISITED", "MET", "KNOWS", "LED")
Made = commands.Command | None


def decision(session: Session, rng: Random) -> Made:
    """Think up a decision in one document; None where there is nothing to decide."""
    keys = session.document_keys()
    if not keys:
        return None
    document = rng.choice(keys[-60:])
    found = session.annotations(document)
    text = session.text(document)
    choices: list[Callable[[], Made]] = [lambda: _add(session, rng, document, text)]
    choices += [lambda: _whole(rng, document), lambda: _of_document(session, rng, document)]
    if found.undecided or found.undecided_relations:
        choices += [lambda: _of_candidate(session, rng, document, found)] * 6
    if found.spans:
        choices += [lambda: _of_span(session, rng, document, found, text)] * 4
    if found.relations:
        choices += [lambda: _of_relation(session, rng, document, found)] * 2
    return rng.choice(choices)()


def change_of_types(session: Session, rng: Random) -> Made:
    """Think up a change of the schema."""
    schema = session.schema
    entities, relations = schema.entities, schema.relations
    new = rng.choice(NAMES)
    choices: list[Callable[[], Made]] = [
        lambda: commands.AddType(EntityType(name=new)),
        lambda: commands.AddType(_relation_type(session, rng)),
        lambda: commands.ExtendSchema(SCHEMA),
        lambda: commands.ExtendSchema(Schema((EntityType(name=new),))),
    ]
    if entities:
        one = rng.choice(entities)
        choices += [
            lambda: commands.ChangeType(replace(one, name=new)),
            lambda: commands.ChangeType(replace(one, guideline=f"Look twice, {rng.random()}.")),
            lambda: commands.ReorderTypes(
                kind=Kind.SPAN, names=tuple(rng.sample([each.name for each in entities], len(entities)))
            ),
            lambda: commands.MergeTypes(kind=Kind.SPAN, source=one.name, target=rng.choice(entities).name),
            lambda: commands.DeleteType(kind=Kind.SPAN, name=one.name),
        ]
    if relations:
        other = rng.choice(relations)
        choices += [
            lambda: commands.ChangeType(replace(other, summary=f"Kept {rng.random()}.")),
            lambda: commands.MergeTypes(
                kind=Kind.RELATION, source=other.name, target=rng.choice(relations).name
            ),
            lambda: commands.DeleteType(kind=Kind.RELATION, name=other.name),
        ]
    return rng.choice(choices)()


def change_of_patterns(session: Session, rng: Random) -> Made:
    """Think up a change of the pattern lists; None where there is no label for one."""
    lists = pattern_lists(session.project)
    labels = [each.name for each in session.schema.entities]
    some = tuple(phrase(f"word {rng.randrange(3000)}") for _ in range(rng.choice((1, 5, 2500))))
    choices: list[Callable[[], Made]] = []
    if labels:
        made = commands.NewPatternList(
            name=f"List {rng.randrange(9)}", label=rng.choice(labels), patterns=some
        )
        choices.append(lambda: commands.AddPatternLists((made,)))
    if lists:
        one = rng.choice(lists)
        there = [each for block in packed_blocks(session.project, one.key) for each in unpack_patterns(block)]
        gone = tuple(rng.sample(there, min(len(there), rng.choice((0, 1, 1, 1500)))))
        choices += [
            lambda: commands.ChangePatternList(replace(one, enabled=not one.enabled)),
            lambda: commands.ChangePatterns(list=one.key, removed=gone, added=some[:9]),
            lambda: commands.RemovePatternLists((one.key,)),
        ]
    return rng.choice(choices)() if choices else None


def _relation_type(session: Session, rng: Random) -> RelationType:
    names = [each.name for each in session.schema.entities] or ["PERSON"]
    return RelationType(name=rng.choice(RELATIONS), heads=(rng.choice(names),), children=(rng.choice(names),))


def _label(session: Session, rng: Random) -> str:
    return rng.choice([each.name for each in session.schema.entities] or ["PERSON"])


def _stretch(rng: Random, text: str) -> Fragments:
    tokens = plain_tokens(text)
    first = rng.randrange(len(tokens))
    last = min(len(tokens) - 1, first + rng.choice((0, 0, 1, 2)))
    return (Fragment(tokens.starts[first], tokens.ends[last]),)


def _add(session: Session, rng: Random, document: int, text: str) -> Made:
    return commands.AddSpan(document, _stretch(rng, text), _label(session, rng))


def _whole(rng: Random, document: int) -> Made:
    choices: list[Any] = [
        commands.AcceptMany(documents=(document,), minimum=rng.choice((0.0, 0.5, 0.8))),
        commands.AcceptMany(documents=None, minimum=0.9, how=How.BULK),
        commands.AcceptMany(documents=(document,), done=True),
        commands.FinishDocument(document=document, accept_rest=rng.random() < 0.7),
    ]
    made: Made = rng.choice(choices)
    return made


def _of_document(session: Session, rng: Random, document: int) -> Made:
    text = session.text(document)
    tokens = plain_tokens(text)
    some = tuple({document, *rng.sample(session.document_keys(), min(5, session.counts().all))})
    choices: list[Any] = [
        commands.SetState(documents=some, state=State.SKIPPED, reason=rng.choice(("too long", "double"))),
        commands.SetState(documents=some, state=rng.choice((State.TODO, State.IN_PROGRESS))),
        commands.SetFlag(kind=None, key=document, flagged=rng.random() < 0.5),
        commands.SetNote(kind=None, key=document, note=rng.choice(("", f"note {rng.random()}"))),
        commands.RenameDocument(document, f"Title {rng.random()}"),
        commands.SetPart(documents=some, part=rng.choice(list(Part))),
        commands.ExcludeDocuments(documents=some, excluded=rng.random() < 0.3),
        commands.RemoveDocuments((document,)),
        commands.Retokenize(
            document=document,
            language=rng.choice(("en", "de", "fr")),
            starts=tuple(tokens.starts),
            ends=tuple(tokens.ends),
            sentences=(0,),
            tokenizer=f"by hand {rng.random()}",
        ),
    ]
    made: Made = rng.choice(choices)
    return made


def _of_candidate(session: Session, rng: Random, document: int, found: Annotations) -> Made:
    if found.undecided_relations and (not found.undecided or rng.random() < 0.4):
        what = rng.choice(found.undecided_relations).candidate.what
        if rng.random() < 0.7:
            return commands.AcceptRelation(document=document, candidate=what)
        return commands.RejectRelation(document, what)
    readings = rng.choice(found.undecided)
    what_span = readings.best.what
    choices: list[Any] = [
        commands.AcceptSpan(document=document, candidate=what_span),
        commands.AcceptSpan(document=document, candidate=what_span, label=_label(session, rng)),
        commands.RejectSpan(document, tuple(each.what for each in readings.candidates)),
    ]
    made: Made = rng.choice(choices)
    return made


def _of_span(session: Session, rng: Random, document: int, found: Annotations, text: str) -> Made:
    span, other = rng.choice(found.spans), rng.choice(found.spans)
    several = tuple({each.key for each in rng.choices(found.spans, k=3)})
    choices: list[Any] = [
        commands.RemoveSpans(several),
        commands.RelabelSpans(several, _label(session, rng)),
        commands.MoveSpan(span.key, _stretch(rng, text)),
        commands.Reopen(document=document, spans=(span.key,)),
        commands.SetFlag(kind=Kind.SPAN, key=span.key, flagged=rng.random() < 0.5),
        commands.SetNote(kind=Kind.SPAN, key=span.key, note=f"note {rng.random()}"),
        commands.RejectMany(document=document, label=span.label, words=text[span.start : span.end]),
    ]
    fitting = [
        each.name for each in session.schema.relations if each.allows(head=span.label, child=other.label)
    ]
    if fitting and span.key != other.key:
        choices += [
            commands.AddRelation(document=document, head=span.key, child=other.key, label=rng.choice(fitting))
        ] * 4
    made: Made = rng.choice(choices)
    return made


def _of_relation(session: Session, rng: Random, document: int, found: Annotations) -> Made:
    relation = rng.choice(found.relations)
    names = [each.name for each in session.schema.relations] or ["MET"]
    choices: list[Any] = [
        commands.RemoveRelations((relation.key,)),
        commands.ReverseRelation(relation.key),
        commands.ChangeRelation(relation=relation.key, label=rng.choice(names)),
        commands.Reopen(document=document, relations=(relation.key,)),
        commands.SetNote(kind=Kind.RELATION, key=relation.key, note=f"note {rng.random()}"),
    ]
    made: Made = rng.choice(choices)
    return made
