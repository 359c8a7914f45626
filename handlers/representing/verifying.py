"""Verifying: an address that somebody entered as their own is sent a code, where mail can be sent."""

from __future__ import annotations

from handlers.codes import send_code
from handlers.command import Refused, Request


async def verify(request: Request, email: str) -> str:
    """Have a code sent; gives what was in the way, in words, empty when it was sent. What was entered stands."""
    if not request.household.has_mail:
        return "I cannot send e-mail here, so your address counts as not verified."
    try:
        await send_code(request, email)
    except Refused as refused:
        return f"{refused.message} {refused.hint}".strip()
    return ""
