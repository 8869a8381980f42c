"""Tests against a real doccano server, which they install into a private environment and start on 127.0.0.1.

`make test-doccano` runs them; `make test` leaves them out. Where the server cannot be had they are skipped, and say
why.
"""
