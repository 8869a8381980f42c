"""Where the frozen program starts.

freeze_support comes before everything else: the worker process starts from this same file, and without it
every worker would open a window of its own.
"""

from __future__ import annotations

import gc
import multiprocessing

if __name__ == "__main__":
    multiprocessing.freeze_support()

    gc.disable()  # nothing of what is loaded here is garbage
    from annotator.__main__ import main

    gc.freeze()
    gc.enable()
    main()
