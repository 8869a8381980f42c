"""Install the .deb into a Debian system without Python, made for this, and see whether a person could work with it.

    python packaging/try_installer.py [FILE.deb] [--keep]

Needs root, debootstrap, Xvfb and a network for Debian's packages. What is tried: installing by apt; the self-test and
every command, in a network namespace without interfaces; the window on a screen, compared with the window of this
checkout; a double-clicked project; upgrading an older version; removal; and the .tar.gz in a folder of the person's.
The system stays in build/try/base for the next time. Standard library only, but for looking at pictures (NumPy, Qt).
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import try_commands
import with_display
from building import BUILD, DIST, PACKAGING, ROOT, BuildError, run
from window_pictures import same_article

BASE = BUILD / "try" / "base"
SYSTEM = BUILD / "try" / "system"
PERSON, NUMBER = "mara", "1000"
HOME = f"/home/{PERSON}"
#: In the system, where files are handed over.
PASSING = "/var/tmp"  # noqa: S108 - it lies in a system that was made for this and is thrown away
SEEDS = "/usr/lib/annotator/_internal/annotator/seeds"
OLDER = "0.0.9"
#: How long a window may take to show its article, in seconds, on a busy machine.
PATIENCE = 90.0
#: In a mount namespace of its own: the kernel's file systems and the screen's sockets, then the root is changed.
_ENTER = """set -e
mount -t proc proc "$1/proc"; mount --rbind /dev "$1/dev"; mkdir -p "$1/tmp/.X11-unix"
mount --bind /tmp/.X11-unix "$1/tmp/.X11-unix"
root="$1"; shift; exec /usr/sbin/chroot "$@"
"""


def main(arguments: list[str]) -> int:
    """Try it and print what was seen; return the exit code."""
    files = [Path(each) for each in arguments if not each.startswith("--")] or sorted(DIST.glob("*.deb"))
    try:
        if not files:
            raise BuildError("There is no .deb in dist: make installer.")
        if os.geteuid() != 0 or shutil.which("debootstrap") is None:
            raise BuildError("This needs root, and the package debootstrap.")
        _try(files[-1].resolve())
    except BuildError as error:
        say(f"FAILED: {error}")
        return 1
    finally:
        if "--keep" not in arguments:
            shutil.rmtree(SYSTEM, ignore_errors=True)
    say("All of it is well.")
    return 0


def say(text: str) -> None:
    """Print one line to the person who waits."""
    print(f"try: {text}", flush=True)


def _try(deb: Path) -> None:
    make_system()
    before = _files("/usr", "/etc", "/opt")
    older = make_older(deb)
    apt("install", f"{PASSING}/{older.name}", "xdg-utils", "libglib2.0-bin")
    say(f"apt installed {OLDER} with what it depends on; there is no Python: {_has_no_python()}.")
    call("useradd", "-m", "-u", NUMBER, PERSON)
    project = make_project()
    with window([f"{HOME}/news.annot"]) as seen:
        seen.wait_for_article("The window of the older version")
    kept = _persons_files()
    shutil.copy(deb, SYSTEM / PASSING[1:] / deb.name)
    apt("install", f"{PASSING}/{deb.name}")
    if _persons_files() != kept or "recent.json" not in " ".join(kept):
        raise BuildError("Upgrading touched the person's files.")
    say(f"Upgraded to {_version()}; settings, recent projects and the project are as they were.")
    facts = as_person("annotator", "info", f"{HOME}/news.annot", "--json")
    if json.loads(facts)["documents"] != project:
        raise BuildError(f"The older version's project is another one now: {facts}")
    tested = json.loads(as_person("annotator", "--self-test", alone=True))
    say(f"The self-test passed without a network interface: {tested['candidates'][0]} spans proposed.")
    if _persons_files() != kept:
        raise BuildError("The self-test left something behind.")
    _try_commands()
    with window([f"{HOME}/news.annot"]) as seen:
        seen.wait_for_article("The window")
    _try_double_click()
    _remove(before)
    _try_folder()


def make_system() -> None:
    """Make a small Debian system as a copy of one that debootstrap made once."""
    if not (BASE / "bin").is_dir():
        say("Making a Debian system, which takes some minutes ...")
        release = run(
            ["sh", "-c", ". /etc/os-release; echo $VERSION_CODENAME"], trouble="What is this?"
        ).strip()
        shutil.rmtree(BASE, ignore_errors=True)
        making = BASE.with_name("making")
        shutil.rmtree(making, ignore_errors=True)
        command = ["debootstrap", "--variant=minbase", "--include=ca-certificates", release, str(making)]
        run([*command, *_mirror(release)], trouble="debootstrap failed.")
        making.rename(BASE)
    shutil.rmtree(SYSTEM, ignore_errors=True)
    run(["cp", "-a", str(BASE), str(SYSTEM)], trouble="The system could not be copied.")
    for name in ("resolv.conf", "hosts"):
        with contextlib.suppress(OSError):
            shutil.copy(Path("/etc") / name, SYSTEM / "etc" / name)
    apt("update")


def _mirror(release: str) -> list[str]:
    """Give the mirror that this system itself takes packages from, where it says so."""
    form = "$(SITE) $(RELEASE)"
    told = run(["apt-get", "indextargets", "--format", form], trouble="apt cannot be asked.")
    return next(([line.split()[0]] for line in told.splitlines() if line.endswith(f" {release}")), [])


def make_older(deb: Path) -> Path:
    """Make a package of an older number of the same files, in the system."""
    with tempfile.TemporaryDirectory(dir=BUILD) as folder:
        run(["dpkg-deb", "-R", str(deb), f"{folder}/root"], trouble="The .deb cannot be unpacked.")
        control = Path(folder, "root", "DEBIAN", "control")
        lines = control.read_text(encoding="utf-8").splitlines()
        new = [f"Version: {OLDER}" if each.startswith("Version:") else each for each in lines]
        control.write_text("\n".join(new) + "\n", encoding="utf-8")
        made = SYSTEM / PASSING[1:] / f"annotator_{OLDER}.deb"
        run(["dpkg-deb", "-Znone", "-b", f"{folder}/root", str(made)], trouble="The older .deb failed.")
    return made


def make_project() -> int:
    """Make the person's project by commands, as the person, and return how many documents it has."""
    seeds = [f"{SEEDS}/{each.name}" for each in sorted((ROOT / "seeds").glob("*.txt"))]
    project = f"{HOME}/news.annot"
    as_person("annotator", "new", project, "--schema", "news", "--language", "en")
    as_person("annotator", "import", project, *seeds)
    as_person("annotator", "suggest", project)
    return int(json.loads(as_person("annotator", "info", project, "--json"))["documents"])


def _try_commands() -> None:
    with tempfile.TemporaryDirectory(dir=SYSTEM / PASSING[1:]) as folder:
        place = Path(folder)
        (place / "home").mkdir()
        for path in (place, place / "home"):
            os.chown(path, int(NUMBER), int(NUMBER))
        program = [*_entered(alone=True), f"--userspec={NUMBER}:{NUMBER}", str(SYSTEM), "annotator"]
        for line in try_commands.tried(program, folder=place, inner=f"{PASSING}/{place.name}", seeds=SEEDS):
            say(line)


def _try_double_click() -> None:
    """Open a project as a file manager does: by the type of the file, and by what the desktop entry says."""
    kind = as_person("gio", "info", "-a", "standard::content-type", f"{HOME}/news.annot")
    shutil.copy(SYSTEM / HOME[1:] / "news.annot", SYSTEM / HOME[1:] / "without-a-suffix")
    bare = as_person("gio", "info", "-a", "standard::content-type", f"{HOME}/without-a-suffix")
    (SYSTEM / HOME[1:] / "without-a-suffix").unlink()
    wanted = "application/x-annotator-project"
    if wanted not in kind or wanted not in bare:
        raise BuildError(f"The type of a project is not known: {kind.strip()}; {bare.strip()}")
    chosen = as_person("xdg-mime", "query", "default", wanted).strip()
    if chosen != "annotator.desktop":
        raise BuildError(f"A project is opened by {chosen or 'nothing'}.")
    with window([f"{HOME}/news.annot"], program=("gio", "open")) as seen:
        seen.wait_for_article("A double-clicked project")


def _remove(before: set[str]) -> None:
    kept = _persons_files()
    apt("purge", "annotator")
    left = sorted(each for each in _files("/usr", "/etc", "/opt") - before if "annot" in each)
    cache = (SYSTEM / "usr/share/applications/mimeinfo.cache").read_text(encoding="utf-8")
    if left or "annotator" in cache:
        raise BuildError(f"Removal left {', '.join(left[:5]) or 'the type of projects'}.")
    if _persons_files() != kept:
        raise BuildError("Removal touched the person's files.")
    say("Removed: nothing of it is left but the person's own files.")


def _try_folder() -> None:
    """Unpack the .tar.gz where a person might, and let it test itself there."""
    for file in sorted(DIST.glob("*.tar.gz")):
        if "linux" not in file.name:
            continue
        folder = SYSTEM / HOME[1:] / "My programs ü"
        folder.mkdir()
        run(["tar", "-xzf", str(file), "-C", str(folder)], trouble="The .tar.gz cannot be unpacked.")
        run(["chown", "-R", NUMBER, str(folder)], trouble="It cannot be given to the person.")
        name = next(folder.iterdir()).name
        as_person(f"{HOME}/{folder.name}/{name}/annotator", "--self-test", alone=True)
        say(f"{file.name} runs from a folder of the person's.")


# ---------------------------------------------------------------------------------------------
# Inside the system


def _entered(*, alone: bool = False) -> list[str]:
    """Give the words that start a command in the system; alone, without any network interface."""
    apart = ["unshare", "--mount", "--fork", *(["--net"] if alone else [])]
    return [*apart, "sh", "-c", _ENTER, "sh", str(SYSTEM)]


def call(*command: str) -> str:
    """Run a command in the system as root."""
    return run(
        [*_entered(), str(SYSTEM), *command], trouble=f"In the system: {' '.join(command)[:200]} failed."
    )


def apt(*words: str) -> None:
    """Call apt-get in the system."""
    call("env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-y", "--no-install-recommends", *words)


def as_person(*command: str, alone: bool = False, display: str = "") -> str:
    """Run a command as the person, off the screen unless one is named."""
    place = f"--userspec={NUMBER}:{NUMBER}"
    words = [*_entered(alone=alone), place, str(SYSTEM), *_surroundings(display), *command]
    return run(words, trouble=f"As {PERSON}: {' '.join(command)[:200]} failed.")


def _surroundings(display: str) -> list[str]:
    shown = (f"DISPLAY={display}", "QT_QPA_PLATFORM=xcb") if display else ("QT_QPA_PLATFORM=offscreen",)
    return ["env", "-i", f"HOME={HOME}", f"USER={PERSON}", "LANG=C.UTF-8", "PATH=/usr/bin:/bin", *shown]


class Seen:
    """A window on a screen of its own, started in the system."""

    def __init__(self, process: subprocess.Popen[str], environment: dict[str, str]) -> None:
        self._process = process
        self._environment = environment

    def wait_for_article(self, what: str) -> None:
        """Wait until the screen shows the article as this checkout shows it.

        Raises:
            BuildError: the program ended, or the article never came.
        """
        picture = BUILD / "try" / "screen.png"
        began = time.monotonic()
        likeness = 0.0
        while time.monotonic() - began < PATIENCE:
            time.sleep(0.5)
            if self._process.poll() not in (None, 0):
                raise BuildError(f"{what} ended: {self._process.communicate()[1][-600:]}")
            take = [sys.executable, str(PACKAGING / "window_pictures.py"), str(picture)]
            subprocess.run(take, env=self._environment, check=True, capture_output=True)
            likeness = same_article(picture, reference())
            if likeness > 0.9:
                took = time.monotonic() - began
                say(f"{what} shows the article (likeness {likeness:.3f}, seen after {took:.1f} s).")
                return
        raise BuildError(f"{what} does not show the article (likeness {likeness:.3f}); see {picture}.")


@contextlib.contextmanager
def window(arguments: list[str], program: tuple[str, ...] = ("annotator",)) -> Iterator[Seen]:
    """Start the program in the system on a screen of its own; it is closed afterwards."""
    with with_display.screen() as environment:
        display = environment.get("DISPLAY", "")
        if not display:
            raise BuildError("Xvfb is missing.")
        words = [*_entered(), f"--userspec={NUMBER}:{NUMBER}", str(SYSTEM), *_surroundings(display)]
        process = subprocess.Popen(
            [*words, *program, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
        try:
            yield Seen(process, environment)
        finally:
            end_programs()
            process.wait(timeout=20)


def end_programs() -> None:
    """Close what runs in the system, and nothing else: whose root is the system's folder."""
    root = str(SYSTEM.resolve())
    for signal_number in (15, 9):
        found = [
            int(each.name)
            for each in Path("/proc").iterdir()
            if each.name.isdigit() and _root_of(each) == root and int(each.name) != os.getpid()
        ]
        for number in found:
            with contextlib.suppress(ProcessLookupError):
                os.kill(number, signal_number)
        if not found:
            return
        time.sleep(2.0)


def _root_of(process: Path) -> str:
    try:
        return str((process / "root").readlink())
    except OSError:
        return ""


_REFERENCE = BUILD / "try" / "reference.png"


def reference() -> Path:
    """Draw the same project in the window of this checkout, once, on a screen of its own."""
    if not _REFERENCE.is_file():
        with tempfile.TemporaryDirectory(dir=BUILD) as folder, with_display.screen() as environment:
            project = Path(folder, "news.annot")
            shutil.copy(SYSTEM / HOME[1:] / "news.annot", project)
            own = {**environment, "ANNOTATOR_SETTINGS": f"{folder}/settings", "PYTHONPATH": str(ROOT)}
            process = subprocess.Popen([sys.executable, "-m", "annotator", str(project)], env=own, cwd=ROOT)
            time.sleep(15)
            take = [sys.executable, str(PACKAGING / "window_pictures.py"), str(_REFERENCE)]
            subprocess.run(take, env=environment, check=True, capture_output=True)
            process.terminate()
            process.wait(timeout=20)
    return _REFERENCE


def _files(*folders: str) -> set[str]:
    """Return the files and folders of the system under these."""
    return {str(path.relative_to(SYSTEM)) for folder in folders for path in (SYSTEM / folder[1:]).rglob("*")}


def _persons_files() -> dict[str, bytes]:
    """Return the person's settings and projects, with what they hold."""
    home = SYSTEM / HOME[1:]
    places = (home / "news.annot", *sorted((home / ".config" / "annotator").rglob("*")))
    return {str(path.relative_to(home)): path.read_bytes() for path in places if path.is_file()}


def _has_no_python() -> bool:
    return not list((SYSTEM / "usr" / "bin").glob("python*"))


def _version() -> str:
    return call("dpkg-query", "--show", "--showformat", "${Version}", "annotator")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
