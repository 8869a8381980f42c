"""The ranker's weights; data. Which evidence each stands for is told in `ranking.py`."""

from __future__ import annotations

from collections.abc import Mapping

WEIGHTS: Mapping[str, float] = {
    "always": -0.98,
    "start": 0.33,
    "start_other": -0.34,
    "start_across": -0.45,
    "start_precision": 0.10,
    "start_mapping": 0.14,
    "start_by_entities": -0.01,
    "tagger": 0.32,
    "tagger_marginal": 0.36,
    "tagger_other": 0.82,
    "tagger_across": -0.27,
    "tagger_precision": 0.17,
    "tagger_by_entities": 0.05,
    "agree": 0.08,
    "soft": 0.40,
    "soft_marginal": 0.52,
    "soft_by_entities": 1.05,
    "outside": -0.07,
    "outside_by_entities": 0.02,
    "no_tagger": -0.14,
    "not_tagged_by_entities": -0.62,
    "memory": 0.72,
    "memory_ratio": 0.30,
    "memory_count": 0.11,
    "memory_other": -1.81,
    "memory_longer": -1.80,
    "memory_precision": 0.19,
    "alike": 0.12,
    "alike_ratio": 0.13,
    "rejected": -0.21,
    "rejected_only": -1.10,
    "small": -0.15,
}
"""For each evidence what it adds to the logit of the probability that a span with its label is right."""
