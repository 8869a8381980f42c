"""The certificate of a server that nobody vouches for: looked at, and trusted if a person knows it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from annotator.model.errors import UserError
from annotator.ui.dialogs.parts import TintedLabel, give_key, while_alive
from annotator.ui.dialogs.sources import RunJob
from annotator.ui.dialogs.words import path_words
from annotator.ui.plain import plain_tip
from annotator.ui.widgets import Button, Card, make_label
from annotator.workflows.doccano.accounts import certificate_of, keep_certificate

if TYPE_CHECKING:
    from annotator.workflows.doccano.accounts import Certificate

_COMPARE = (
    "Ask who runs the server for this fingerprint, and trust it only if both are the same. "
    "What you trust counts for this account alone."
)
_BROKEN = "It does not hold: it has expired, or was not made well. Ask who runs the server for another one."


class CertificatePart(QWidget):
    """What is trusted beside the authorities that the system knows.

    Signals: `changed()` when something else is shown or trusted; `trusted()` when a person began to trust one;
    `failed(object)` with why a server showed none.
    """

    changed = Signal()
    trusted = Signal()
    failed = Signal(object)

    def __init__(self, run: RunJob, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._run = run
        self._address = ""
        self._seen: Certificate | None = None
        self._file: Path | None = None
        self._trusted = make_label("", "dim", wrap=True)
        self.view_button = Button("View its certificate", kind="quiet")
        self.view_button.clicked.connect(self._ask)
        give_key(self.view_button, "Alt+V", "Ask the server for its certificate, and look at it")
        self.file_button = Button("Trust a certificate …", kind="quiet", icon_name="file")
        self.file_button.clicked.connect(self._choose)
        give_key(self.file_button, "Alt+F", "Trust the certificate in a file")
        self.distrust_button = Button("Trust it no longer", kind="link")
        self.distrust_button.clicked.connect(lambda: self.trust(None))
        give_key(self.distrust_button, "Alt+N", "Trust only what this system knows")
        self.card = Card()
        self._words = make_label("", wrap=True)
        self._print = TintedLabel(is_mono=True)
        self._print.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._advice = make_label("", "dim", wrap=True)
        self.trust_button = Button("Trust this certificate")
        self.trust_button.clicked.connect(self._trust_seen)
        give_key(self.trust_button, "Alt+T", "Trust this certificate for this account")
        self._build()

    def _build(self) -> None:
        inner = QVBoxLayout(self.card)
        for label in (self._words, self._print, self._advice):
            inner.addWidget(label)
        inner.addWidget(self.trust_button, 0, Qt.AlignmentFlag.AlignRight)
        row = QHBoxLayout()
        row.addWidget(self._trusted, 1)
        for button in (self.distrust_button, self.view_button, self.file_button):
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
        column.addWidget(self.card)
        self.view_button.hide()
        self.trust(None)

    @property
    def file(self) -> Path | None:
        """Give the file that is trusted; None without one."""
        return self._file

    def trust(self, file: Path | None) -> None:
        """Trust the certificate in a file, or with None none but those that the system knows."""
        self._file = file
        self._trusted.setText(f"Trusts {file.name}" if file is not None else "")
        self._trusted.setToolTip(plain_tip(path_words(file)) if file is not None else "")
        self.distrust_button.setVisible(file is not None)
        self.card.hide()
        self.changed.emit()

    def offer(self, address: str) -> None:
        """Offer to look at the certificate of a server, after it was refused."""
        self._address = address
        self.view_button.show()
        self.view_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_certificate(self, certificate: Certificate) -> None:
        """Show what a server showed."""
        self._seen = certificate
        told = [f"Certificate of {certificate.address}"]
        told += [f"made out to {certificate.name}"] if certificate.name else []
        told += [f"by {certificate.issuer}"] if certificate.issuer else []
        told += [f"until {certificate.until}"] if certificate.until else []
        self._words.setText(", ".join(told))
        half = len(certificate.fingerprint) // 2 + 1
        lines = (certificate.fingerprint[:half], certificate.fingerprint[half:])
        self._print.setText("SHA-256\n" + "\n".join(lines))
        self._print.setAccessibleName(f"Fingerprint {certificate.fingerprint}")
        holds = bool(certificate.until)
        self._advice.setText(_COMPARE if holds else _BROKEN)
        self.trust_button.setVisible(holds)
        self.card.show()
        if holds:
            self.trust_button.setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()

    def _ask(self) -> None:
        address = self._address
        self.view_button.setEnabled(False)
        job = self._run("Asking for the certificate", lambda report: certificate_of(address, stop=report))
        job.finished.connect(while_alive(self, self.show_certificate))
        job.failed.connect(while_alive(self, self.failed.emit))
        job.ended.connect(while_alive(self, lambda: self.view_button.setEnabled(True)))

    def _trust_seen(self) -> None:
        assert self._seen is not None, "the button stands beside it"
        try:
            self._begin_to_trust(keep_certificate(self._seen))
        except UserError as error:
            self.failed.emit(error)

    def _begin_to_trust(self, file: Path) -> None:
        self.view_button.hide()
        self.trust(file)
        self.trusted.emit()

    def _choose(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self, "Trust the certificate in the file", "", "Certificates (*.pem *.crt *.cer);;All files (*)"
        )
        if name:
            self._begin_to_trust(Path(name))
