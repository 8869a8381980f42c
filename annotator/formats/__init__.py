"""Files of other programs and our own: one module a format, all in one registry.

May import the model; spaCy only inside functions. `base.py` says what a format is, `holding.py` what it has room for,
`registry.py` lists all and tells which one a file has, `sources.py` lists what there is to read, `whole_files.py`
writes. Readers stream records and report what they refuse or repair; writers never leave half a file. Start with
`base.py`, then `native.py`, the simplest format.
"""

from annotator.formats.base import Format, ReadOptions, WriteContext, Written
from annotator.formats.registry import FORMATS, by_suffix, detect, format_named
from annotator.formats.sources import sources_in
from annotator.formats.whole_files import write_safely

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
