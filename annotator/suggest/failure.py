"""The border to work that may fail in any way: what it raises is written down instead of passed on."""

from __future__ import annotations

import traceback
from types import TracebackType

from annotator.model.errors import UserError


class Failure:
    """Catch whatever a suggester raises: the person is told, and the others go on.

    A context manager; `text` (one line) and `trace` are empty where nothing was raised. A `UserError` passes,
    and so does what ends a program.
    """

    __slots__ = ("text", "trace")

    def __init__(self) -> None:
        self.text = ""
        self.trace = ""

    def __enter__(self) -> Failure:  # noqa: PYI034 - nothing is derived from it
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if not isinstance(error, Exception) or isinstance(error, UserError):
            return False
        first = str(error).splitlines()
        self.text = ": ".join(filter(None, (type(error).__name__, first[0] if first else "")))
        self.trace = "".join(traceback.format_exception(kind, error, trace))
        return True
