"""Files that nobody sane would make: every one is opened and used, or refused with words. `python -m tests.fuzz`."""
