-- For projects of a million documents. Names that outlive a row, and hashes, are kept as the bytes they stand for; the
-- order of the list is the order of row keys; counts of documents by state are kept beside them.

DROP INDEX document_by_position;
DROP INDEX document_by_state;
DROP INDEX document_by_hash;
ALTER TABLE document DROP COLUMN position;
UPDATE document SET id = packed_id(id), hash = packed_hash(hash);
UPDATE layer SET id = packed_id(id);
UPDATE rejection SET id = packed_id(id), how = substr(how, 1, 1), origin = substr(origin, 1, 1);
CREATE INDEX document_by_hash ON document (hash);

-- Spans are nine tenths of a large project: their row says in a letter how it was decided and where it came from, their
-- ids have no index (`annotator check` looks for two alike), and one index serves both their document and that no span
-- stands twice.
CREATE TABLE new_span (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL,
    document INTEGER NOT NULL REFERENCES document (key) ON DELETE CASCADE,
    layer INTEGER NOT NULL,
    type INTEGER NOT NULL REFERENCES type (key),
    fragments TEXT NOT NULL,
    flagged INTEGER NOT NULL,
    note TEXT NOT NULL,
    attributes TEXT NOT NULL,
    annotator TEXT NOT NULL,
    at REAL NOT NULL,
    how TEXT NOT NULL,
    origin TEXT NOT NULL,
    suggesters TEXT NOT NULL,
    score REAL,
    version INTEGER NOT NULL,
    UNIQUE (document, fragments, type, layer)
);
INSERT INTO new_span SELECT key, packed_id(id), document, layer, type, fragments, flagged, note, attributes, annotator,
    at, substr(how, 1, 1), substr(origin, 1, 1), suggesters, score, version FROM span ORDER BY key;
DELETE FROM sqlite_sequence WHERE name = 'new_span';
INSERT INTO sqlite_sequence (name, seq) SELECT 'new_span', seq FROM sqlite_sequence WHERE name = 'span';
DROP TABLE span;
ALTER TABLE new_span RENAME TO span;
CREATE INDEX span_by_type ON span (type, document);

CREATE TABLE new_relation (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL,
    document INTEGER NOT NULL REFERENCES document (key) ON DELETE CASCADE,
    layer INTEGER NOT NULL,
    type INTEGER NOT NULL REFERENCES type (key),
    head INTEGER NOT NULL REFERENCES span (key) DEFERRABLE INITIALLY DEFERRED,
    child INTEGER NOT NULL REFERENCES span (key) DEFERRABLE INITIALLY DEFERRED,
    flagged INTEGER NOT NULL,
    note TEXT NOT NULL,
    attributes TEXT NOT NULL,
    annotator TEXT NOT NULL,
    at REAL NOT NULL,
    how TEXT NOT NULL,
    origin TEXT NOT NULL,
    suggesters TEXT NOT NULL,
    score REAL,
    version INTEGER NOT NULL,
    UNIQUE (document, head, child, type, layer)
);
INSERT INTO new_relation SELECT key, packed_id(id), document, layer, type, head, child, flagged, note, attributes,
    annotator, at, substr(how, 1, 1), substr(origin, 1, 1), suggesters, score, version FROM relation ORDER BY key;
DELETE FROM sqlite_sequence WHERE name = 'new_relation';
INSERT INTO sqlite_sequence (name, seq) SELECT 'new_relation', seq FROM sqlite_sequence WHERE name = 'relation';
DROP TABLE relation;
ALTER TABLE new_relation RENAME TO relation;
CREATE INDEX relation_by_head ON relation (head);
CREATE INDEX relation_by_child ON relation (child);
CREATE INDEX relation_by_type ON relation (type, document);

-- Pages of the list come from these alone: keys in order, and whether their import can be seen.
CREATE INDEX document_listed ON document (key, batch) WHERE NOT removed;
CREATE INDEX document_by_state ON document (state, key, batch) WHERE NOT removed;
CREATE INDEX document_flagged ON document (key, batch) WHERE flagged AND NOT removed;

-- How many documents that were not removed there are, by import, state and flag.
CREATE TABLE document_count (
    batch INTEGER NOT NULL,
    state TEXT NOT NULL,
    flagged INTEGER NOT NULL,
    documents INTEGER NOT NULL,
    PRIMARY KEY (batch, state, flagged)
) WITHOUT ROWID;
INSERT INTO document_count (batch, state, flagged, documents)
    SELECT batch, state, flagged, count(*) FROM document WHERE NOT removed GROUP BY batch, state, flagged;

CREATE TRIGGER document_comes AFTER INSERT ON document WHEN NOT NEW.removed BEGIN
    INSERT INTO document_count (batch, state, flagged, documents) VALUES (NEW.batch, NEW.state, NEW.flagged, 1)
        ON CONFLICT DO UPDATE SET documents = documents + 1;
END;
CREATE TRIGGER document_goes AFTER DELETE ON document WHEN NOT OLD.removed BEGIN
    UPDATE document_count SET documents = documents - 1
        WHERE batch = OLD.batch AND state = OLD.state AND flagged = OLD.flagged;
END;
CREATE TRIGGER document_changes AFTER UPDATE OF batch, state, flagged, removed ON document
WHEN (OLD.batch, OLD.state, OLD.flagged, OLD.removed) IS NOT (NEW.batch, NEW.state, NEW.flagged, NEW.removed) BEGIN
    UPDATE document_count SET documents = documents - 1
        WHERE NOT OLD.removed AND batch = OLD.batch AND state = OLD.state AND flagged = OLD.flagged;
    INSERT INTO document_count (batch, state, flagged, documents)
        SELECT NEW.batch, NEW.state, NEW.flagged, 1 WHERE NOT NEW.removed
        ON CONFLICT DO UPDATE SET documents = documents + 1;
END;
