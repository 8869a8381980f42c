"""Whether anything is switched on that makes candidates; told at once, as the window asks before it is painted."""

from __future__ import annotations

from annotator.store import patterns as stored
from annotator.workflows.session import Session


def proposes(session: Session) -> bool:
    """Tell whether any suggester is on; whether it can run, or finds anything, shows only where it runs."""
    chosen = session.suggest_settings()
    return (
        chosen.uses_pipeline
        or chosen.roles
        or chosen.relations
        or any(each.enabled for each in stored.pattern_lists(session.project))
        or _others_propose(session)
    )


def _others_propose(session: Session) -> bool:
    """Tell it of what was learnt and of other packages, which is looked for where all else is off."""
    from annotator.suggest.added import installed
    from annotator.workflows.suggesting import learnt_file

    chosen = session.suggest_settings()
    if chosen.learns and learnt_file(session).exists():
        return True
    return any(each.name not in chosen.added_off for each in installed().suggesters)
