"""Sniffing: what a file is, told from its content and never from what its sender says."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection, Mapping
from pathlib import PurePosixPath
from types import MappingProxyType

UNKNOWN = "application/octet-stream"

_OFFICE = "application/vnd.openxmlformats-officedocument"
_SIGNATURES = (
    (0, b"%PDF-", "application/pdf"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (8, b"WAVE", "audio/wav"),
    (8, b"AVI ", "video/x-msvideo"),
    (0, b"II*\x00", "image/tiff"),
    (0, b"MM\x00*", "image/tiff"),
    (4, b"ftypheic", "image/heic"),
    (4, b"ftypM4A", "audio/mp4"),
    (4, b"ftypqt", "video/quicktime"),
    (4, b"ftyp", "video/mp4"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
    (0, b"OggS", "audio/ogg"),
    (0, b"fLaC", "audio/flac"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"\xff\xf3", "audio/mpeg"),
    (0, b"{\\rtf", "application/rtf"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"Rar!\x1a\x07", "application/vnd.rar"),
    (0, b"\x1f\x8b", "application/gzip"),
    (0, b"BZh", "application/x-bzip2"),
    (0, b"\xfd7zXZ\x00", "application/x-xz"),
    (257, b"ustar", "application/x-tar"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BY_FOLDER = MappingProxyType(
    {
        "word/": f"{_OFFICE}.wordprocessingml.document",
        "xl/": f"{_OFFICE}.spreadsheetml.sheet",
        "ppt/": f"{_OFFICE}.presentationml.presentation",
    }
)
_OLE_KINDS = MappingProxyType(
    {
        ".doc": "application/msword",
        ".xls": "application/vnd.ms-excel",
        ".ppt": "application/vnd.ms-powerpoint",
        ".msg": "application/vnd.ms-outlook",
    }
)
# A text is a text; of what kind only its name tells.
_TEXTS = MappingProxyType(
    {
        ".csv": "text/csv",
        ".md": "text/markdown",
        ".ics": "text/calendar",
        ".json": "application/json",
        ".tex": "application/x-tex",
        ".eml": "message/rfc822",
    }
)
_MARKUP = ((b"<!doctype html", "text/html"), (b"<html", "text/html"), (b"<svg", "image/svg+xml"))
_PROGRAMS = (
    *(b"\x7fELF", b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe"),
    *(b"\xca\xfe\xba\xbe", b"\xca\xfe\xba\xbf", b"dex\n", b"\x00asm", b"!<arch>\n", b"\xed\xab\xee\xdb"),
    *(b"L\x00\x00\x00\x01\x14\x02\x00", b"#!", b"\xef\xbb\xbf#!"),
)
# Programs that have no signature, or that of something harmless; Windows runs them for their name alone.
_PROGRAM_NAMES = frozenset(
    {
        *(".bat", ".cmd", ".com", ".exe", ".hta", ".jar", ".js", ".jse", ".lnk", ".msi", ".msix", ".pif", ".ps1"),
        *(".reg", ".scr", ".vbe", ".vbs", ".wsf", ".wsh", ".apk", ".desktop"),
    }
)


def media_type(content: bytes, name: str = "") -> str:
    """What the content is; of texts and of old office files the name says more."""
    suffix = PurePosixPath(name).suffix.lower()
    for offset, signature, kind in _SIGNATURES:
        if content.startswith(signature, offset) and (offset != 8 or content.startswith(b"RIFF")):
            return kind
    if content.startswith(_OLE):
        return _OLE_KINDS.get(suffix, "application/x-ole-storage")
    if content.startswith(b"PK\x03\x04"):
        return _of_archive(content)
    return _of_text(content, suffix)


def is_program(content: bytes, name: str = "") -> bool:
    """Whether a machine would run it."""
    if PurePosixPath(name.lower()).suffix in _PROGRAM_NAMES or content.startswith(_PROGRAMS):
        return True
    # "MZ" alone may begin a text.
    if content.startswith(b"MZ") and b"\x00" in content[:512]:
        return True
    return content.startswith(b"PK") and _runs(_names(content))


def _of_archive(content: bytes) -> str:
    names = _names(content)
    if "mimetype" in names:
        declared = _mimetype(content)
        if declared:
            return declared
    if "[Content_Types].xml" in names:
        for folder, kind in _BY_FOLDER.items():
            if any(name.startswith(folder) for name in names):
                return kind
    return "application/zip"


def _mimetype(content: bytes) -> str:
    """What an OpenDocument or EPUB file says in its first entry, which is not compressed."""
    begin = content.find(b"mimetypeapplication/", 0, 100)
    if begin < 0:
        return ""
    said = content[begin + 8 : begin + 108].split(b"PK", 1)[0]
    return said.decode("ascii", "replace") if said.replace(b"/", b"").translate(None, b".+-").isalnum() else ""


def _names(content: bytes) -> Collection[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return frozenset(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return ()


def _runs(names: Collection[str]) -> bool:
    has_classes = any(name.endswith((".class", ".dex")) for name in names)
    return has_classes or "META-INF/MANIFEST.MF" in names or "AndroidManifest.xml" in names


def _of_text(content: bytes, suffix: str, texts: Mapping[str, str] = _TEXTS) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return texts.get(suffix, "text/plain")
    if b"\x00" in content:
        return UNKNOWN
    head = content[:1024].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    for beginning, kind in _MARKUP:
        if head.startswith(beginning):
            return kind
    if head.startswith(b"<?xml"):
        return "image/svg+xml" if b"<svg" in head else "application/xml"
    try:
        content.decode()
    except UnicodeDecodeError:
        # A text of long ago, in one of the encodings of then.
        return texts.get(suffix, "text/plain") if suffix in (".txt", *texts) else UNKNOWN
    return texts.get(suffix, "text/plain")
