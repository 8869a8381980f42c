"""Passwords, kept by the system's keyring where there is one; nowhere else, and never in clear.

Where there is none, they are asked for each time. The library is loaded when it is asked, and a backend that fails is
no backend: whoever asks is asked for the password.
"""

from __future__ import annotations

import contextlib
import platform
from typing import Any

SERVICE = "annotator"
"""What the entries of a keyring are kept under, with the address behind it."""
_WEAK = frozenset({"keyrings.alt.file", "keyring.backends.null", "keyring.backends.fail"})
"""Backends that keep nothing, or in a file that anybody may read."""


def keeps_passwords() -> bool:
    """Tell whether the system has a keyring."""
    return _backend() is not None


def password_for(address: str, name: str) -> str | None:
    """Give the password of an account; None where none is kept."""
    backend = _backend()
    if backend is None:
        return None
    with contextlib.suppress(
        Exception
    ):  # a keyring that is locked, or gone meanwhile: the password is asked for
        found = backend.get_password(_service(address), name)
        return found if isinstance(found, str) else None
    return None


def keep_password(address: str, name: str, password: str) -> bool:
    """Keep a password; tells whether it is kept."""
    backend = _backend()
    if backend is None:
        return False
    with contextlib.suppress(Exception):  # as above
        backend.set_password(_service(address), name, password)
        return True
    return False


def forget_password(address: str, name: str) -> None:
    """Forget a password."""
    backend = _backend()
    if backend is not None:
        with contextlib.suppress(Exception):  # it may have been forgotten already
            backend.delete_password(_service(address), name)


def _service(address: str) -> str:
    return f"{SERVICE} {address}"


def _backend() -> Any:
    """Give the keyring; None where there is none that keeps passwords from others."""
    try:
        import keyring

        _load_backends()
        found = keyring.get_keyring()
        chosen = [*found.backends] if hasattr(found, "backends") else [found]
    except Exception:  # noqa: BLE001 - whatever a system's backend raises, the password is asked for
        return None
    safe = [each for each in chosen if type(each).__module__ not in _WEAK]
    return safe[0] if safe else None


def _load_backends() -> None:
    """Load the system's own backends by name: a frozen program has no list of them."""
    with contextlib.suppress(ImportError):
        match platform.system():
            case "Darwin":
                import keyring.backends.macOS
            case "Windows":
                import keyring.backends.Windows
            case _:
                import keyring.backends.kwallet
                import keyring.backends.SecretService  # noqa: F401 - they make themselves known
