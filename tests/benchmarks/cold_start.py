"""A cold start: `ask` in a process of its own, against importing the three largest libraries that it needs."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from tests.benchmarks import databases
from tests.benchmarks.figures import Figure, in_milliseconds, report

BAR = 2.0
ROUNDS = 9
ROOT = Path(__file__).parents[2]
ASK = ("-m", "bot", "ask", "What has ETSI published on QKD interfaces since 2020?")
IMPORT = ("-c", "import sqlalchemy.ext.asyncio, jinja2, pydantic")


def measure() -> list[Figure]:
    with TemporaryDirectory() as folder:
        environment = {**os.environ, "LIAISON_BOT_DATABASE_URL": f"sqlite:///{databases.sample(Path(folder))}"}
        asked, imported = [], []
        for number in range(ROUNDS + 1):
            pair = _took(ASK, environment), _took(IMPORT, environment)
            if number:  # the first one finds the files on disk
                asked.append(pair[0])
                imported.append(pair[1])
    ours, bare = median(asked), median(imported)
    return [(f"ask from a cold start / importing its libraries ({in_milliseconds(ours, bare)})", ours / bare, BAR)]


def _took(arguments: tuple[str, ...], environment: dict[str, str]) -> float:
    start = time.perf_counter()
    subprocess.run((sys.executable, *arguments), cwd=ROOT, env=environment, check=True, capture_output=True)
    return time.perf_counter() - start


if __name__ == "__main__":
    sys.exit(report(measure))
