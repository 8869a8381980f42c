"""Which spans of the open document have words that carry another label elsewhere, and where. No Qt.

Elsewhere is every other place of the document and what was found in other documents; only what is accepted counts.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from annotator.model.annotation import Fragments
from annotator.model.article import Annotations
from annotator.model.wording import counted
from annotator.ui.canvas.items import SpanItem
from annotator.ui.models.article_items import chosen_reading, id_of
from annotator.workflows.other_labels import Elsewhere, LabelledPlace, form_of

_NOWHERE = Elsewhere()


@dataclass(frozen=True, slots=True)
class _Item:
    """A span or candidate of the document, as it is shown."""

    id: str
    label: str
    fragments: Fragments
    form: str


@dataclass(slots=True)
class Otherwise:
    """What is known of one document.

    Args:
        words: by item id, what is said of a span whose words carry another label elsewhere, such as
            `also LOC in 3 places`.
        elsewhere: by form, where it is accepted in other documents, as far as it was looked for.
    """

    document: int = 0
    words: dict[str, str] = field(default_factory=dict)
    elsewhere: dict[str, Elsewhere] = field(default_factory=dict)
    _items: dict[str, _Item] = field(default_factory=dict)
    _here: dict[str, list[tuple[Fragments, LabelledPlace]]] = field(default_factory=dict)
    _at: defaultdict[Fragments, set[str]] = field(default_factory=lambda: defaultdict(set))
    _labels: dict[str, Counter[str]] = field(default_factory=dict)
    _forms: dict[Fragments, str] = field(default_factory=dict)

    def read(self, annotations: Annotations, text: str, readings_chosen: Mapping[str, int]) -> None:
        """Compare the spans of the document as they are now; costs a few microseconds a span."""
        here: defaultdict[str, list[tuple[Fragments, LabelledPlace]]] = defaultdict(list)
        at: defaultdict[Fragments, set[str]] = defaultdict(set)
        items = []
        for span in annotations.spans:
            form = self._form(text, span.fragments)
            here[form].append((span.fragments, LabelledPlace(self.document, span.key, span.label)))
            at[span.fragments].add(span.label)
            items.append(_Item(id_of(span), span.label, span.fragments, form))
        for readings in annotations.undecided:
            shown = chosen_reading(readings, readings_chosen)
            form = self._form(text, shown.fragments)
            items.append(_Item(id_of(readings), shown.label, shown.fragments, form))
        self._here, self._at = here, at
        self._items = {item.id: item for item in items}
        self.compare()

    def compare(self) -> None:
        """Say anew what is known of each span."""
        self._labels = {form: Counter(place.label for _, place in self._here[form]) for form in self._here}
        for form, found in self.elsewhere.items():
            self._labels.setdefault(form, Counter()).update(place.label for place in found.places)
        self.words = {item.id: words for item in self._items.values() if (words := self._words(item))}

    def unknown(self) -> list[str]:
        """List the forms that were not looked for in other documents yet."""
        forms = dict.fromkeys(item.form for item in self._items.values())
        return [form for form in forms if form and form not in self.elsewhere]

    def places(self, item_id: str) -> list[LabelledPlace]:
        """List where the words of a span carry another label: further on here, then before, then elsewhere."""
        item = self._items.get(item_id)
        if item is None:
            return []
        here = sorted(self._here_otherwise(item), key=lambda each: (each[0] < item.fragments, each[0]))
        others = self.elsewhere.get(item.form, _NOWHERE).places
        return [place for _, place in here] + [place for place in others if place.label != item.label]

    def _here_otherwise(self, item: _Item) -> Iterator[tuple[Fragments, LabelledPlace]]:
        for fragments, place in self._here.get(item.form, ()):
            # Two labels on the very same words are meant so.
            if place.label != item.label and fragments != item.fragments:
                yield fragments, place

    def _words(self, item: _Item) -> str:
        labels = self._labels.get(item.form)
        if labels is None or (len(labels) == 1 and item.label in labels):
            return ""
        counts = Counter({label: count for label, count in labels.items() if label != item.label})
        counts.subtract(self._at[item.fragments] - {item.label})
        is_all = self.elsewhere.get(item.form, _NOWHERE).is_all
        told = [f"{label} in {counted(count, 'place')}" for label, count in counts.most_common() if count > 0]
        return f"also {', '.join(told)}{'' if is_all else ' or more'}" if told else ""

    def _form(self, text: str, fragments: Fragments) -> str:
        form = self._forms.get(fragments)
        if form is None:
            form = self._forms[fragments] = form_of(text, fragments)
        return form


class SignMemory:
    """Puts the sign on the items whose words carry another label elsewhere; an item marked before is that object."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[SpanItem, str, SpanItem]] = {}

    def mark(self, items: tuple[SpanItem, ...], words: Mapping[str, str]) -> tuple[SpanItem, ...]:
        """Give the items, those named in `words` with the sign and with these words in their tooltip."""
        if not words:
            self._kept = {}
            return items
        before, self._kept = self._kept, {}
        return tuple(
            self._marked(item, words[item.id], before) if item.id in words else item for item in items
        )

    def _marked(
        self, item: SpanItem, words: str, before: Mapping[str, tuple[SpanItem, str, SpanItem]]
    ) -> SpanItem:
        known = before.get(item.id)
        if known is None or known[0] is not item or known[1] != words:
            marked = replace(item, otherwise=True, tooltip=f"{item.tooltip}\n≠ {words}")
            known = item, words, marked
        self._kept[item.id] = known
        return known[2]
