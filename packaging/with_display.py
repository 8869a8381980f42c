"""Run a command on a screen of its own: Xvfb with the window manager openbox, both gone afterwards.

    python packaging/with_display.py COMMAND [ARGUMENT...]

The tests run like this so that focus, keys and windows are real, and nobody's desktop is disturbed. Where
Xvfb is missing the command runs with Qt's offscreen platform instead, and a line says so. The exit code is
the command's. Standard library only.
"""

from __future__ import annotations

import contextlib
import os
import select
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator

SCREEN = "1600x1000x24"
#: How long Xvfb may take to open its screen, in seconds.
PATIENCE = 30.0


def main(command: list[str]) -> int:
    """Run the command and return its exit code."""
    if not command:
        print("usage: with_display.py COMMAND [ARGUMENT...]", file=sys.stderr)
        return 2
    with screen() as environment:
        try:
            return subprocess.run(command, env=environment, check=False).returncode
        except OSError as error:
            print(f"with_display: {command[0]} cannot be started: {error.strerror}.", file=sys.stderr)
            return 127
        except KeyboardInterrupt:
            return 130


@contextlib.contextmanager
def screen() -> Iterator[dict[str, str]]:
    """Open a screen and yield the environment that uses it, or one that needs none."""
    server, number = start_server()
    if server is None:
        print("with_display: Xvfb is not there; running without a screen (offscreen).", flush=True)
        yield {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
        return
    environment = {name: value for name, value in os.environ.items() if name != "WAYLAND_DISPLAY"}
    environment |= {"DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb", "XDG_SESSION_TYPE": "x11"}
    manager = start_manager(environment)
    try:
        yield environment
    finally:
        stop(manager)
        stop(server)


def start_server() -> tuple[subprocess.Popen[bytes] | None, str]:
    """Start Xvfb on a free display and return it with the display's number; None where it does not start."""
    program = shutil.which("Xvfb")
    if program is None:
        return None, ""
    reader, writer = os.pipe()
    server = subprocess.Popen(
        [program, "-displayfd", str(writer), "-screen", "0", SCREEN, "-nolisten", "tcp", "-noreset"],
        pass_fds=[writer],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        # Ctrl+C in the terminal is for the command; the screen goes after it.
        start_new_session=True,
    )
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        ready, _, _ = select.select([pipe], [], [], PATIENCE)
        number = pipe.readline().decode("ascii").strip() if ready else ""
    if not number:
        stop(server)
        return None, ""
    return server, number


def start_manager(environment: dict[str, str]) -> subprocess.Popen[bytes] | None:
    """Start openbox, which gives windows focus and frames; None where it is missing."""
    program = shutil.which("openbox")
    if program is None:
        print("with_display: openbox is not there; windows may not get the focus.", flush=True)
        return None
    return subprocess.Popen(
        [program],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def stop(process: subprocess.Popen[bytes] | None) -> None:
    """End a process, gently at first."""
    if process is None:
        return
    process.terminate()
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _turn_into_interrupt(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    # Whoever ends this script ends the screen with it.
    signal.signal(signal.SIGTERM, _turn_into_interrupt)
    sys.exit(main(sys.argv[1:]))
