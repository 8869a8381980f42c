-- What a person asked to be proposed: the same words at other places. A decision of a kind, so that it is journalled;
-- what a version before this one kept among the machine's candidates moves here.
CREATE TABLE asked (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    document INTEGER NOT NULL REFERENCES document (key) ON DELETE CASCADE,
    type INTEGER NOT NULL REFERENCES type (key) ON DELETE CASCADE,
    fragments TEXT NOT NULL,
    reason TEXT NOT NULL,
    annotator TEXT NOT NULL,
    at REAL NOT NULL,
    version INTEGER NOT NULL,
    UNIQUE (document, fragments, type)
);
CREATE INDEX asked_by_type ON asked (type);

INSERT OR IGNORE INTO asked (document, type, fragments, reason, annotator, at, version)
SELECT document, type, head, reason, '', 0, 0 FROM candidate WHERE suggester = 'same words' AND child IS NULL;
DELETE FROM candidate WHERE suggester = 'same words';

-- Derived from `reversal` and kept with it, so that what can be undone or redone is found without reading the journal:
-- an act is live while it stands, an undo while it can be taken back, a redo never.
ALTER TABLE step ADD COLUMN live INTEGER NOT NULL DEFAULT 0;

UPDATE step SET live = 1 WHERE kind = 'act' AND coalesce(
    (SELECT entry.kind FROM reversal JOIN step AS entry ON entry.key = reversal.entry
        WHERE reversal.target = step.key ORDER BY entry.key DESC LIMIT 1), 'redo') = 'redo';

UPDATE step SET live = 1 WHERE kind = 'undo'
    AND NOT EXISTS (SELECT 1 FROM reversal AS mine JOIN reversal AS later ON later.target = mine.target
        AND later.entry > mine.entry WHERE mine.entry = step.key)
    AND NOT EXISTS (SELECT 1 FROM step AS act WHERE act.key > step.key AND act.kind = 'act'
        AND (act.everywhere OR step.everywhere))
    AND NOT EXISTS (SELECT 1 FROM step_document AS mine JOIN step_document AS later
        ON later.document = mine.document AND later.step > mine.step
        JOIN step AS act ON act.key = later.step AND act.kind = 'act' WHERE mine.step = step.key);

CREATE INDEX step_live ON step (kind, key) WHERE live;
CREATE INDEX step_everywhere ON step (key) WHERE everywhere;
-- What one document's rows went through: asked when something is removed for good, and by what stands on a span.
CREATE INDEX change_by_document ON change (document, step) WHERE document IS NOT NULL;
