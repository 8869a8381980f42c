"""From a session's listeners to one Qt signal, on the main thread. It decides nothing."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal, Slot

from annotator.model.change import ChangeSet
from annotator.workflows.session import Session


class Bridge(QObject):
    """Turns every commit of a session, its clones' included, into `changed(ChangeSet)`."""

    changed = Signal(object)
    _pending = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._stop = session.listen(self._tell)
        # Clones say from their own thread that something waits; it is fetched on this one.
        self._pending.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        session.on_pending = self._pending.emit

    def stop(self) -> None:
        """Hear no more of the session."""
        self._stop()
        self._session.on_pending = None
        self._pending.disconnect(self._deliver)

    def _tell(self, changes: ChangeSet) -> None:
        self.changed.emit(changes)

    @Slot()
    def _deliver(self) -> None:
        self._session.deliver()
