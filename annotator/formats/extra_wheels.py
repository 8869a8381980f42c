"""Says which wheel to add where a format needs one that this installation came without."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

from annotator.formats.base import shown
from annotator.model.errors import FormatError


def wheel(name: str, path: Path, what: str) -> Any:
    """Give a module of the extra `tables`.

    Args:
        name: of the module, and of its wheel (`pyarrow`, `openpyxl`, or a part of one, `pyarrow.parquet`).
        path: the file that is read or written. what: what kind of file it is, with its article.

    Raises:
        FormatError: it is not installed.
    """
    try:
        return importlib.import_module(name)
    except ImportError as error:
        missing = name.partition(".")[0]
        todo = f"Add it with: pip install {missing}. Then start the program again; or use CSV instead."
        if getattr(sys, "frozen", False):
            todo = (
                "Use CSV instead, or a program that was installed as a Python package: there it can be added."
            )
        raise FormatError(
            f"{shown(path)} is {what}, and for that the wheel {missing} is missing here.", todo
        ) from error
