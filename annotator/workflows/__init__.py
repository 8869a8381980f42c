"""Everything a person can ask for: opening, importing, making candidates, exporting, converting.

May import everything below (model, store, editing, formats, suggest, quality, sync); knows neither Qt nor threads
nor the terminal. A long piece of work takes `report(done, total, text)`, which may raise `Cancelled`.
Start with `session.py`, the open project; then `projects.py`, `importing.py`, `suggesting.py`, `exporting.py`.
"""
