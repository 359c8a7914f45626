"""Figures: what a benchmark measured, as a ratio to what the libraries do at least."""

from __future__ import annotations

import math
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from statistics import median

Figure = tuple[str, float, float]
"""What was measured, the ratio, its bar; a bar of infinity is for information only."""

Lap = Callable[[], Awaitable[float]]
"""Does the thing once; gives the seconds that count."""

INFORMATION = math.inf


async def medians(laps: Mapping[str, Lap], rounds: int, warm_up: int) -> dict[str, float]:
    """The median of each lap. They take turns, so that the noise of the machine meets all of them."""
    taken: dict[str, list[float]] = {name: [] for name in laps}
    for number in range(warm_up + rounds):
        for name, lap in laps.items():
            seconds = await lap()
            if number >= warm_up:
                taken[name].append(seconds)
    return {name: median(seconds) for name, seconds in taken.items()}


def in_milliseconds(ours: float, bare: float) -> str:
    return f"{ours * 1000:.1f} ms / {bare * 1000:.1f} ms"


def is_met(figure: Figure) -> bool:
    _, ratio, bar = figure
    return ratio <= bar


def table(figures: Sequence[Figure]) -> str:
    """One line a figure: what, figure, bar, ok."""
    width = max((len(what) for what, _, _ in figures), default=0)
    head = f"{'what':<{width}}   figure     bar  ok"
    return "\n".join([head, *(_line(figure, width) for figure in figures)])


def _line(figure: Figure, width: int) -> str:
    what, ratio, bar = figure
    limit, verdict = ("", "") if math.isinf(bar) else (f"{bar:.2f} x", "yes" if is_met(figure) else "NO")
    return f"{what:<{width}}  {ratio:>5.2f} x  {limit:>6}  {verdict}"


def report(measure: Callable[[], list[Figure]]) -> int:
    """Measure and print; 1 when a bar is missed."""
    figures = measure()
    sys.stdout.write(table(figures) + "\n")
    return int(not all(map(is_met, figures)))
