"""Who carries out each action: from the id of `actions.py` to a method of a part of the window."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from annotator.ui.repairing import ask_repair
from annotator.workflows.queueing import Order

if TYPE_CHECKING:
    from annotator.ui.window import MainWindow

Handler = Callable[[str], object]
"""Takes the stroke that was pressed, or an empty string when a menu or the palette asked."""


def run(window: MainWindow, name: str, stroke: str = "") -> None:
    """Carry out an action.

    Raises:
        KeyError: there is no such action.
    """
    _HANDLERS[name](window)(stroke)


def handled() -> set[str]:
    """Give the ids of all actions that somebody carries out."""
    return set(_HANDLERS)


def _plain(find: Callable[[MainWindow], Callable[[], object]]) -> Callable[[MainWindow], Handler]:
    return lambda window: lambda _stroke: find(window)()


def _edge(edge: str, by: int, *, characters: bool = False) -> Callable[[MainWindow], Handler]:
    left = edge == "left"
    return lambda window: (
        lambda stroke: window.acts.edge(
            "left" if left else "right", by=by, characters=characters, stroke=stroke
        )
    )


_HANDLERS: dict[str, Callable[[MainWindow], Handler]] = {
    # File
    "new_project": _plain(lambda window: window.projects.new),
    "open_project": _plain(lambda window: window.projects.open),
    "open_sample": _plain(lambda window: window.projects.open_sample),
    "import": _plain(lambda window: window.places.ask_import),
    "import_folder": _plain(lambda window: window.work.import_folder),
    "paste_text": _plain(lambda window: window.work.paste),
    "export": _plain(lambda window: window.places.show_export),
    "next_example": _plain(lambda window: lambda: window.places.step_export(1)),
    "previous_example": _plain(lambda window: lambda: window.places.step_export(-1)),
    "doccano": _plain(lambda window: window.places.syncs.show_dialog),
    "export_copy": _plain(lambda window: window.keeping.export_copy),
    "repair": lambda window: lambda _stroke: ask_repair(window),
    "backups": _plain(lambda window: window.keeping.show_backups),
    "close_project": _plain(lambda window: window.projects.close),
    "quit": _plain(lambda window: window.close),
    # Edit
    "undo": _plain(lambda window: window.undoing.undo),
    "redo": _plain(lambda window: window.undoing.redo),
    "try_again": _plain(lambda window: window.not_saved.try_again),
    "history": _plain(lambda window: window.places.show_history),
    "repeat": _plain(lambda window: window.deciding.repeat),
    "copy": _plain(lambda window: window.acts.copy),
    "find": _plain(lambda window: window.acts.find),
    "find_next": _plain(lambda window: lambda: window.acts.find_step(forward=True)),
    "find_previous": _plain(lambda window: lambda: window.acts.find_step(forward=False)),
    "find_take": _plain(lambda window: window.acts.find_take),
    "find_case": _plain(lambda window: window.centre.find_bar.case.toggle),
    "find_whole": _plain(lambda window: window.centre.find_bar.whole.toggle),
    "find_in_project": _plain(lambda window: window.project_search.begin),
    "jump": _plain(lambda window: window.jump.begin),
    "context_menu": _plain(lambda window: window.article_menu.show_at_selection),
    "settings": _plain(lambda window: window.places.show_settings),
    "escape": _plain(lambda window: window.acts.escape),
    "word_left": _plain(lambda window: lambda: window.acts.cursor("left")),
    "word_right": _plain(lambda window: lambda: window.acts.cursor("right")),
    "line_up": _plain(lambda window: lambda: window.acts.cursor("up")),
    "line_down": _plain(lambda window: lambda: window.acts.cursor("down")),
    "select_up": _plain(lambda window: lambda: window.acts.cursor("up", extend=True)),
    "select_down": _plain(lambda window: lambda: window.acts.cursor("down", extend=True)),
    "line_start": _plain(lambda window: lambda: window.acts.cursor("line_start")),
    "line_end": _plain(lambda window: lambda: window.acts.cursor("line_end")),
    "select_line_start": _plain(lambda window: lambda: window.acts.cursor("line_start", extend=True)),
    "select_line_end": _plain(lambda window: lambda: window.acts.cursor("line_end", extend=True)),
    "text_start": _plain(lambda window: lambda: window.acts.scroll("text_start")),
    "text_end": _plain(lambda window: lambda: window.acts.scroll("text_end")),
    "select_text_start": _plain(lambda window: lambda: window.acts.scroll("text_start", extend=True)),
    "select_text_end": _plain(lambda window: lambda: window.acts.scroll("text_end", extend=True)),
    "select_page_up": _plain(lambda window: lambda: window.acts.scroll("page_up", extend=True)),
    "select_page_down": _plain(lambda window: lambda: window.acts.scroll("page_down", extend=True)),
    "page_up": _plain(lambda window: lambda: window.acts.scroll("page_up")),
    "page_down": _plain(lambda window: lambda: window.acts.scroll("page_down")),
    # View
    "palette": _plain(lambda window: window.acts.palette),
    "documents_panel": _plain(lambda window: lambda: window.page.toggle("documents")),
    "work_panel": _plain(lambda window: lambda: window.page.toggle("work")),
    "next_panel": _plain(lambda window: lambda: window.acts.panel(forward=True)),
    "previous_panel": _plain(lambda window: lambda: window.acts.panel(forward=False)),
    "scores": _plain(lambda window: window.acts.toggle_scores),
    "plain": _plain(lambda window: window.acts.toggle_plain),
    "only_label": _plain(lambda window: window.only_labels.toggle),
    "only_found": _plain(lambda window: window.only_labels.find),
    "rejected": _plain(lambda window: window.acts.toggle_rejected),
    "compact": _plain(lambda window: window.acts.toggle_compact),
    "theme_system": _plain(lambda window: lambda: window.acts.theme("system")),
    "theme_light": _plain(lambda window: lambda: window.acts.theme("light")),
    "theme_dark": _plain(lambda window: lambda: window.acts.theme("dark")),
    "theme_high_contrast": _plain(lambda window: lambda: window.acts.theme("high_contrast")),
    "larger": _plain(lambda window: lambda: window.acts.text_size(10)),
    "smaller": _plain(lambda window: lambda: window.acts.text_size(-10)),
    "normal_size": _plain(lambda window: lambda: window.acts.text_size(0)),
    "full_screen": _plain(lambda window: window.acts.full_screen),
    "messages": _plain(lambda window: window.places.show_messages),
    # Document
    "finish": _plain(lambda window: window.finishing.finish),
    "skip": _plain(lambda window: window.places.ask_skip),
    "unfinish": _plain(lambda window: window.finishing.take_back),
    "next_document": _plain(lambda window: lambda: window.acts.neighbour(forward=True)),
    "previous_document": _plain(lambda window: lambda: window.acts.neighbour(forward=False)),
    "filter": _plain(lambda window: window.acts.filter),
    "order_file": _plain(lambda window: lambda: window.queueing.choose(Order.FILE)),
    "order_candidates": _plain(lambda window: lambda: window.queueing.choose(Order.CANDIDATES)),
    "order_random": _plain(lambda window: lambda: window.queueing.choose(Order.RANDOM)),
    "order_useful": _plain(lambda window: lambda: window.queueing.choose(Order.USEFUL)),
    "back": _plain(lambda window: lambda: window.controller.spots.travel(forward=False)),
    "forward": _plain(lambda window: lambda: window.controller.spots.travel(forward=True)),
    "note": _plain(lambda window: window.acts.note),
    "flag": _plain(lambda window: window.acts.flag),
    "rename": _plain(lambda window: window.places.ask_title),
    "document_info": _plain(lambda window: window.places.show_document_info),
    "exclude": _plain(lambda window: window.acts.exclude),
    "remove_document": _plain(lambda window: window.acts.remove_document),
    "remove_for_good": _plain(lambda window: window.places.ask_remove_for_good),
    # Candidates
    "accept": _plain(lambda window: window.deciding.accept),
    "reject": _plain(lambda window: window.deciding.reject),
    "reopen": _plain(lambda window: window.deciding.reopen),
    "next": _plain(lambda window: lambda: window.stepping.step(forward=True)),
    "previous": _plain(lambda window: lambda: window.stepping.step(forward=False)),
    "least_sure": _plain(lambda window: window.stepping.least_sure),
    "next_span": _plain(lambda window: lambda: window.stepping.step_any(forward=True)),
    "previous_span": _plain(lambda window: lambda: window.stepping.step_any(forward=False)),
    "label": lambda window: window.acts.label,
    "label_more": lambda window: window.acts.label,
    "label_letter": _plain(lambda window: window.letters.begin),
    "find_label": _plain(lambda window: window.acts.find_label),
    "reading": _plain(lambda window: lambda: window.stepping.next_reading(forward=True)),
    "reading_back": _plain(lambda window: lambda: window.stepping.next_reading(forward=False)),
    "outer": _plain(lambda window: window.stepping.outer),
    "sentence": _plain(lambda window: window.stepping.sentence),
    "fragment": _plain(lambda window: window.acts.begin_fragment),
    "drop_fragment": _plain(lambda window: window.acts.drop_fragment),
    "left_out": _edge("left", -1),
    "left_in": _edge("left", 1),
    "right_in": _edge("right", -1),
    "right_out": _edge("right", 1),
    "left_out_character": _edge("left", -1, characters=True),
    "left_in_character": _edge("left", 1, characters=True),
    "right_in_character": _edge("right", -1, characters=True),
    "right_out_character": _edge("right", 1, characters=True),
    "accept_alike": _plain(lambda window: window.deciding.accept_alike),
    "accept_alike_all": _plain(lambda window: window.alike_places.ask),
    "reject_alike": _plain(lambda window: window.deciding.reject_alike),
    "same_here": _plain(lambda window: lambda: window.same_places.ask(everywhere=False)),
    "words_to_list": _plain(lambda window: window.words_to_list.ask),
    "same_everywhere": _plain(lambda window: lambda: window.same_places.ask(everywhere=True)),
    "otherwise": _plain(lambda window: window.other_places.go),
    "accept_above": _plain(lambda window: window.above_places.ask_here),
    "accept_above_all": _plain(lambda window: window.above_places.ask_all),
    "suggest_here": _plain(lambda window: window.work.suggest_here),
    "show_fewer": _plain(lambda window: lambda: window.showing.step(-1)),
    "show_more": _plain(lambda window: lambda: window.showing.step(1)),
    "suggest_all": _plain(lambda window: window.work.suggest_all),
    # Relations, and picking a partner
    "relation": _plain(lambda window: window.relation.begin),
    "reverse": _plain(lambda window: window.deciding.reverse),
    "along": _plain(lambda window: window.acts.other_end),
    "partners_next": _plain(lambda window: lambda: window.acts.partners(forward=True)),
    "partners_previous": _plain(lambda window: lambda: window.acts.partners(forward=False)),
    "other_end": _plain(lambda window: window.relation.other_end),
    "likeliest": _plain(lambda window: window.relation.take),
    "turn_choice": _plain(lambda window: window.relation.turn_choice),
    "leave_relation": _plain(lambda window: window.relation.leave),
    "only_type": lambda window: window.relation.digit,
    "only_type_more": lambda window: window.relation.digit,
    # Letters over words, and letters of labels
    "jump_next": _plain(lambda window: lambda: window.acts.jump_page(forward=True)),
    "jump_previous": _plain(lambda window: lambda: window.acts.jump_page(forward=False)),
    "jump_back": _plain(lambda window: window.jump.back),
    "leave_jump": _plain(lambda window: window.jump.leave),
    "take_letter": _plain(lambda window: window.letters.take_marked),
    "leave_letters": _plain(lambda window: window.letters.leave),
    # Tools and help
    "schema": _plain(lambda window: window.places.show_schema),
    "mapping": _plain(lambda window: window.places.show_mapping),
    "add_pipeline": _plain(lambda window: window.places.add_pipeline),
    "train": _plain(lambda window: window.places.trainings.show_dialog),
    "new_patterns": _plain(lambda window: window.places.suggesters.new_list),
    "suggesters": _plain(lambda window: window.places.suggesters.show),
    "add_patterns": _plain(lambda window: window.places.suggesters.add_files),
    "handbook": _plain(lambda window: window.places.show_handbook),
    "keys": _plain(lambda window: window.places.show_keys),
    "about": _plain(lambda window: window.places.show_about),
}
