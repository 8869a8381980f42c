"""What learns from decisions: memory, a tagger trained on this project, and one ranker over all sources.

May import the model and `suggest` alone; knows no file of a project and no store. Decisions come in as plain data
(`Lesson`), probabilities go out. Everything here counts in tokens; `learner.py` is where to start reading.
Sources: `memory.py`, `tagger.py` (with `features.py`), and the hints of every other suggester (`pages.py`). How often
each was right stands in `records.py`; `ranking.py` makes one probability of it, `weights.py` is data; `advising.py`
adds what the fine-tuned pipeline says.
"""
