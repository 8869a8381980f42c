"""Times the article view beside a plain text editor of Qt's with the same text, in one run.

Run by hand: `python -m tests.benchmarks.canvas_bench [big giant dense article]`. Nothing is asserted: machines
differ, ratios travel better. Milliseconds are p50/p95.
"""

from __future__ import annotations

import gc
import os
import random
import re
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QWidget

from annotator.model.annotation import Fragment
from annotator.model.document import Tokens
from annotator.ui import fonts
from annotator.ui.canvas.items import Article, RelationItem, SpanItem
from annotator.ui.canvas.view import ArticleView

_WORDS = """
the of and to in a is that for it was on with be by at from or had officials said talks ceasefire
negotiations President region Secretary Ukrainian Russian American government Moscow Washington forces
agreement military proposal direct conflict diplomatic statement reporters
"""
_LABELS = {
    "PERSON": "blue",
    "ROLE": "slate",
    "ORG": "teal",
    "GPE": "orange",
    "LOC": "coral",
    "FAC": "indigo",
    "NORP": "pink",
    "DATE": "olive",
    "EVENT": "violet",
}
SIZE = (1200, 1000)


def made_text(*, length: int, paragraph: int, seed: int = 1) -> str:
    """Make a text of about `length` code points with paragraphs of about `paragraph` (0: one line)."""
    chance = random.Random(seed)
    words = _WORDS.split()
    parts: list[str] = []
    total = since = 0
    while total < length:
        word = chance.choice(words) + chance.choice(["", "", "", "", "", "", ",", "."])
        since += len(word) + 1
        end = "\n" if paragraph and since > paragraph else " "
        since = 0 if end == "\n" else since
        parts.append(word + end)
        total += len(word) + 1
    return "".join(parts)


def made_article(text: str, *, spans: int, relations: int, seed: int = 2) -> Article:
    """Make an article with random spans of one to four tokens and relations between neighbours."""
    chance = random.Random(seed)
    found = [(match.start(), match.end()) for match in re.finditer(r"\w+|[^\w\s]", text)]
    tokens = Tokens([start for start, _ in found], [end for _, end in found], range(0, len(found), 20))
    items: dict[str, SpanItem] = {}
    while len(items) < spans:
        first = chance.randrange(len(found))
        last = min(len(found) - 1, first + chance.choice([0, 0, 1, 1, 2, 3]))
        start, end = found[first][0], found[last][1]
        if "\n" in text[start:end]:
            continue
        label = chance.choice(list(_LABELS))
        state = chance.choice(["accepted", "candidate"])
        item = SpanItem(f"c:{start}-{end}:{label}", (Fragment(start, end),), label, label, _LABELS[label])
        items[item.id] = replace(item, state="candidate") if state == "candidate" else item
    ordered = sorted(items.values(), key=lambda item: item.start)
    joined = []
    for number in range(relations):
        index = chance.randrange(len(ordered) - 9)
        head, child = ordered[index], ordered[index + chance.choice([1, 1, 1, 2, 3, 8])]
        joined.append(RelationItem(f"r{number}", head.id, child.id, "MET", "met with"))
    return Article(text, tokens, tuple(ordered), tuple(joined))


def documents() -> dict[str, Callable[[], Article]]:
    """Give the makers of the documents that are timed, by name."""
    return {
        "article": lambda: made_article(made_text(length=5_000, paragraph=240), spans=90, relations=30),
        "big": lambda: made_article(
            made_text(length=1_000_000, paragraph=205), spans=10_000, relations=2_000
        ),
        "giant": lambda: made_article(
            made_text(length=1_000_000, paragraph=0), spans=10_000, relations=2_000
        ),
        "dense": lambda: made_article(
            made_text(length=100_000, paragraph=205), spans=10_000, relations=2_000
        ),
        "line5": lambda: made_article(
            made_text(length=5_000_000, paragraph=0), spans=10_000, relations=2_000
        ),
        "many": lambda: made_article(
            made_text(length=1_000_000, paragraph=205), spans=20_000, relations=4_000
        ),
    }


def timed(act: Callable[[], object]) -> float:
    """Run something and give the milliseconds it took."""
    start = time.perf_counter()
    act()
    return (time.perf_counter() - start) * 1000


def shown(times: list[float]) -> str:
    """Write p50/p95 of some times."""
    ordered = sorted(times)
    return f"{ordered[len(ordered) // 2]:.1f}/{ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]:.1f}"


def wheel(widget: QWidget, delta: int) -> None:
    """Turn the wheel over a widget and let it paint."""
    place = QPointF(300, 300)
    event = QWheelEvent(
        place,
        QPointF(widget.mapToGlobal(QPoint(300, 300))),
        QPoint(),
        QPoint(0, delta),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)
    QApplication.processEvents()


def memory() -> float:
    """Give the resident memory of this process in MB."""
    return (
        int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        * os.sysconf("SC_PAGE_SIZE")
        / 1e6
    )


def time_view(article: Article) -> dict[str, str]:
    """Time the article view."""
    view = ArticleView()
    view.resize(*SIZE)
    view.show()
    QApplication.processEvents()
    before = memory()

    def open_it() -> None:
        view.set_article(article)
        view.viewport().repaint()

    results = {"first paint": f"{timed(open_it):.0f}"}
    chance = random.Random(3)
    results["wheel frame"] = shown([timed(lambda: wheel(view.viewport(), -120)) for _ in range(120)])

    def cold_page() -> None:
        view.page(1)
        view.viewport().repaint()

    def cold_jump() -> None:
        view.scroll_to(chance.randrange(len(article.text)))
        view.viewport().repaint()

    results["cold page"] = shown([timed(cold_page) for _ in range(40)])
    results["cold jump"] = shown([timed(cold_jump) for _ in range(40)])
    results["full repaint"] = shown([timed(view.viewport().repaint) for _ in range(40)])
    spans = list(article.spans)
    low, high = view.visible_range()
    on_screen = [index for index, item in enumerate(spans) if low <= item.start < high] or [0]

    def edit() -> None:
        index = chance.choice(on_screen)
        label = chance.choice(list(_LABELS))
        spans[index] = replace(spans[index], label=label, shown=label, color=_LABELS[label])
        view.set_items(spans, article.relations)
        view.viewport().repaint()

    results["label edit"] = shown([timed(edit) for _ in range(60)])
    gc.collect()
    results["memory MB"] = f"{memory() - before:.0f}"
    view.close()
    view.deleteLater()
    QApplication.processEvents()
    return results


def time_plain(text: str) -> dict[str, str]:
    """Time Qt's own plain text editor, without any annotation."""
    edit = QPlainTextEdit()
    edit.setFont(fonts.serif(17))
    edit.resize(*SIZE)
    edit.show()
    QApplication.processEvents()
    before = memory()

    def open_it() -> None:
        edit.setPlainText(text)
        edit.viewport().repaint()

    results = {"first paint": f"{timed(open_it):.0f}"}
    results["wheel frame"] = shown([timed(lambda: wheel(edit.viewport(), -120)) for _ in range(120)])
    bar = edit.verticalScrollBar()
    chance = random.Random(3)

    def go(value: int) -> None:
        bar.setValue(value)
        edit.viewport().repaint()

    results["cold page"] = shown([timed(lambda: go(bar.value() + bar.pageStep())) for _ in range(40)])
    results["cold jump"] = shown([timed(lambda: go(chance.randrange(bar.maximum() + 1))) for _ in range(40)])
    results["full repaint"] = shown([timed(edit.viewport().repaint) for _ in range(40)])
    results["memory MB"] = f"{memory() - before:.0f}"
    edit.close()
    edit.deleteLater()
    QApplication.processEvents()
    return results


def main(names: list[str]) -> None:
    """Time what is named, or the usual four, and print a table."""
    app = QApplication.instance() or QApplication(sys.argv[:1])
    fonts.load()
    makers = documents()
    for name in names or ["article", "big", "giant", "dense"]:
        article = makers[name]()
        print(f"{name}: {len(article.text):,} characters, {len(article.spans):,} spans")
        ours, plain = time_view(article), time_plain(article.text)
        for row, value in ours.items():
            other = plain.get(row, "-")
            ratio = ""
            if other not in ("-", "0"):
                ratio = f"{float(value.split('/')[0]) / max(0.05, float(other.split('/')[0])):.2f}"
            print(f"  {row:14}{value:>14}{other:>14}{ratio:>8}")
    app.processEvents()


if __name__ == "__main__":
    main(sys.argv[1:])
