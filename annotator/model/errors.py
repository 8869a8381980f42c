"""The tree of errors a person can mend; everything else that is raised is a fault of the program.

UserError                 what happened and what to do
  RuleError               a rule of the schema or of the text forbids the act
  StaleError              the thing acted on is gone or was changed meanwhile
  ProjectError            the project file: missing, locked, damaged, not one
    LockedError           somebody else writes in it
      LeftLockError       somebody did, and is gone without having closed it
    NewerError            made by a newer program
    RepairableError       damaged, or not all ours; what is left can be repaired into a copy
    NotSavedError         an act could not be written; everything before it is in the file
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


class LeftLockError(LockedError):
    """Whoever wrote in the project is gone and did not close it; it can be taken over."""


class NewerError(ProjectError):
    """The project was made by a newer version of the program."""


class NotSavedError(ProjectError):
    """The last act could not be written; everything before it is in the file.

    Args:
        why: what stands in the way, in one sentence. todo: what the person can do, then the act can be tried again.
        act: the name of the act, as the journal would have it; empty where it is not known.
    """

    def __init__(self, why: str, todo: str, *, act: str = "") -> None:
        named = f", “{act}”," if act else ""
        super().__init__(f"{why} Your last act{named} is NOT saved; all before it are.", todo)
        self.why = why
        self.act = act

    def about(self, act: str) -> NotSavedError:
        """Give the same error with the name of the act, unless it has one."""
        return self if self.act or not act else NotSavedError(self.why, self.todo, act=act)


class RepairableError(ProjectError):
    """The project is damaged or holds what annotator did not make; what is left can be repaired into a copy."""


class FormatError(UserError):
    """A file cannot be read or written in the format asked for."""


class Cancelled(UserError):
    """The person stopped a long piece of work."""

    def __init__(self, what: str = "Stopped.") -> None:
        super().__init__(what)
