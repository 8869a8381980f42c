"""A small spaCy pipeline in a folder, untrained, and finished documents from which one can learn something quickly."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from annotator.suggest.base import Text
from annotator.suggest.teaching import Decided
from tests.builders import marked, plain_tokens

NAMES = ("Ada", "Bob", "Cleo", "Dan", "Eve", "Fay", "Gus", "Hal")
TOWNS = ("Odda", "Lyon", "Turin", "Graz", "Porto", "Cork", "Ghent", "Bern")


def small_pipeline(folder: Path, *, listens: bool = False, seed: int = 0) -> str:
    """Make one that knows PERSON by name alone; `listens`: its entity component shares the pipeline's vectors."""
    import spacy
    from thinc.api import fix_random_seed

    vectors: dict[str, Any] = {
        "@architectures": "spacy.HashEmbedCNN.v2",
        "pretrained_vectors": None,
        "width": 32,
        "depth": 2,
        "embed_size": 300,
        "window_size": 1,
        "maxout_pieces": 2,
        "subword_features": True,
    }
    shared = {"@architectures": "spacy.Tok2VecListener.v1", "width": 32, "upstream": "*"}
    parser = {
        "@architectures": "spacy.TransitionBasedParser.v2",
        "state_type": "ner",
        "extra_state_tokens": False,
        "hidden_width": 16,
        "maxout_pieces": 2,
        "use_upper": True,
        "tok2vec": shared if listens else vectors,
    }
    fix_random_seed(seed)
    nlp = spacy.blank("en")
    if listens:
        nlp.add_pipe("tok2vec", config={"model": vectors})
    component: Any = nlp.add_pipe("ner", config={"model": parser})
    component.add_label("PERSON")
    nlp.initialize()
    folder.mkdir(parents=True)
    nlp.to_disk(folder)
    return str(folder)


def finished(count: int) -> list[Decided]:
    """Make documents in which persons go to towns."""
    return [_one(number) for number in range(count)]


def later(number: int = 900) -> Text:
    """Make one more, in which nothing is decided."""
    text, _ = _story(number)
    return Text(document=number, text=text, language="en", tokens=plain_tokens(text))


def written(number: int) -> str:
    """Write one of them, with its names marked."""
    name, town = NAMES[number % 8], TOWNS[(number * 3 + number // 8) % 8]
    return f"Then [{name}](PERSON) went to [{town}](GPE) on a train."


def _story(number: int) -> tuple[str, tuple[Any, ...]]:
    text, spans = marked(written(number))
    return text, tuple(spans)


def _one(number: int) -> Decided:
    text, spans = _story(number)
    made = Text(document=number + 1, text=text, language="en", tokens=plain_tokens(text), accepted=spans)
    return Decided(text=made, evidence=str(number))
