"""Files of other programs and our own: one module a format, all in one registry.

May import the model; spaCy only inside functions. `base.py` says what a format is and writes files safely,
`ledger.py` compares what was written, `registry.py` lists the formats and tells which one a file has. Readers
stream records and report what they refuse or repair; writers never leave half a file. Start with `base.py`, then
`native.py`, the simplest format.
"""

from annotator.formats.base import Format, ReadOptions, WriteContext, Written, write_safely
from annotator.formats.registry import FORMATS, by_suffix, detect, format_named, sources_in

__all__ = [
    "FORMATS",
    "Format",
    "ReadOptions",
    "WriteContext",
    "Written",
    "by_suffix",
    "detect",
    "format_named",
    "sources_in",
    "write_safely",
]
