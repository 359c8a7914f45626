"""Places as targets: where somebody speaks, as a place that can be told things."""

from __future__ import annotations

from handlers.situation import Situation
from storage import targets
from storage.targets import EMAIL, Destination

_TOPICAL = ("telegram",)
"""Platforms where a thread is a lasting part of a chat; elsewhere it ends with its subject."""


def platform_name(platform: str) -> str:
    """'Slack', 'e-mail'."""
    return "e-mail" if platform == EMAIL else platform.capitalize()


HERE = "here"


def place_words(situation: Situation, platform: str, address: str, name: str) -> str:
    """What people call a chat: 'here', 'Kim (Slack)', 'a Slack channel' where it has no name."""
    own = here(situation)
    if (platform, address) == (own.platform, own.address):
        return HERE
    return f"{name} ({platform_name(platform)})" if name else f"a {platform_name(platform)} channel"


def here(situation: Situation) -> Destination:
    """The channel, or the person's own chat with the bot."""
    place = situation.place
    if place.private:
        return Destination(place.platform, situation.caller.external_id)
    return Destination(place.platform, place.conversation, place.thread if place.platform in _TOPICAL else "")


async def target_here(situation: Situation) -> int:
    """The target of the channel, or of the person's own chat with the bot."""
    return await targets.kept(situation.session, here(situation))


async def target_of_answer(situation: Situation) -> int:
    """Where the answer to this appears: as `target_here`, in the same thread."""
    place = situation.place
    if place.private:
        return await target_here(situation)
    return await targets.kept(situation.session, Destination(place.platform, place.conversation, place.thread))
