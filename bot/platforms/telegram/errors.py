"""Errors: what Telegram refuses, in the few words that all platforms share."""

from __future__ import annotations

import warnings
from datetime import timedelta

from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.platforms import Moved, PlatformError, RateLimited, Rejected, Revoked, Unavailable, Unreachable
from bot.platforms.telegram.library import may_have_arrived

_REFUSED = "Telegram refuses the bot's token; put the one from @BotFather into LIAISON_BOT_TELEGRAM_TOKEN"
# Bad requests in which the place is at fault, not the content; in lower case.
_NO_PLACE = (
    *("chat not found", "user not found", "peer_id_invalid", "group chat was deactivated", "chat was upgraded"),
    *("not enough rights", "have no rights", "need administrator rights", "chat_write_forbidden", "chat_restricted"),
    *("message thread not found", "topic_closed", "topic_deleted", "can't initiate conversation"),
)
_BEYOND_EDITING = (
    *("message can't be edited", "message to edit not found", "message_id_invalid", "there is no text in the message"),
    *("message identifier is not specified", "message_author_required", "message_edit_time_expired"),
)


def platform_error(error: TelegramError) -> PlatformError:
    """What the error means to whoever wanted to send. Its text never holds the token."""
    match error:
        case RetryAfter():
            return RateLimited(seconds_of(error))
        case InvalidToken():
            return Revoked(_REFUSED)
        case ChatMigrated():
            return Moved(str(error.new_chat_id))
        case Forbidden():
            return Unreachable(error.message)
        case BadRequest():
            return Rejected(error.message) if is_about_content(error) else Unreachable(error.message)
        case NetworkError():
            return Unavailable(error.message, uncertain=_may_have_arrived(error))
        case _:
            return Unavailable(error.message)


def is_about_content(error: BadRequest) -> bool:
    """Whether other content might be taken at the same place."""
    return not any(reason in error.message.lower() for reason in _NO_PLACE)


def is_unmodified(error: BadRequest) -> bool:
    """Whether an edit was refused because the message says this already."""
    return "message is not modified" in error.message.lower()


def is_beyond_editing(error: TelegramError) -> bool:
    """Whether the message is gone, or may not be changed any more."""
    return isinstance(error, BadRequest) and any(reason in error.message.lower() for reason in _BEYOND_EDITING)


def seconds_of(error: RetryAfter) -> float:
    """How long to wait. The library gives a number or a time span, as its environment says."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        wait: int | float | timedelta = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def _may_have_arrived(error: NetworkError) -> bool:
    known = may_have_arrived(error.__cause__)
    # A gateway tells that it got no answer, not that nothing happened behind it.
    return "gateway" in error.message.lower() if known is None else known
