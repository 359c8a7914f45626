"""Inline mode: roadmap items for what somebody types behind the bot's name, in any chat."""

from __future__ import annotations

import logging
from hashlib import sha256

from telegram import Bot, InlineQuery, InlineQueryResultArticle, InputTextMessageContent, LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import TelegramError

from bot.platforms import Reception, Suggestion
from bot.platforms.telegram.arrivals import PLATFORM
from bot.render.escape import one_line
from bot.render.renderer import Renderer
from bot.render.telegram import html

_MOST = 20
_CACHED_SECONDS = 10
_log = logging.getLogger("bot.platforms.telegram")


class Inline:
    """Answers inline queries. They are not kept: whoever types asks again with the next letter."""

    def __init__(self, bot: Bot, render: Renderer, reception: Reception) -> None:
        self._bot = bot
        self._render = render
        self._reception = reception

    async def answer(self, query: InlineQuery) -> None:
        account = str(query.from_user.id)
        found = await self._reception.suggest(PLATFORM, account, query.query.strip(), _MOST)
        articles = {article.id: article for article in map(self._article, found[:_MOST]) if article}
        try:
            await self._bot.answer_inline_query(
                query.id, list(articles.values()), cache_time=_CACHED_SECONDS, is_personal=False
            )
        except TelegramError as error:
            # Mostly a query that is too old: somebody typed on.
            _log.debug("an inline query could not be answered: %s", error.message)

    def _article(self, suggestion: Suggestion) -> InlineQueryResultArticle | None:
        parts = html(self._render.parse(suggestion.message.markdown))
        title = one_line(suggestion.title) or one_line(suggestion.key)
        if not parts or not title:
            return None
        return InlineQueryResultArticle(
            # Telegram: at most 64 bytes.
            sha256(suggestion.key.encode()).hexdigest()[:32],
            title,
            InputTextMessageContent(
                parts[0], parse_mode=ParseMode.HTML, link_preview_options=LinkPreviewOptions(is_disabled=True)
            ),
            description=one_line(suggestion.description) or None,
        )
