"""What stands beside the article: documents on the left; labels, spans, relations, notes, guide on the right.

May import the model, `annotator.ui.models`, the widgets, fonts and theme; knows a project only as the values
it is handed and the session it lists documents from. A panel says by a signal what is wanted, no more.
Start with `state.py` (what the right panel is handed), then `documents.py` and `work.py`.
"""
