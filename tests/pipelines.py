"""Makes small spaCy pipelines: folders as spaCy writes them, and wheels around them."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

LOADER = b"from spacy.util import load_model_from_init_py\n"


def a_pipeline(folder: Path, *, name: str = "small", **meta: Any) -> Path:
    """Write a pipeline that finds Oslo as GPE; `meta` goes over what spaCy says of it."""
    import spacy

    nlp = spacy.blank("en")
    ruler = nlp.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "GPE", "pattern": "Oslo"}])  # type: ignore[attr-defined]
    nlp.meta["name"] = name
    nlp.to_disk(folder)
    file = folder / "meta.json"
    told = {**json.loads(file.read_text(encoding="utf-8")), **meta}
    file.write_text(json.dumps(told), encoding="utf-8")
    return folder


def a_wheel(file: Path, folder: Path, *, more: dict[str, bytes] | None = None) -> Path:
    """Pack a pipeline as its makers do: a package with a loader, and the data in a folder of it."""
    with zipfile.ZipFile(file, "w") as wheel:
        wheel.writestr("en_small/__init__.py", LOADER)
        wheel.writestr("en_small/meta.json", (folder / "meta.json").read_bytes())
        for each in sorted(folder.rglob("*")):
            if each.is_file():
                wheel.write(each, f"en_small/en_small-0.0.0/{each.relative_to(folder).as_posix()}")
        for name, content in (more or {}).items():
            wheel.writestr(name, content)
    return file
