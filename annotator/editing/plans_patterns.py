"""Plans for pattern lists: adding, changing and removing lists, and what is in them. Every one is one step."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from annotator.editing.commands import (
    AddPatternLists,
    ChangePatternList,
    ChangePatterns,
    NewPatternList,
    RemovePatternLists,
)
from annotator.editing.planning import Plan, Planner, Planning, chosen, counted, shortened
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
    folded,
    free_name,
    in_blocks,
    pack_patterns,
)
from annotator.model.schema import EntityType
from annotator.store.patterns import blocks_of, pattern_lists, patterns_in


def _stored(planner: Planner, key: int) -> PatternList:
    found = next((each for each in pattern_lists(planner.project) if each.key == key), None)
    if found is None:
        raise StaleError("This pattern list is gone.", "Choose another one.")
    return found


def _check_size(patterns: Iterable[Pattern]) -> None:
    total = tokens = 0
    for each in patterns:
        total += 1
        tokens += each.is_tokens
    if total > PATTERN_LIMIT:
        raise RuleError(f"A list holds at most {PATTERN_LIMIT:,} patterns; this would be {total:,}.")
    if tokens > TOKEN_PATTERN_LIMIT:
        raise RuleError(
            f"A list holds at most {TOKEN_PATTERN_LIMIT:,} token patterns; this would be {tokens:,}.",
            "What only says what words are there is better a phrase.",
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
    blocks = [(block, patterns_in(block.patterns)) for block in blocks_of(planner.project, each.key)]
    gone = set(command.removed)
    missing = gone.difference(*(found for _, found in blocks)) if gone else gone
    if missing:
        raise StaleError("This pattern is gone.", "Choose another one.")
    left = {
        folded(one, ignore_case=each.ignore_case) for _, found in blocks for one in found if one not in gone
    }
    new = _without_doubles(command.added, ignore_case=each.ignore_case)
    new = [one for one in new if folded(one, ignore_case=each.ignore_case) not in left]
    _check_size([one for _, found in blocks for one in found if one not in gone] + new)
    plan = Plan("")
    in_place = dict(zip(command.removed, new, strict=True)) if len(command.removed) == len(new) else {}
    _replace_blocks(plan, blocks, gone, in_place)
    if not in_place:
        _append(planner, plan, each, blocks, new)
    plan.name, plan.message = _told(each, command, new)
    return plan


_Block = tuple[PatternBlock, list[Pattern]]


def _replace_blocks(
    plan: Plan,
    blocks: list[_Block],
    gone: set[Pattern],
    in_place: dict[Pattern, Pattern],
) -> None:
    """Plan the blocks without what goes, and with what stands in its place; keeps `blocks` true."""
    for number, (block, patterns) in enumerate(blocks):
        if gone.isdisjoint(patterns):
            continue
        after = [in_place.get(one, one) for one in patterns if one not in gone or one in in_place]
        changed = replace(block, patterns=pack_patterns(after))
        if after:
            plan.replace(block, changed)
        else:
            plan.remove(block)
        blocks[number] = (block, after)


def _append(planner: Planner, plan: Plan, of: PatternList, blocks: list[_Block], new: list[Pattern]) -> None:
    """Plan new patterns in the last block as far as there is room, then in new ones."""
    room = max(0, BLOCK - len(blocks[-1][1])) if blocks and blocks[-1][1] else 0
    first, rest = new[:room], new[room:]
    if first:
        block, patterns = blocks[-1]
        plan.changes = [each for each in plan.changes if each.before is not block]
        plan.replace(block, replace(block, patterns=pack_patterns([*patterns, *first])))
    for packed in in_blocks(rest):
        plan.add(PatternBlock(key=planner.new_key("pattern_block"), list=of.key, patterns=packed))


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
