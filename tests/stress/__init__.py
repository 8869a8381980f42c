"""Kills the program while it writes, opens the project again, and looks whether anything was lost.

Run by `make stress`, not with the tests (a short piece of it is in `tests/end_to_end/test_killing.py`). `driver.py`
starts a `victim.py` in a process of its own, listens to what it says is done, and kills it; `judging.py` opens what is
left and compares it with all that was said. Start with `campaign.py`.
"""
