"""annotator: label articles for training corpora, offline, mostly from the keyboard.

The house has floors. `model` is the ground (values, no input or output); `store` keeps the project file;
`editing` is the only door for writing; `formats`, `suggest`, `quality` and `sync` stand beside each other;
`workflows` is everything a person can ask for; `cli` and `ui` are two faces of it.
Start reading in `annotator/model/__init__.py`.
"""

__version__ = "0.1.0"
