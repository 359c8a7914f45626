"""`liaison-bot import`: read a file into the database."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from bot.cli.progress import ProgressBar
from bot.command_line import Failure, Usage
from bot.settings import Settings
from storage.database import Database
from storage.transfer import FileRefused, Outcome, RowDifference, import_file, kind_names
from storage.transfer.problems import shown

_LONGEST_VALUE = 200


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kind", metavar="KIND", help=", ".join(kind_names()))
    parser.add_argument("file", metavar="FILE", help="CSV or JSON, also compressed with gzip")
    parser.add_argument("--dry-run", action="store_true", help="show what would be added and changed, and do not do it")


async def run(chosen: argparse.Namespace, settings: Settings) -> int:
    expect_kind(chosen.kind)
    database = Database(settings.database_url.get_secret_value())
    differences: list[RowDifference] = []
    try:
        await database.check()
        with ProgressBar(f"importing {chosen.kind}") as bar:
            outcome = await import_file(
                database,
                chosen.kind,
                Path(chosen.file),
                datetime.now(UTC),
                dry_run=chosen.dry_run,
                progress=bar,
                on_difference=differences.append if chosen.dry_run else None,
            )
    except FileRefused as refused:
        _list_problems(refused)
        raise Failure(in_words(refused)) from refused
    finally:
        await database.close()
    sys.stdout.writelines(map(_in_lines, differences))
    sys.stdout.write(f"{_summary(outcome, chosen.dry_run)}\n")
    sys.stderr.writelines(f"note: {note}\n" for note in outcome.notes)
    return 0


def expect_kind(kind: str) -> None:
    """Raise `Usage` unless there is such a kind."""
    if kind not in kind_names():
        raise Usage(f"there is no kind {shown(kind)}; the kinds are {', '.join(kind_names())}")


def in_words(refused: FileRefused) -> str:
    """A refusal in one line."""
    return f"{refused.message}; {refused.hint}" if refused.hint else refused.message


def _list_problems(refused: FileRefused) -> None:
    sys.stderr.writelines(f"{problem}\n" for problem in refused.problems)
    if refused.count > len(refused.problems):
        sys.stderr.write(f"… and {refused.count - len(refused.problems):,} more problems\n")


def _in_lines(difference: RowDifference) -> str:
    lines = [f"row {difference.row}, {shown(difference.key)}: {'added' if difference.added else 'changed'}"]
    for column, old, new in difference.fields:
        before = "" if difference.added else f"{shown(old, _LONGEST_VALUE)} -> "
        lines.append(f"  {column}: {before}{shown(new, _LONGEST_VALUE)}")
    return "\n".join(lines) + "\n"


def _summary(outcome: Outcome, dry_run: bool) -> str:
    made = f"; also made: {', '.join(outcome.made)}" if outcome.made else ""
    if dry_run:
        return f"{outcome}{made} (dry run: nothing was written)"
    return f"{outcome}; nothing to change" if outcome.is_nothing else f"{outcome}{made}"
