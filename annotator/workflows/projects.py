"""Making and opening projects, schema presets, and the sample project."""

from __future__ import annotations

import contextlib
import json
import time
from dataclasses import replace
from pathlib import Path

from annotator.editing.commands import ExtendSchema
from annotator.editing.removing import finish_removal
from annotator.model.errors import FormatError, LeftLockError, LockedError, ProjectError
from annotator.model.identity import new_id
from annotator.model.record import Loss
from annotator.model.schema import EntityType, Schema, next_color, parse_schema, write_schema
from annotator.resources_path import resource_path, seeds_folder
from annotator.store.batches import drop_pending
from annotator.store.documents import counts
from annotator.store.faults import ConflictError, forbids_writing
from annotator.store.foreign import NewerThingsError
from annotator.store.project import SUFFIX, Project
from annotator.workflows.backups import backup_root
from annotator.workflows.making import making
from annotator.workflows.reporting import Report, silent
from annotator.workflows.session import Session
from annotator.workflows.showing import catch_up

PATIENCE = 0.2
"""Seconds that opening takes at most to remove what a killed import left."""


def with_ending(path: Path) -> Path:
    """Give the place of a project with the ending that projects have."""
    return path if path.suffix == SUFFIX or not path.name else path.with_name(path.name + SUFFIX)


def new_project(path: Path, *, name: str, schema: Schema, language: str, annotator: str) -> Session:
    """Make a project file and open it. Under its name it is there only when it is whole.

    Raises:
        UserError: something is there already, or the place cannot be written.
    """
    if not path.name:
        raise ProjectError(f"{path} is a folder.", "Name a file in it.")
    path = with_ending(path)
    with making(path) as growing:
        _begun(growing, name=name, schema=schema, language=language, annotator=annotator).close()
    return open_project(path, annotator=annotator)


def _begun(path: Path, *, name: str, schema: Schema, language: str, annotator: str) -> Session:
    session = Session(Project.create(path, annotator=annotator), annotator=annotator)
    try:
        session.set_setting("name", name)
        session.set_setting("language", language)
        session.set_setting("id", new_id())
        session.set_setting("created", time.time())
        if schema.entities or schema.relations:
            session.do(ExtendSchema(replace(schema, language=language)))
    except BaseException:
        session.close()
        raise
    return session


def open_project(
    path: Path,
    *,
    annotator: str,
    read_only: bool = False,
    or_read_only: bool = False,
    take_over: bool = False,
) -> Session:
    """Open a project.

    Args:
        or_read_only: read it when somebody else writes in it, or when its place forbids writing.
        take_over: also where somebody who is gone left it open; never where somebody lives.

    Raises:
        LockedError, NewerError, ProjectError: it cannot be opened as asked.
    """
    holder, left_behind = "", False
    try:
        project = Project.open(
            path, annotator=annotator, read_only=read_only, take_over=take_over, backups=backup_root()
        )
    except ProjectError as error:
        is_locked = isinstance(error, LockedError)
        is_reading = is_locked or forbids_writing(error) or isinstance(error, NewerThingsError)
        if not or_read_only or not is_reading:
            raise
        project = Project.open(path, annotator=annotator, read_only=True)
        holder, left_behind = error.what if is_locked else "", isinstance(error, LeftLockError)
    try:
        if not project.read_only:
            # No room on the disk, say: at another opening, then. What hangs in a damaged file is for a check to find.
            with contextlib.suppress(ProjectError, ConflictError):
                drop_pending(project, seconds=PATIENCE)  # what a killed import left
                finish_removal(project, at=time.time(), annotator=annotator, report=silent)
        # What every window shows at once: where it cannot be read, the project is refused here.
        _ = project.types
        counts(project)
    except BaseException:
        project.close()
        raise
    session = Session(project, annotator=annotator, holder=holder, left_behind=left_behind)
    if not project.read_only:
        with contextlib.suppress(ProjectError, ConflictError):  # as above
            catch_up(session)
    return session


def preset_schemas() -> list[tuple[str, Schema]]:
    """List the schemas that come with the program, by name."""
    folder = resource_path("schemas")
    return [(path.stem, _read_schema(path)) for path in sorted(folder.glob("*.toml"))]


def load_schema(name_or_path: str) -> Schema:
    """Give a preset by name, or read a schema file: TOML, or another program's file of types.

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
    return _foreign_schema(path) or _read_schema(path)


def _foreign_schema(path: Path) -> Schema | None:
    """Give the types of another program's file of types; None where it is none, or holds none."""
    from annotator.formats import detect

    try:
        found = None if path.suffix.lower() == ".toml" else detect(path)
    except FormatError:
        return None
    if found is None or found.write_types is None or found.types is None:
        return None
    told = found.types(path, found.read_options(), lambda _problem: None)
    if told is None or not (told.entities or told.relations):
        return None
    entities: list[EntityType] = []
    for each in told.entities:
        color = each.color or next_color(other.color for other in entities)
        entities.append(replace(each, color=color))
    return replace(told, entities=tuple(entities)).with_defaults()


def save_schema(schema: Schema, path: Path, *, name: str) -> tuple[Loss, ...]:
    """Write a schema as TOML, or as another program's file of types where the name of the file tells one.

    Gives what of the types is not in the file: TOML holds all.

    Raises:
        FormatError: the file cannot be written.
    """
    from annotator.formats import by_suffix
    from annotator.formats.whole_files import write_safely

    found = by_suffix(path)
    if found is not None and found.write_types is not None:
        return found.write_types(path, schema)

    def write(part: Path) -> None:
        part.write_text(write_schema(schema, name=name), encoding="utf-8")

    def check(part: Path) -> None:
        _read_schema(part)

    write_safely(path, write, check)
    return ()


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
    with making(path) as growing:
        session = _begun(
            growing, name="Sample articles", schema=load_schema("news"), language="en", annotator=annotator
        )
        try:
            sources = sorted(seeds_folder().glob("*.txt"))
            import_documents(session, sources, ImportOptions(languages=seed_languages()), report)
        finally:
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
