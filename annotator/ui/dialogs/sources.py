"""Sources on their way in: where files are dropped, the table of what was found in them, and how each is read.

Each source is looked through by a job, one after the other, as soon as it is chosen; nothing is imported here.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from annotator.model.errors import Cancelled, UserError
from annotator.ui.dialogs.parts import while_alive
from annotator.ui.icons import pixmap
from annotator.ui.jobs import Job, Work
from annotator.ui.theme import theme_hub
from annotator.ui.widgets import Button, make_label, paint_frame
from annotator.workflows.importing import ImportOptions
from annotator.workflows.looking import SourceLook, look
from annotator.workflows.preparing import likely_encoding, readable_endings
from annotator.workflows.problems import is_of_wrong_encoding

RunJob = Callable[[str, Work], Job]
"""Starts long work and gives its job: `Jobs.run` of the window."""
ENCODINGS = (
    ("cp1252", "Windows-1252"),
    ("latin-1", "ISO 8859-1"),
    ("utf-16", "UTF-16"),
    ("cp1251", "Windows-1251"),
    ("cp1250", "Windows-1250"),
)
"""Encodings that are tried where a file is not UTF-8: Python's name and people's, the likeliest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file or folder that shall come in.

    Args:
        format: name of the format it is read as; empty finds it by content. encoding: empty means UTF-8.
        details: what else was chosen of its reading, by the names of the format's options.
        look: what it holds; None while nobody has looked.
    """

    path: Path
    format: str = ""
    encoding: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)
    look: SourceLook | None = None

    @property
    def is_refused(self) -> bool:
        """Tell whether nothing of it can be read."""
        return self.look is not None and not self.look.documents

    @property
    def wants_encoding(self) -> bool:
        """Tell whether another encoding may help: it is a file and not the UTF-8 it should be."""
        return self.look is not None and not self.path.is_dir() and is_of_wrong_encoding(self.look.problems)

    @property
    def problems(self) -> int:
        """Count the records that have a problem, though the source can be read."""
        return 0 if self.look is None or self.is_refused else self.look.problems_total

    def options(self, language: str = "") -> ImportOptions:
        """Give how it is read."""
        return ImportOptions(
            format=self.format, encoding=self.encoding, language=language, details=self.details
        )


@dataclass(frozen=True, slots=True)
class Totals:
    """What all sources hold together; labels with their counts."""

    documents: int
    spans: int
    relations: int
    labels: dict[str, int]
    relation_labels: dict[str, int]


class Sources(QObject):
    """The sources that were chosen, and the jobs that look through them.

    Signals: `changed()` for the list, `looked(Path)` when one was looked through, `progressed(str)` meanwhile.
    """

    changed = Signal()
    looked = Signal(object)
    progressed = Signal(str)

    def __init__(self, run: RunJob, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._run = run
        self._sources: dict[Path, Source] = {}
        self._waiting: list[Path] = []
        self._job: Job | None = None

    @property
    def all(self) -> tuple[Source, ...]:
        """Give the sources in the order in which they were chosen."""
        return tuple(self._sources.values())

    @property
    def readable(self) -> tuple[Source, ...]:
        """Give those that are not refused."""
        return tuple(each for each in self.all if not each.is_refused)

    @property
    def is_looking(self) -> bool:
        """Tell whether some are still to be looked through."""
        return self._job is not None or bool(self._waiting)

    def totals(self) -> Totals:
        """Add up what is known so far."""
        labels: dict[str, int] = {}
        relation_labels: dict[str, int] = {}
        looks = [each.look for each in self.all if each.look is not None]
        for found in looks:
            for into, counts in ((labels, found.labels), (relation_labels, found.relation_labels)):
                for name, count in counts.items():
                    into[name] = into.get(name, 0) + count
        return Totals(
            documents=sum(each.documents for each in looks),
            spans=sum(each.spans for each in looks),
            relations=sum(each.relations for each in looks),
            labels=labels,
            relation_labels=relation_labels,
        )

    def add(self, paths: Iterable[Path]) -> None:
        """Take more files and folders; one that is there already stays as it is."""
        fresh = [path for path in dict.fromkeys(paths) if path not in self._sources]
        for path in fresh:
            self._sources[path] = Source(path=path)
        self._waiting += fresh
        self.changed.emit()
        self._next()

    def remove(self, path: Path) -> None:
        """Take one off the list."""
        self._sources.pop(path, None)
        self._waiting = [each for each in self._waiting if each != path]
        self.changed.emit()

    def read_as(self, path: Path, *, format_name: str, encoding: str) -> None:
        """Read one in another way, and look again."""
        if path in self._sources:
            self._look_again(Source(path=path, format=format_name, encoding=encoding))

    def read_otherwise(self, path: Path, details: Mapping[str, Any]) -> None:
        """Read one with other options of its format, and look again."""
        source = self._sources.get(path)
        if source is not None and source.details != details:
            self._look_again(replace(source, details=dict(details), look=None))

    def _look_again(self, source: Source) -> None:
        self._sources[source.path] = source
        self._waiting = [*(each for each in self._waiting if each != source.path), source.path]
        self.changed.emit()
        self._next()

    def stop(self) -> None:
        """Look no further."""
        self._waiting.clear()
        if self._job is not None:
            self._job.cancel()

    def _next(self) -> None:
        if self._job is not None or not self._waiting:
            return
        source = self._sources[self._waiting.pop(0)]
        job = self._run(
            f"Looking at {source.path.name}", lambda report: look(source.path, source.options(), report)
        )
        self._job = job
        job.progress.connect(while_alive(self, lambda _done, _total, text: self.progressed.emit(text)))
        job.finished.connect(while_alive(self, lambda found: self._keep(source, found)))
        job.failed.connect(while_alive(self, lambda error: self._refuse(source, error)))
        job.ended.connect(while_alive(self, self._on_ended))
        self.progressed.emit(f"Looking at {source.path.name}")

    def _keep(self, source: Source, found: SourceLook) -> None:
        # It may have been taken off the list, or be read in another way by now.
        if self._sources.get(source.path) == source:
            self._sources[source.path] = replace(source, look=found)
            self.looked.emit(source.path)

    def _refuse(self, source: Source, error: object) -> None:
        if isinstance(error, Cancelled):
            # Whoever stopped this one wants no other to begin.
            self._waiting.clear()
        elif isinstance(error, UserError):
            self._keep(source, SourceLook(path=source.path, format="", title="", refusal=str(error)))

    def _on_ended(self) -> None:
        self._job = None
        if self._waiting:
            self._next()
        else:
            self.changed.emit()


class DropArea(QWidget):
    """Where files are dropped, or chosen by two links."""

    dropped = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        head = "Drop files or folders here"
        self.setAcceptDrops(True)
        self.setAccessibleName(head)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self._is_hit = False
        self._sign = make_label()
        self._sign.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        title = make_label(head, "strong")
        title.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.files_button = Button("or choose files …", kind="link")
        self.folder_button = Button("choose a folder …", kind="link")
        self.files_button.clicked.connect(self.choose_files)
        self.folder_button.clicked.connect(self.choose_folder)
        links = QHBoxLayout()
        links.setSpacing(8)
        links.addStretch(1)
        links.addWidget(self.files_button)
        links.addWidget(self.folder_button)
        links.addStretch(1)
        self._column = QVBoxLayout(self)
        self._column.setSpacing(2)
        self._column.addStretch(1)
        self._column.addWidget(self._sign)
        self._column.addWidget(title)
        self._column.addLayout(links)
        self._column.addStretch(1)
        theme_hub().changed.connect(self._on_look_changed)
        self._on_look_changed()

    def set_small(self, is_small: bool) -> None:  # noqa: FBT001 - a setter of one flag, as Qt's own
        """Take less room once there is something in the list."""
        self._sign.setVisible(not is_small)
        height = QSizePolicy.Policy.Minimum if is_small else QSizePolicy.Policy.Expanding
        self.setSizePolicy(QSizePolicy.Policy.Expanding, height)

    def choose_files(self) -> None:
        """Ask for files."""
        endings = " ".join(f"*{ending}" for ending in readable_endings())
        names, _ = QFileDialog.getOpenFileNames(
            self, "Choose files", filter=f"Texts and annotations ({endings});;All files (*)"
        )
        if names:
            self.dropped.emit([Path(name) for name in names])

    def choose_folder(self) -> None:
        """Ask for a folder."""
        name = QFileDialog.getExistingDirectory(self, "Choose a folder")
        if name:
            self.dropped.emit([Path(name)])

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_paths(event):
            self._is_hit = True
            self.update()
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._is_hit = False
        self.update()

    def dropEvent(self, event: QDropEvent) -> None:
        self._is_hit = False
        self.update()
        event.acceptProposedAction()
        self.dropped.emit(dropped_paths(event))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = theme_hub().theme
        painter = QPainter(self)
        fill = theme.wash if self._is_hit else theme.panel
        border = theme.accent if self._is_hit else theme.edge
        paint_frame(painter, self.rect(), fill=fill, border=border, radius=8, width=1.5, dashed=True)

    def _on_look_changed(self) -> None:
        hub = theme_hub()
        self._column.setContentsMargins(hub.px(16), hub.px(12), hub.px(16), hub.px(10))
        self._sign.setPixmap(pixmap("import", hub.px(16), hub.theme.dim, self.devicePixelRatioF()))
        self.update()


def dropped_paths(event: QDropEvent) -> list[Path]:
    """Give the files and folders of this computer that a drop brings."""
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]


def encoding_title(encoding: str) -> str:
    """Give the name people know an encoding by."""
    return next((title for name, title in ENCODINGS if name == encoding), encoding)


def beginnings(path: Path) -> Sequence[tuple[str, str]]:
    """Say how a file would begin in each encoding that can be its: name and first characters, the likeliest first."""
    try:
        with path.open("rb") as file:
            head = file.read(4096)
    except OSError:
        return []
    found = []
    for name in dict.fromkeys([*filter(None, [likely_encoding(path)]), *(name for name, _ in ENCODINGS)]):
        if name == "utf-16" and head.count(0) * 4 < len(head):
            continue
        text = _decoded(head, name)
        if text is not None:
            found.append((name, text))
    return found


def _decoded(head: bytes, encoding: str) -> str | None:
    try:
        # What was cut in the middle of a character is left aside.
        text = codecs.getincrementaldecoder(encoding)().decode(head)
    except UnicodeDecodeError:
        return None
    return " ".join(text.split())[:80]
