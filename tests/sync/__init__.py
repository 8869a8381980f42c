"""Tests of what a server holds and what must be done so that both sides agree."""
