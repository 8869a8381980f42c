"""The types that an import brings: those its sources describe, and those that only occur in them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from annotator.model.annotation import Kind
from annotator.model.schema import EntityType, RelationType, Schema, Type, check_count, next_color
from annotator.store import batches
from annotator.store.project import Project
from annotator.store.type_rows import Types


class _Keys(dict[str, int]):
    """Row keys of types by name; one that is not there is looked for, or added unseen, when it is asked for."""

    def __init__(self, find: Callable[[str], int]) -> None:
        super().__init__()
        self._find = find

    def __missing__(self, name: str) -> int:
        self.provide(name)
        return self[name]

    def provide(self, name: str) -> None:
        """See to it that a name has a key.

        Raises:
            RuleError: there would be too many.
        """
        if name not in self:
            self[name] = self._find(name)


class ArrivingTypes:
    """Gives the row keys of types by name; what the project has none of is added, unseen until the import is done.

    Colour, key and ends of a new type are taken from what a source says of it, as far as the project leaves them
    free. Types that the project has stay as they are.
    """

    def __init__(self, project: Project) -> None:
        self._project = project
        self._described = Schema()
        self.spans = _Keys(lambda name: self._key(Kind.SPAN, name))
        self.relations = _Keys(lambda name: self._key(Kind.RELATION, name))
        self._made: list[Type] = []

    @property
    def new(self) -> tuple[Type, ...]:
        """Give the types that were added so far."""
        return tuple(self._made)

    def _key(self, kind: Kind, name: str) -> int:
        found = batches.type_key(self._project, kind, name)
        if found is None:
            with self._project.writing():
                made = self._relation(name) if kind is Kind.RELATION else self._entity(name)
            found = made.key
            self._made.append(made)
        return found

    def known(self) -> Types:
        """Give the project's types with those that came so far."""
        keys = {(Kind.SPAN, name): key for name, key in self.spans.items()}
        keys |= {(Kind.RELATION, name): key for name, key in self.relations.items()}
        return self._project.types.knowing(keys)

    def describe(self, schema: Schema) -> None:
        """Take types as a source describes them, used or not; what is known already stays as it is.

        Raises:
            RuleError: there would be too many.
        """
        self._described = schema
        for entity in schema.entities:
            self.spans.provide(entity.name)
        for relation in schema.relations:
            self.relations.provide(relation.name)

    def _entity(self, name: str) -> Type:
        known = self._all(EntityType)
        check_count("type", len(known) + 1)
        told = self._described.entity(name) or EntityType(name=name, color="")
        return batches.add_hidden_type(
            self._project,
            replace(
                told,
                position=_after(known),
                color=told.color or next_color([each.color for each in known]),
                shortcut=_free(told, known),
            ),
            self.known(),
        )

    def _relation(self, name: str) -> Type:
        known = self._all(RelationType)
        check_count("type", len(known) + 1)
        told = self._described.relation(name) or RelationType(name=name)
        for end in (*told.heads, *told.children):
            self.spans.provide(end)
        made = replace(told, position=_after(known), shortcut=_free(told, known))
        return batches.add_hidden_type(self._project, made, self.known())

    def _all(self, kind: type[Type]) -> list[Type]:
        schema = self._project.types.schema
        seen: list[Type] = [*schema.relations] if kind is RelationType else [*schema.entities]
        return seen + [each for each in self._made if isinstance(each, kind)]


def _after(known: list[Type]) -> int:
    return max((each.position for each in known), default=-1) + 1


def _free(told: Type, known: list[Type]) -> str:
    """Give the key that is wished for, unless another type has it."""
    return "" if told.shortcut in {each.shortcut for each in known} else told.shortcut
