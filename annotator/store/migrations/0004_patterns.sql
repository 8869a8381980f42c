-- What a person wants to be found: lists of one label each, and their patterns in blocks of at most a thousand, so that
-- changing one pattern of a long list writes little. Both are journalled.
CREATE TABLE pattern_list (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    source TEXT NOT NULL,
    type INTEGER NOT NULL REFERENCES type (key),
    ignore_case INTEGER NOT NULL,
    enabled INTEGER NOT NULL,
    version INTEGER NOT NULL
);

CREATE TABLE pattern_block (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    list INTEGER NOT NULL REFERENCES pattern_list (key) DEFERRABLE INITIALLY DEFERRED,
    patterns TEXT NOT NULL,
    version INTEGER NOT NULL
);
CREATE INDEX pattern_block_by_list ON pattern_block (list, key);
