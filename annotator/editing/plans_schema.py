"""Plans for the schema: adding, changing, merging, ordering and deleting types. Every one is one step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from annotator.editing.commands import AddType, ChangeType, DeleteType, ExtendSchema, MergeTypes, ReorderTypes
from annotator.editing.planning import Plan, Planner, Planning, kind_word
from annotator.model.annotation import Kind, Rejection, Relation, RelationKey, Span, SpanKey
from annotator.model.candidate import Asked
from annotator.model.errors import RuleError, StaleError
from annotator.model.identity import new_id
from annotator.model.patterns import PatternList
from annotator.model.schema import (
    DIGITS,
    EntityType,
    RelationType,
    Type,
    check_count,
    check_words,
    next_color,
)
from annotator.model.wording import counted
from annotator.store.articles import proposals_with
from annotator.store.tables import ASKED, PATTERN_BLOCK, PATTERN_LIST, REJECTION, RELATION, SPAN
from annotator.store.type_rows import type_of


def kind_of(each: Type) -> Kind:
    """Tell whether a type is for spans or for relations."""
    return Kind.RELATION if isinstance(each, RelationType) else Kind.SPAN


def _types(planner: Planner, kind: Kind) -> Sequence[Type]:
    return planner.schema.entities if kind is Kind.SPAN else planner.schema.relations


def find_type(planner: Planner, kind: Kind, name: str) -> Type | None:
    """Give the type of a kind and name, or None."""
    return planner.schema.entity(name) if kind is Kind.SPAN else planner.schema.relation(name)


def _named(planner: Planner, kind: Kind, name: str) -> Type:
    found = find_type(planner, kind, name)
    if found is None:
        raise StaleError(f"This project has no {kind_word(kind)} {name}.")
    return found


def _a(words: str) -> str:
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words}"


def _planned(planner: Planner, plan: Plan, kind: Kind) -> list[Type]:
    """Give the types of a kind as they would be after what is planned so far."""
    found = list(_types(planner, kind))
    added = [change.after for change in plan.changes if isinstance(change.after, EntityType | RelationType)]
    return found + [each for each in added if kind_of(each) is kind]


def add_type(planner: Planner, plan: Plan, wanted: Type) -> Type:
    """Plan a new type with a key, an id, and a free shortcut and colour where it has none."""
    kind = kind_of(wanted)
    check_words(wanted)
    others = _planned(planner, plan, kind)
    check_count(kind_word(kind), len(others) + 1)
    if any(each.name == wanted.name for each in others):
        raise RuleError(f"There is {_a(kind_word(kind))} {wanted.name} already.")
    taken = {each.shortcut for each in others}
    shortcut = wanted.shortcut
    if not shortcut or shortcut in taken:
        free = (key for key in (*DIGITS, *(f"Shift+{digit}" for digit in DIGITS)) if key not in taken)
        shortcut = next(free, "")
    color = wanted.color or next_color(each.color for each in others)
    position = max((each.position for each in others), default=-1) + 1
    key = planner.new_key("type")
    made = replace(
        wanted, key=key, id=wanted.id or new_id(), shortcut=shortcut, color=color, position=position
    )
    if isinstance(made, RelationType):
        names = {each.name for each in _planned(planner, plan, Kind.SPAN)}
        unknown = next((name for name in (*made.heads, *made.children) if name not in names), None)
        if unknown is not None:
            raise RuleError(
                f"{made.name} names an end {unknown} that is no entity type here.", f"Add {unknown} first."
            )
    plan.add(made)
    return made


def stored_type(planner: Planner, key: int) -> Type:
    """Give a type by row key, hidden or not."""
    rows = planner.project.rows("SELECT * FROM type WHERE key = ?", (key,))
    if not rows:
        raise StaleError("A type of this import is gone.", "Import the files again.")
    return type_of(rows[0], planner.project.types)


def _add(planner: Planner, command: AddType) -> Plan:
    name = command.type.name
    plan = Plan(f"Add {kind_word(kind_of(command.type))} {name}", f"Added {name}.")
    add_type(planner, plan, command.type)
    return plan


def _extend(planner: Planner, command: ExtendSchema) -> Plan:
    plan = Plan("Add types")
    names = []
    for kind, types in ((Kind.SPAN, command.schema.entities), (Kind.RELATION, command.schema.relations)):
        known = {each.name for each in _types(planner, kind)}
        for each in types:
            if each.name not in known:
                add_type(planner, plan, replace(each, key=0, id=""))
                names.append(each.name)
    plan.name = f"Add {counted(len(names), 'type')}"
    plan.message = (
        f"Added {', '.join(names[:5])}{' …' if len(names) > 5 else ''}." if names else "Nothing was missing."
    )
    return plan


def _change(planner: Planner, command: ChangeType) -> Plan:
    wanted = command.type
    kind = kind_of(wanted)
    before = next((each for each in _types(planner, kind) if each.key == wanted.key), None)
    if before is None:
        raise StaleError(f"This {kind_word(kind)} is gone.")
    check_words(wanted)
    if any(each.name == wanted.name and each.key != wanted.key for each in _types(planner, kind)):
        raise RuleError(f"There is {_a(kind_word(kind))} {wanted.name} already.", "Merge the two instead.")
    renamed = before.name != wanted.name
    plan = Plan(f"Rename {before.name} to {wanted.name}" if renamed else f"Change {wanted.name}")
    plan.message = f"{before.name} is {wanted.name} now." if renamed else f"{wanted.name} changed."
    if isinstance(wanted, RelationType):
        unknown = next(
            (end for end in (*wanted.heads, *wanted.children) if planner.schema.entity(end) is None), None
        )
        if unknown is not None:
            raise RuleError(f"{unknown} is no entity type here.")
    if wanted.shortcut and wanted.shortcut != before.shortcut:
        other = next((each for each in _types(planner, kind) if each.shortcut == wanted.shortcut), None)
        if other is not None and other.key != wanted.key:
            plan.replace(other, replace(other, shortcut=before.shortcut))
            old = before.shortcut or "none"
            plan.message = f"Key of {wanted.name} is now {wanted.shortcut}, key of {other.name} {old}."
    plan.replace(before, replace(wanted, position=before.position, id=before.id))
    return plan


def _reorder(planner: Planner, command: ReorderTypes) -> Plan:
    types = {each.name: each for each in _types(planner, command.kind)}
    if sorted(types) != sorted(command.names):
        raise StaleError("The types changed meanwhile.", "Order them again.")
    plan = Plan(f"Order the {kind_word(command.kind)}s", "Order kept.")
    for position, name in enumerate(command.names):
        plan.replace(types[name], replace(types[name], position=position))
    return plan


def _rows(planner: Planner, table: Any, condition: str, key: int) -> list[Any]:
    rows = planner.project.rows(f"SELECT * FROM {table.name} WHERE {condition} ORDER BY key", (key,))  # noqa: S608
    return [table.from_columns(row, planner.project.types) for row in rows]


def _rejections_about(planner: Planner, each: Type) -> list[Rejection]:
    return _rows(planner, REJECTION, "type = ?1 OR head_type = ?1 OR child_type = ?1", each.key)


def _without_end(planner: Planner, plan: Plan, gone: str, instead: str | None) -> list[str]:
    """Plan that no relation type names an end that goes; one that loses its last end goes too, and is named.

    (An empty list of ends would mean "any", which nobody asked for.)
    """
    removed = []
    planned = {change.row.key for change in plan.changes if isinstance(change.row, Relation)}
    for relation in planner.schema.relations:
        if gone not in relation.heads and gone not in relation.children:
            continue
        heads = _ends(relation.heads, gone, instead)
        children = _ends(relation.children, gone, instead)
        if (relation.heads and not heads) or (relation.children and not children):
            for row in _rows(planner, RELATION, "type = ?", relation.key):
                if row.key not in planned:
                    plan.remove(row)
            for rejection in _rejections_about(planner, relation):
                if all(change.before != rejection for change in plan.changes):
                    plan.remove(rejection)
            plan.remove(relation)
            removed.append(relation.name)
        else:
            plan.replace(relation, replace(relation, heads=heads, children=children))
    return removed


def _ends(names: tuple[str, ...], gone: str, instead: str | None) -> tuple[str, ...]:
    kept = [instead if name == gone else name for name in names]
    return tuple(dict.fromkeys(name for name in kept if name is not None))


def _merge(planner: Planner, command: MergeTypes) -> Plan:
    source, target = (_named(planner, command.kind, name) for name in (command.source, command.target))
    if source.key == target.key:
        raise RuleError("Choose another type to merge into.")
    table: Any = SPAN if command.kind is Kind.SPAN else RELATION
    rows = _rows(planner, table, "type = ?", source.key)
    taken = {_place(row) for row in _rows(planner, table, "type = ?", target.key)}
    plan = Plan(f"Merge {source.name} into {target.name}", everywhere=True)
    doubled = [row for row in rows if _place(row) in taken]
    if command.kind is Kind.SPAN:
        moved = _same_spans(planner, plan, doubled, target.key)
    else:
        moved = 0
        for row in doubled:
            plan.remove(row)
    for row in rows:
        if _place(row) not in taken:
            plan.replace(row, replace(row, label=target.name))
    for rejection in _rejections_about(planner, source):
        plan.replace(
            rejection,
            replace(rejection, what=_renamed(rejection.what, source.name, target.name, command.kind)),
        )
    for found in _pattern_lists(planner, source):
        plan.replace(found, replace(found, label=target.name))
    _merge_candidates(planner, plan, source, target)
    if command.kind is Kind.SPAN:
        _without_end(planner, plan, source.name, target.name)
    plan.remove(source)
    word = "span" if command.kind is Kind.SPAN else "relation"
    plan.message = (
        f"{counted(len(rows), word)} of {source.name} {'is' if len(rows) == 1 else 'are'} {target.name} now."
    )
    if doubled:
        plan.message += f" {len(doubled)} stood there already."
    if moved:
        plan.message += f" {counted(moved, 'relation')} moved to them."
    return plan


def _asked_for(planner: Planner, each: Type) -> list[Asked]:
    return _rows(planner, ASKED, "type = ?", each.key)


def _pattern_lists(planner: Planner, each: Type) -> list[PatternList]:
    return _rows(planner, PATTERN_LIST, "type = ?", each.key)


def _merge_asked(planner: Planner, plan: Plan, source: Type, target: Type) -> None:
    """Plan that what a person asked to be proposed as `source` is proposed as `target`, each place once."""
    there = {(row.document, row.what.fragments) for row in _asked_for(planner, target)}
    for row in _asked_for(planner, source):
        if (row.document, row.what.fragments) in there:
            plan.remove(row)
        else:
            plan.replace(row, replace(row, what=SpanKey(row.what.fragments, target.name)))


def _merge_candidates(planner: Planner, plan: Plan, source: Type, target: Type) -> None:
    """Plan that what is proposed as `source` is proposed as `target`; what was decided need not be asked again."""
    kind = kind_of(source)
    if kind is Kind.SPAN:
        _merge_asked(planner, plan, source, target)
    for document, proposal in proposals_with(planner.project, source.key):
        if planner.annotations(document).asks(proposal.what):
            what = _renamed(proposal.what, source.name, target.name, kind)
            plan.proposals.append((document, replace(proposal, what=what)))


def _place(row: Any) -> tuple[Any, ...]:
    return (row.layer, row.fragments) if isinstance(row, Span) else (row.layer, row.head, row.child)


def _same_spans(planner: Planner, plan: Plan, doubled: list[Span], target: int) -> int:
    """Plan that spans which stand there under the target's label too go, their relations moving to those."""
    standing = {_place(row): row for row in _rows(planner, SPAN, "type = ?", target)} if doubled else {}
    moves = {span.key: standing[_place(span)].key for span in doubled}
    existing = {(each.head, each.child, each.label) for each in planner.relations_on(moves.values())}
    moved = 0
    for relation in planner.relations_on(moves):
        head, child = moves.get(relation.head, relation.head), moves.get(relation.child, relation.child)
        if head == child or (head, child, relation.label) in existing:
            plan.remove(relation)
        else:
            plan.replace(relation, replace(relation, head=head, child=child))
            existing.add((head, child, relation.label))
            moved += 1
    for span in doubled:
        plan.remove(span)
    return moved


def _renamed(what: SpanKey | RelationKey, old: str, new: str, kind: Kind) -> SpanKey | RelationKey:
    if isinstance(what, SpanKey):
        return SpanKey(what.fragments, new if what.label == old else what.label)
    if kind is Kind.RELATION:
        return what._replace(label=new if what.label == old else what.label)
    ends = [SpanKey(end.fragments, new if end.label == old else end.label) for end in (what.head, what.child)]
    return RelationKey(ends[0], ends[1], what.label)


def _delete(planner: Planner, command: DeleteType) -> Plan:
    each = _named(planner, command.kind, command.name)
    plan = Plan(f"Delete {each.name}", everywhere=True)
    spans = _rows(planner, SPAN, "type = ?", each.key) if command.kind is Kind.SPAN else []
    relations = (
        planner.relations_on(span.key for span in spans)
        if command.kind is Kind.SPAN
        else _rows(planner, RELATION, "type = ?", each.key)
    )
    asked = _asked_for(planner, each) if command.kind is Kind.SPAN else []
    lists = _pattern_lists(planner, each)
    blocks = [block for found in lists for block in _rows(planner, PATTERN_BLOCK, "list = ?", found.key)]
    for row in (*relations, *spans, *_rejections_about(planner, each), *asked, *blocks, *lists):
        plan.remove(row)
    also = _without_end(planner, plan, each.name, None) if command.kind is Kind.SPAN else []
    plan.remove(each)
    told = ((spans, "span"), (relations, "relation"), (lists, "pattern list"))
    gone = [counted(len(rows), word) for rows, word in told if rows]
    plan.message = f"Deleted {each.name}{' with ' + ' and '.join(gone) if gone else ''}."
    if also:
        plan.message += f" {', '.join(also)} had no other end and went too."
    return plan


PLANS: dict[type, Planning] = {
    AddType: _add,
    ExtendSchema: _extend,
    ChangeType: _change,
    ReorderTypes: _reorder,
    MergeTypes: _merge,
    DeleteType: _delete,
}
