"""Accounts on doccano servers: logging in, and which were used last."""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from annotator.model.errors import UserError
from annotator.sync.certificates import Certificate
from annotator.sync.remote import Remote
from annotator.workflows import passwords
from annotator.workflows.recent import keep_as_json, settings_folder
from annotator.workflows.reporting import Report, silent

__all__ = [
    "Account",
    "Certificate",
    "certificate_of",
    "connect",
    "forget_password",
    "keep_certificate",
    "keep_password",
    "keeps_passwords",
    "last_accounts",
    "password_of",
]
_KEPT = 10
"""Most accounts that are remembered."""
keeps_passwords = passwords.keeps_passwords


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account on a server.

    Args:
        address: as typed, made whole when one connects. trust: a certificate file that a person chose to trust.
    """

    address: str
    name: str
    trust: Path | None = None


def connect(account: Account, password: str, *, stop: Report = silent) -> Remote:
    """Log in, and remember the account, without its password.

    Raises:
        LoginError, UnreachableError, CertificateError, ServerError: as they say. Cancelled: `stop` said so.
    """
    from annotator.sync.client import log_in

    stop(0, 0, f"Connecting to {account.address}")
    remote = log_in(account.address, account.name, password, trust=account.trust)
    with contextlib.suppress(OSError):
        _remember(Account(address=remote.address, name=account.name, trust=account.trust))
    return remote


def certificate_of(address: str, *, stop: Report = silent) -> Certificate:
    """Ask a server for its certificate, for a person to look at.

    Raises:
        UnreachableError: there is no answer. Cancelled: `stop` said so.
    """
    from annotator.sync import certificates

    stop(0, 0, f"Asking {address} for its certificate")
    return certificates.certificate_of(address)


def keep_certificate(certificate: Certificate) -> Path:
    """Keep a certificate that a person trusts in a file of the settings, and give that.

    Raises:
        UserError: no room, or no right to write there.
    """
    file = settings_folder() / "certificates" / f"{certificate.fingerprint.replace(':', '')[:16].lower()}.pem"
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(certificate.pem, encoding="ascii")
    except OSError as error:
        why = error.strerror or str(error)
        raise UserError(f"The certificate could not be kept in {file}: {why}.", "Make room there.") from error
    return file


def password_of(account: Account) -> str | None:
    """Give the password that the system's keyring keeps; None where it keeps none."""
    return passwords.password_for(_whole(account.address), account.name)


def keep_password(account: Account, password: str) -> bool:
    """Let the system's keyring keep a password; tells whether it does."""
    return passwords.keep_password(_whole(account.address), account.name, password)


def forget_password(account: Account) -> None:
    """Let the system's keyring forget a password."""
    passwords.forget_password(_whole(account.address), account.name)


def last_accounts() -> list[Account]:
    """List the accounts that were used, newest first; a list that cannot be read is empty."""
    found = []
    for item in _read():
        with contextlib.suppress(KeyError, TypeError):
            trust = item.get("trust")
            found.append(
                Account(
                    address=str(item["address"]),
                    name=str(item["name"]),
                    trust=Path(trust) if isinstance(trust, str) and trust else None,
                )
            )
    return found


def _remember(account: Account) -> None:
    others = [
        each for each in last_accounts() if (each.address, each.name) != (account.address, account.name)
    ]
    kept = [account, *others][:_KEPT]
    keep_as_json(
        [
            {
                "address": each.address,
                "name": each.name,
                "trust": "" if each.trust is None else str(each.trust),
            }
            for each in kept
        ],
        _file(),
    )


def _read() -> list[Any]:
    with contextlib.suppress(OSError, ValueError):
        found = json.loads(_file().read_text(encoding="utf-8"))
        if isinstance(found, list):
            return [each for each in found if isinstance(each, dict)]
    return []


def _file() -> Path:
    return settings_folder() / "doccano.json"


def _whole(address: str) -> str:
    from annotator.sync.session import whole_address

    with contextlib.suppress(Exception):  # what is no address is told when one connects
        return whole_address(address)
    return address
