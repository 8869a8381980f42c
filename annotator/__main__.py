"""The front door: hands the window to the terminal, which decides which of the two is wanted.

The only place that knows both faces of the program; it loads the window's library only when one is opened.
"""

from __future__ import annotations

import gc
from pathlib import Path

from annotator.cli.main import run


def main() -> None:
    """Run the program; ends the process with its exit code."""
    run(open_window=_open_window, draw_picture=_draw_picture)


def _open_window(project: Path | None, annotator: str) -> int:
    gc.disable()  # until the window stands: what is loaded and made until then stays
    from annotator.ui.app import run as show

    return show(project, annotator=annotator)


def _draw_picture(project: Path, target: Path, theme: str, annotator: str) -> None:
    from annotator.ui.app import make_picture

    make_picture(project, target, theme=theme, annotator=annotator)


if __name__ == "__main__":
    main()
