"""What must be quick, measured: run by `make bench`, not with the tests, as other work on the machine shows.

Each benchmark prints one line, and fails only far beyond what the design allows.
"""
