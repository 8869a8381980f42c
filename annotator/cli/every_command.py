"""Every command of the terminal; loaded where one is wanted, and not for the window."""

from __future__ import annotations

from annotator.cli import (
    checking,
    commands,
    doccano,
    exchange,
    keeping,
    learning,
    listing,
    patterns,
    pipelines,
    removing,
    repairing,
    training,
)

COMMANDS = (
    *commands.COMMANDS,
    *exchange.COMMANDS,
    checking.check,
    doccano.doccano,
    listing.formats,
    *keeping.COMMANDS,
    learning.learn,
    patterns.patterns,
    pipelines.pipelines,
    removing.remove,
    repairing.repair,
    training.train,
)
"""All but the one that opens the window."""
