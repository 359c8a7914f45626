"""What is enclosed in a Telegram message: documents, photos, sounds and films."""

from __future__ import annotations

import mimetypes

from telegram import Animation, Audio, Document, Message, PhotoSize, Video, VideoNote, Voice

from bot.arrival import Enclosed

_Named = Document | Audio | Video | Animation
_Medium = _Named | PhotoSize | VideoNote | Voice


def enclosed(message: Message) -> tuple[Enclosed, ...]:
    """The file of a message: Telegram sends several as several messages. A sticker is none."""
    # An animation comes as a document too; of a photo there are several sizes, the largest last.
    sorts: tuple[tuple[str, str, _Medium | None], ...] = (
        ("document", "", message.document),
        ("animation", "video/mp4", message.animation),
        ("audio", "audio/mpeg", message.audio),
        ("video", "video/mp4", message.video),
        ("photo", "image/jpeg", message.photo[-1] if message.photo else None),
        ("voice", "audio/ogg", message.voice),
        ("video-note", "video/mp4", message.video_note),
    )
    found = next(((sort, kind, medium) for sort, kind, medium in sorts if medium is not None), None)
    return (_enclosed(message, *found),) if found else ()


def _enclosed(message: Message, sort: str, kind: str, medium: _Medium) -> Enclosed:
    named = medium.file_name if isinstance(medium, Document | Audio | Video | Animation) else None
    kind = kind if isinstance(medium, PhotoSize | VideoNote) else (medium.mime_type or kind)
    suffix = mimetypes.guess_extension(kind) or ""
    return Enclosed(
        reference=medium.file_id,
        name=named or f"{sort}-{message.message_id}{suffix}",
        media_type=kind,
        size=medium.file_size or 0,
    )
