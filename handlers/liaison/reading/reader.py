"""Reading a liaison statement from the bytes of a file, or from a text that somebody pasted."""

from __future__ import annotations

from pathlib import PurePosixPath

from handlers.liaison.reading.composing import composed
from handlers.liaison.reading.mail_file import looks_like_mail, read_mail
from handlers.liaison.reading.page import Page, lines_of
from handlers.liaison.reading.statement import ReadStatement
from handlers.liaison.reading.unreadable import Unreadable

LARGEST = 25 * 2**20
"""Bytes of a file that is read at all."""
_ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_FORMS = "Send a liaison statement as .docx, .pdf, .eml or .txt, or paste its text."


def read(name: str, content: bytes) -> ReadStatement:
    """The statement in a file. Raises nothing but `Unreadable`, which says why to a person."""
    try:
        return _read(name, content)
    except (MemoryError, RecursionError) as error:
        raise Unreadable("The file needs too much memory to be read.", _FORMS) from error


def text_of(name: str, content: bytes) -> str:
    """What can be read in a file, whether it is a statement or not. Raises nothing but `Unreadable`."""
    try:
        return page_of(name, content).text
    except (MemoryError, RecursionError) as error:
        raise Unreadable("The file needs too much memory to be read.", _FORMS) from error


def read_text(text: str) -> ReadStatement:
    """The statement in a pasted text. Raises nothing but `Unreadable`."""
    if not text.strip():
        raise Unreadable("The text is empty.", _FORMS)
    return composed(Page(lines_of(text)))


def _read(name: str, content: bytes) -> ReadStatement:
    _check(content)
    is_other = content.startswith(_ARCHIVES) or b"%PDF-" in content[:1024]
    if not is_other and (_suffix(name) == ".eml" or looks_like_mail(content)):
        _refuse_others(_suffix(name), content)
        return read_mail(content, page_of, composed)
    return composed(page_of(name, content))


def page_of(name: str, content: bytes) -> Page:
    """The document in a file, whatever its kind; what it is is told from its content, not its name."""
    _check(content)
    # The libraries of a kind are imported where it is met: most files need only one of them, and start-up none.
    if content.startswith(_ARCHIVES):
        from handlers.liaison.reading.word_file import read_word

        return read_word(content)
    if b"%PDF-" in content[:1024]:
        from handlers.liaison.reading.pdf_file import read_pdf

        return read_pdf(content)
    _refuse_others(_suffix(name), content)
    return Page(lines_of(_decoded(content)))


def _check(content: bytes) -> None:
    if not content:
        raise Unreadable("The file is empty.", _FORMS)
    if len(content) > LARGEST:
        raise too_large(len(content))


def too_large(size: int) -> Unreadable:
    """Why a file of so many bytes is not read."""
    return Unreadable(
        f"The file has {-(-size // 2**20)} MB; at most {LARGEST // 2**20} MB are read.",
        "Send the statement without what is attached to it.",
    )


def _suffix(name: str) -> str:
    return PurePosixPath(name.lower().strip().replace("\x00", "")).suffix


_SIGNATURES = (
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"BM", "a picture"),
    (b"RIFF", "a picture or a recording"),
    (b"II*\x00", "a picture"),
    (b"MM\x00*", "a picture"),
    (b"{\\rtf", "a rich-text file"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"\x1f\x8b", "a packed file"),
    (b"Rar!", "a packed file"),
    (b"7z\xbc\xaf", "a packed file"),
)


def _refuse_others(suffix: str, content: bytes) -> None:
    if content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise Unreadable(
            "The file is encrypted, or a Word file of before 2007, and cannot be read.",
            "Save it as .docx without a password and send it again.",
        )
    for signature, kind in _SIGNATURES:
        if content.startswith(signature) and (len(signature) > 2 or b"\x00" in content[:512]):
            raise Unreadable(f"The file is {kind}, whatever its name says, and no liaison statement.", _FORMS)
    if suffix in (".docx", ".docm", ".pdf"):
        raise Unreadable(f"The file is called {suffix} but is none.", _FORMS)
    if b"\x00" in content and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Unreadable("The file is no text and no document that can be read.", _FORMS)


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("windows-1252", "replace")
