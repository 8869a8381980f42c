"""Measure the built program against its goals: sizes, its start, and its memory, and print the largest parts.

    python packaging/measure.py [PROGRAM]         by default build/frozen/annotator/annotator; RUNS=5 starts each

A start is watched from outside: the screen is looked at some fifty times a second, and the window is there when its
page is drawn and the article when its letters are. On a busy machine the seconds of the processor tell more than the
clock's; both are printed. Cold means that the system was told to forget what it read (root alone can). Needs Xvfb.
"""

from __future__ import annotations

import contextlib
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import with_display
from building import DIST, FOLDER, PROGRAM, ROOT, files_in

#: What is to be reached: name, the most, unit.
GOALS = (
    ("deb", 95.0, "MB"),
    ("unpacked", 280.0, "MB"),
    ("window, warm", 0.5, "s"),
    ("window, cold", 0.8, "s"),
    ("article after the window", 0.3, "s"),
    ("memory", 150.0, "MB"),
)
RUNS = int(os.environ.get("RUNS", "5"))
#: How long a start may take, in seconds.
PATIENCE = 60.0
_FORGET = Path("/proc/sys/vm/drop_caches")
#: Where the head of the window, and where the article's first lines stand on the screen, in pixels.
_HEAD = (8, 30, 500, 30)
_ARTICLE = (480, 220, 520, 400)
#: Different shades that an empty region does not have.
_DRAWN = 12


@dataclass(frozen=True, slots=True)
class Start:
    """A start: seconds until the window and the article, seconds of the processor at both, and bytes at the end."""

    window: float
    article: float
    window_work: float
    article_work: float
    memory: int


def main(program: str) -> int:
    """Measure and print; return 0, whatever was reached."""
    figures = _sizes()
    with with_display.screen() as environment, tempfile.TemporaryDirectory() as folder:
        os.environ.update(environment)
        project = _project(program, Path(folder))
        watch = _Watch(program, project, Path(folder))
        watch.start()  # what is made once is made here
        warm = [watch.start() for _ in range(RUNS)]
        cold = [watch.start() for _ in range(RUNS) if _forget()]
    figures["window, warm"] = statistics.median(each.window for each in warm)
    if cold:
        figures["window, cold"] = statistics.median(each.window for each in cold)
    figures["article after the window"] = statistics.median(each.article - each.window for each in warm)
    figures["memory"] = statistics.median(each.memory for each in warm) / 1e6
    for name, most, unit in GOALS:
        if name in figures:
            verdict = "reached" if figures[name] <= most else "missed"
            print(f"{name:<26} {figures[name]:8.2f} {unit}   goal {most:g} {unit}   {verdict}")
        else:
            print(f"{name:<26} not measured here")
    print(
        f"processor until the window {statistics.median(each.window_work for each in warm):.2f} s, "
        f"until the article {statistics.median(each.article_work for each in warm):.2f} s; "
        f"load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"
    )
    return 0


def _sizes() -> dict[str, float]:
    parts: Counter[str] = Counter()
    for path in files_in(FOLDER):
        if not path.is_symlink():
            parts["/".join(path.relative_to(FOLDER).parts[:2])] += path.stat().st_size
    for name, size in parts.most_common(12):
        print(f"    {size / 1e6:7.1f} MB  {name}")
    print(f"    {parts.total() / 1e6:7.1f} MB  in all")
    packages = sorted(DIST.glob("*.deb"))
    if not packages:
        return {"unpacked": parts.total() / 1e6}
    # The .deb leaves to the system what Debian's packages bring.
    command = ["dpkg-deb", "-f", str(packages[-1]), "Installed-Size"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return {"deb": packages[-1].stat().st_size / 1e6, "unpacked": int(told) * 1024 / 1e6}


def _project(program: str, folder: Path) -> Path:
    project = folder / "news.annot"
    seeds = map(str, sorted((ROOT / "seeds").glob("*.txt")))
    for words in (
        ["new", str(project), "--schema", "news"],
        ["import", str(project), *seeds],
        ["suggest", str(project)],
    ):
        subprocess.run([program, *words], check=True, stdout=subprocess.DEVNULL)
    return project


def _forget() -> bool:
    """Let the system forget what it read from the disk; tell whether it did."""
    with contextlib.suppress(OSError):
        os.sync()
        _FORGET.write_text("3", encoding="ascii")
        return True
    return False


class _Watch:
    """Starts the program on the screen and looks at it."""

    def __init__(self, program: str, project: Path, folder: Path) -> None:
        from PySide6.QtGui import QGuiApplication

        self._program, self._project = program, project
        self._environment = {**os.environ, "ANNOTATOR_SETTINGS": str(folder / "settings")}
        self._application = QGuiApplication(sys.argv[:1])

    def start(self) -> Start:
        """Start it, wait until the article is there, end it."""
        began = time.perf_counter()
        process = subprocess.Popen([self._program, str(self._project)], env=self._environment)
        try:
            window = self._wait(_HEAD, began)
            window_work = _work(process.pid)
            article = self._wait(_ARTICLE, began)
            work = _work(process.pid)
            time.sleep(1.5)
            memory = _memory(process.pid)
        finally:
            process.terminate()
            process.wait(timeout=30)
            time.sleep(0.3)
        return Start(window, article, window_work, work, memory)

    def _wait(self, region: tuple[int, int, int, int], began: float) -> float:
        while time.perf_counter() - began < PATIENCE:
            if self._shades(region) >= _DRAWN:
                return time.perf_counter() - began
            time.sleep(0.005)
        raise SystemExit("The window did not come up.")

    def _shades(self, region: tuple[int, int, int, int]) -> int:
        import numpy as np
        from PySide6.QtGui import QImage

        screen = self._application.primaryScreen()
        image: Any = screen.grabWindow(0, *region).toImage().convertToFormat(QImage.Format.Format_Grayscale8)
        return len(np.unique(np.frombuffer(image.constBits(), np.uint8)))


def _work(number: int) -> float:
    """Give the seconds that a process had of the processor so far."""
    fields = Path(f"/proc/{number}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _memory(number: int) -> int:
    """Give the bytes that a process has in memory for itself, shared ones by their share."""
    for line in Path(f"/proc/{number}/smaps_rollup").read_text(encoding="ascii").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else str(PROGRAM)))
