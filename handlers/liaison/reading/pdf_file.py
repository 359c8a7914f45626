"""PDF files: their text, page after page, where they have one."""

from __future__ import annotations

import io
import logging

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from handlers.liaison.reading.page import LONGEST, Page, lines_of
from handlers.liaison.reading.unreadable import Unreadable

MOST_PAGES = 60
_PASTE = "Send the Word file, or paste its text."


def read_pdf(content: bytes) -> Page:
    """The lines of a PDF. Raises `Unreadable`."""
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        text = _text(content)
    except Unreadable:
        raise
    except (MemoryError, RecursionError):
        raise
    except Exception as error:  # a damaged PDF makes pypdf raise almost anything
        raise Unreadable("The PDF is damaged and cannot be read.", _PASTE) from error
    if not any(character.isalpha() for character in text):
        raise Unreadable("The PDF has no text, only pictures of it.", _PASTE)
    return Page(lines_of(text))


def _text(content: bytes) -> str:
    try:
        reader = PdfReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unreadable("The PDF is encrypted and cannot be read.", "Send it without a password.")
    except (PyPdfError, NotImplementedError, ImportError) as error:
        if "ncrypt" in str(error) or "AES" in str(error):
            raise Unreadable("The PDF is encrypted and cannot be read.", "Send it without a password.") from error
        raise
    pages: list[str] = []
    length = 0
    for page in list(reader.pages[:MOST_PAGES]):
        pages.append(page.extract_text() or "")
        length += len(pages[-1])
        if length > LONGEST:
            break
    return "\n".join(pages)
