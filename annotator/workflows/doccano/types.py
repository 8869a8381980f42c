"""Brings label types of a server and types of the schema into step, before anything carries them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from annotator.editing.commands import ChangeType, ExtendSchema
from annotator.model.errors import RuleError
from annotator.model.record import Problem
from annotator.model.schema import EntityType, RelationType, Schema, Type
from annotator.sync.deciding import decider, targets
from annotator.sync.labels import (
    Known,
    Labels,
    State,
    joined_here,
    joined_there,
    made_here,
    made_there,
    states_of,
    table_of,
)
from annotator.sync.merging import Side
from annotator.sync.plan import Conflict, Deed, Thing, Way
from annotator.sync.remote import RefusedError, RemoteType
from annotator.workflows.doccano.facts import goes_there
from annotator.workflows.doccano.ledger import Ledger
from annotator.workflows.doccano.telling import problem


def bring_types_into_step(ledger: Ledger) -> tuple[tuple[Known, ...], Labels]:
    """Add and change types on both sides; gives the table for the project's link, and the labels from now on."""
    return _Types(ledger).work()


class _Types:
    """What is done to types in one sync."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._session = ledger.session
        self._remote = ledger.remote
        self._project = ledger.project
        self._facts = ledger.facts
        self._choices = ledger.choices
        self.done = ledger.done
        self.problems = ledger.problems

    def work(self) -> tuple[tuple[Known, ...], Labels]:
        """Do all of it."""
        settled = [
            state.known for state in self._facts.states if not self._settle(state) and state.known is not None
        ]
        if self._ledger.goes(Way.HERE):
            self._add_here()
        if self._ledger.goes(Way.THERE):
            self._add_there()
        self._leave_disputed()
        commons = self._facts.labels.common_by_number()
        before = self._facts.links.project.table
        schema, types = self._session.schema, self._remote.types(self._project.id)
        table = table_of(states_of(before, schema, types), settled=settled)
        kept = {each.number for each in before}
        commons = {number: common for number, common in commons.items() if number in kept}
        return table, Labels(states_of(table, schema, types), commons)

    def _settle(self, state: State) -> bool:
        """Change one side of a type as the other was changed; tells whether both are as they should be."""
        if state.local is None or state.remote is None:
            return True
        if state.differs:
            return self._settle_conflict(state)
        here, there = state.changes(here=False), state.changes(here=True)
        is_whole = True
        if here:
            is_whole = self._ledger.goes(Way.HERE) and self._change_here(state, here)
        if there:
            is_whole = (self._ledger.goes(Way.THERE) and self._change_there(state, there)) and is_whole
        return is_whole

    def _settle_conflict(self, state: State) -> bool:
        side = self._choices.side_of(Thing.TYPE)
        fields = tuple(sorted({*state.changes(here=True), *state.changes(here=False)}))
        if side is Side.MINE and self._ledger.goes(Way.THERE):
            return self._change_there(state, fields)
        if side is Side.THEIRS and self._ledger.goes(Way.HERE):
            return self._change_here(state, fields)
        self._ledger.left += self._conflicts_of({state.common})
        return False

    def _change_here(self, state: State, fields: Sequence[int]) -> bool:
        wanted = joined_here(state, fields)
        if wanted == state.local:
            return True
        try:
            self._did(ChangeType(wanted))
        except RuleError as error:
            self.problems.append(Problem(file=self._project.name, message=f"{wanted.name}: {error}"))
            return False
        self.done[Way.HERE, Deed.CHANGE, Thing.TYPE] += 1
        return True

    def _change_there(self, state: State, fields: Sequence[int]) -> bool:
        wanted = joined_there(state, fields, self._facts.remote_types)
        if wanted == state.remote:
            return True
        try:
            self._remote.change_type(self._project.id, wanted)
        except RefusedError as error:
            self.problems.append(problem(self._project.name, 0, f"{wanted.name}: {error.what}"))
            return False
        self.done[Way.THERE, Deed.CHANGE, Thing.TYPE] += 1
        return True

    def _leave_disputed(self) -> None:
        """Note which types stay as they are that the server deleted and this side uses."""
        ways = {Side.MINE: Way.THERE, Side.THEIRS: Way.HERE}
        way = ways.get(self._choices.side_of(Thing.TYPE))
        if way is None or not self._ledger.goes(way):
            names = {name for _, name in self._facts.disputed}
            self._ledger.left += self._conflicts_of(names)

    def _conflicts_of(self, names: Collection[str]) -> list[Conflict]:
        return [each for each in self._facts.conflicts if each.thing is Thing.TYPE and each.title in names]

    def _add_here(self) -> None:
        made = [made_here(each.remote) for each in self._facts.states if each.is_new_there and each.remote]
        missing = self._needed_here()
        types: list[Type] = [*made, *missing]
        if not types:
            return
        schema = self._session.schema
        here: list[Type] = [*schema.entities, *schema.relations]
        taken = {(type(each), each.shortcut) for each in here}
        free = [
            replace(each, shortcut="") if (type(each), each.shortcut) in taken else each for each in types
        ]
        added = Schema(
            tuple(each for each in free if isinstance(each, EntityType)),
            tuple(each for each in free if isinstance(each, RelationType)),
        )
        self._did(ExtendSchema(added))
        self.done[Way.HERE, Deed.ADD, Thing.TYPE] += len(types)

    def _needed_here(self) -> list[Type]:
        """Give types that were deleted here and are needed again by what comes."""
        gone = [
            each
            for each in self._facts.states
            if each.known and each.known.local and each.remote and not each.local
        ]
        if not gone:
            return []
        coming = {item.label for there in self._facts.new_there for item in there.content.items}
        for pair in self._facts.pairs:
            becomes = targets(pair, decider(pair, self._choices))[0]
            coming |= {item.label for item in becomes.items - pair.here.content.items}
        return [made_here(each.remote) for each in gone if each.common in coming and each.remote is not None]

    def _add_there(self) -> None:
        taken: list[RemoteType] = list(self._facts.remote_types)
        makes_again = self._choices.side_of(Thing.TYPE) is Side.MINE
        for state in self._facts.states:
            if state.local is None or state.remote is not None:
                continue
            if not goes_there(state, self._project, self._facts.lacks):
                continue
            if state.is_new_here or (makes_again and (state.kind, state.common) in self._facts.disputed):
                self._make_there(state.local, taken)

    def _make_there(self, local: Type, taken: list[RemoteType]) -> None:
        wanted = made_there(local, taken)
        try:
            taken.append(self._remote.create_type(self._project.id, wanted))
            self.done[Way.THERE, Deed.ADD, Thing.TYPE] += 1
        except RefusedError as error:
            self.problems.append(
                problem(self._project.name, 0, f"The type {wanted.name} was not made: {error.what}")
            )

    def _did(self, command: ChangeType | ExtendSchema) -> None:
        step = self._session.do(command).step
        if step is not None:
            self._ledger.steps.append(step.key)
