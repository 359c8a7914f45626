"""The process that reads one file for the bot, inside bounds that the system keeps.

    python -m handlers.liaison.reading.child NAME < FILE

prints the statement as JSON, or `{"unreadable": ..., "hint": ...}`; with `--text` before the name its text alone.
"""

from __future__ import annotations

import json
import signal
import sys
from dataclasses import asdict
from types import FrameType

import handlers.liaison.reading.mail_file
import handlers.liaison.reading.pdf_file
import handlers.liaison.reading.word_file  # noqa: F401  # before the bounds, which are for the file and not for us
from handlers.liaison.reading.reader import LARGEST, read, text_of
from handlers.liaison.reading.unreadable import Unreadable

TEXT = "--text"
"""What is wanted is the text of a file, whatever it is."""
MEMORY = 120 * 2**20
"""Bytes of address space beyond what the libraries take: with them, the process stays under 200 MB."""
SECONDS = 1.0
"""Of CPU for the file; after a second more the system ends the process."""
TOO_LONG = Unreadable("The file takes too long to read.", "Send the statement as .docx, or paste its text.")


class _TooLong(BaseException):
    """No library may catch this as an error of the file."""


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise _TooLong


def main() -> int:
    bound()
    *flags, name = sys.argv[1:] or [""]
    content = sys.stdin.buffer.read(LARGEST + 1)
    try:
        said = json.dumps(text_of(name, content) if TEXT in flags else asdict(read(name, content)))
    except _TooLong:
        said = _refusal(TOO_LONG)
    except Unreadable as unreadable:
        said = _refusal(unreadable)
    except MemoryError:
        said = _refusal(Unreadable("The file needs too much memory to be read.", TOO_LONG.hint))
    signal.setitimer(signal.ITIMER_PROF, 0)
    sys.stdout.write(said)
    sys.stdout.flush()
    return 0


def _refusal(unreadable: Unreadable) -> str:
    return json.dumps({"unreadable": unreadable.message, "hint": unreadable.hint})


def bound() -> None:
    """Bound this process. Where the system knows no such bound (macOS: memory), the others stay."""
    import resource

    signal.signal(signal.SIGPROF, _stop)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime + SECONDS) + 1
    limits = [
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NPROC, 0),
    ]
    if space := _address_space():
        limits.append((resource.RLIMIT_AS, space + MEMORY))
    for kind, most in limits:
        try:
            resource.setrlimit(kind, (most, most))
        except (ValueError, OSError):
            continue


def _address_space() -> int:
    """Bytes of address space that this process has; 0 where the system does not tell."""
    try:
        with open("/proc/self/statm", encoding="ascii") as statm:
            pages = int(statm.read().split()[0])
    except (OSError, ValueError, IndexError):
        return 0
    import resource

    return pages * resource.getpagesize()


if __name__ == "__main__":
    sys.exit(main())
