"""The tree of errors a person can mend; everything else that is raised is a fault of the program.

UserError                 what happened and what to do
  RuleError               a rule of the schema or of the text forbids the act
  StaleError              the thing acted on is gone or was changed meanwhile
  ProjectError            the project file: missing, locked, damaged, not one
    LockedError           somebody else writes in it
    NewerError            made by a newer program
  FormatError             a file cannot be read or written
  Cancelled               the person stopped a long piece of work
"""

from __future__ import annotations


class UserError(Exception):
    """Say what happened, where, and what to do about it.

    Args:
        what: one sentence for the screen, ending with a full stop.
        todo: one sentence that says what the person can do; may be empty.
    """

    def __init__(self, what: str, todo: str = "") -> None:
        super().__init__(what if not todo else f"{what} {todo}")
        self.what = what
        self.todo = todo


class RuleError(UserError):
    """A rule of the schema or of the text forbids the act."""


class StaleError(UserError):
    """The thing acted on is gone or was changed meanwhile."""


class ProjectError(UserError):
    """The project file cannot be used as asked."""


class LockedError(ProjectError):
    """Another window or command writes in the project."""


class NewerError(ProjectError):
    """The project was made by a newer version of the program."""


class FormatError(UserError):
    """A file cannot be read or written in the format asked for."""


class Cancelled(UserError):
    """The person stopped a long piece of work."""

    def __init__(self, what: str = "Stopped.") -> None:
        super().__init__(what)
