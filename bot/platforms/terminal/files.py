"""Files that come with an answer: what they are called here, and where they are saved."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath

from bot.render.escape import one_line
from handlers.command import Attachment

_UNSAFE = re.compile(r"[^\w .()+,-]")


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
