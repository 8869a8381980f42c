"""The ground floor: frozen values and pure rules that everything else is said in.

Nothing here reads or writes anything, and nothing but the standard library is imported.
Text offsets are code points, end exclusive; `offsets.py` alone converts.
Start with `annotation.py` (spans and relations), then `schema.py`, `candidate.py` and `change.py`.
"""
