"""The article as screen readers find it: paragraphs, spans, relations, their states and places."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from annotator.ui.canvas.items import Article
from annotator.ui.canvas.view import ArticleView
from tests.ui.canvas.articles import a_relation, a_span, annotated, marked, prose, tokens_of
from tests.ui.canvas.conftest import MakeView

NAME = QAccessible.Text.Name
MET = marked(
    "[President](ROLE) [Ada Lovelace](PERSON) met [Bob](PERSON).\n\nIn [Rome](GPE) too.",
    ("s1", "s0"),
    ("s1", "s2"),
)


@pytest.fixture(autouse=True)
def listening() -> Iterator[None]:
    """Let Qt believe that an assistive technology is there."""
    before = QAccessible.isActive()
    QAccessible.setActive(True)
    yield
    QAccessible.setActive(before)


def the_tree(view: ArticleView) -> QAccessibleInterface:
    return QAccessible.queryAccessibleInterface(view)


def children(node: QAccessibleInterface) -> list[QAccessibleInterface]:
    found = [node.child(index) for index in range(node.childCount())]
    for index, child in enumerate(found):
        assert child.parent() is node
        assert node.indexOfChild(child) == index
    return found


def names(node: QAccessibleInterface) -> list[str]:
    return [child.text(NAME) for child in children(node)]


def walk(node: QAccessibleInterface) -> Iterator[QAccessibleInterface]:
    yield node
    for child in children(node):
        yield from walk(child)


def test_a_document_of_paragraphs_of_spans_and_relations(make_view: MakeView) -> None:
    tree = the_tree(make_view(MET))
    assert tree.role() == QAccessible.Role.Document
    assert tree.text(NAME) == "Article"
    assert names(tree) == ["President Ada Lovelace met Bob.", "In Rome too."]
    first, second = children(tree)
    assert first.role() == QAccessible.Role.Paragraph
    assert names(first) == [
        "President, ROLE, accepted",
        "Ada Lovelace, PERSON, accepted",
        "Ada Lovelace, met with, President, relation, accepted",
        "Bob, PERSON, accepted",
        "Ada Lovelace, met with, Bob, relation, accepted",
    ]
    assert names(second) == ["Rome, GPE, accepted"]


def test_states_are_told_in_words(make_view: MakeView) -> None:
    text = "Ada met Bob in Rome."
    spans = (
        a_span("c", 0, 3, state="candidate", score=0.81, readings=2, tooltip="why it was proposed"),
        a_span("x", 8, 11, state="rejected"),
        a_span("s", 15, 18, "GPE", learnable=False, noted=True, flagged=True),
    )
    relation = a_relation("r", "c", "s", state="candidate", score=0.7, illegal=True)
    view = make_view(Article(text, tokens_of(text), spans, (relation,)))
    (paragraph,) = children(the_tree(view))
    assert names(paragraph) == [
        "Ada, PERSON, candidate, .81, 2 readings",
        "Rom, GPE, accepted, not learnable, has a note, flagged",
        "Ada, met with, Rom, relation, candidate, .70, does not fit the schema",
    ]
    assert paragraph.child(0).text(QAccessible.Text.Description) == "why it was proposed"
    view.set_show_rejected(True)
    assert "Bob, PERSON, rejected" in names(paragraph)
    view.set_only_labels(frozenset({"GPE"}))
    assert names(paragraph) == ["Rom, GPE, accepted, not learnable, has a note, flagged"]


def test_a_relation_leads_to_both_its_ends(make_view: MakeView) -> None:
    paragraph = the_tree(make_view(MET)).child(0)
    relation = paragraph.child(4)
    assert [(end.text(NAME), way) for end, way in relation.relations()] == [
        ("Ada Lovelace, PERSON, accepted", QAccessible.RelationFlag.FlowsFrom),
        ("Bob, PERSON, accepted", QAccessible.RelationFlag.FlowsTo),
    ]
    only = relation.relations(QAccessible.RelationFlag.FlowsTo)
    assert [end for end, _ in only] == [paragraph.child(3)]
    assert paragraph.child(1).relations() == []


def test_the_selected_child_has_the_focus(make_view: MakeView) -> None:
    view = make_view(MET)
    view.activateWindow()
    assert QTest.qWaitForWindowActive(view)
    view.setFocus()
    tree = the_tree(view)
    assert tree.focusChild() is tree
    view.select("s3")
    rome = tree.child(1).child(0)
    assert tree.focusChild() is rome
    state = rome.state()
    assert (state.selected, state.focused, state.focusable, state.selectable) == (True,) * 4
    assert not tree.child(0).child(0).state().selected
    view.select("r0")
    assert tree.focusChild() is tree.child(0).child(2)
    view.select_text(view.scene.index.spans["s3"].fragments)
    assert tree.focusChild() is tree.child(1)


def test_the_focus_is_kept_in_the_state_that_is_painted(make_view: MakeView) -> None:
    view, other = make_view(MET), ArticleView()
    other.setParent(view)
    other.resize(40, 40)
    other.show()
    view.activateWindow()
    assert QTest.qWaitForWindowActive(view)
    acts: tuple[Callable[[], None], ...] = (
        other.setFocus,
        view.setFocus,
        lambda: view.set_article(MET),
        other.setFocus,
    )
    seen = []
    for act in acts:
        act()
        seen.append(view.state.focused)
    assert seen == [False, True, True, False]


def test_places_on_the_screen_and_what_lies_there(make_view: MakeView) -> None:
    view = make_view(MET)
    tree = the_tree(view)
    for paragraph in children(tree):
        for node in children(paragraph):
            place = node.rect()
            assert place.isValid()
            assert paragraph.rect().contains(place.center())
            middle = place.center()
            assert tree.childAt(middle.x(), middle.y()) is paragraph
            assert paragraph.childAt(middle.x(), middle.y()) is node
            assert not node.state().offscreen
    outside = tree.rect().bottomRight()
    assert tree.childAt(outside.x() + 10, outside.y() + 10) is None


def test_pressing_selects_as_a_click_does(make_view: MakeView) -> None:
    view = make_view(MET)
    clicked: list[str] = []
    view.item_activated.connect(clicked.append)
    for item, node in (("s3", the_tree(view).child(1).child(0)), ("r0", the_tree(view).child(0).child(2))):
        actions = node.actionInterface()
        assert actions.actionNames() == [actions.pressAction()]
        actions.doAction(actions.pressAction())
        QApplication.processEvents()
        assert view.selection.id == item
    assert clicked == ["s3", "r0"]


def test_only_what_is_on_screen_and_the_selection(make_view: MakeView) -> None:
    view = make_view(annotated(prose(60), spans=200, relations=40))
    tree = the_tree(view)
    top = children(tree)[0]
    assert tree.childCount() < 20
    first = next(iter(view.scene.index.spans_in(0)))
    view.select(first.id)
    view.end()
    shown = children(tree)
    assert shown[0] is top
    assert top.state().offscreen
    node = next(each for each in children(top) if each.state().selected)
    assert node.state().offscreen
    assert shown[-1].text(NAME) == view.scene.text.rsplit("\n", 1)[-1]
    view.select(None)
    assert top not in children(tree)


def test_after_an_edit_the_tree_tells_what_is_there_now(make_view: MakeView) -> None:
    view = make_view(MET)
    paragraph = the_tree(view).child(0)
    bob = paragraph.child(3)
    spans = [each for each in MET.spans if each.id != "s2"]
    view.set_items([*spans, a_span("c:new", 27, 30, state="candidate", score=0.5)], MET.relations[:1])
    assert not bob.isValid()
    assert bob.state().invalid
    assert bob.text(NAME) == ""
    assert names(paragraph)[-1] == "Bob, PERSON, candidate, .50"
    view.tree.follow()
    assert not shiboken6.isValid(bob)


def test_another_article_ends_what_was_there(make_view: MakeView) -> None:
    view = make_view(MET)
    tree = the_tree(view)
    paragraph = tree.child(0)
    view.set_article(marked("[Eve](PERSON) left."))
    assert not shiboken6.isValid(paragraph)
    assert names(tree) == ["Eve left."]
    view.set_article(None)
    assert children(tree) == []
    assert tree.text(QAccessible.Text.Description) == "No article"


def test_nothing_is_left_when_the_view_is_gone(make_view: MakeView) -> None:
    view = ArticleView()
    view.show()
    view.set_article(MET)
    tree = the_tree(view)
    kept = list(walk(tree))
    numbers = [QAccessible.uniqueId(node) for node in kept]
    view.close()
    view.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not any(shiboken6.isValid(node) for node in kept)
    assert all(QAccessible.accessibleInterface(number) is None for number in numbers)


def test_a_view_made_before_anybody_listened_has_the_same_tree(
    qapp: QApplication, make_view: MakeView
) -> None:
    QAccessible.setActive(False)
    view = make_view(MET)
    view.set_article(MET)
    view.select("s1")
    assert view.tree.document is None
    QAccessible.setActive(True)
    assert len(list(walk(the_tree(view)))) == 9


@pytest.mark.parametrize("seed", range(3))
def test_walks_at_random_while_the_article_changes(make_view: MakeView, seed: int) -> None:
    chance = random.Random(seed)
    articles = [annotated(prose(20, seed=n), spans=120, relations=40, seed=n) for n in range(3)]
    view = make_view(articles[0])
    article = articles[0]
    held: list[QAccessibleInterface] = []
    for _ in range(150):
        act = chance.randrange(6)
        if act == 0:
            view.scroll_by(chance.randint(-500, 900))
        elif act == 1 and article.spans:
            gone = chance.choice(article.spans).id
            relations = tuple(each for each in article.relations if gone not in (each.head, each.child))
            spans = tuple(each for each in article.spans if each.id != gone)
            article = Article(article.text, article.tokens, spans, relations)
            view.set_items(article.spans, article.relations)
        elif act == 2 and article.spans:
            view.select(
                chance.choice([*(one.id for one in article.spans), *(one.id for one in article.relations)])
            )
        elif act == 3:
            view.tree.follow()
        elif act == 4 and chance.random() < 0.2:
            article = chance.choice(articles)
            view.set_article(article)
        for node in held:  # as a client does that comes back to what it was given before
            if shiboken6.isValid(node):
                node.text(NAME), node.rect(), node.state(), node.parent(), node.isValid()
        node = the_tree(view)
        while node.childCount():
            node = node.child(chance.randrange(node.childCount()))
            assert node.isValid()
            assert node.text(NAME)
            held = [*held[-20:], node]
    assert len(list(walk(the_tree(view)))) > 1
