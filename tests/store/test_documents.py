"""Lists of documents: pages, filters, words, neighbours, counts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.editing import commands
from annotator.model.document import State
from annotator.model.errors import StaleError
from annotator.model.record import Record
from annotator.store.search import match_expression
from annotator.workflows.session import DocumentFilter, Session
from tests.builders import a_document, a_project, a_record, bring, place, plain_tokens

TEXTS = {
    "plain": "The Quick brown fox didn't stop. It cost 12,50 € in Zürich.",
    "thai": "เมื่อวานนี้เขาไปกรุงเทพ",
    "chinese": "我昨天去了北京大学图书馆。",
    "japanese": "昨日、東京でカタカナを見た。",
    "korean": "서울에서 만났다",
    "mixed": "She said 你好 to the U.S. ambassador, cafe\u0301 owner and state-of-the-art robot.",
    "emoji": "Great 🎉 #win @handle_name https://example.org/a?b=c",
}


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """Open a project with one document a script; some have tokens of several signs."""
    session = a_project(tmp_path_factory.mktemp("search"))
    bring(
        session,
        *(
            Record(text=text, source=name, title=f"Title {name}", tokens=plain_tokens(text))
            for name, text in TEXTS.items()
        ),
    )
    yield session
    session.close()


def found(session: Session, words: str) -> list[str]:
    keys = session.document_keys(DocumentFilter(text=words))
    return [session.document(key).source for key in keys]


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("quick", ["plain"]),
        ("QUICK fox", ["plain"]),
        ("qui", ["plain"]),
        ("qui fox", []),
        ("fox qui", ["plain"]),
        ("didn't", ["plain"]),
        ("don't", []),
        ("12,50", ["plain"]),
        ("zurich", ["plain"]),
        ("Zürich", ["plain"]),
        ("กรุงเทพ", ["thai"]),
        ("เขาไป", ["thai"]),
        ("北京", ["chinese"]),
        ("京北", []),
        ("大学 北京", ["chinese"]),
        ("东京", []),
        ("東京", ["japanese"]),
        ("カタ", ["japanese"]),
        ("서울", ["korean"]),
        ("你好", ["mixed"]),
        ("u.s.", ["mixed"]),
        ("cafe\u0301", ["mixed"]),
        ("café", ["mixed"]),
        ("state-of-the-art", ["mixed"]),
        ("handle_name", ["emoji"]),
        ("example.org", ["emoji"]),
        ("title", list(TEXTS)),
        ("title thai", ["thai"]),
        ("absent", []),
        ("", list(TEXTS)),
        ("   ", list(TEXTS)),
    ],
)
def test_words_of_titles_and_texts_are_found(session: Session, words: str, names: list[str]) -> None:
    assert found(session, words) == names


@given(
    st.text(
        st.one_of(st.sampled_from("\"'*()-+:^{}[]AND OR NOT NEAR,.\\%_\0ก北🎉"), st.characters()), max_size=12
    )
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
def test_no_query_ever_fails(session: Session, words: str) -> None:
    if any("\ud800" <= sign <= "\udfff" for sign in words):
        return
    session.document_keys(DocumentFilter(text=words))


@given(st.sampled_from(list(TEXTS.values())), st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_word_of_a_text_finds_it(session: Session, text: str, data: st.DataObject) -> None:
    words = data.draw(st.sampled_from([word for word in text.split() if match_expression(word)]))
    sources = found(session, words)
    assert next(name for name, each in TEXTS.items() if each == text) in sources


def test_signs_alone_are_looked_for_in_titles(tmp_path: Path) -> None:
    session = a_project(tmp_path)
    record = a_record("A text.", source="a")
    bring(session, record)
    key = session.document_keys()[0]
    assert session.document_keys(DocumentFilter(text="???")) == []
    session.do(commands.RenameDocument(key, "Really???"))
    assert session.document_keys(DocumentFilter(text="???")) == [key]
    session.close()


@pytest.fixture
def listed(tmp_path: Path) -> Iterator[Session]:
    """Open a project with ten documents in several states."""
    session = a_project(tmp_path)
    keys = [a_document(session, f"[Ada](PERSON) wrote letter {number}.") for number in range(10)]
    session.do(commands.AcceptMany(documents=tuple(keys[:4]), done=True))
    session.do(commands.SetState(documents=(keys[4],), state=State.SKIPPED, reason="short"))
    session.do(commands.AddSpan(keys[5], place(session.text(keys[5]), "letter"), "ROLE"))
    session.do(commands.SetFlag(kind=None, key=keys[6], flagged=True))
    session.do(commands.RemoveDocuments((keys[9],)))
    yield session
    session.close()


def test_pages_follow_each_other_without_gap(listed: Session) -> None:
    everything = [row.key for row in listed.documents(limit=1000)]
    pages, after = [], None
    while page := listed.documents(after=after, limit=4):
        pages += [row.key for row in page]
        after = page[-1].key
    assert pages == everything == listed.document_keys()
    assert len(pages) == 9


def test_documents_are_filtered_and_counted_by_state_flag_and_label(listed: Session) -> None:
    counts = listed.counts()
    assert (counts.all, counts.todo, counts.in_progress, counts.done, counts.skipped, counts.flagged) == (
        *(9, 3, 1, 4, 1),
        1,
    )
    for state, count in ((State.DONE, 4), (State.TODO, 3), (State.SKIPPED, 1), (State.IN_PROGRESS, 1)):
        wanted = DocumentFilter(state=state)
        rows = listed.documents(wanted)
        assert len(rows) == count == len(listed.document_keys(wanted))
        assert {row.state for row in rows} == {state}
    for wanted, count in (
        (DocumentFilter(flagged=True), 1),
        (DocumentFilter(label="ROLE"), 1),
        (DocumentFilter(label="PERSON"), 4),
        (DocumentFilter(label="PERSON", state=State.TODO), 0),
        (DocumentFilter(text="letter 3", state=State.DONE), 1),
    ):
        assert len(listed.document_keys(wanted)) == count


def test_a_line_of_the_list_says_what_stands_in_the_document(listed: Session) -> None:
    rows = listed.documents()
    assert (rows[0].spans, rows[0].undecided, rows[0].decided) == (1, 0, 1)
    assert (rows[4].reason, rows[4].undecided) == ("short", 1)
    assert (rows[5].spans, rows[5].undecided, rows[5].suggested) == (1, 1, False)
    with pytest.raises(StaleError):
        listed.row(999)


def test_neighbours_pass_over_what_is_finished_when_asked(listed: Session) -> None:
    keys = listed.document_keys()
    assert listed.neighbour(keys[0]) == keys[1]
    assert listed.neighbour(keys[0], forward=False) is None
    assert listed.neighbour(keys[0], unfinished=True) == keys[5]
    assert listed.neighbour(keys[8]) is None
    assert listed.neighbour(keys[8], forward=False, wanted=DocumentFilter(state=State.DONE)) == keys[3]
    assert listed.without_candidates() == keys[5:]
