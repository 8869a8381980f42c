"""The sample articles and their gold annotation: what ships agrees with itself.

The files are read with the standard library alone, so that no reader of ours can hide a fault in them.
"""
