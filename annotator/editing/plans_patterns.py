"""Plans for pattern lists: adding, changing and removing lists, and what is in them. Every one is one step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from annotator.editing.commands import (
    AddPatternLists,
    ChangePatternList,
    ChangePatterns,
    NewPatternList,
    RemovePatternLists,
)
from annotator.editing.planning import Plan, Planner, Planning, chosen, shortened
from annotator.editing.plans_schema import add_type
from annotator.model.errors import RuleError, StaleError
from annotator.model.identity import new_id
from annotator.model.limits import LABEL_LIMIT
from annotator.model.patterns import (
    BLOCK,
    LIST_LIMIT,
    PATTERN_LIMIT,
    TOKEN_PATTERN_LIMIT,
    Pattern,
    PatternBlock,
    PatternList,
    check_list_name,
    exact_words,
    folded,
    free_name,
    in_blocks,
    pack_patterns,
)
from annotator.model.schema import EntityType
from annotator.model.wording import counted
from annotator.store.patterns import blocks_of, pattern_lists, patterns_in

_MANY = 100
"""New patterns beyond which whole lists are unpacked to see what is there already."""


def _stored(planner: Planner, key: int) -> PatternList:
    found = next((each for each in pattern_lists(planner.project) if each.key == key), None)
    if found is None:
        raise StaleError("This pattern list is gone.", "Choose another one.")
    return found


def _check_size(patterns: Iterable[Pattern]) -> None:
    total = tokens = 0
    for each in patterns:
        total += 1
        tokens += each.is_tokens and exact_words(each) is None
    if total > PATTERN_LIMIT:
        raise RuleError(f"A list holds at most {PATTERN_LIMIT:,} patterns; this would be {total:,}.")
    if tokens > TOKEN_PATTERN_LIMIT:
        raise RuleError(
            f"A list holds at most {TOKEN_PATTERN_LIMIT:,} token patterns that say more than which words follow "
            f"each other; this would be {tokens:,}.",
            "Make several lists of them.",
        )


def _without_doubles(patterns: Iterable[Pattern], *, ignore_case: bool) -> list[Pattern]:
    first: dict[str, Pattern] = {}
    for each in patterns:
        first.setdefault(folded(each, ignore_case=ignore_case), each)
    return list(first.values())


def _add(planner: Planner, command: AddPatternLists) -> Plan:
    wanted = command.lists
    there = [each.name for each in pattern_lists(planner.project)]
    if len(there) + len(wanted) > LIST_LIMIT:
        raise RuleError(f"A project has at most {LIST_LIMIT:,} pattern lists.", "Remove some first.")
    plan = Plan("")
    missing = [each.label for each in wanted if planner.schema.entity(each.label) is None]
    labels = list(dict.fromkeys(missing))
    for label in labels:
        add_type(planner, plan, EntityType(name=label))
    count = 0
    for each in wanted:
        made, patterns = _made(planner, each, there)
        there.append(made.name)
        plan.add(made)
        for packed in in_blocks(patterns):
            plan.add(PatternBlock(key=planner.new_key("pattern_block"), list=made.key, patterns=packed))
        count += len(patterns)
    names = ", ".join(there[-len(wanted) :][:3]) + (" …" if len(wanted) > 3 else "") if wanted else ""
    one = len(wanted) == 1
    what = f"pattern list {names}" if one else counted(len(wanted), "pattern list")
    plan.name = f"Add {what}"
    plan.message = (
        f"Added {names} with {counted(count, 'pattern')}." if wanted else "There is nothing to add."
    )
    if labels:
        plan.message += f" New: {', '.join(labels[:5])}{' …' if len(labels) > 5 else ''}."
    return plan


def _made(
    planner: Planner, wanted: NewPatternList, taken: Sequence[str]
) -> tuple[PatternList, list[Pattern]]:
    patterns = _without_doubles(wanted.patterns, ignore_case=wanted.ignore_case)
    _check_size(patterns)
    made = PatternList(
        key=planner.new_key("pattern_list"),
        id=new_id(),
        name=free_name(check_list_name(wanted.name[:LABEL_LIMIT]), taken),
        source=wanted.source,
        label=wanted.label,
        ignore_case=wanted.ignore_case,
    )
    return made, patterns


def _change(planner: Planner, command: ChangePatternList) -> Plan:
    before = _stored(planner, command.list.key)
    name = check_list_name(command.list.name)
    planner.check_entity(command.list.label)
    others = [each for each in pattern_lists(planner.project) if each.key != before.key]
    if any(each.name == name for each in others):
        raise RuleError(f"There is a pattern list {name} already.")
    after = replace(command.list, name=name, id=before.id, source=before.source, version=before.version)
    plan = Plan(f"Change pattern list {name}", f"{name} changed.")
    if after.name != before.name:
        plan.name = f"Rename pattern list {before.name} to {name}"
        plan.message = f"{before.name} is {name} now."
    elif after.enabled != before.enabled:
        turned = "on" if after.enabled else "off"
        plan.name, plan.message = f"Switch {turned} pattern list {name}", f"{name} is {turned} now."
    elif after.label != before.label:
        plan.message = f"{name} proposes {after.label} now."
    plan.replace(before, after)
    return plan


def _remove(planner: Planner, command: RemovePatternLists) -> Plan:
    lists = [_stored(planner, key) for key in chosen(command.lists)]
    plan = Plan("")
    for each in lists:
        for block in blocks_of(planner.project, each.key):
            plan.remove(block)
        plan.remove(each)
    what = f"pattern list {lists[0].name}" if len(lists) == 1 else counted(len(lists), "pattern list")
    plan.name, plan.message = f"Remove {what}", f"Removed {what}."
    return plan


def _change_patterns(planner: Planner, command: ChangePatterns) -> Plan:
    """Plan the blocks that become others; what is in the list already is not added."""
    each = _stored(planner, command.list)
    blocks = _Blocks(blocks_of(planner.project, each.key), ignore_case=each.ignore_case)
    gone = frozenset(command.removed)
    new = _without_doubles(command.added, ignore_case=each.ignore_case)
    new = blocks.lacking(new, besides=gone)
    if command.added:
        _check_size([*blocks.counted_for(new, besides=gone), *new])
    in_place = dict(zip(command.removed, new, strict=True)) if len(command.removed) == len(new) else {}
    for number in blocks.of(gone):
        blocks.put(
            number, [in_place.get(one, one) for one in blocks.patterns(number) if one not in gone or in_place]
        )
    plan = Plan("")
    for packed in blocks.append([] if in_place else new):
        plan.add(PatternBlock(key=planner.new_key("pattern_block"), list=each.key, patterns=packed))
    blocks.plan(plan)
    plan.name, plan.message = _told(each, command, new)
    return plan


class _Blocks:
    """The blocks of a list, unpacked only where something is looked for that they may hold."""

    def __init__(self, blocks: Sequence[PatternBlock], *, ignore_case: bool) -> None:
        self._blocks = blocks
        self._ignore_case = ignore_case
        self._unpacked: dict[int, list[Pattern]] = {}
        self._changed: set[int] = set()

    def patterns(self, number: int) -> list[Pattern]:
        """Give what is in a block now."""
        if number not in self._unpacked:
            self._unpacked[number] = patterns_in(self._blocks[number].patterns)
        return self._unpacked[number]

    def put(self, number: int, patterns: list[Pattern]) -> None:
        """Let other patterns be in a block."""
        self._unpacked[number] = patterns
        self._changed.add(number)

    def of(self, wanted: frozenset[Pattern]) -> list[int]:
        """List the blocks that hold some patterns.

        Raises:
            StaleError: one is in none.
        """
        found = []
        left = set(wanted)
        for number, block in enumerate(self._blocks):
            if any(pack_patterns([one])[1:-1] in block.patterns for one in left):
                here = left.intersection(self.patterns(number))
                left -= here
                found += [number] if here else []
        if left:
            raise StaleError("This pattern is gone.", "Choose another one.")
        return found

    def lacking(self, wanted: list[Pattern], *, besides: frozenset[Pattern]) -> list[Pattern]:
        """Leave out what is in a block already, of patterns that find the same the first alone."""
        if not wanted:
            return []
        there: set[str] = set()
        needles = [self._folded(pack_patterns([one])[1:-1]) for one in wanted]
        for number, block in enumerate(self._blocks):
            text = self._folded(block.patterns)
            if len(needles) > _MANY or any(needle in text for needle in needles):
                there.update(self._key(one) for one in self.patterns(number) if one not in besides)
        return [one for one in wanted if self._key(one) not in there]

    def counted_for(self, new: Sequence[Pattern], *, besides: frozenset[Pattern]) -> Iterator[Pattern]:
        """Yield what counts against the limits beside new patterns; blocks far from them are not unpacked."""
        if len(self._blocks) * BLOCK + len(new) <= TOKEN_PATTERN_LIMIT:
            return
        for number, block in enumerate(self._blocks):
            if "[{" in block.patterns or (len(self._blocks) + 1) * BLOCK + len(new) > PATTERN_LIMIT:
                yield from (one for one in self.patterns(number) if one not in besides)

    def append(self, new: Sequence[Pattern]) -> Iterator[str]:
        """Put new patterns into the last block as far as there is room, and yield further blocks for the rest."""
        room = BLOCK - len(self.patterns(len(self._blocks) - 1)) if self._blocks and new else 0
        if 0 < room < BLOCK:
            self.put(len(self._blocks) - 1, [*self.patterns(len(self._blocks) - 1), *new[:room]])
            new = new[room:]
        yield from in_blocks(new)

    def plan(self, plan: Plan) -> None:
        """Plan what became of the blocks; one in which nothing is left goes."""
        for number in sorted(self._changed):
            block, patterns = self._blocks[number], self._unpacked[number]
            if patterns:
                plan.replace(block, replace(block, patterns=pack_patterns(patterns)))
            else:
                plan.remove(block)

    def _folded(self, text: str) -> str:
        return text.casefold() if self._ignore_case else text

    def _key(self, pattern: Pattern) -> str:
        return folded(pattern, ignore_case=self._ignore_case)


def _told(of: PatternList, command: ChangePatterns, new: Sequence[Pattern]) -> tuple[str, str]:
    """Give the name of the step and what the status line says."""
    gone = command.removed
    if gone and new:
        return f"Change {_words(gone)} in {of.name}", f"{of.name} has {_words(new)} now."
    if gone:
        return f"Remove {_words(gone)} from {of.name}", f"Removed {_words(gone)} from {of.name}."
    if not new:
        return f"Add to {of.name}", f"{of.name} has {_words(command.added)} already."
    return f"Add {_words(new)} to {of.name}", f"Added {_words(new)} to {of.name}."


def _words(patterns: Sequence[Pattern]) -> str:
    return shortened(patterns[0].text) if len(patterns) == 1 else counted(len(patterns), "pattern")


PLANS: dict[type, Planning] = {
    AddPatternLists: _add,
    ChangePatternList: _change,
    RemovePatternLists: _remove,
    ChangePatterns: _change_patterns,
}
