"""A view on a screen without a desktop, with the shipped fonts and no hinting, so that pixels are alike everywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication

from annotator.ui import fonts
from annotator.ui.canvas.items import Article
from annotator.ui.canvas.view import ArticleView

MakeView = Callable[..., ArticleView]


@pytest.fixture
def shipped_fonts(qapp: QApplication) -> Iterator[None]:
    fonts.load(hinting=QFont.HintingPreference.PreferNoHinting)
    yield
    fonts.load()


@pytest.fixture
def make_view(qapp: QApplication, shipped_fonts: None) -> Iterator[MakeView]:
    made: list[ArticleView] = []

    def make(article: Article | None = None, *, width: int = 900, height: int = 700) -> ArticleView:
        view = ArticleView()
        view.resize(width, height)
        view.show()
        qapp.processEvents()
        if article is not None:
            view.set_article(article)
        made.append(view)
        return view

    yield make
    for view in made:
        view.close()
        view.deleteLater()
    qapp.processEvents()
