"""The process that is killed: opens a project and works in it until it ends, or is ended.

    python -m tests.stress.victim PROJECT SEED --board FILE --line DESCRIPTOR

What it does is `errands.py`; that it is real work of the program, through the doors that window and terminal use.
"""

from __future__ import annotations

import argparse
import os
import signal
from pathlib import Path
from random import Random

from tests.stress.board import Board
from tests.stress.desk import Desk, Line
from tests.stress.errands import ERRANDS
from tests.stress.far_server import work
from tests.stress.watching import Ending, Fault, watch

READY = "ready"


def main() -> None:
    """Work."""
    asked = _asked()
    board = Board(asked.board)
    fault = Fault(asked.fault)
    watch(board, Ending(operations=asked.operations, statements=asked.statements), fault)
    line = Line(asked.line)
    board.arm()
    rng = Random(asked.seed)
    desk = Desk(asked.project, board=board, line=line, rng=rng, first=asked.first)
    line.say(READY)
    if asked.sync:
        work(desk, asked.socket, asked.sync, ends_at=asked.requests)
        desk.session.close()
        return
    errands = [each for each in ERRANDS if not asked.only or each.__name__ in asked.only]
    weights = [ERRANDS[each] for each in errands]
    for number in range(asked.acts):
        rng.choices(errands, weights)[0](desk)
        _worsen(desk, fault, number)
    desk.session.close()


def _worsen(desk: Desk, fault: Fault, number: int) -> None:
    """Do what no program may do, to see that it is noticed."""
    connection = desk.session.project.connection
    if number == 3 and fault is Fault.BEHIND:
        connection.execute("DELETE FROM span WHERE key = (SELECT max(key) FROM span WHERE version > 0)")
        os.kill(os.getpid(), signal.SIGKILL)
    if number == 3 and fault is Fault.UNDONE:
        connection.execute("DELETE FROM reversal WHERE entry = (SELECT max(entry) FROM reversal)")
        os.kill(os.getpid(), signal.SIGKILL)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("project", type=Path)
    parser.add_argument("seed")
    parser.add_argument("--board", type=Path, required=True)
    parser.add_argument("--line", type=int, required=True)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--acts", type=int, default=80)
    parser.add_argument("--operations", type=int, default=0)
    parser.add_argument("--statements", type=int, default=0)
    parser.add_argument("--sync", default="", help="bring the project into step, and nothing else")
    parser.add_argument("--socket", type=Path)
    parser.add_argument("--requests", type=int, default=0)
    parser.add_argument("--fault", default="")
    parser.add_argument("--only", nargs="*", default=())
    return parser.parse_args()


if __name__ == "__main__":
    main()
