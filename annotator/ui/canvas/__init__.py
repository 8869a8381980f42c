"""The article view: text with its spans and relations, drawn and worked on.

It may import `annotator.model`, the theme and the fonts; it knows no project, no schema and no key.
It is handed values (`items.py`), draws them and says what a person points at; it never changes them itself.
Start with `view.py`, the public face, then `scene.py` (what is drawn) and `compose.py` (how a paragraph is).
"""
