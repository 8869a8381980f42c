"""Draws the program's icon in the sizes and containers that systems want, from `resources/icons/annotator.svg`.

    python packaging/icons.py [FOLDER]

PNG for Linux, ICO for Windows, ICNS for macOS; the same bytes every time. Needs Qt, which the program brings.
"""

from __future__ import annotations

import os
import struct
import sys
from pathlib import Path

from building import BUILD, ROOT

SOURCE = ROOT / "resources" / "icons" / "annotator.svg"
SIZES = (16, 24, 32, 48, 64, 128, 256, 512)
#: Apple's names of the sizes, in pixels.
_APPLE = ((b"icp4", 16), (b"icp5", 32), (b"icp6", 64), (b"ic07", 128), (b"ic08", 256), (b"ic09", 512))
_WINDOWS = (16, 24, 32, 48, 64, 128, 256)


def draw(folder: Path = BUILD / "icons") -> Path:
    """Draw all of them into a folder, `NN.png`, `annotator.ico` and `annotator.icns`, and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    pictures = _pictures()
    for size, content in pictures.items():
        (folder / f"{size}.png").write_bytes(content)
    (folder / "annotator.ico").write_bytes(_ico([(size, pictures[size]) for size in _WINDOWS]))
    (folder / "annotator.icns").write_bytes(_icns([(name, pictures[size]) for name, size in _APPLE]))
    return folder


def _pictures() -> dict[int, bytes]:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QBuffer, QIODevice, Qt
    from PySide6.QtGui import QImage, QImageWriter, QPainter
    from PySide6.QtSvg import QSvgRenderer
    from PySide6.QtWidgets import QApplication

    # Whoever comes after in the same process may want windows, for which a lesser application would not do.
    app = QApplication.instance() or QApplication(sys.argv[:1])
    renderer = QSvgRenderer(str(SOURCE))
    found = {}
    for size in SIZES:
        image = QImage(size, size, QImage.Format.Format_ARGB32)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        renderer.render(painter)
        painter.end()
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        QImageWriter(buffer, b"png").write(image)
        found[size] = bytes(buffer.data().data())
    del app
    return found


def _ico(pictures: list[tuple[int, bytes]]) -> bytes:
    """Pack PNG pictures as an icon of Windows: a head, a row of 16 bytes for each, the pictures."""
    head = struct.pack("<HHH", 0, 1, len(pictures))
    start = len(head) + 16 * len(pictures)
    rows = b""
    for size, content in pictures:
        side = size % 256  # 0 stands for 256
        rows += struct.pack("<BBBBHHII", side, side, 0, 0, 1, 32, len(content), start)
        start += len(content)
    return head + rows + b"".join(content for _, content in pictures)


def _icns(pictures: list[tuple[bytes, bytes]]) -> bytes:
    """Pack PNG pictures as an icon of macOS: each with its name and length, in big-endian order."""
    body = b"".join(name + struct.pack(">I", len(content) + 8) + content for name, content in pictures)
    return b"icns" + struct.pack(">I", len(body) + 8) + body


if __name__ == "__main__":
    print(draw(Path(sys.argv[1]) if len(sys.argv) > 1 else BUILD / "icons"))
