"""Looks at what a victim wrote beside the project: each file whole and as it was said to be, or not there at all."""

from __future__ import annotations

import json
import re
from pathlib import Path

from annotator.formats import detect
from annotator.model.record import Problem
from annotator.model.schema import parse_schema
from annotator.workflows.projects import open_project
from tests.stress.desk import ANNOTATOR, Begun, Made, digest
from tests.stress.model import Model

LEFTOVER = re.compile(r"\..+\.(part|new)(-journal|-wal|-shm|\.lock)?|.+\.new")
"""Names of files that were being written: hidden, or ending so that nobody takes them for the file itself."""


def judge_files(path: Path, model: Model) -> list[str]:
    """Give one line for every file that is neither old nor new, half, or of a name that nobody expects."""
    found = []
    being_written: dict[str, Begun] = {}
    for act in model.begun.values():
        for name in (*act.expected.get("files", ()), *filter(None, [act.expected.get("manifest")])):
            being_written[name] = act
    found += _mixed(model)
    for name, before in model.files.items():
        now = digest(Path(name))
        if now == before:
            continue
        act_writing = being_written.get(name)
        if act_writing is None:
            found.append(f"{name} is not as it was written" if now else f"{name} is gone")
        elif now:
            found += _half(Path(name), act_writing)
        elif name != act_writing.expected.get("manifest"):
            found.append(f"{name} is gone")
        model.files[name] = now
    for folder in (path.parent / "out", path.parent):
        found += _strange(folder, path, model)
    return found + _judge_made(model)


def _mixed(model: Model) -> list[str]:
    """Give the exports whose manifest is still the old one, although a file beside it is new already."""
    found = []
    for act in model.begun.values():
        manifest = act.expected.get("manifest", "")
        seal = digest(Path(manifest)) if manifest else ""
        if seal and seal == model.files[manifest]:
            new = [name for name in act.expected["files"] if digest(Path(name)) != model.files[name]]
            found += [f"{Path(name).name} is new beside the manifest of an older export" for name in new]
    return found


def _half(path: Path, act: Begun) -> list[str]:
    """Give what shows that a file is not whole."""
    try:
        if path.suffix == ".toml":
            parse_schema(path.read_text(encoding="utf-8"), source=path.name)
        elif path.suffix == ".json":
            json.loads(path.read_text(encoding="utf-8"))
        else:
            problems: list[Problem] = []
            found = detect(path)
            assert found.read is not None, "what is written can be read"
            count = sum(1 for _ in found.read(path, found.read_options(), problems.append))
            problems = [each for each in problems if each.refused]
            if problems or count != act.expected["files"][str(path)]:
                wanted = act.expected["files"][str(path)]
                return [f"{path.name} is half an export: {count} of {wanted} documents, {problems[:1]}"]
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what we look for
        return [f"{path.name} is half written: {error!r}"]
    return []


def _strange(folder: Path, project: Path, model: Model) -> list[str]:
    if not folder.is_dir():
        return []
    known = {Path(name) for name in model.files} | {project}
    return [
        f"{each.name} is left, and its name does not tell what it is"
        for each in (folder.rglob("*") if folder.name == "out" else folder.iterdir())
        if each.is_file()
        and each not in known
        and not LEFTOVER.fullmatch(each.name)
        and not each.name.startswith(project.name)
    ]


def _judge_made(model: Model) -> list[str]:
    """Look at projects that were made beside this one: whole, or not there under their name."""
    begun = [act.expected["made"] for act in model.begun.values() if "made" in act.expected]
    found = []
    for wanted in (*begun, *model.made.values()):
        path = Path(wanted.path)
        if path.exists():
            found += _half_made(path, wanted)
            path.unlink()
        elif wanted.path in model.made:
            found.append(f"{path.name} was made, and is gone")
    model.made.clear()
    return found


def _half_made(path: Path, wanted: Made) -> list[str]:
    try:
        session = open_project(path, annotator=ANNOTATOR)
        schema = session.schema
        have = Made(
            wanted.path, session.name, len(schema.entities) + len(schema.relations), session.counts().all
        )
        session.close()
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what we look for
        return [f"{path.name} is half made: {error!r}"]
    return [] if have == wanted else [f"{path.name} is half made: {have}, not {wanted}"]
