"""What a decision on some words does to the same words elsewhere in the open document, where the project learns."""

from __future__ import annotations

from annotator.model.annotation import Fragments, SpanKey
from annotator.model.article import Readings
from annotator.ui.controller import Controller
from annotator.workflows.same_words import alike_in
from annotator.workflows.showing import least_shown
from annotator.workflows.withdrawing import withdrawn_with


def elsewhere(controller: Controller, fragments: Fragments, label: str) -> tuple[Fragments, ...]:
    """Find the places that are proposed with what is decided of the same words here."""
    session = controller.session
    if session is None or not session.suggest_settings().learns:
        return ()
    return alike_in(
        controller.annotations, controller.text, controller.tokens, fragments=fragments, label=label
    )


def withdrawn(controller: Controller, rejected: Readings) -> tuple[SpanKey, ...]:
    """Find the candidates that go with a rejected one."""
    session = controller.session
    if session is None or not session.suggest_settings().learns:
        return ()
    return withdrawn_with(
        controller.annotations, controller.text, rejected=rejected.candidates, least=least_shown(session)
    )
