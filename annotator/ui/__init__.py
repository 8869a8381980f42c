"""The window: everything that is seen and clicked, and the only place where Qt lives.

It asks `annotator.workflows` for everything and changes nothing but by the values of `editing.commands`; it may
import those and the model, never the store, never the terminal. A key press goes one way: `actions.py` (the one
table) -> `article_keys.py` or a menu -> `handlers.py` -> `deciding.py` -> `controller.py` -> session -> `bridge.py`
-> back to the controller, whose signals repaint. Start reading with `window.py`, which names all parts.
"""
