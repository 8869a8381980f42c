"""The language work of `worker.py`, done in this process: for short commands and tests."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeVar

from annotator.model.document import Tokens
from annotator.model.packing import PackedTokens, packed
from annotator.suggest.base import GivenPatterns, Settings, Suggestions, Text

if TYPE_CHECKING:
    from annotator.suggest.fine_tuned import Made
    from annotator.suggest.fine_tuning import Tell
    from annotator.suggest.phrases import Hit
    from annotator.suggest.pipelines import Pipeline
    from annotator.suggest.teaching import Decided

T = TypeVar("T")


class InProcess:
    """The same work in this process: for short commands and tests. A crash here is a crash of the program."""

    def start(self) -> None:
        """Do nothing: there is no process."""

    def propose(self, texts: Sequence[Text], settings: Settings) -> list[Suggestions]:
        """Run the suggesters over texts; one answer for each, in their order.

        Raises:
            UserError: a suggester cannot be made.
        """
        from annotator.suggest.engine import propose_all

        return propose_all(texts, settings)

    def tokenize(self, items: Sequence[tuple[str, str]]) -> list[Tokens]:
        """Cut texts into tokens; each item is a text and the code of its language."""
        from annotator.suggest.tokenizing import tokenize_all

        return tokenize_all(items)

    def tokenize_stream(
        self, chunks: Iterable[tuple[T, Sequence[tuple[str, str]]]]
    ) -> Iterator[tuple[T, list[PackedTokens]]]:
        """Cut chunks of texts, each with something of the caller's, one after the other."""
        for own, items in chunks:
            yield own, [packed(each) for each in self.tokenize(items)]

    def find_patterns(
        self, texts: Sequence[Text], given: GivenPatterns, pipeline: str = ""
    ) -> list[list[Hit]]:
        """Give for each text where the patterns of a list stand; `pipeline` as in `Settings`.

        Raises:
            UserError: it cannot be done.
        """
        from annotator.suggest.patterns import find

        return find(texts, given, lambda _what, _documents: None, pipeline=pipeline)

    def pattern_faults(self, patterns: Sequence[str]) -> list[str]:
        """Say of token patterns what spaCy has against each; empty where it takes it."""
        from annotator.suggest.patterns import faults

        return faults(patterns)

    def learn(self, decided: Sequence[Decided], settings: Settings, *, anew: bool) -> int:
        """Learn from finished documents, in their order; give how often the tagger was trained.

        Args:
            decided: the documents. settings: `learnt` names the file in which it is kept. anew: begin from nothing.

        Raises:
            UserError: it cannot be done.
        """
        from annotator.suggest.engine import learn_all

        return learn_all(decided, settings, anew=anew)

    def fine_tune(
        self, decided: Sequence[Decided], settings: Settings, *, tell: Tell, check: Callable[[], None]
    ) -> Made:
        """Fine-tune the pipeline on finished documents, in their order; give what it was made of, and keep it.

        Args:
            decided: the documents. settings: `fine_tuned` names the file in which it is kept.
            tell: is told how far it is. check: called again and again; raises where nobody waits any more.

        Raises:
            UserError: it cannot be done; whatever `check` raises.
        """
        from annotator.suggest.fine_tuning import fine_tune

        def go_on(done: int, of: int) -> None:
            tell(done, of)
            check()

        return fine_tune(decided, settings, tell=go_on)

    def pipelines(self) -> list[Pipeline]:
        """List the installed pipelines."""
        from annotator.suggest.pipelines import installed_pipelines

        return installed_pipelines()

    def cancel(self) -> None:
        """Do nothing: a call here ends when it is done."""

    def close(self) -> None:
        """Do nothing: there is no process."""
