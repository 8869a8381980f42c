"""How much a project takes in: the limits of texts, labels and files, each named once.

Readers, commands, the schema and `annotator check` all look here. A limit is the most that is allowed.
"""

from __future__ import annotations

TEXT_LIMIT = 50_000_000
"""Longest text of a document, in code points."""
LABEL_LIMIT = 100
"""Longest name of a type, in code points."""
FRAGMENT_LIMIT = 50
"""Most fragments of one span."""
JSON_DEPTH = 64
"""Deepest nesting of lists and objects in one JSON value that is read."""
NAME_REFUSED = 1_000
"""Longest name of a type with which a project is still opened, in code points."""
TYPE_LIMIT = 1_000
"""Most entity types, and most relation types, of a schema."""
SHOWN_LIMIT = 100
"""Longest name on screen of a type, in code points."""
SUMMARY_LIMIT = 1_000
"""Longest summary of a type, in code points."""
GUIDELINE_LIMIT = 100_000
"""Longest guideline of a type, in code points."""
SCHEMA_SIZE = 10_000_000
"""Largest schema file, in bytes."""
UNPACKED_RATIO = 20
"""How many times its size a packed file may have when unpacked."""
UNPACKED_SIZE = 2_000_000_000
"""Largest size of a file when unpacked, in bytes."""
LINE_LIMIT = 1_000
"""Most of a title, a reason or a step's name that is shown, in code points; it may be longer."""
EARLIEST, LATEST = -62_135_596_800.0, 253_402_300_799.0
"""The moments that have a date, in seconds since 1970: years 1 to 9999."""
CELL_LIMIT = 4 * TEXT_LIMIT + 50_000_000
"""Largest cell of a project file, in bytes: the longest text, and room for a step that is kept of it."""
