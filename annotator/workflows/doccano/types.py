"""Brings label types of a server and types of the schema into step, before anything carries them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from annotator.editing.commands import ChangeType, ExtendSchema
from annotator.model.errors import RuleError
from annotator.model.record import Problem
from annotator.model.schema import EntityType, RelationType, Schema, Type
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
from annotator.sync.plan import Deed, Thing, Way
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
        side = self._choices.by_thing.get(Thing.TYPE, self._choices.conflicts)
        fields = tuple(sorted({*state.changes(here=True), *state.changes(here=False)}))
        if side is Side.MINE and self._ledger.goes(Way.THERE):
            return self._change_there(state, fields)
        if side is Side.THEIRS and self._ledger.goes(Way.HERE):
            return self._change_here(state, fields)
        self._ledger.left += [
            each for each in self._facts.conflicts if each.thing is Thing.TYPE and each.title == state.common
        ]
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
        coming = {
            item.label
            for pair in self._facts.pairs
            for cluster in pair.merge.clusters
            for item in cluster.items & pair.there.content.items
        } | {item.label for there in self._facts.new_there for item in there.content.items}
        return [made_here(each.remote) for each in gone if each.common in coming and each.remote is not None]

    def _add_there(self) -> None:
        taken: list[RemoteType] = list(self._facts.remote_types)
        going = {
            item.label
            for pair in self._facts.pairs
            for cluster in pair.merge.clusters
            for item in cluster.items & pair.here.content.items
        } | {item.label for here in self._facts.new_here for item in here.content.items}
        for state in self._facts.states:
            if state.local is None or state.remote is not None:
                continue
            if not goes_there(state, self._project, self._facts.lacks):
                continue
            if state.is_new_here or state.common in going:
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
