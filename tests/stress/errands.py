"""The acts of a victim: what a person can ask for, each said before and after on the line."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random

from annotator.editing.commands import Undo
from annotator.model.change import StepKind
from annotator.model.document import content_hash
from annotator.resources_path import seeds_folder
from annotator.workflows import (
    backups,
    copying,
    exporting,
    importing,
    preflight,
    recent,
    removing,
    showing,
    suggesting,
)
from annotator.workflows.exporting import ExportOptions
from annotator.workflows.projects import load_schema, new_project, sample_project, save_schema
from annotator.workflows.records import records
from annotator.workflows.reporting import silent
from annotator.workflows.same_words import SameWords, propose_same_words
from annotator.workflows.session import Session
from tests.stress.board import Place
from tests.stress.deciding import change_of_patterns, change_of_types, decision
from tests.stress.desk import ANNOTATOR, Desk, Made
from tests.stress.texts import an_article, write_tasks

Errand = Callable[[Desk], None]


def decide(desk: Desk) -> None:
    """Decide something in a document."""
    command = decision(desk.session, desk.rng)
    if command is not None:
        with desk.act("decision", type(command).__name__) as outcome:
            outcome.changes = desk.session.do(command)


def change_types(desk: Desk) -> None:
    """Change the schema."""
    command = change_of_types(desk.session, desk.rng)
    if command is not None:
        with desk.act("types", type(command).__name__) as outcome:
            outcome.changes = desk.session.do(command)


def change_patterns(desk: Desk) -> None:
    """Change the pattern lists."""
    command = change_of_patterns(desk.session, desk.rng)
    if command is not None:
        with desk.act("patterns", type(command).__name__) as outcome:
            outcome.changes = desk.session.do(command)


def undo(desk: Desk) -> None:
    """Undo the newest act, of one document or of all, or an older one with what stands on it."""
    session, rng = desk.session, desk.rng
    older = [
        step.key
        for step in session.history(40)
        if step.kind is StepKind.ACT and not step.undone and step.key > desk.first
    ]
    if older and rng.random() < 0.3:
        with desk.act("undo", "older ones") as outcome:
            outcome.changes = session.do(Undo(steps=(rng.choice(older),), with_later=rng.random() < 0.7))
        return
    document = rng.choice([None, *session.document_keys()[-20:]])
    step = session.undoable(document)
    if step is not None and step.key > desk.first:
        with desk.act("undo", step.name) as outcome:
            outcome.changes = session.undo(document, with_later=rng.random() < 0.5)


def redo(desk: Desk) -> None:
    """Redo what was undone last."""
    with desk.act("redo") as outcome:
        outcome.changes = desk.session.redo(desk.rng.choice([None, *desk.session.document_keys()[-20:]]))


def undo_and_redo(desk: Desk) -> None:
    """Undo some acts in a row and redo some of them."""
    count = desk.rng.randint(1, 6)
    for _ in range(count):
        step = desk.session.undoable(None)
        if step is None or step.key <= desk.first:
            return
        with desk.act("undo", step.name) as outcome:
            outcome.changes = desk.session.undo(None)
    for _ in range(desk.rng.randint(0, count)):
        with desk.act("redo") as outcome:
            outcome.changes = desk.session.redo(None)


def bring_in(desk: Desk) -> None:
    """Import a file; sometimes a long one, of several chunks, sometimes with a type that is new."""
    _bring_in(desk, desk.session, desk.rng, count=desk.rng.choice((1, 3, 3, 8, 8, 8, 8, 120)))


def _bring_in(desk: Desk, session: Session, rng: Random, *, count: int) -> None:
    name = f"{rng.getrandbits(48):x}"
    source = desk.path.parent / "in" / f"{name}.jsonl"
    source.parent.mkdir(exist_ok=True)
    labels = rng.choice(((), (), (f"NEW{rng.randrange(100)}",)))
    texts = write_tasks(source, rng, count, name=name, labels=labels)
    hashes = sorted(map(content_hash, texts))
    with desk.act("import", f"{count} documents", session=session, hashes=hashes) as outcome:
        report = importing.import_documents(session, [source])
        outcome.told["documents"] = report.documents
    source.unlink()


def paste(desk: Desk) -> None:
    """Bring in one text by hand."""
    text = an_article(desk.rng, f"pasted {desk.rng.getrandbits(48):x}")
    with desk.act("import", "a pasted text", hashes=[content_hash(text)]) as outcome:
        outcome.told["documents"] = importing.import_text(desk.session, text).documents


def bring_in_again(desk: Desk) -> None:
    """Paste a text that is there under the same name with another ending, in place of the old one."""
    session, rng = desk.session, desk.rng
    keys = session.document_keys()[-30:]
    chosen = rng.sample(keys, min(len(keys), 3))
    changed = []
    for record in records(session, chosen):
        text = f"{record.text} So it was {rng.random()}."
        changed.append(replace(record, text=text, tokens=None, spans=(), relations=(), id=""))
    hashes = sorted(content_hash(each.text) for each in changed)
    with desk.act("import", "in place of older ones", hashes=hashes, replaced=True) as outcome:
        report = importing.import_records(
            session,
            "Import again",
            changed,
            options=importing.ImportOptions(on_duplicate="replace"),
            report=silent,
        )
        outcome.told["documents"] = report.documents


def bring_in_beside(desk: Desk) -> None:
    """Import in another thread with a connection of its own, as the window does, and decide things meanwhile."""
    clone = desk.session.clone()
    rng = Random(desk.rng.random())
    failed: list[BaseException] = []

    def work() -> None:
        try:
            _bring_in(desk, clone, rng, count=110)
        except BaseException as error:  # noqa: BLE001 - told to the main thread, which raises it
            failed.append(error)

    worker = threading.Thread(target=work)
    worker.start()
    while worker.is_alive():
        decide(desk)
    worker.join()
    if failed:
        raise failed[0]
    clone.close()
    desk.session.deliver()


def make_candidates(desk: Desk) -> None:
    """Let suggesters run, over what has none yet or over all."""
    again = desk.rng.random() < 0.3
    session = desk.session
    keys = session.document_keys() if again else session.without_candidates()
    if keys:
        with desk.act("candidates", f"{len(keys)} documents", documents=keys, chunk=suggesting.CHUNK):
            suggesting.suggest(session, again=again)


def mark_same(desk: Desk) -> None:
    """Propose a label for the same words everywhere."""
    session, rng = desk.session, desk.rng
    labels = [each.name for each in session.schema.entities]
    if labels:
        words = rng.choice(("Report", "met", "Ada", "in"))
        wanted = SameWords(words=words, label=rng.choice(labels), reason="the same words")
        with desk.act("same words", words):
            propose_same_words(session, wanted)


def take_out(desk: Desk) -> None:
    """Export, into one file or one for each part."""
    rng, session = desk.rng, desk.session
    options = ExportOptions(
        format=rng.choices(("prodigy", "native", "docbin"), (6, 6, 1))[0],  # spaCy takes long to begin
        documents=rng.choice(("all", "decided", "done")),
        part=rng.choice(("all", "all", "each")),
    )
    desk.folder.mkdir(exist_ok=True)
    suffix = next(each.suffix for each in exporting.export_formats() if each.name == options.format)
    name = f"{options.format}-{rng.randrange(2)}"
    target = desk.folder / (name if options.part == "each" else name + suffix)
    plan = exporting.plan_export(session, target, options)
    documents = {str(path): _count(plan, path) for path in plan.files}
    manifest = target / "manifest.json" if options.part == "each" else Path(f"{target}.manifest.json")
    with desk.act("export", options.format, files=documents, manifest=str(manifest)) as outcome:
        result = exporting.export(session, target, options)
        outcome.files = (*result.files, result.manifest)


def _count(plan: exporting.ExportPlan, path: Path) -> int:
    """Give how many documents a planned file will hold."""
    counts = Counter(plan.parts)
    return counts[path.name.partition(".")[0]] if len(plan.files) > 1 else plan.documents


def mend_spans(desk: Desk) -> None:
    """Mend what spaCy could not learn, everywhere, in one step."""
    options = ExportOptions(documents="all", layout="spans")
    ways = list(preflight.preflight(desk.session, options).mendable)
    if ways:
        how = desk.rng.choice(ways)
        with desk.act("mending", how.value) as outcome:
            outcome.changes = preflight.mend(desk.session, options, how)


def keep_setting(desk: Desk) -> None:
    """Keep a setting in the project."""
    name, value = f"stress {desk.rng.randrange(5)}", desk.rng.random()
    with desk.act("setting", name, name=name, value=value):
        desk.session.set_setting(name, value)


def show_others(desk: Desk) -> None:
    """Show fewer or more candidates."""
    least = desk.rng.choice(showing.SHOWN_FROM)
    keys = desk.session.document_keys()
    with desk.act("showing", f"from {least}", name="least shown", value=least, documents=keys):
        showing.show_from(desk.session, least)


def keep_schema(desk: Desk) -> None:
    """Write the schema into a file."""
    target = desk.path.parent / "schema.toml"
    with desk.act("schema file", files={str(target): 0}) as outcome, desk.board.at(Place.EXPORT):
        save_schema(desk.session.schema, target, name="stress")
        outcome.files = (target,)


def remember(desk: Desk) -> None:
    """Put the project at the top of the person's list."""
    target = recent.settings_folder() / "recent.json"
    with desk.act("recent list", files={str(target): 0}) as outcome, desk.board.at(Place.SETTINGS):
        recent.remember(desk.session)
        outcome.files = (target,)


def close_and_open(desk: Desk) -> None:
    """Close the project, which folds all into the one file, and open it again."""
    with desk.act("close"):
        desk.session.close()
        desk.open_again()


def make_project(desk: Desk) -> None:
    """Make another project in the same folder."""
    path = desk.path.parent / "made" / f"{desk.rng.getrandbits(48):x}.annot"
    path.parent.mkdir(exist_ok=True)
    schema = load_schema("news")
    types = len(schema.entities) + len(schema.relations)
    with desk.act("new project", made=Made(str(path), path.stem, types, 0)), desk.board.at(Place.CREATION):
        made = new_project(path, name=path.stem, schema=schema, language="en", annotator=ANNOTATOR)
        made.close()


def make_sample(desk: Desk) -> None:
    """Make the project of the sample articles, as the first start does."""
    folder = desk.path.parent / "made" / f"{desk.rng.getrandbits(48):x}"
    schema = load_schema("news")
    types, documents = len(schema.entities) + len(schema.relations), len(list(seeds_folder().glob("*.txt")))
    made = Made(str(folder / "sample.annot"), "Sample articles", types, documents)
    with desk.act("sample", made=made), desk.board.at(Place.CREATION):
        sample_project(folder, annotator=ANNOTATOR)


def copy_project(desk: Desk) -> None:
    """Copy the open project, whole or clean for strangers."""
    session = desk.session
    target = desk.path.parent / "made" / f"copy {desk.rng.getrandbits(48):x}.annot"
    target.parent.mkdir(exist_ok=True)
    types = len(session.schema.entities) + len(session.schema.relations)
    made = Made(str(target), session.name, types, session.counts().all)
    clean = desk.rng.random() < 0.7
    with desk.act("clean copy" if clean else "copy", made=made), desk.board.at(Place.BACKUP):
        copying.copy_project(desk.path, target, clean=clean)


def back_up(desk: Desk) -> None:
    """Make a backup while the project is open."""
    with desk.act("backup") as outcome:
        outcome.told["backup"] = str(backups.make_backup(desk.path, asked=desk.rng.random() < 0.5).path)


def put_back(desk: Desk) -> None:
    """Close the project and let one of its last backups be it from now on."""
    made = [each for each in backups.list_backups(desk.path)[:6] if each.reason != "before update"]
    if not made:
        return
    backup = desk.rng.choice(made)
    with desk.act("put back", backup=str(backup.path)) as outcome:
        desk.session.close()
        kept = backups.put_back(desk.path, backup, annotator=ANNOTATOR)
        outcome.told["backup"] = str(kept)
        desk.open_again()


def copy_a_backup(desk: Desk) -> None:
    """Make a project of its own of a backup."""
    made = backups.list_backups(desk.path)[:3]
    if made:
        backup = desk.rng.choice(made)
        target = desk.path.parent / "made" / f"copy-{desk.rng.getrandbits(48):x}.annot"
        target.parent.mkdir(exist_ok=True)
        with desk.act("copy", copied=str(target), backup=str(backup.path)):
            backups.copy_backup(backup, target)


def remove_for_good(desk: Desk) -> None:
    """Take documents of a later import out of the file, which nothing undoes."""
    session, rng = desk.session, desk.rng
    later = [key for key in session.document_keys() if session.document(key).batch > 1]
    chosen = rng.sample(later, min(len(later), rng.choice((1, 2, 5, 60))))
    if chosen:
        with desk.act("removal", f"{len(chosen)} documents", documents=chosen):
            removing.remove_for_good(session, chosen)


ERRANDS: dict[Errand, int] = {
    decide: 60,
    change_types: 6,
    change_patterns: 5,
    undo: 8,
    redo: 4,
    undo_and_redo: 4,
    bring_in: 6,
    paste: 3,
    bring_in_again: 3,
    bring_in_beside: 2,
    make_candidates: 8,
    mark_same: 2,
    take_out: 6,
    mend_spans: 3,
    keep_setting: 3,
    show_others: 3,
    keep_schema: 2,
    remember: 2,
    close_and_open: 3,
    make_project: 2,
    make_sample: 1,
    copy_project: 2,
    back_up: 3,
    put_back: 1,
    remove_for_good: 3,
    copy_a_backup: 1,
}
"""Every errand, and how often it comes."""
