"""Whose tokens an export, a conversion or a check counts in: the project's, a language's, or a pipeline's."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from annotator.model.errors import UserError
from annotator.model.record import Record
from annotator.workflows import chosen_pipelines
from annotator.workflows.machine import Machine
from annotator.workflows.session import Session

_AT_ONCE = 64
"""Documents that are cut at one asking."""
_CODE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z]+|_[A-Z]{2})?")
"""A language code, with its region or without; `my_model` is none."""


class TokenizerError(UserError):
    """There is no such language or pipeline here, or it may not be used."""


@dataclass(frozen=True, slots=True)
class TokenizerChoice:
    """What can be chosen: the name, as options and commands take it, and words for people."""

    name: str
    title: str


def tokenizers_for(session: Session) -> tuple[TokenizerChoice, ...]:
    """List what is offered for a project: its own tokens, its language's, and the pipelines known here."""
    from annotator.suggest.languages import base_language, language_name
    from annotator.workflows.suggesting import pipelines

    code = base_language(session.language)
    names = [each.name for each in pipelines()]
    chosen = session.suggest_settings().pipeline
    if chosen and chosen not in names:
        names.append(chosen)
    return (
        TokenizerChoice("", "Of the project"),
        *([TokenizerChoice(code, f"Of spaCy's rules for {language_name(code)}")] if code else []),
        *(TokenizerChoice(name, f"Of {title_of(name)}") for name in names),
    )


def title_of(name: str) -> str:
    """Give words for a tokenizer, as they stand after "against the tokens of"."""
    from annotator.suggest.languages import base_language, language_name

    if not name:
        return "the project"
    if _CODE.fullmatch(name):
        return f"spaCy's rules for {language_name(base_language(name))}"
    return re.split(r"[\\/]", name.rstrip("\\/"))[-1] if chosen_pipelines.is_folder(name) else name


def chosen_by_hand(name: str) -> str:
    """Take what a person typed: a folder becomes a whole path and is one that was chosen on this machine."""
    from annotator.workflows.suggesting import package_or_folder

    name = name.strip()
    if not name or _CODE.fullmatch(name):
        return name
    name = package_or_folder(name)
    chosen_pipelines.remember_choice(name)
    return name


def cutter(name: str) -> str:
    """Give what the machine takes in the place of a language for a tokenizer; empty for the project's own tokens.

    Raises:
        TokenizerError: neither a language nor a pipeline of that name is here, or its folder was never chosen here.
    """
    if not name:
        return ""
    from annotator.suggest.languages import base_language
    from annotator.suggest.pipelines import is_installed
    from annotator.suggest.tokenizing import OF_PIPELINE, languages_with_rules

    if _CODE.fullmatch(name):
        code = base_language(name)
        if code in languages_with_rules():
            return code
    elif is_installed(name):
        return OF_PIPELINE + name
    elif chosen_pipelines.is_folder(name):
        if not chosen_pipelines.may_be_used(name):
            raise TokenizerError(
                f"The pipeline in {name[:200]} was never chosen on this machine, and it can run code.",
                "If you know whose it is, name it yourself (--set tokenizer=FOLDER).",
            )
        return OF_PIPELINE + name
    raise TokenizerError(
        f"spaCy has neither a language nor a pipeline named {name[:80]!r} here.",
        "Name a language code such as en, an installed pipeline, or its folder.",
    )


def prepared(stream: Iterable[Record], machine: Machine, options: object) -> Iterator[Record]:
    """Give records with the tokens, and the sentences, that the options of a format ask for.

    Raises:
        UserError: the tokenizer cannot be used.
    """
    name, sentences = getattr(options, "tokenizer", ""), getattr(options, "sentences", 0)
    code = cutter(name)
    if not code and not sentences:
        yield from stream
        return
    waiting = iter(stream)
    while chunk := list(islice(waiting, _AT_ONCE)):
        records = retokenized(chunk, machine, code) if code else chunk
        yield from (_with_sentences(each) if sentences else each for each in records)


def retokenized(records: Iterable[Record], machine: Machine, code: str) -> list[Record]:
    """Give records with the tokens of what `cutter` gave."""
    given = list(records)
    made = machine.tokenize([(each.text, code) for each in given])
    return [dataclasses.replace(each, tokens=tokens) for each, tokens in zip(given, made, strict=True)]


def _with_sentences(record: Record) -> Record:
    from annotator.suggest.sentences import sentence_starts

    tokens = record.tokens
    if tokens is None or tokens.sentences or not len(tokens):
        return record
    begins = sentence_starts(record.text, starts=tokens.starts, ends=tokens.ends)
    return dataclasses.replace(record, tokens=dataclasses.replace(tokens, sentences=tuple(begins)))
