"""Files at a terminal: those that come with an answer are saved, `file PATH` sends one, `@PATH` is the text of one."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath

from bot.render.escape import one_line
from handlers.command import Attachment
from handlers.line import quote

_UNSAFE = re.compile(r"[^\w .()+,-]")
_SENT = re.compile(r"file\s+(?:\"([^\"]+)\"|'([^']+)'|(\S+))(?:\s+(.*))?", re.IGNORECASE | re.DOTALL)


_TEXT = re.compile(r"(?:(?<=^)|(?<=\s)|(?<=\w=))@(?:\"([^\"]+)\"|'([^']+)'|(\S+))(?=\s|$)")
_LONGEST_TEXT = 200_000


class NoText(Exception):
    """A file that was named has no text that could be taken; says why, for the person."""


def safe_name(attachment: Attachment) -> str:
    """A plain name for the file, whatever it was called."""
    last = PurePosixPath(one_line(attachment.name).replace("\\", "/")).name
    return _UNSAFE.sub("_", last).lstrip(". ")[-100:] or "file"


def described(attachment: Attachment) -> str:
    """'report.docx (12 kB)'."""
    size = len(attachment.content)
    return f"{safe_name(attachment)} ({size // 1024} kB)" if size >= 1024 else f"{safe_name(attachment)} ({size} bytes)"


def save(attachment: Attachment, folder: Path) -> Path:
    """Save the file under a name that is free; nothing is overwritten. Raises `OSError`."""
    name = Path(safe_name(attachment))
    number = 1
    while True:
        path = folder / (name.name if number == 1 else f"{name.stem}-{number}{name.suffix}")
        try:
            with path.open("xb") as file:
                file.write(attachment.content)
        except FileExistsError:
            number += 1
        else:
            return path


def sent(line: str) -> tuple[Path, str] | None:
    """The file of `file PATH [command line]`, and that line. None: it is no such line."""
    found = _SENT.fullmatch(line)
    if found is None:
        return None
    typed = found[1] or found[2] or found[3]
    looks_like_path = bool(found[1] or found[2] or "/" in typed or "." in typed)
    try:
        path = Path(typed).expanduser().absolute()
        return (path, found[4] or "") if looks_like_path or path.is_file() else None
    except (OSError, RuntimeError, ValueError):
        return None


def problem_of(path: Path) -> str:
    """Why nothing can be sent from there, and what to type; empty where there is a file."""
    if path.is_dir():
        return "this is a folder. Type file and the path of one file in it."
    return "" if path.exists() else "there is no such file. Type file and the right path, as in file ~/report.pdf."


def with_texts(line: str) -> str:
    """The line with the text of a file where it says `@notes.md` or `text=@notes.md`. Raises `NoText`.

    What names no file is left as it is, unless it can mean nothing else.
    """
    if "\n" in line:
        return line
    if whole := _TEXT.fullmatch(line):
        return _text(whole)
    return _TEXT.sub(lambda found: quote(text) if (text := _text(found)) else found[0], line)


def _text(found: re.Match[str]) -> str:
    """What the file says; empty where `@…` may be something else than a file."""
    typed = found[1] or found[2] or found[3]
    is_value = found.start() > 0 and found.string[found.start() - 1] == "="
    try:
        path = Path(typed).expanduser().absolute()
        if not path.is_file():
            if is_value or found[0] == found.string:
                raise NoText(f"There is no file {typed}. Nothing was sent.")
            return ""
        if path.stat().st_size > _LONGEST_TEXT:
            raise NoText(f"{typed} is too long for a message. Nothing was sent.")
        return path.read_text("utf-8-sig").strip()
    except UnicodeDecodeError:
        raise NoText(f"{typed} is no text: send it with file {typed}.") from None
    except (OSError, RuntimeError, ValueError) as error:
        raise NoText(f"{typed} cannot be read: {error}. Nothing was sent.") from None
