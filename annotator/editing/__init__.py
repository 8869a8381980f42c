"""The only door for writing: commands say what a person wants, the editor checks, writes and journals it.

May import the store and the model. `commands.py` holds every command as a frozen value (the same object in the
window, the terminal and the tests); `planning.py` and its neighbours turn one into changes; `editor.py` does
it in one transaction; `history.py` undoes and redoes; `removing.py` is the one act without undo. Start with
`commands.py`.
"""
