"""Pictures of what a person sees, made alike on every machine with the same fonts, for somebody to look at.

    python -m tests.pictures FOLDER [SCENE ...]

writes every scene (`scenes.py`) at 1x and 2x; Qt's offscreen platform does. Nothing is compared: a picture is judged
by eye, in light and dark, beside the one from before a change.
"""
