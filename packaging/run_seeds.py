"""Show the program at work on the sample articles of `seeds/`: what `make run` does after the set-up.

With a display, the window opens on a project made from them. Without one the same work is done offscreen:
candidates, accepting them in a copy, a picture of the window, both exports. All of it goes through the
program's own command line, into `build/sample/`. Standard library only.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SEEDS = ROOT / "seeds"
SAMPLE = ROOT / "build" / "sample"
PROJECT = SAMPLE / "seeds.annot"
ACCEPTED = SAMPLE / "accepted.annot"
PICTURE = SAMPLE / "window.png"
#: Format and target of each export.
EXPORTS = (("docbin", SAMPLE / "seeds.spacy"), ("prodigy", SAMPLE / "seeds.jsonl"))


class CommandError(Exception):
    """A command of the program failed; its own message is already on the screen."""


def main() -> int:
    """Make the sample project and show it; return the exit code."""
    try:
        make_project()
        if has_display():
            say(f"Opening {shown(PROJECT)}. Your work in it is kept; delete the file to start afresh.")
            return subprocess.run([*annotator(), str(PROJECT)], check=False).returncode
        say("There is no display, so the same is done offscreen:")
        take_picture()
        accept_and_export()
    except CommandError as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def say(text: str) -> None:
    """Print one line to the person who waits."""
    print(f"run: {text}", flush=True)


def shown(path: Path) -> str:
    """Return a path as seen from the checkout."""
    return path.relative_to(ROOT).as_posix()


def has_display() -> bool:
    """Tell whether a window can be seen: always on macOS and Windows, elsewhere if there is a server."""
    if sys.platform in {"darwin", "win32"}:
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def make_project() -> None:
    """Make the project with its candidates, unless an earlier run did; one half made never counts."""
    if PROJECT.is_file():
        say(f"{shown(PROJECT)} is there from an earlier run.")
        return
    articles = articles_by_language()
    if not articles:
        raise CommandError(f"There are no articles in {shown(SEEDS)}.")
    making = SAMPLE / "making"
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(parents=True)
    draft = making / PROJECT.name
    run("new", draft, "--schema", "news", "--language", "en")
    imported = 0
    for language, paths in articles.items():
        imported += run("import", draft, *paths, "--language", language)["documents"]
    suggested = run("suggest", draft)
    draft.replace(PROJECT)
    shutil.rmtree(making, ignore_errors=True)
    say(f"Made {shown(PROJECT)} from {imported} articles in {shown(SEEDS)}.")
    say(f"Candidates: {suggested['spans']} spans, {suggested['relations']} relations.")


def articles_by_language() -> dict[str, list[Path]]:
    """Return the articles by language, which their gold annotation knows; English where it does not."""
    languages: dict[str, str] = {}
    with (SEEDS / "gold.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            meta = json.loads(line)["meta"]
            languages[meta["source"]] = meta["language"]
    articles: dict[str, list[Path]] = {}
    for path in sorted(SEEDS.glob("*.txt")):
        articles.setdefault(languages.get(path.name, "en"), []).append(path)
    return articles


def take_picture() -> None:
    """Write a picture of the window with the candidates in it."""
    run("--picture", PICTURE, PROJECT, answers=False)
    say(f"Picture of the window: {shown(PICTURE)}")


def accept_and_export() -> None:
    """Accept all candidates in a copy of the project, and export it in both formats."""
    # A closed project is one file; the sample itself stays undecided for the next window.
    shutil.copyfile(PROJECT, ACCEPTED)
    accepted = run("accept", ACCEPTED, "--done")
    say(f"Accepted in {shown(ACCEPTED)}: {accepted['spans']} spans, {accepted['relations']} relations.")
    for name, target in EXPORTS:
        counts = run("export", ACCEPTED, target, "--format", name)
        say(
            f"Exported {shown(target)}: {counts['documents']} documents,"
            f" {counts['spans']} spans, {counts['relations']} relations."
        )


def annotator() -> list[str]:
    """Return how the program is started here."""
    return [sys.executable, "-m", "annotator"]


def run(*arguments: str | Path, answers: bool = True) -> dict[str, int]:
    """Run one command of the program and return the counts of its `--json` line.

    Raises CommandError when it did nothing; records it refused are its own to name, on standard error.
    """
    command = [*annotator(), *(str(argument) for argument in arguments), *(["--json"] if answers else [])]
    environment = dict(os.environ)
    if not has_display():
        environment["QT_QPA_PLATFORM"] = "offscreen"
    result = subprocess.run(command, stdout=subprocess.PIPE, text=True, env=environment, check=False)
    if result.returncode not in {0, 1}:
        raise CommandError(f"Stopped: `annotator {arguments[0]}` ended with exit code {result.returncode}.")
    if not answers:
        return {}
    answer = json.loads(result.stdout)
    for problem in answer["problems"]:
        say(f"  {arguments[0]}: {problem['message']}")
    return {name: int(answer[name]) for name in ("documents", "spans", "relations")}


if __name__ == "__main__":
    sys.exit(main())
