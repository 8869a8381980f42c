"""Reads what is left of a damaged project file and writes it into a new one.

May import the store and the model. `records.py` and `pages.py` read SQLite's file format without SQLite,
`side_files.py` what stands beside a file, `trees.py` its tables; `shapes.py` knows which rows belong to which table;
`gathering.py` moves rows, `mending.py` and `undo_end.py` make them fit each other again. Start with `salvage.py`.
"""
