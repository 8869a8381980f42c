"""The project file: one SQLite database, and the only place where SQL is written.

May import the model. `project.py` opens, locks and closes the file; `tables.py` turns rows into values and back;
`migrations/` holds the numbered steps of the file format, which new projects run through too; `documents.py`,
`articles.py`, `asked.py`, `patterns.py`, `search.py` ask and write; `journal.py` writes steps, `past.py` asks for
them, `removing.py` takes documents out for good. Start with `project.py`.
"""
