-- The first shape of a project file. Keys are never used twice (AUTOINCREMENT), so that the journal can name rows.
-- `version` of a row is the key of the step that left it as it is; 0 for rows that came with an import.

CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE batch (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    state TEXT NOT NULL,
    at REAL NOT NULL,
    annotator TEXT NOT NULL,
    version INTEGER NOT NULL
);

CREATE TABLE document (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    batch INTEGER NOT NULL REFERENCES batch (key),
    position INTEGER NOT NULL,
    title TEXT NOT NULL,
    language TEXT NOT NULL,
    length INTEGER NOT NULL,
    hash TEXT NOT NULL,
    source TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    flagged INTEGER NOT NULL,
    note TEXT NOT NULL,
    part TEXT NOT NULL,
    "group" TEXT NOT NULL,
    excluded INTEGER NOT NULL,
    removed INTEGER NOT NULL,
    metadata TEXT NOT NULL,
    attributes TEXT NOT NULL,
    version INTEGER NOT NULL
);
CREATE INDEX document_by_position ON document (position);
CREATE INDEX document_by_state ON document (state, position);
CREATE INDEX document_by_hash ON document (hash);
CREATE INDEX document_by_source ON document (source);
CREATE INDEX document_by_batch ON document (batch);

-- The text, never changed, and its tokens; apart from `document`, so that lists read small rows.
CREATE TABLE content (
    document INTEGER PRIMARY KEY REFERENCES document (key) ON DELETE CASCADE,
    text TEXT NOT NULL
);

CREATE TABLE tokenization (
    key INTEGER PRIMARY KEY REFERENCES document (key) ON DELETE CASCADE,
    tokens BLOB NOT NULL,
    sentences BLOB NOT NULL,
    tokenizer TEXT NOT NULL,
    version INTEGER NOT NULL
);

CREATE TABLE layer (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    document INTEGER NOT NULL REFERENCES document (key) ON DELETE CASCADE,
    annotator TEXT NOT NULL
);
CREATE INDEX layer_by_document ON layer (document);

-- Entity and relation types; spans and relations point here, so that a new name touches no span.
-- `hidden` ones came with an import that is not published, or no longer.
CREATE TABLE type (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    position INTEGER NOT NULL,
    shortcut TEXT NOT NULL,
    color TEXT NOT NULL,
    shown TEXT NOT NULL,
    summary TEXT NOT NULL,
    guideline TEXT NOT NULL,
    symmetric INTEGER NOT NULL,
    heads TEXT NOT NULL,
    children TEXT NOT NULL,
    hidden INTEGER NOT NULL,
    version INTEGER NOT NULL
);

CREATE TABLE span (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    document INTEGER NOT NULL REFERENCES document (key) ON DELETE CASCADE,
    layer INTEGER NOT NULL REFERENCES layer (key),
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
    UNIQUE (layer, fragments, type)
);
CREATE INDEX span_by_document ON span (document);
CREATE INDEX span_by_type ON span (type, document);

CREATE TABLE relation (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    document INTEGER NOT NULL REFERENCES document (key) ON DELETE CASCADE,
    layer INTEGER NOT NULL REFERENCES layer (key),
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
    UNIQUE (layer, head, child, type)
);
CREATE INDEX relation_by_document ON relation (document);
CREATE INDEX relation_by_head ON relation (head);
CREATE INDEX relation_by_child ON relation (child);
CREATE INDEX relation_by_type ON relation (type, document);

-- `child` and its type are NULL for a rejected span.
CREATE TABLE rejection (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    document INTEGER NOT NULL REFERENCES document (key) ON DELETE CASCADE,
    layer INTEGER NOT NULL REFERENCES layer (key),
    type INTEGER NOT NULL REFERENCES type (key),
    head TEXT NOT NULL,
    head_type INTEGER REFERENCES type (key),
    child TEXT,
    child_type INTEGER REFERENCES type (key),
    reason TEXT NOT NULL,
    annotator TEXT NOT NULL,
    at REAL NOT NULL,
    how TEXT NOT NULL,
    origin TEXT NOT NULL,
    suggesters TEXT NOT NULL,
    score REAL,
    version INTEGER NOT NULL
);
CREATE INDEX rejection_by_document ON rejection (document);
CREATE INDEX rejection_by_type ON rejection (type);

-- The machine's: not journalled, one row for each suggester, remade at any time.
CREATE TABLE candidate (
    key INTEGER PRIMARY KEY,
    document INTEGER NOT NULL REFERENCES document (key) ON DELETE CASCADE,
    type INTEGER NOT NULL REFERENCES type (key) ON DELETE CASCADE,
    head TEXT NOT NULL,
    head_type INTEGER REFERENCES type (key) ON DELETE CASCADE,
    child TEXT,
    child_type INTEGER REFERENCES type (key) ON DELETE CASCADE,
    suggester TEXT NOT NULL,
    score REAL NOT NULL,
    reason TEXT NOT NULL
);
CREATE INDEX candidate_by_document ON candidate (document);
CREATE INDEX candidate_by_type ON candidate (type);

-- What was run over a document, also when it found nothing or passed it over (`skipped` says why).
CREATE TABLE suggested (
    document INTEGER PRIMARY KEY REFERENCES document (key) ON DELETE CASCADE,
    version TEXT NOT NULL,
    skipped TEXT NOT NULL,
    at REAL NOT NULL
);

-- Derived: kept in the same transaction as what it counts.
CREATE TABLE tally (
    document INTEGER PRIMARY KEY REFERENCES document (key) ON DELETE CASCADE,
    spans INTEGER NOT NULL,
    relations INTEGER NOT NULL,
    rejected INTEGER NOT NULL,
    undecided INTEGER NOT NULL
) WITHOUT ROWID;

-- The journal: append only. A step `everywhere` changed types or whole imports and concerns every document.
-- An undo or redo names the acts it is about in `reversal`; the newest one counts.
CREATE TABLE step (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    at REAL NOT NULL,
    annotator TEXT NOT NULL,
    documents INTEGER NOT NULL,
    everywhere INTEGER NOT NULL,
    format INTEGER NOT NULL
);

CREATE TABLE change (
    step INTEGER NOT NULL REFERENCES step (key),
    number INTEGER NOT NULL,
    "table" TEXT NOT NULL,
    row INTEGER NOT NULL,
    document INTEGER,
    before TEXT,
    after TEXT,
    PRIMARY KEY (step, number)
) WITHOUT ROWID;
CREATE INDEX change_by_row ON change ("table", row, step);

CREATE TABLE step_document (
    document INTEGER NOT NULL,
    step INTEGER NOT NULL REFERENCES step (key),
    PRIMARY KEY (document, step)
) WITHOUT ROWID;
CREATE INDEX step_document_by_step ON step_document (step);

CREATE TABLE reversal (
    target INTEGER NOT NULL REFERENCES step (key),
    entry INTEGER NOT NULL REFERENCES step (key),
    PRIMARY KEY (target, entry)
) WITHOUT ROWID;
CREATE INDEX reversal_by_entry ON reversal (entry);

-- What other systems call our things; one table for every sync.
CREATE TABLE external_id (
    system TEXT NOT NULL,
    remote TEXT NOT NULL,
    local TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (system, remote)
) WITHOUT ROWID;
CREATE INDEX external_id_by_local ON external_id (local);

-- Words of titles and texts, as the documents' own tokens separated by blanks.
CREATE VIRTUAL TABLE search USING fts5 (words, content = '', tokenize = 'unicode61');
