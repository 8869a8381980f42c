"""How a DocBin is laid out: what a person chooses before one is written."""

from __future__ import annotations

from dataclasses import dataclass

from annotator.formats.base import option, options_as
from annotator.formats.docbin_plan import AUTO, BOTH, ENTS, SPANS
from annotator.model.errors import FormatError

LAYOUTS = (AUTO, ENTS, SPANS, BOTH)
WHOLE, ANY = "whole", "any"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocBinOptions:
    """How a DocBin is laid out."""

    layout: str = option(
        default=AUTO,
        title="Layout",
        about='Where spans go: doc.ents, doc.spans["sc"] or both; auto: both if any document has overlaps.',
        choices=LAYOUTS,
    )
    tokenizer: str = option(
        default="",
        title="Tokens",
        about="Whose tokens: a language such as en, a pipeline by name or folder; empty: those of the project.",
        offers="tokenizers",
    )
    windows: str = option(
        default=WHOLE,
        title="Windows of sentences",
        about="Cut documents into windows of so many sentences, as models for relations need of long ones.",
        choices=(WHOLE, "1", "2", "3", "5"),
    )
    longest: str = option(
        default="12",
        title="Longest span",
        about="Most tokens of a span that a span categorizer tries; the check before the export names longer ones.",
        choices=(ANY, "3", "5", "8", "12", "20"),
    )
    rejected: bool = option(
        default=True,
        title="Rejected spans too",
        about='Write what was rejected into doc.spans["incorrect"], for the setting incorrect_spans_key of an ner.',
    )
    unfinished: bool = option(
        default=False,
        title="Unfinished documents too",
        about="Write documents that are not done into the layouts spans and both, where gaps count as negatives.",
    )
    assume_done: bool = option(
        default=False,
        title="Take documents of unknown state as done",
        about="For files that do not say which documents are finished: whatever has no span is a negative.",
    )

    @property
    def sentences(self) -> int:
        """Give how many sentences a window has; 0 for whole documents."""
        return 0 if self.windows == WHOLE else int(self.windows)

    @property
    def most_tokens(self) -> int:
        """Give the most tokens of a span that a model tries; 0 for any number, and where none has such a limit."""
        return 0 if self.longest == ANY or self.layout == ENTS else int(self.longest)


def docbin_options(given: object) -> DocBinOptions:
    """Give the options of an export, or the defaults for anything else.

    Raises:
        FormatError: a layout that there is not.
    """
    options = options_as(DocBinOptions, given)
    if options.layout not in LAYOUTS:
        raise FormatError(f"DocBin has no layout {options.layout!r}.", f"Choose one of {', '.join(LAYOUTS)}.")
    return options
