"""How a pipeline's entity component sees each token in its surroundings, as small vectors of signed bytes.

The component computes them for itself anyway; here they are asked for, and brought onto the tokens of the project.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

STEPS = 16
"""Into how many steps 1.0 is cut; what lies beyond 127 steps is cut off."""


@dataclass(frozen=True, slots=True)
class Seen:
    """The tokens of a pipeline with their vectors: borders in code points, and a row of signed bytes for each."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    rows: tuple[bytes, ...]

    def moved(self, offset: int) -> Seen:
        """Give the same tokens in a text that begins earlier, by code points."""
        if not offset:
            return self
        starts = tuple(start + offset for start in self.starts)
        return Seen(starts, tuple(end + offset for end in self.ends), self.rows)


def seen(nlp: Any, documents: Sequence[Any]) -> list[Seen]:
    """Ask the entity component of a pipeline about documents; none where it has no vectors of its own."""
    import numpy as np

    makers = (component for name, component in nlp.pipeline if nlp.get_pipe_meta(name).factory == "ner")
    model = next(map(_own_vectors, makers), None)
    total = sum(map(len, documents))
    if model is None or not total:
        return []
    values = np.asarray(model.predict(list(documents)))
    if values.ndim != 2 or len(values) != total:
        return []
    small = np.clip(np.rint(values * STEPS), -127, 127).astype(np.int8)
    found, at = [], 0
    for document in documents:
        rows = tuple(row.tobytes() for row in small[at : at + len(document)])
        at += len(document)
        starts = tuple(token.idx for token in document)
        found.append(Seen(starts, tuple(token.idx + len(token) for token in document), rows))
    return found


def _own_vectors(component: Any) -> Any | None:
    """Give the part of a component that makes vectors; None where it only listens to another component's."""
    model = getattr(component, "model", None)
    if model is None or not model.has_ref("tok2vec"):
        return None
    part = model.get_ref("tok2vec")
    listens = any("listener" in node.name for node in part.walk())
    return None if listens else part


def joined(parts: Sequence[Seen], *, starts: Sequence[int], ends: Sequence[int]) -> bytes:
    """Bring vectors onto the tokens with these borders: each takes that of a token with which it begins or ends.

    Gives nothing where there are no vectors; zeros for tokens that fit none.
    """
    rows = {start: row for part in parts for start, row in zip(part.starts, part.rows, strict=True)}
    if not rows:
        return b""
    by_end = {end: row for part in parts for end, row in zip(part.ends, part.rows, strict=True)}
    nothing = bytes(len(next(iter(rows.values()))))
    return b"".join(
        rows.get(start) or by_end.get(end, nothing) for start, end in zip(starts, ends, strict=True)
    )
