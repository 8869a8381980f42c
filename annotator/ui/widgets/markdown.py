"""Text written in Markdown, such as a guideline or a page of the handbook.

It may come from elsewhere, with a schema: no HTML in it is read, nothing is fetched, no link is followed by itself.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import (
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)
from PySide6.QtWidgets import QFrame, QTextBrowser, QWidget

from annotator.ui import fonts
from annotator.ui.theme import theme_hub

_MARKDOWN = QTextDocument.MarkdownFeature.MarkdownDialectGitHub | QTextDocument.MarkdownFeature.MarkdownNoHTML


class MarkdownText(QTextBrowser):
    """Shows Markdown with the program's fonts; loads nothing, opens nothing, reads no HTML.

    Args:
        size: of the letters, in pixels at 100 %. head: how much larger each level of heads is; 0 in narrow places.
        follows: links can be chosen, by mouse and keyboard; what becomes of one is the matter of `anchorClicked`.
    """

    def __init__(
        self, parent: QWidget | None = None, *, size: int = 13, head: int = 0, follows: bool = False
    ) -> None:
        super().__init__(parent)
        self._markdown = ""
        self._size, self._head = size, head
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        links = (
            Qt.TextInteractionFlag.LinksAccessibleByMouse | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        )
        select = (
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setTextInteractionFlags(select | links if follows else select)
        self.setViewportMargins(0, 0, 6, 0)
        self.setStyleSheet("QTextBrowser { border: none; background: transparent; padding: 0; }")
        theme_hub().changed.connect(self._render)

    def set_markdown(self, markdown: str) -> None:
        """Show a text; the same one stays where it is scrolled to."""
        if markdown != self._markdown:
            self._markdown = markdown
            self._render()

    def loadResource(self, type_: int, name: QUrl | str) -> Any:
        """Give nothing: a text fetches no pictures and no styles, not even from this machine."""
        return ""

    def _render(self) -> None:
        document = self.document()
        document.setDefaultFont(fonts.sans(self._size))
        document.setDocumentMargin(0)
        document.setIndentWidth(theme_hub().px(16))
        document.setMarkdown(self._markdown, _MARKDOWN)
        self._set_sizes(document)
        self.moveCursor(QTextCursor.MoveOperation.Start)

    def _set_sizes(self, document: QTextDocument) -> None:
        """Bring heads, gaps and code to the type scale; Markdown's own heads are far too large."""
        px = theme_hub().px
        cursor = QTextCursor(document)
        block = document.begin()
        while block.isValid():
            cursor.setPosition(block.position())
            form = QTextBlockFormat(block.blockFormat())
            level = form.headingLevel()
            in_list = block.textList() is not None
            form.setTopMargin(px(8 + self._head) if level > 1 else px(8) if level and not self._head else 0)
            goes_on = in_list and block.next().isValid() and block.next().textList() is not None
            form.setBottomMargin(px(3) if level or goes_on else px(8))
            form.setLineHeight(118, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
            cursor.setBlockFormat(form)
            if level:
                cursor.select(QTextCursor.SelectionType.BlockUnderCursor)
                # With an adjustment, even one of nought, Qt looks at no size.
                letters = cursor.charFormat()
                letters.clearProperty(QTextFormat.Property.FontSizeAdjustment)
                letters.setFont(fonts.sans(self._size + self._head * max(0.0, 2.5 - level), 600))
                cursor.setCharFormat(letters)
            elif self._head:
                self._mark_code(block)
            block = block.next()

    def _mark_code(self, block: QTextBlock) -> None:
        """Let short code, such as a key, stand in the program's own letters on a ground of its own."""
        if block.blockFormat().hasProperty(QTextFormat.Property.BlockCodeFence):
            return
        form = QTextCharFormat()
        form.setFont(fonts.sans(self._size - 1, 600))
        form.setBackground(theme_hub().theme.wash)
        pieces = block.begin()
        places = []
        while not pieces.atEnd():
            piece = pieces.fragment()
            if piece.charFormat().fontFixedPitch():
                places.append((piece.position(), piece.length()))
            pieces += 1
        cursor = QTextCursor(self.document())
        for start, length in places:
            cursor.setPosition(start)
            cursor.setPosition(start + length, QTextCursor.MoveMode.KeepAnchor)
            cursor.mergeCharFormat(form)
