"""Finds what numbers in a column of tags stand for: Hugging Face's datasets tell it in their files and beside them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from annotator.formats.base import Reporter, file_name
from annotator.formats.jsonl import NotJsonError, parse_line
from annotator.formats.text_files import opened

LABELS = "labels.json"
"""A list of names, or an object that gives each a number, beside the data."""
CARD = "README.md"
"""The card of a dataset, whose head describes it in YAML."""
_BESIDE = (LABELS, "dataset_info.json", "dataset_infos.json", CARD)
_SIZE = 4_000_000
"""Largest of these files that is looked at, in bytes."""
EVERY = ""
"""Stands for every column: a list of names alone does not say whose they are."""


def companions(path: Path) -> Iterable[Path]:
    """Give the file of labels beside a table."""
    beside = path.with_name(LABELS)
    return (beside,) if path.name != LABELS and beside.is_file() else ()


def names_in(written: bytes) -> dict[str, tuple[str, ...]]:
    """Give the names of classes by column, from the description of a dataset's features in JSON; empty where none."""
    try:
        value = json.loads(written) if written else None
    except (ValueError, RecursionError):
        return {}
    return dict(_named(value))


def names_beside(path: Path, reporter: Reporter) -> dict[str, tuple[str, ...]]:
    """Give the names of classes by column from the files beside one, or one folder above."""
    found: dict[str, tuple[str, ...]] = {}
    for folder in (path.parent, path.parent.parent):
        for name in _BESIDE:
            beside = folder / name
            if not beside.is_file() or beside.stat().st_size > _SIZE:
                continue
            with opened(beside) as file:
                written = file.read()
            try:
                text = written.decode("utf-8-sig")
                value = {"features": _features_of_card(text)} if name == CARD else parse_line(text)
            except (NotJsonError, UnicodeDecodeError):
                reporter.repaired(f"{file_name(beside)} is no JSON; what it says of labels was not used.")
                continue
            told = dict(_named(value))
            if name == LABELS and not told:
                told = _by_column(value)
            found = {**told, **found}
    return found


def _features_of_card(text: str) -> dict[str, Any]:
    """Give the features that the head of a card describes; of several configurations those of the first."""
    text = text.replace("\r\n", "\n")
    head = text.removeprefix("---\n").partition("\n---")[0]
    if head == text or "class_label" not in head:
        return {}
    from srsly import yaml_loads

    try:
        told = yaml_loads(head)
    except ValueError:  # what a person wrote may be no YAML; then it says nothing of labels
        return {}
    about = told.get("dataset_info") if isinstance(told, dict) else None
    about = about[0] if isinstance(about, list) and about else about
    features = about.get("features") if isinstance(about, dict) else None
    found: dict[str, Any] = {}
    for each in features if isinstance(features, list) else ():
        inner = each.get("sequence", each.get("list")) if isinstance(each, dict) else None
        if isinstance(inner, dict) and isinstance(inner.get("class_label"), dict):
            found[str(each.get("name"))] = {"names": inner["class_label"].get("names")}
    return found


def _named(value: Any) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield columns with the names of their classes, wherever in a description they stand."""
    if not isinstance(value, dict):
        return
    features = value.get("features")
    if isinstance(features, Mapping):
        for column, feature in features.items():
            if names := _class_label(feature):
                yield column, names
    for inner in value.values():
        yield from _named(inner)


def _by_column(value: Any) -> dict[str, tuple[str, ...]]:
    """Give the names that a file of labels lists, for single columns or for every one."""
    if names := _list_of_names(value):
        return {EVERY: names}
    lists = value.items() if isinstance(value, dict) else ()
    return {
        column: names for column, each in lists if isinstance(each, list) and (names := _list_of_names(each))
    }


def _class_label(feature: Any) -> tuple[str, ...]:
    """Give the names of a feature that is a list of classes."""
    for _ in range(4):  # a list of a list of classes is none, but some wrap them once or twice
        if isinstance(feature, list) and len(feature) == 1:
            feature = feature[0]
        if not isinstance(feature, dict):
            return ()
        if "names" in feature:
            return _list_of_names(feature["names"])
        feature = feature.get("feature")
    return ()


def _list_of_names(value: Any) -> tuple[str, ...]:
    """Give names in the order of their numbers: from a list, from name to number, or from number to name."""
    if isinstance(value, dict):
        pairs = [(key, number) for key, number in value.items() if isinstance(number, int)]
        pairs = pairs or [(name, int(key)) for key, name in value.items() if str(key).isdecimal()]
        value = [name for name, _ in sorted(pairs, key=lambda each: each[1])]
        if [number for _, number in sorted(pairs, key=lambda each: each[1])] != list(range(len(pairs))):
            return ()
    if isinstance(value, list) and value and all(isinstance(each, str) for each in value):
        return tuple(value)
    return ()
