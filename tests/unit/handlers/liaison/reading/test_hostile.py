"""Hostile files are refused within bounds of time and memory, with a sentence that says why."""

from __future__ import annotations

import os
import subprocess
import sys
import zlib
from dataclasses import dataclass
from json import loads
from time import process_time

import pytest

from handlers.liaison.reading.apart import command, environment, read_apart
from handlers.liaison.reading.reader import LARGEST
from handlers.liaison.reading.unreadable import Unreadable
from tests.unit.handlers.liaison.reading.making import ROWS, archive, changed, mail, pdf, pdf_of, word

MOST_SECONDS = 2.0
MOST_MEMORY = 200 * 2**20
DOCUMENT = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>%s</w:body></w:document>'
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + index, b"&%c;" % (97 + index) * 10) for index in range(9))
    + b"]><x>&j;</x>"
)
EXTERNAL = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
LOOP = "<</Type/Pages/Kids[2 0 R 3 0 R]/Count 2/Parent 2 0 R>>"
PICTURE = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR" + bytes(500)


def document(entry: str, content: bytes) -> bytes:
    return changed(word(ROWS, ["Text."]), {entry: content})


def bomb() -> bytes:
    return document("word/document.xml", DOCUMENT % (b"<w:p/>" * (60 * 2**20 // 6)))


def heavy() -> bytes:
    """A text that is within the bounds of an archive, and yet takes much memory as a tree."""
    paragraph = b"<w:p><w:r><w:t>%s</w:t></w:r></w:p>"
    return document(
        "word/document.xml", DOCUMENT % b"".join(paragraph % os.urandom(8).hex().encode() for _ in range(190_000))
    )


def deep() -> bytes:
    return document("word/document.xml", DOCUMENT % (b"<w:sdt>" * 200_000 + b"</w:sdt>" * 200_000))


def packed_stream() -> bytes:
    """A PDF whose page unpacks to 400 MB."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b" " * 2**20) for _ in range(400)) + packer.flush()
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>"
    made = (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj" + page
    )
    made += b"endobj\n4 0 obj<</Length %d/Filter/FlateDecode>>\nstream\n" % len(packed) + packed
    return made + b"\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF"


HOSTILE = {
    "flat-bomb.docx": (bomb, "unpacks to far more"),
    "nested-bomb.docx": (
        lambda: archive({f"{n}.zip": archive({"0": bytes(2**22)}) for n in range(50)}),
        "no Word file",
    ),
    "many-entries.docx": (
        lambda: changed(word(ROWS), {f"word/media/{n}.png": b"" for n in range(4000)}),
        "not made as Word",
    ),
    "heavy.docx": (heavy, ""),
    "deep.docx": (deep, ""),
    "macros.docm": (lambda: document("word/vbaProject.bin", b"\xd0\xcf\x11\xe0"), "has macros"),
    "macros-by-type.docx": (
        lambda: document(
            "[Content_Types].xml", b"<Types>application/vnd.ms-word.document.macroEnabled.main+xml</Types>"
        ),
        "has macros",
    ),
    "laughs.docx": (lambda: document("word/document.xml", LAUGHS), "declares entities"),
    "external.docx": (lambda: document("word/document.xml", EXTERNAL), "declares entities"),
    "external-in-settings.docx": (lambda: document("word/settings.xml", EXTERNAL), "declares entities"),
    "utf-16.docx": (lambda: document("word/document.xml", EXTERNAL.decode().encode("utf-16")), "an encoding"),
    "broken.docx": (lambda: word(ROWS)[:3000], "damaged"),
    "broken-inside.docx": (lambda: document("word/document.xml", b"<w:document>"), "damaged"),
    "picture.docx": (lambda: PICTURE, "is a picture"),
    "archive.docx": (lambda: archive({"notes.txt": b"Hello"}), "no Word file"),
    "old.doc": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "encrypted, or a Word file of before 2007"),
    "empty.docx": (lambda: b"", "is empty"),
    "binary.bin": (lambda: bytes(range(256)) * 40, "no text and no document"),
    "letter.docx": (
        lambda: word((), ["Dear Sir,", "From: Jane", "To: John", "Subject: Your invoice", "Please pay."]),
        "no liaison",
    ),
    "letter.txt": (lambda: b"Dear Jane,\nthe liaison statement is late.\nYours, John\n", "no liaison"),
    "invoice.eml": (lambda: mail("Invoice", "Dear Jane,\nplease pay.\n"), "no liaison"),
    "bomb.eml": (lambda: mail("LS on X", "See attached.", {"ls.docx": bomb()}), "unpacks to far more"),
    "no-text.pdf": (lambda: pdf([]), "no text"),
    "encrypted.pdf": (
        lambda: pdf(
            ["x"], "/Encrypt<</Filter/Standard/V 1/R 2/O(" + "a" * 32 + ")/U(" + "b" * 32 + ")/P -4>>/ID[(a)(a)]"
        ),
        "encrypted",
    ),
    "loop.pdf": (lambda: pdf_of(["<</Type/Page/Parent 2 0 R>>", "BT ET"], pages=LOOP), ""),
    "bomb.pdf": (packed_stream, ""),
    "broken.pdf": (lambda: b"%PDF-1.4\nrubbish", "damaged"),
    "lines.txt": (lambda: b"To:\n" * 200_000 + b"a:" * 10**6, "no liaison"),
    "commas.txt": (lambda: b"Title: LS\nSource: SG13\nFor action to: " + b"SG13 and ," * 10**6, ""),
    "digits.txt": (lambda: b"Title: LS\nSource: SG13\nFor action to: SG17\n\n" + b"1 2 3 (" * 10**6, ""),
}


@dataclass(frozen=True)
class Outcome:
    said: dict[str, str]
    seconds: float
    memory: int
    """Bytes, at the most."""


WATCH = """
import os, subprocess, sys
process = subprocess.Popen(sys.argv[1:], stdin=sys.stdin)
_pid, status, used = os.wait4(process.pid, 0)
print("", used.ru_utime + used.ru_stime, used.ru_maxrss)
"""
"""A small process between: what a process has at its start counts as its own at the end."""


def watched(name: str, content: bytes) -> Outcome:
    """What the reading process says of a file, and what it took."""
    watching = (sys.executable, "-c", WATCH, *command(name))
    done = subprocess.run(watching, input=content, capture_output=True, env=environment(), check=True)
    said, seconds, kilobytes = done.stdout.rsplit(maxsplit=2)
    answer = loads(said) if said else {"unreadable": "ended by the system"}
    return Outcome(answer, float(seconds), int(kilobytes) * 1024)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_within_two_seconds_and_200_mb(name: str) -> None:
    make, reason = HOSTILE[name]
    outcome = watched(name, make())
    assert reason in outcome.said.get("unreadable", "")
    assert "unreadable" in outcome.said or not reason
    assert outcome.seconds < MOST_SECONDS
    assert outcome.memory < MOST_MEMORY


async def test_a_file_of_100_mb_is_refused_unread() -> None:
    begun = process_time()
    with pytest.raises(Unreadable, match="100 MB; at most 25 MB"):
        await read_apart("large.docx", bytes(100 * 2**20))
    assert process_time() - begun < MOST_SECONDS


async def test_a_refusal_of_the_process_is_a_refusal_of_the_reader() -> None:
    with pytest.raises(Unreadable) as refused:
        await read_apart("picture.docx", PICTURE)
    assert "picture" in refused.value.message
    assert refused.value.hint


async def test_a_process_that_takes_no_file_in_is_no_error_of_ours() -> None:
    with pytest.raises(Unreadable):
        await read_apart("x\x00.docx", b"\x00" * LARGEST)


def test_a_statement_is_read_in_less_than_a_second_and_a_half() -> None:
    outcome = watched("ls.docx", word(ROWS, ["Text."]))
    assert outcome.said["title"]
    assert outcome.seconds < 1.5
    assert outcome.memory < MOST_MEMORY


def test_the_process_knows_no_secret_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIAISON_BOT_SLACK_BOT_TOKEN", "secret")
    assert set(environment()) == {"PYTHONPATH", "PYTHONUTF8"}
