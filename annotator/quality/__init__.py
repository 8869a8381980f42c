"""Pure checks of a corpus: what is said of values that somebody else has read.

May import the model alone; nothing here opens a file or a project. `checking.py` holds one document of a project
against the rules that every document keeps, `preflight.py` its spans against the tokens with which a spaCy model would
be trained. Later: agreement, statistics.
"""
