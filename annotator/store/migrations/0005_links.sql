-- What a linked document was on both sides at the last sync, as JSON: places, numbers of labels, the note, the state.
ALTER TABLE external_id ADD COLUMN base TEXT NOT NULL DEFAULT '';
