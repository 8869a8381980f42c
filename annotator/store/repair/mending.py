"""Makes the rows that came back fit each other again: nothing hangs in the air, nothing is lost that can be kept.

A text without its document gets one; a document without its text is gone and is named; spans are held against the
text; what names a type that is gone gets a type that says so. Works on a file of the newest version.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping
from typing import Any

from annotator.model.annotation import Kind
from annotator.model.change import BatchState
from annotator.model.document import State, content_hash, title_of
from annotator.model.identity import new_id
from annotator.store.cells import fragments_from_text
from annotator.store.documents import VISIBLE
from annotator.store.repair.checks import instead
from annotator.store.repair.gathering import TALLY, Gathered
from annotator.store.repair.report import Salvage, counted_rows, gaps, ranges
from annotator.store.rows import read_tokens

_OF_DOCUMENT = ("relation", "span", "rejection", "asked", "layer", "candidate", "suggested", "content")
_DECISIONS = ("span", "relation", "rejection")


class Mender:
    """Mends one file.

    Args:
        doubtful: filled with rows, by table and key, that are not as the journal left them.
        touched: filled with documents that lack something; those of them that were done are so no longer.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        gathered: Gathered,
        outcome: Salvage,
        report: Callable[[int, int, str], None],
    ) -> None:
        self._db = connection
        self._gathered = gathered
        self._outcome = outcome
        self._report = report
        self.doubtful: set[tuple[str, int]] = set(gathered.mended)
        self.touched: set[int] = set()

    def run(self) -> None:
        """Mend everything but what is counted and indexed; inside a transaction."""
        self._drop_documents_without_text()
        self._tell_of_traces()
        self._make_documents()
        self._make_batches()
        self._make_types()
        self._mend_types()
        self._make_layers()
        documents = [row[0] for row in self._db.execute("SELECT key FROM document ORDER BY key")]
        for number, key in enumerate(documents):
            if number % 200 == 0:
                self._report(number, len(documents), "Looking at every document")
            self._mend_document(key)
        self._drop_loose_rows()
        self._mend_settings()

    def _rows(self, statement: str, *values: Any) -> list[Any]:
        return self._db.execute(statement, values).fetchall()

    def title(self, document: int) -> str:
        """Give the title of a document, or what else can name it."""
        rows = self._rows("SELECT title FROM document WHERE key = ?", document)
        return (rows and rows[0][0]) or f"Document {document}"

    def _insert(self, table: str, key: int, known: Mapping[str, Any]) -> None:
        """Write a row of which only some columns are known."""
        columns = [row[1] for row in self._rows(f"PRAGMA table_info({table})")]
        values = [known[name] if name in known else instead(name, key=key) for name in columns]
        names = ", ".join(f'"{name}"' for name in columns)
        self._db.execute(f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(columns))})", values)

    def _drop_documents_without_text(self) -> None:
        for key, title, removed in self._rows(
            "SELECT key, title, removed FROM document WHERE key NOT IN (SELECT document FROM content)"
        ):
            counts = {
                table: self._rows(f"SELECT count(*) FROM {table} WHERE document = ?", key)[0][0]
                for table in _DECISIONS
            }
            self._drop_document(key)
            if removed:
                continue
            with_it = ", ".join(counted_rows(table, count) for table, count in counts.items() if count)
            why = "Its text is lost" + (f", and with it {with_it}." if with_it else ".")
            self._outcome.lose("text", title or f"Document {key}", why, document=key)
            for table, count in counts.items():
                if count:
                    self._outcome.lost_counts[table] = self._outcome.lost_counts.get(table, 0) + count

    def _drop_document(self, key: int) -> None:
        for table in _OF_DOCUMENT:
            self._db.execute(f"DELETE FROM {table} WHERE document = ?", (key,))
        self._db.execute("DELETE FROM tokenization WHERE key = ?", (key,))
        self._db.execute("DELETE FROM document WHERE key = ?", (key,))

    def _tell_of_traces(self) -> None:
        """Name documents of which neither text nor description is left, as far as anything still names them."""
        gone = "NOT IN (SELECT key FROM document) AND {0} NOT IN (SELECT document FROM content)"  # of either
        places = [(table, "document") for table in _OF_DOCUMENT if table != "content"]
        places += [("tokenization", "key"), (f"temp.{TALLY}", "document")]
        traces: set[int] = set()
        for table, column in places:
            condition = f"{column} {gone.format(column)}"
            traces.update(
                row[0] for row in self._rows(f"SELECT DISTINCT {column} FROM {table} WHERE {condition}")
            )
            self._db.execute(f"DELETE FROM {table} WHERE {condition}")
        told = {lost.document for lost in self._outcome.lost}
        missing = ranges(sorted(traces - told))
        if not self._gathered.is_sound("document") and not self._gathered.is_sound("content"):
            known = {row[0] for row in self._rows("SELECT document FROM content")} | told
            last = max([self._gathered.used_keys.get("document", 0), *traces])
            missing = gaps(sorted(known), last)  # keys were given in a row, so that those between are missing
        for first, last in missing:
            what = f"Document {first}" if first == last else f"Documents {first} to {last}"
            why = "Text, title and all that stood in it are lost."
            self._outcome.lose("text", what, why, count=last - first + 1, document=first)

    def _make_documents(self) -> None:
        """Give every text that has none a document."""
        rows = self._rows("SELECT document FROM content WHERE document NOT IN (SELECT key FROM document)")
        if not rows:
            return
        batch = self._rows("SELECT coalesce(max(key), 0) + 1 FROM batch")[0][0]
        batch = max(batch, self._gathered.used_keys.get("batch", 0) + 1)
        self._make_batch(batch, "Recovered texts")
        setting = self._rows("SELECT value FROM setting WHERE name = 'language'")
        language = setting[0][0].strip('"') if setting else "en"
        for (key,) in rows:
            text = self._rows("SELECT text FROM content WHERE document = ?", key)[0][0]
            decided = self._rows("SELECT 1 FROM span WHERE document = ? LIMIT 1", key)
            known = {
                "key": key,
                "batch": batch,
                "title": title_of(text) or f"Document {key}",
                "language": language,
                "source": f"recovered {key}",
                "length": len(text),
                "state": (State.IN_PROGRESS if decided else State.TODO).value,
            }
            self._insert("document", key, known)
            self.doubtful.add(("document", key))
            why = "The text is back; its title, language, state, note and source are lost."
            self._outcome.lose("text", known["title"], why, document=key, mended=True)

    def _make_batch(self, key: int, name: str) -> None:
        self._insert("batch", key, {"key": key, "name": name, "state": BatchState.PUBLISHED.value})
        self.doubtful.add(("batch", key))

    def _make_batches(self) -> None:
        last = max(
            self._gathered.used_keys.get("batch", 0), self._rows("SELECT max(key) FROM batch")[0][0] or 0
        )
        for key, title in self._rows(
            "SELECT key, title FROM document WHERE batch <= 0 OR batch > ?", max(last, 1)
        ):
            if not self._rows("SELECT 1 FROM batch WHERE key = ?", last + 1):
                self._make_batch(last + 1, "Recovered texts")
            self._db.execute("UPDATE document SET batch = ? WHERE key = ?", (last + 1, key))
            self.doubtful.add(("document", key))
            self._outcome.lose("text", title, "Which import it came with is lost.", document=key, mended=True)
        missing = self._rows(
            "SELECT batch, count(*) FROM document WHERE batch NOT IN (SELECT key FROM batch) GROUP BY batch"
        )
        for key, count in missing:
            self._make_batch(key, "Recovered import")
            self._outcome.remarks.append(
                f"Which import {count:,} documents came with is lost; they can be seen, "
                "also if it had been undone."
            )
            self._outcome.told += 1

    def _make_types(self) -> None:
        """Make a type for every one that is named and gone."""
        named = {
            Kind.SPAN: "SELECT type FROM span UNION SELECT type FROM asked UNION SELECT type FROM pattern_list "
            "UNION SELECT head_type FROM rejection WHERE child IS NOT NULL "
            "UNION SELECT child_type FROM rejection WHERE child IS NOT NULL "
            "UNION SELECT type FROM rejection WHERE child IS NULL",
            Kind.RELATION: "SELECT type FROM relation UNION SELECT type FROM rejection WHERE child IS NOT NULL",
        }
        for kind, keys in named.items():
            missing = self._rows(
                f"SELECT type FROM ({keys}) WHERE type IS NOT NULL AND type NOT IN (SELECT key FROM type)"
            )
            for (key,) in missing:
                if not 0 < key <= max(self._gathered.used_keys.get("type", 0), 10_000):
                    continue  # a false number: what names it goes
                known = {"key": key, "name": f"RECOVERED_{key}", "kind": kind.value, "position": 1000 + key}
                self._insert("type", key, known)
                self.doubtful.add(("type", key))
                self._outcome.lose("type", f"RECOVERED_{key}", "Its name is lost; what had it is kept.")

    def _mend_types(self) -> None:
        """Show types that stand in documents which can be seen, and let relation types join only what there is."""
        self._db.execute(
            f"UPDATE type SET hidden = 0 WHERE hidden AND key IN (SELECT span.type FROM span "
            f"JOIN document ON document.key = span.document WHERE {VISIBLE} UNION SELECT relation.type FROM relation "
            f"JOIN document ON document.key = relation.document WHERE {VISIBLE})"
        )
        entities = {row[0] for row in self._rows("SELECT key FROM type WHERE kind = 'span'")}
        for key, *sides in self._rows("SELECT key, heads, children FROM type"):
            kept = [[each for each in json.loads(side) if each in entities] for side in sides]
            if kept != [json.loads(side) for side in sides]:
                written = [json.dumps(side) for side in kept]
                self._db.execute("UPDATE type SET heads = ?, children = ? WHERE key = ?", (*written, key))
                self.doubtful.add(("type", key))

    def _make_layers(self) -> None:
        """Give every document a layer, and everything in it that layer."""
        for (key,) in self._rows("SELECT key FROM document WHERE key NOT IN (SELECT document FROM layer)"):
            named = self._rows(
                "SELECT layer FROM span WHERE document = ?1 UNION SELECT layer FROM rejection WHERE document = ?1",
                key,
            )
            free = self._rows("SELECT coalesce(max(key), 0) + 1 FROM layer")[0][0]
            used = max(free, self._gathered.used_keys.get("layer", 0) + 1)
            layer = named[0][0] if len(named) == 1 and named[0][0] > 0 else used
            if self._rows("SELECT 1 FROM layer WHERE key = ?", layer):
                layer = used
            self._insert("layer", layer, {"key": layer, "document": key})
            self._gathered.used_keys["layer"] = max(layer, self._gathered.used_keys.get("layer", 0))
        for table in _DECISIONS:
            astray = self._rows(
                f"SELECT {table}.key, {table}.document FROM {table} JOIN document ON document.key = {table}.document "
                f"WHERE NOT EXISTS (SELECT 1 FROM layer "
                f"WHERE layer.key = {table}.layer AND layer.document = {table}.document)"
            )
            for key, document in astray:
                self._put_into_layer(table, key, document)

    def _put_into_layer(self, table: str, key: int, document: int) -> None:
        layer = self._rows("SELECT min(key) FROM layer WHERE document = ?", document)[0][0]
        try:
            self._db.execute(f"UPDATE {table} SET layer = ? WHERE key = ?", (layer, key))
        except sqlite3.IntegrityError:  # the same stands there already
            self._db.execute(f"DELETE FROM {table} WHERE key = ?", (key,))
        self.doubtful.add((table, key))

    def _mend_document(self, key: int) -> None:
        text = self._rows("SELECT text FROM content WHERE document = ?", key)[0][0]
        title, length, stored = self._rows("SELECT title, length, hash FROM document WHERE key = ?", key)[0]
        actual = content_hash(text)
        written = stored.hex() if isinstance(stored, bytes) else stored
        if written != actual:
            self._mend_text(key, title, text, length, actual, known=bool(written))
        elif length != len(text):
            self._db.execute("UPDATE document SET length = ? WHERE key = ?", (len(text), key))
            self.doubtful.add(("document", key))
        columns = self._gathered.mended.get(("document", key))
        if columns and written == actual:
            why = f"Not all of its description could be read: {', '.join(columns)}."
            self._outcome.lose("text", title, why, document=key, mended=True)
        self._check_tokens(key, len(text))
        self._check_extents(key, title, len(text))

    def _mend_text(self, key: int, title: str, text: str, length: int, actual: str, *, known: bool) -> None:
        """Keep a text that is not as it was, and tell of it; one whose hash was lost may be as it was."""
        kept = bytes.fromhex(actual) if self._packs_hashes() else actual
        self._db.execute("UPDATE document SET hash = ?, length = ? WHERE key = ?", (kept, len(text), key))
        self.doubtful.add(("document", key))
        if not known:
            return
        if len(text) < length:
            why = f"Only the first {len(text):,} of {length:,} characters could be read."
            self.touched.add(key)
            for table in ("candidate", "suggested"):
                self._db.execute(f"DELETE FROM {table} WHERE document = ?", (key,))
        else:
            why = "The text is not as it was imported: some of it was overwritten."
        self._outcome.lose("text", title, why, document=key, mended=True)

    def _packs_hashes(self) -> bool:
        kinds = self._rows("SELECT typeof(hash) FROM document WHERE length(hash) > 0 LIMIT 1")
        return bool(kinds) and kinds[0][0] == "blob"

    def _check_tokens(self, key: int, length: int) -> None:
        """Throw away tokens that do not fit the text; `missing_tokens` lists them for making anew."""
        rows = self._rows("SELECT tokens, sentences, tokenizer FROM tokenization WHERE key = ?", key)
        if not rows:
            return
        try:
            tokens = read_tokens(*rows[0])
            fits = len(tokens.starts) == len(tokens.ends) and (not tokens.ends or tokens.ends[-1] <= length)
            fits = fits and all(map(int.__lt__, tokens.starts, tokens.ends))
            begins = tokens.sentences
            fits = fits and (not begins or (begins[0] == 0 and begins[-1] < max(1, len(tokens))))
            fits = fits and all(map(int.__lt__, begins, begins[1:]))
        except (KeyError, ValueError, TypeError):
            fits = False
        if not fits or ("tokenization", key) in self._gathered.mended:
            self._db.execute("DELETE FROM tokenization WHERE key = ?", (key,))
            self.doubtful.add(("tokenization", key))

    def _check_extents(self, key: int, title: str, length: int) -> None:
        """Drop spans and rejections that lie outside the text."""
        for table, columns in (
            ("span", ("fragments",)),
            ("asked", ("fragments",)),
            ("rejection", ("head", "child")),
            ("candidate", ("head", "child")),
        ):
            names = ", ".join(columns)
            outside = [
                row[0]
                for row in self._rows(f"SELECT key, {names} FROM {table} WHERE document = ?", key)
                if any(each is not None and fragments_from_text(each)[-1].end > length for each in row[1:])
            ]
            for each in outside:
                self._db.execute(f"DELETE FROM {table} WHERE key = ?", (each,))
            if outside and table != "candidate":
                self.touched.add(key)
                self._outcome.lose(
                    table, title, f"{counted_rows(table, len(outside))} outside the text that is left.",
                    count=len(outside), document=key,
                )  # fmt: skip

    def _drop_loose_rows(self) -> None:
        """Drop what hangs on something that is gone, kind by kind, and tell of it."""
        conditions = {
            "span": "type NOT IN (SELECT key FROM type WHERE kind = 'span') "
            "OR document NOT IN (SELECT key FROM document)",
            "relation": "head = child OR type NOT IN (SELECT key FROM type WHERE kind = 'relation') "
            "OR document IS NOT (SELECT document FROM span WHERE span.key = head) "
            "OR document IS NOT (SELECT document FROM span WHERE span.key = child) "
            "OR document NOT IN (SELECT key FROM document)",
            "rejection": "type NOT IN (SELECT key FROM type) OR document NOT IN (SELECT key FROM document) "
            "OR (child IS NOT NULL AND (head_type NOT IN (SELECT key FROM type) OR head_type IS NULL "
            "OR child_type NOT IN (SELECT key FROM type) OR child_type IS NULL))",
        }
        conditions["asked"] = conditions["span"]
        why = {
            "asked": "{} with a type or a document that is gone.",
            "span": "{} with a type or a document that is gone.",
            "relation": "{} whose head or child is gone.",
            "rejection": "{} with a type or a document that is gone.",
        }
        for table, condition in conditions.items():
            counts = self._rows(f"SELECT document, count(*) FROM {table} WHERE {condition} GROUP BY document")
            self._db.execute(f"DELETE FROM {table} WHERE {condition}")
            for document, count in counts:
                self.touched.add(document)
                self._outcome.lose(
                    table, self.title(document), why[table].format(counted_rows(table, count)), count=count,
                    document=document,
                )  # fmt: skip
        self._mend_patterns()
        self._drop_loose_candidates()
        for table, key in (("layer", "document"), ("suggested", "document"), ("tokenization", "key")):
            self._db.execute(f"DELETE FROM {table} WHERE {key} NOT IN (SELECT key FROM document)")

    def _mend_patterns(self) -> None:
        """Give patterns whose list is gone a list, as far as there is a label for it."""
        kind = self._rows("SELECT min(key) FROM type WHERE kind = 'span' AND NOT hidden")[0][0]
        missing = self._rows(
            "SELECT DISTINCT list FROM pattern_block WHERE list NOT IN (SELECT key FROM pattern_list)"
        )
        for (key,) in missing if kind is not None else ():
            name = f"Recovered patterns {key}"
            self._insert("pattern_list", key, {"key": key, "name": name, "type": kind})
            self.doubtful.add(("pattern_list", key))
            why = "Its name and label are lost; it is switched off, and has the first label."
            self._outcome.lose("pattern_list", name, why, mended=True)
        self._db.execute(
            "DELETE FROM pattern_list WHERE type NOT IN (SELECT key FROM type WHERE kind = 'span')"
        )
        self._db.execute("DELETE FROM pattern_block WHERE list NOT IN (SELECT key FROM pattern_list)")

    def _drop_loose_candidates(self) -> None:
        """Drop candidates of types that are gone; where some are lost, all documents may be asked for again."""
        self._db.execute(
            "DELETE FROM candidate WHERE document NOT IN (SELECT key FROM document) "
            "OR type NOT IN (SELECT key FROM type) "
            "OR (child IS NOT NULL AND (head_type IS NULL OR child_type IS NULL "
            "OR head_type NOT IN (SELECT key FROM type) OR child_type NOT IN (SELECT key FROM type)))"
        )
        if not self._gathered.is_sound("candidate", "suggested"):
            self._db.execute(
                "DELETE FROM suggested WHERE document IN (SELECT key FROM document WHERE state IN (?, ?))",
                (State.TODO.value, State.IN_PROGRESS.value),
            )
            why = "Some that nobody had decided are lost; Suggest makes them again."
            self._outcome.lose("candidate", "Candidates", why, mended=True)

    def _mend_settings(self) -> None:
        if not self._gathered.is_sound("setting"):
            self._outcome.lose("setting", "Settings", "Some settings of the project are lost.", mended=True)
        if not self._rows("SELECT 1 FROM setting WHERE name = 'id'"):
            self._db.execute("INSERT INTO setting (name, value) VALUES ('id', ?)", (f'"{new_id()}"',))
