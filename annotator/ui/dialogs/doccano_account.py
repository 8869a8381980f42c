"""Who signs in where: the first page of the doccano dialog."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCompleter, QLineEdit, QVBoxLayout, QWidget

from annotator.ui.dialogs.doccano_certificate import CertificatePart
from annotator.ui.dialogs.row_of_fields import RowOfFields
from annotator.ui.dialogs.sources import RunJob
from annotator.ui.theme import theme_hub
from annotator.ui.widgets import CheckCard, FormField
from annotator.workflows.doccano.accounts import Account, keeps_passwords, last_accounts, password_of

_KEPT = "In the keyring of this system, never in a file of annotator."
_NOT_KEPT = "This system has no keyring, so it is asked for each time."


class AccountPage(QWidget):
    """Address, account and password; `changed()` when a person types."""

    changed = Signal()

    def __init__(self, run: RunJob, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._known = last_accounts()
        self.address_field = QLineEdit()
        self.address_field.setPlaceholderText("https://doccano.example.org")
        self.name_field = QLineEdit()
        self.password_field = QLineEdit()
        self.password_field.setEchoMode(QLineEdit.EchoMode.Password)
        self.keep_card = CheckCard("Keep the password", " ")
        self.certificate = CertificatePart(run)
        self.certificate.changed.connect(self.changed)
        self._build()
        self._offer_known()

    def _build(self) -> None:
        for field in (self.address_field, self.name_field, self.password_field):
            field.textEdited.connect(self.changed)
        self.address_field.editingFinished.connect(self._fill_in)
        self.name_field.editingFinished.connect(self._fill_in)
        can_keep = keeps_passwords()
        self.keep_card.setEnabled(can_keep)
        self.keep_card.set_words("Keep the password", _KEPT if can_keep else _NOT_KEPT)
        who = [FormField("Account", self.name_field), FormField("Password", self.password_field)]
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme_hub().px(12))
        column.addWidget(FormField("Address of the server", self.address_field))
        column.addWidget(RowOfFields(who, narrowest=190))
        column.addWidget(self.keep_card)
        column.addWidget(self.certificate)
        column.addStretch(1)

    @property
    def account(self) -> Account:
        """Give who wants to sign in where."""
        address = self.address_field.text().strip().rstrip("/")
        if address and "://" not in address:
            address = f"https://{address}"
        return Account(address=address, name=self.name_field.text().strip(), trust=self.certificate.file)

    @property
    def password(self) -> str:
        """Give the password as it was typed."""
        return self.password_field.text()

    @property
    def keeps(self) -> bool:
        """Tell whether the password shall be kept."""
        return self.keep_card.isEnabled() and self.keep_card.isChecked()

    @property
    def is_complete(self) -> bool:
        """Tell whether all that is needed was typed."""
        account = self.account
        return bool(account.address and account.name and self.password)

    def show_account(self, account: Account) -> None:
        """Show an account, with its password where one is kept."""
        self.address_field.setText(account.address)
        self.address_field.setCursorPosition(0)
        self.name_field.setText(account.name)
        self.certificate.trust(account.trust)
        self._fill_in()

    def offer_trust(self) -> None:
        """Point at the way to trust the server's certificate, after it was refused."""
        self.certificate.offer(self.account.address)

    def take_focus(self) -> None:
        """Put the focus where something is missing."""
        fields = (self.address_field, self.name_field, self.password_field)
        field = next((each for each in fields if not each.text().strip()), self.password_field)
        field.setFocus(Qt.FocusReason.OtherFocusReason)
        field.selectAll()

    def _offer_known(self) -> None:
        if not self._known:
            return
        completer = QCompleter(list(dict.fromkeys(each.address for each in self._known)), self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.address_field.setCompleter(completer)
        self.show_account(self._known[0])

    def _fill_in(self) -> None:
        """Complete what is known: the account of an address, the password of an account."""
        account = self.account
        if account.address and not account.name:
            known = next((each for each in self._known if each.address == account.address), None)
            if known is not None:
                self.name_field.setText(known.name)
                self.certificate.trust(known.trust)
                account = self.account
        if account.name and not self.password and keeps_passwords():
            kept = password_of(account)
            if kept:
                self.password_field.setText(kept)
                self.keep_card.setChecked(True)
        self.changed.emit()
