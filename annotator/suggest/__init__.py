"""What proposes candidates: pipelines, rules, and the one worker process in which they run.

May import the model alone; spaCy is imported inside functions, so that importing this package costs nothing.
`base.py` says what a suggester gets and gives; `engine.py` runs them all over a batch of texts; `worker.py` does
that in a process of its own. `spacy_pipeline.py` (with `fixes.py`, `mapping.py`), `roles.py` and `relations.py` are
the suggesters; `tokenizing.py` makes the tokens they count in. Start reading with `base.py`.
"""
