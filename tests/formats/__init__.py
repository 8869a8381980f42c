"""Tests of reading and writing files; `samples.py` makes records, by hand and at random."""
