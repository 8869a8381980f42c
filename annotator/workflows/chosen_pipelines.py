"""Which folders of spaCy pipelines this person chose on this machine: no other one is loaded, or even looked at.

A pipeline in a folder can run code when it is loaded, and a project may come from a stranger, who may name any folder
in it, also one on a server. The list of those that were chosen is the person's own and lies with the settings.
"""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path

KEPT = 100
"""Most folders that are remembered; the oldest choice goes first."""


def is_folder(pipeline: str) -> bool:
    """Tell whether a pipeline is named by its folder; anything but a plain name, which only a package can have, is."""
    return bool(pipeline) and not pipeline.isidentifier()


def may_be_used(pipeline: str) -> bool:
    """Tell whether a pipeline is a package, was added here, or is a folder that was chosen here; touches no folder."""
    if not is_folder(pipeline):
        return True
    from annotator.workflows.added_pipelines import is_added  # which knows settings, which come through here

    return is_added(pipeline) or _written(pipeline) in _chosen()


def remember_choice(pipeline: str) -> None:
    """Keep that a person chose a folder; a list that cannot be written stays as it is."""
    if not is_folder(pipeline):
        return
    from annotator.workflows.recent import keep_as_json

    chosen = [*(each for each in _chosen() if each != _written(pipeline)), _written(pipeline)]
    with contextlib.suppress(OSError):
        keep_as_json(chosen[-KEPT:], _file())


def refusal(pipeline: str) -> str:
    """Say that a folder which a project names is not used, and what to do."""
    return (
        f"This project asks for the spaCy pipeline in {pipeline[:200]}, which was never chosen on this machine. "
        "It was not used, as it can run code. If you know whose it is, choose it for the project."
    )


def _written(pipeline: str) -> str:
    """Write a folder in one way; compares words alone and asks no disk and no server."""
    return os.path.normcase(os.path.abspath(pipeline))  # noqa: PTH100 - resolve() would touch it


def _chosen() -> list[str]:
    with contextlib.suppress(OSError, ValueError):
        found = json.loads(_file().read_text(encoding="utf-8"))
        if isinstance(found, list):
            return [each for each in found if isinstance(each, str)]
    return []


def _file() -> Path:
    from annotator.workflows.recent import settings_folder  # which knows sessions, which come through here

    return settings_folder() / "pipelines.json"
