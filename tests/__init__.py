"""Tests of the program: folders mirror `annotator/`.

Beside them stand `house/` (layers, start, signs), `end_to_end/`, `benchmarks/` and `data/`.
"""
