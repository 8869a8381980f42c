"""Breaks projects and schemas until the time is up: `python -m tests.fuzz [--seconds 600] [--seed 0]`.

Every case has a number; one that ends the program is named with it, and `--only cells:4711` does it again.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import tempfile
import time
import traceback
from pathlib import Path

from tests.data.make_old_project import make
from tests.fuzz.projects import BREAKERS, run_case


def main() -> int:
    """Run cases; gives 1 where one ended the program."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60, help="how long to go on (60)")
    parser.add_argument("--seed", type=int, default=0, help="number of the first case (0)")
    parser.add_argument("--only", default="", help="one case: cells:NUMBER or bytes:NUMBER")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        sound, _ = make(Path(folder))
        if asked.only:
            breaker, _, seed = asked.only.partition(":")
            print(run_case(sound, breaker, int(seed)))
            return 0
        faults, count, end = 0, 0, time.monotonic() + asked.seconds
        for seed in itertools.count(asked.seed):
            if time.monotonic() > end:
                break
            for breaker in BREAKERS:
                count += 1
                try:
                    run_case(sound, breaker, seed)
                except Exception:  # noqa: BLE001 - whatever it is, it is what we look for
                    faults += 1
                    print(f"--- {breaker}:{seed}", file=sys.stderr)
                    traceback.print_exc()
        print(f"{count:,} cases, {faults:,} faults.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
