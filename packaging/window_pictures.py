"""Takes a picture of a screen, and tells whether two pictures show the same article.

    python packaging/window_pictures.py FILE.png      the screen that DISPLAY names

Needs Qt and NumPy, which the program brings.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

#: Where the article stands in a window of the usual size on a screen of 1600 by 1000, as parts of width and height.
ARTICLE = (0.30, 0.22, 0.62, 0.62)
#: Pixels that are looked at as one: how letters are smoothed differs from machine to machine.
COARSE = 6


def take(target: Path) -> None:
    """Take a picture of the whole screen, through Qt."""
    from PySide6.QtGui import QGuiApplication

    app = QGuiApplication(sys.argv[:1])
    app.primaryScreen().grabWindow(0).save(str(target), "PNG")


def same_article(one: Path, other: Path) -> float:
    """Tell how alike two pictures are where the article stands: 1 is the same, about 0 has nothing to do with it."""
    import numpy as np

    first, second = _article(one), _article(other)
    if first.shape != second.shape or not first.std() or not second.std():
        return 0.0
    return float(np.corrcoef(first.ravel(), second.ravel())[0, 1])


def _article(file: Path) -> Any:
    """Read the region of the article as brightness, in coarse cells."""
    import numpy as np
    from PySide6.QtGui import QImage

    image = QImage(str(file)).convertToFormat(QImage.Format.Format_Grayscale8)
    rows, columns = image.height(), image.width()
    whole = np.frombuffer(image.constBits(), np.uint8).reshape(rows, image.bytesPerLine())[:, :columns]
    left, top, right, bottom = ARTICLE
    part = whole[int(top * rows) : int(bottom * rows), int(left * columns) : int(right * columns)]
    high, wide = (size // COARSE for size in part.shape)
    cells = part[: high * COARSE, : wide * COARSE].reshape(high, COARSE, wide, COARSE)
    return cells.mean(axis=(1, 3))


if __name__ == "__main__":
    take(Path(sys.argv[1]))
