"""Answering: an outcome goes back to where it was asked, or to the asker alone."""

from __future__ import annotations

from dataclasses import replace

from telegram import Bot, ForceReply
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.arrival import Arrival, Asking, Message, Outcome
from bot.platforms import Reception, Rejected
from bot.platforms.telegram.buttons import inline_keyboard
from bot.platforms.telegram.errors import is_about_content, platform_error
from bot.platforms.telegram.messages import Markup, Target
from bot.platforms.telegram.sending import Sender
from bot.questions import FILL
from bot.render.renderer import Renderer
from handlers.command import Button
from handlers.line import to_parameter

_START_ME = "This answer is for you alone. Open a chat with me, press **Start**, and ask again."


class Answers:
    """Answers arrivals. Raises a PlatformError."""

    def __init__(self, bot: Bot, sender: Sender, render: Renderer, reception: Reception) -> None:
        self._bot = bot
        self._sender = sender
        self._render = render
        self._reception = reception

    async def answer(self, arrival: Arrival, outcome: Outcome) -> None:
        try:
            if isinstance(outcome, Asking):
                await self._ask(arrival, outcome.question)
            elif outcome.elsewhere and not arrival.place.private:
                await self._say(target_of(arrival), self._led_away(outcome))
            elif outcome.private and not arrival.place.private:
                await self._whisper(arrival, outcome)
            else:
                await self._say(target_of(arrival), outcome)
        except TelegramError as error:
            # The cause of a refused token may hold the token.
            raise platform_error(error) from None

    async def _ask(self, arrival: Arrival, question: Message) -> None:
        """Ask for a field. It stays in the group even if it is private: the dialogue goes on where it began."""
        has_choices = any(button.command.startswith(f"{FILL} ") for button in question.buttons)
        if arrival.place.private or has_choices:
            await self._say(target_of(arrival), question)
        else:
            # In groups the bot hears only what answers it, so the asker's client opens a reply by itself. That leaves
            # no room for buttons; the way out is a command too.
            await self._say(target_of(arrival), replace(question, buttons=()), ForceReply(selective=True))

    def _led_away(self, message: Message) -> Message:
        """The message with a link that goes on in private."""
        carried = to_parameter(message.elsewhere) or ""
        way = Button("Go on in private", url=f"https://t.me/{self._bot.username}?start={carried}")
        return replace(message, buttons=(way,))

    async def _whisper(self, arrival: Arrival, message: Message) -> None:
        """Answer in the asker's private chat; where there is none, say in the group how to open it, and no more."""
        if not await self._reaches(int(arrival.account), message):
            open_me = Button("Open a private chat", url=f"https://t.me/{self._bot.username}")
            await self._say(target_of(arrival), Message(_START_ME, (open_me,)))

    async def _reaches(self, asker: int, message: Message) -> bool:
        if asker < 0:  # who speaks as a chat has no private one
            return False
        try:
            await self._say(Target(asker), message)
        except Forbidden:
            return False
        except BadRequest as error:
            if is_about_content(error):
                raise
            return False
        return True

    async def _say(self, target: Target, message: Message, markup: Markup = None) -> None:
        document = self._render.parse(message.markdown)
        markup = await inline_keyboard(self._reception, message.buttons) or markup
        if not document.blocks and not message.attachments:
            raise Rejected("there is nothing to say")
        if document.blocks:
            await self._sender.document(target, document, markup)
        for attachment in message.attachments:
            last = attachment is message.attachments[-1]
            await self._sender.file(target, attachment, markup if last and not document.blocks else None)


def target_of(arrival: Arrival) -> Target:
    """Where an arrival is answered: in its topic, and in a group as a reply to it."""
    place, asked = arrival.place, arrival.address.get("message")
    return Target(
        int(place.conversation),
        int(place.thread) if place.thread else None,
        int(asked) if asked and not place.private else None,
    )
