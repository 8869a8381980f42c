"""What holds the house together: its floors, its quick start, its signs, its set-up.

Nothing here tests what the program does for a person.
"""
