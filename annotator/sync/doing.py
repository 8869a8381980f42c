"""Brings a document of a server from what it is to what it should be, call by call.

Nothing that writes is repeated blindly: where an answer did not come, the document is asked for, and what is missing is
done. Things that others made meanwhile are never touched, since only what was planned is added or taken out.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from annotator.model.annotation import Kind
from annotator.model.hues import hex_of
from annotator.sync.content import Content, Item, Place, Tie, note_of
from annotator.sync.labels import Labels
from annotator.sync.mapping import There, metadata_there, oldest_first, read_there
from annotator.sync.remote import (
    RefusedError,
    Remote,
    RemoteComment,
    RemoteProject,
    RemoteRelation,
    RemoteSpan,
    RemoteType,
    TypeKind,
    UnreachableError,
)
from annotator.sync.units import Offsets, Unit

ATTEMPTS = 3
"""How often a document is brought on where answers do not come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """What every call needs: the server, its project, how it counts and what it calls our types."""

    remote: Remote
    project: RemoteProject
    labels: Labels
    unit: Unit

    def read(self, document: int) -> There:
        """Ask for a document as it is now."""
        return read_there(self.remote.document(self.project, document), self.labels, self.unit)


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """What is to be done to a document of the server.

    Args:
        now: as it was when it was planned. target: what it becomes. others: whether what others made may be taken out.
        metadata: ours, written where the target's are others than those there.
    """

    now: There
    target: Content
    others: bool = False
    metadata: Mapping[str, Any] = field(default_factory=dict)

    @property
    def adds(self) -> frozenset[Item]:
        """Give what is to be made."""
        return self.target.items - self.now.content.items

    @property
    def takes(self) -> frozenset[Item]:
        """Give what is to be taken out."""
        return self.now.content.items - self.target.items

    @property
    def note(self) -> str | None:
        """Give the note that is to be written, None where it stays."""
        note = self.target.values.note
        return None if note == self.now.content.values.note else note

    @property
    def confirmed(self) -> bool | None:
        """Give the state that is to be set, None where it stays."""
        confirmed = self.target.values.confirmed
        return None if confirmed == self.now.content.values.confirmed else confirmed

    @property
    def categories(self) -> frozenset[str] | None:
        """Give the categories that are to be set, None where they stay."""
        categories = self.target.values.categories
        return None if categories == self.now.content.values.categories else categories

    @property
    def changes_metadata(self) -> bool:
        """Tell whether metadata are to be written."""
        return self.target.values.metadata != self.now.content.values.metadata

    def is_done(self, now: There) -> bool:
        """Tell whether a document is as it was to become, whatever others made of it meanwhile."""
        return not now.doubled and _wanted(self, now) == now.content

    @property
    def asks_first(self) -> bool:
        """Tell whether the document is asked for before: what is taken out has to be known by number and maker."""
        if self.takes:
            return True
        ends = {end for item in self.adds if isinstance(item, Tie) for end in (item.head, item.child)}
        return any(
            not found[0].id for end in ends - self.adds if (found := self.now.spans.get(end)) is not None
        )

    @property
    def calls(self) -> int:
        """Estimate the calls: three to set a state, four to ask for a document, two for metadata."""
        cascaded = {
            item for item in self.takes if isinstance(item, Tie) and self.takes & {item.head, item.child}
        }
        count = len(self.adds) + len(self.takes) - len(cascaded)
        count += 4 * self.asks_first + 3 * (self.confirmed is not None) + 2 * self.changes_metadata
        if self.categories is not None:
            count += 1 + len(self.categories ^ self.now.content.values.categories)
        if self.note is not None:
            count += 1 + sum(1 for each in self.now.document.comments if each.id)
        return count


@dataclass(slots=True)
class Done:
    """What became of an errand; `refused` are the server's own words."""

    refused: list[str] = field(default_factory=list)


def bring(where: Where, errand: Errand) -> Done:
    """Do an errand.

    Raises:
        ServerError: the server cannot be reached, also not to look what became of it.
    """
    number = errand.now.document.id
    done = Done()
    now = where.read(number) if errand.asks_first else errand.now
    for attempt in range(1, ATTEMPTS + 1):
        try:
            _Bringing(where, errand, now, done).work()
            break
        except UnreachableError:
            if attempt == ATTEMPTS:
                raise
            now = where.read(number)  # this may be repeated, and says what came to pass
            done.refused.clear()
    return done


class _Bringing:
    """One attempt at an errand, from what the document is now."""

    def __init__(self, where: Where, errand: Errand, now: There, done: Done) -> None:
        self._where = where
        self._errand = errand
        self._now = now
        self._done = done
        self._number = now.document.id
        self._project = where.project.id
        self._offsets = Offsets(now.document.text, where.unit)
        self._ids: dict[Place, int] = {
            place: found[0].id for place, found in now.spans.items() if found and found[0].id
        }

    def work(self) -> None:
        """Do all of it: what goes first, since it may be in the way, then spans, then what joins them."""
        self._take_out()
        missing = self._errand.adds - self._now.content.items
        for place in sorted(item for item in missing if isinstance(item, Place)):
            with self._keeping_refusals(f"{place.label} {place.start} to {place.end}"):
                self._make_span(place)
        for tie in sorted(item for item in missing if isinstance(item, Tie)):
            with self._keeping_refusals(f"{tie.label}"):
                self._make_relation(tie)
        self._write_values()

    def _write_values(self) -> None:
        note, confirmed = self._errand.note, self._errand.confirmed
        if note is not None and note != self._now.content.values.note:
            with self._keeping_refusals("a comment"):
                self._write_note(note)
        if confirmed is not None:
            with self._keeping_refusals("the confirmed state"):
                self._where.remote.confirm(self._project, self._number, confirmed=confirmed)
        if self._errand.categories is not None:
            with self._keeping_refusals("categories"):
                self._write_categories(self._errand.categories)
        if self._errand.changes_metadata:
            with self._keeping_refusals("metadata"):
                before = self._where.remote.metadata(self._project, self._number)
                metadata = metadata_there(self._errand.metadata, before)
                self._where.remote.change_metadata(self._project, self._number, metadata)

    @contextlib.contextmanager
    def _keeping_refusals(self, what: str) -> Iterator[None]:
        try:
            yield
        except RefusedError as error:
            self._done.refused.append(f"{what}: {error.what}")

    def _take_out(self) -> None:
        going = self._errand.takes & self._now.content.items
        gone: set[int] = set()
        for place in sorted(item for item in going if isinstance(item, Place)):
            for span in self._now.spans.get(place, ()):
                if self._may_take(span.user):
                    with self._keeping_refusals(f"{place.label} {place.start} to {place.end}"):
                        self._where.remote.delete_span(self._project, self._number, span.id)
                        gone.add(span.id)
        for tie in sorted(item for item in going if isinstance(item, Tie)):
            for relation in self._now.relations.get(tie, ()):
                if gone.isdisjoint((relation.head, relation.child)) and self._may_take(relation.user):
                    with self._keeping_refusals(tie.label):
                        self._where.remote.delete_relation(self._project, self._number, relation.id)

    def _may_take(self, user: int) -> bool:
        return self._errand.others or user in (0, self._where.remote.account.user)

    def _make_span(self, place: Place) -> None:
        kind = self._where.labels.there(Kind.SPAN, place.label)
        found = self._offsets.there(place.start, place.end)
        if kind is None or found is None:
            why = "there is no such type" if kind is None else "the server cannot name this place"
            self._done.refused.append(f"{place.label} {place.start} to {place.end}: {why}.")
            return
        span = RemoteSpan(start=found[0], end=found[1], label=kind.name)
        self._ids[place] = self._where.remote.create_span(self._project, self._number, span, kind.id).id

    def _make_relation(self, tie: Tie) -> None:
        kind = self._where.labels.there(Kind.RELATION, tie.label)
        head, child = self._ids.get(tie.head, 0), self._ids.get(tie.child, 0)
        if kind is None or not head or not child:
            why = "there is no such type" if kind is None else "an end of it is not there"
            self._done.refused.append(f"{tie.label}: {why}.")
            return
        relation = RemoteRelation(head=head, child=child, label=kind.name)
        self._where.remote.create_relation(self._project, self._number, relation, kind.id)

    def _write_categories(self, categories: frozenset[str]) -> None:
        """Set the categories; types that are not there are made first."""
        where = self._where
        known = {
            each.name: each.id for each in where.remote.types(self._project) if each.kind is TypeKind.CATEGORY
        }
        for name in sorted(categories.difference(known)):
            made = RemoteType(kind=TypeKind.CATEGORY, name=name, background=hex_of("slate"))
            known[name] = where.remote.create_type(self._project, made).id
        wanted = {name: known[name] for name in categories}
        where.remote.change_categories(self._project, self._number, wanted, others=self._errand.others)

    def _write_note(self, note: str) -> None:
        """Write a comment that makes the note what it should be; comments of this account that it replaces go after."""
        comments = oldest_first(self._now.document.comments)
        keeps, text = _continued(comments, note)
        mine = [each for each in comments if self._is_mine(each) and each not in keeps]
        if text and all(note_of([each.text]) != text for each in mine):
            self._where.remote.create_comment(self._project, self._number, text)
        for comment in mine:
            if note_of([comment.text]) != text or not text:
                self._where.remote.delete_comment(self._project, self._number, comment.id)

    def _is_mine(self, comment: RemoteComment) -> bool:
        account = self._where.remote.account
        return comment.user == account.user if comment.user else comment.username == account.name


def _continued(comments: list[RemoteComment], note: str) -> tuple[list[RemoteComment], str]:
    """Give the oldest comments that the note begins with, and what is left of it to be written."""
    for count in range(len(comments), -1, -1):
        beginning = note_of(each.text for each in comments[:count])
        if note == beginning:
            return comments[:count], ""
        if not beginning or note.startswith(f"{beginning}\n\n"):
            return comments[:count], note[len(beginning) :].lstrip("\n")
    return [], note


def heal(where: Where, errand: Errand) -> tuple[There, int]:
    """Look what became of an errand, mend what went wrong, and give the document as it is and how much was mended.

    Raises:
        ServerError: the server cannot be reached.
    """
    mended = 0
    for attempt in range(1, ATTEMPTS + 1):
        now = where.read(errand.now.document.id)
        try:
            count = _undouble(where, now)
            wanted = _wanted(errand, now)
            if wanted != now.content:
                bring(where, replace(errand, now=now, target=wanted))
                before, now = now, where.read(now.document.id)
                count += before.content != now.content
            mended += count
            if not count:
                break
        except UnreachableError:
            if attempt == ATTEMPTS:
                raise
    return now, mended


def _wanted(errand: Errand, now: There) -> Content:
    """Give what an errand was to make of a document, with what others made meanwhile."""
    values = now.content.values
    if errand.note is not None:
        values = replace(values, note=errand.note)
    if errand.confirmed is not None:
        values = replace(values, confirmed=errand.confirmed)
    if errand.categories is not None:
        values = replace(values, categories=errand.categories)
    if errand.changes_metadata:
        values = replace(values, metadata=errand.target.values.metadata)
    return replace(now.content.having((now.content.items | errand.adds) - errand.takes), values=values)


def _undouble(where: Where, now: There) -> int:
    """Take out what stands there twice, both times made by this account, as doubled requests do; give how many."""
    account, count = where.remote.account.user, 0
    project, number = where.project.id, now.document.id
    used = {end for found in now.relations.values() for each in found for end in (each.head, each.child)}
    gone: set[int] = set()
    for place in (item for item in now.doubled if isinstance(item, Place)):
        mine = [each for each in now.spans[place] if each.user == account]
        for span in sorted(mine, key=lambda each: (each.id not in used, each.id))[1:]:
            where.remote.delete_span(project, number, span.id)
            gone.add(span.id)
            count += 1
    for tie in (item for item in now.doubled if isinstance(item, Tie)):
        found = [each for each in now.relations[tie] if gone.isdisjoint((each.head, each.child))]
        for relation in sorted(each.id for each in found if each.user == account)[1:]:
            where.remote.delete_relation(project, number, relation)
            count += 1
    return count
