"""doccano: choosing a project of a server, bringing it in, and keeping both in step.

May import everything below, like all workflows; what of it is pure is in `annotator/sync`. Others import this package
alone, and `accounts.py`. `plan_sync` (`planning.py`) compares and writes nothing, `carry_out` (`doing.py`) does what a
plan says. `reading.py` is where both sides are compared, `changing.py` and `sending.py` where they are changed.
"""

from annotator.sync.plan import (
    Choices,
    Conflict,
    Deed,
    DocumentChange,
    GoneType,
    Options,
    Others,
    Side,
    SyncPlan,
    SyncResult,
    Thing,
    Way,
)
from annotator.sync.remote import CertificateError, Remote, RemoteProject, RemoteType, TypeKind
from annotator.workflows.doccano.doing import carry_out
from annotator.workflows.doccano.planning import ASKED_SINGLY, plan_sync
from annotator.workflows.doccano.projects import (
    Details,
    ProjectRow,
    details_of,
    make_project,
    projects_of,
    types_of,
)
from annotator.workflows.doccano.pulling import pull_into_new
from annotator.workflows.doccano.statuses import Status, status, statuses

__all__ = [
    "ASKED_SINGLY",
    "CertificateError",
    "Choices",
    "Conflict",
    "Deed",
    "Details",
    "DocumentChange",
    "GoneType",
    "Options",
    "Others",
    "ProjectRow",
    "Remote",
    "RemoteProject",
    "RemoteType",
    "Side",
    "Status",
    "SyncPlan",
    "SyncResult",
    "Thing",
    "TypeKind",
    "Way",
    "carry_out",
    "details_of",
    "make_project",
    "plan_sync",
    "projects_of",
    "pull_into_new",
    "status",
    "statuses",
    "types_of",
]
