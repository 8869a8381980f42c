"""What happens when the machine fails: power is lost, the disk is full, read only or taken away.

These tests mirror no package: they drive the whole program, mostly in processes of their own, whose files and system
calls are watched (`watching.c`, loaded before the C library) or whose disk is small and really full (`small_disk.py`).
Start reading at `test_power.py` and `test_full_disk.py`. Qt is seen by `window_acts.py` alone.
"""
