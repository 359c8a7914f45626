"""A progress bar on standard error, for work that lasts, when somebody looks."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress

PATIENCE = 0.5
"""Seconds before a bar appears."""


class ProgressBar:
    """Call it with (done, total); it shows itself once the work has taken a while."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._looked_at = sys.stderr.isatty()
        self._began = time.monotonic()
        self._bar: Progress | None = None

    def __enter__(self) -> ProgressBar:
        return self

    def __call__(self, done: int, total: int) -> None:
        if not self._looked_at or time.monotonic() - self._began < PATIENCE:
            return
        if self._bar is None:
            self._bar = _bar()
            self._bar.add_task(self._label)
            self._bar.start()
        self._bar.update(self._bar.task_ids[0], completed=done, total=total)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar:
            self._bar.stop()


def _bar() -> Progress:
    # Most work is over before a bar would show: rich is not imported for that.
    from rich.console import Console
    from rich.progress import Progress

    return Progress(console=Console(stderr=True), transient=True)
