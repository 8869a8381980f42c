"""The terminal: thin commands over the workflows, for scripts and for people who like it.

May import workflows and the values of the model; never the store, never the window.
`main.py` holds the entry point, `commands.py` the commands, `output.py` the one line of JSON and the messages.
"""
