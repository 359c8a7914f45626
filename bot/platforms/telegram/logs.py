"""Logs: what the libraries below must not write."""

from __future__ import annotations

import logging

# httpx and httpcore write addresses, which hold the token; telegram writes parameters, which hold the secret.
_TALKATIVE = ("httpx", "httpcore", "telegram")


def silence_libraries() -> None:
    """From now on these libraries write warnings only, whatever level the rest of the program has."""
    for name in _TALKATIVE:
        logger = logging.getLogger(name)
        logger.setLevel(max(logger.level, logging.WARNING))
