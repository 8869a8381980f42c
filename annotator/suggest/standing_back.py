"""Lets a process stand back behind the window where the machine is busy, in the way of each system."""

from __future__ import annotations

import contextlib
import os
import sys

_NICE, _NICEST = 10, 19
_BELOW_NORMAL, _IDLE = 0x4000, 0x40
_THIS_PROCESS = -1
"""As Windows calls them."""


def stand_back(*, idle: bool) -> None:
    """Let this thread, and those that it begins from now on, wait where the window wants to run.

    Where a system refuses, nothing changes.

    Args:
        idle: nobody waits for the work: it runs where a core has nothing else to do. Else it gets a small share.
    """
    with contextlib.suppress(OSError):
        if sys.platform == "win32":
            import ctypes

            process, kind = ctypes.c_void_p(_THIS_PROCESS), _IDLE if idle else _BELOW_NORMAL
            ctypes.windll.kernel32.SetPriorityClass(process, kind)
        else:
            os.nice(max(0, (_NICEST if idle else _NICE) - os.nice(0)))
        if sys.platform == "linux":
            # From the one a thread that wakes takes a core at once; the other takes it from nobody when it wakes.
            policy = os.SCHED_IDLE if idle else os.SCHED_BATCH
            os.sched_setscheduler(0, policy, os.sched_param(0))
