"""Making and opening projects, schema presets, and the sample project."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path

from annotator.editing.commands import ExtendSchema
from annotator.model.errors import FormatError, LockedError, ProjectError
from annotator.model.identity import new_id
from annotator.model.schema import Schema, parse_schema, write_schema
from annotator.resources_path import resource_path, seeds_folder
from annotator.store.batches import drop_pending
from annotator.store.project import SUFFIX, Project
from annotator.workflows.reporting import Report, silent
from annotator.workflows.session import Session


def new_project(path: Path, *, name: str, schema: Schema, language: str, annotator: str) -> Session:
    """Make a project file and open it.

    Raises:
        UserError: something is there already, or the place cannot be written.
    """
    if not path.name:
        raise ProjectError(f"{path} is a folder.", "Name a file in it.")
    if path.suffix != SUFFIX:
        path = path.with_name(path.name + SUFFIX)
    project = Project.create(path, annotator=annotator)
    session = Session(project, annotator=annotator)
    try:
        project.set_setting("name", name)
        project.set_setting("language", language)
        project.set_setting("id", new_id())
        project.set_setting("created", time.time())
        if schema.entities or schema.relations:
            session.do(ExtendSchema(replace(schema, language=language)))
    except BaseException:
        session.close()
        path.unlink(missing_ok=True)
        raise
    return session


def open_project(
    path: Path, *, annotator: str, read_only: bool = False, or_read_only: bool = False
) -> Session:
    """Open a project; `or_read_only` reads it when somebody else writes in it.

    Raises:
        LockedError, NewerError, ProjectError: it cannot be opened as asked.
    """
    holder = ""
    try:
        project = Project.open(path, annotator=annotator, read_only=read_only)
    except LockedError as error:
        if not or_read_only:
            raise
        project = Project.open(path, annotator=annotator, read_only=True)
        holder = error.what
    try:
        if not project.read_only:
            drop_pending(project)  # what a killed import left
    except BaseException:
        project.close()
        raise
    return Session(project, annotator=annotator, holder=holder)


def preset_schemas() -> list[tuple[str, Schema]]:
    """List the schemas that come with the program, by name."""
    folder = resource_path("schemas")
    return [(path.stem, _read_schema(path)) for path in sorted(folder.glob("*.toml"))]


def load_schema(name_or_path: str) -> Schema:
    """Give a preset by name, or read a schema file.

    Raises:
        FormatError: no such preset, or a file that cannot be read.
    """
    presets = dict(preset_schemas())
    if name_or_path in presets:
        return presets[name_or_path]
    path = Path(name_or_path)
    if not path.is_file():
        names = ", ".join(presets)
        raise FormatError(f"{name_or_path} is neither a preset ({names}) nor a file.", "Name one of them.")
    return _read_schema(path)


def save_schema(schema: Schema, path: Path, *, name: str) -> None:
    """Write a schema as TOML.

    Raises:
        FormatError: the file cannot be written.
    """
    try:
        path.write_text(write_schema(schema, name=name), encoding="utf-8")
    except OSError as error:
        raise FormatError(f"{path} cannot be written: {error.strerror}.", "Choose another place.") from error


def _read_schema(path: Path) -> Schema:
    try:
        content = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise FormatError(
            f"{path.name} is not UTF-8: byte {error.object[error.start]:#04x} at {error.start:,}."
        ) from error
    except OSError as error:
        raise FormatError(f"{path} cannot be read: {error.strerror}.") from error
    return parse_schema(content, source=path.name)


def sample_project(folder: Path, *, annotator: str, report: Report = silent) -> Path:
    """Make a project of the seed articles in a folder, unless it is there, and give its path.

    Each article is marked with its own language; its gold annotation is not imported.
    """
    from annotator.workflows.importing import ImportOptions, import_documents

    path = folder / f"sample{SUFFIX}"
    if path.exists():
        return path
    folder.mkdir(parents=True, exist_ok=True)
    session = new_project(
        path, name="Sample articles", schema=load_schema("news"), language="en", annotator=annotator
    )
    try:
        sources = sorted(seeds_folder().glob("*.txt"))
        import_documents(session, sources, ImportOptions(languages=seed_languages()), report)
    except BaseException:
        session.close()
        path.unlink(missing_ok=True)
        raise
    session.close()
    return path


def seed_languages() -> dict[str, str]:
    """Give the language of each seed article by file name, as its gold says."""
    languages = {}
    with (seeds_folder() / "gold.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            meta = json.loads(line)["meta"]
            languages[meta["source"]] = meta.get("language", "en")
    return languages
