"""What proposes candidates: pipelines, rules, and the one worker process in which they run.

May import the model alone; spaCy is imported inside functions, so that importing this package costs nothing.
`base.py` says what a suggester gets and gives; `engine.py` runs them all over a batch of texts, `selecting.py` chooses;
`worker.py` does that in a process of its own. Entities: `spacy_pipeline.py`, mended by `fixes.py` and `names.py`,
mapped by `mapping.py`; pattern lists: `patterns.py`. Roles: `roles.py`. Relations: `relations.py`. Files named
`..._words.py` are data. `tokenizing.py` makes the tokens that all of them count in. Start reading with `base.py`,
then `engine.py`.
"""
