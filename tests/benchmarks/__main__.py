"""All benchmarks, one after the other, each in a process of its own: `python -m tests.benchmarks`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from tests.benchmarks import (
    cold_start,
    delivery_kills,
    delivery_pace,
    delivery_throughput,
    directory,
    enqueue,
    idle_cpu,
    idle_memory,
    import_large,
    liaison_search,
    question_at_scale,
    reminders,
    slack_command,
    telegram_echo,
)
from tests.benchmarks.figures import Figure, is_met, table

BENCHMARKS = (
    telegram_echo,
    slack_command,
    question_at_scale,
    liaison_search,
    directory,
    cold_start,
    idle_memory,
    import_large,
    reminders,
    enqueue,
    delivery_throughput,
    delivery_kills,
    delivery_pace,
    idle_cpu,
)


def measured() -> Iterator[list[Figure]]:
    for benchmark in BENCHMARKS:
        yield alone(benchmark.measure)


def alone(measure: Callable[[], list[Figure]]) -> list[Figure]:
    """What one leaves in memory does not slow the next one down."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(measure).result()


def main() -> int:
    """Print what was measured, its bar, and whether it is met; 1 when a bar is missed."""
    figures: list[Figure] = []
    for some in measured():
        print("·", end="", file=sys.stderr, flush=True)
        figures += some
    print(file=sys.stderr)
    print(table(figures))
    return int(not all(map(is_met, figures)))


if __name__ == "__main__":
    sys.exit(main())
