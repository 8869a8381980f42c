"""Makes numbers for the tagger of a pipeline's vectors: each dimension centred on these texts and held small."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from annotator.suggest.learning.pages import Page

SHARE = 0.3
"""How large a step of one standard deviation is, beside words, which count 1."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Mean and standard deviation of each dimension, in the units of the signed bytes."""

    means: tuple[float, ...]
    deviations: tuple[float, ...]

    def numbers(self, page: Page) -> list[list[float]] | None:
        """Give numbers for each token of a page; None where it has no vectors, or such of another width."""
        import numpy as np

        width = len(self.means)
        if not page.vectors or len(page.vectors) != width * len(page.words):
            return None
        rows = np.frombuffer(page.vectors, dtype=np.int8).reshape(-1, width)
        scaled = (rows - np.array(self.means)) * (SHARE / np.array(self.deviations))
        found: list[list[float]] = scaled.round(4).tolist()
        return found


def scale_of(pages: Sequence[Page]) -> Scale | None:
    """Measure the vectors of some pages; None where there are none, or of different widths."""
    import numpy as np

    widths = {len(page.vectors) // len(page.words) for page in pages if page.vectors}
    if len(widths) != 1:
        return None
    width = widths.pop()
    rows = np.frombuffer(b"".join(page.vectors for page in pages), dtype=np.int8).reshape(-1, width)
    deviations = np.maximum(rows.std(axis=0), 0.5)
    return Scale(
        tuple(rows.mean(axis=0).round(4).tolist()),
        tuple(deviations.round(4).tolist()),
    )
