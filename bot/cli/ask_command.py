"""`liaison-bot ask`: one question, one answer."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from datetime import UTC, datetime

from bot.command_line import Failure
from bot.render.plain import plain
from bot.render.renderer import Renderer
from bot.settings import Settings
from handlers.asking.answer import Answer
from handlers.asking.ask import ask
from handlers.command import Place, Refused, Request, Role
from storage.catalogue import CatalogueKeeper
from storage.database import Database
from storage.people import Caller, Household


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("question", help="the question; - reads one a line from standard input")
    parser.add_argument("--json", action="store_true", help="print one JSON object for each question")


async def run(chosen: argparse.Namespace, settings: Settings) -> int:
    """Answer one question, or one a line in one process; each stands alone."""
    database = Database(settings.database_url.get_secret_value())
    await database.check()
    asking = _Asking(database, settings)
    try:
        if chosen.question == "-":
            for line in _lines():
                print(await asking.said(line, as_json=chosen.json), flush=True)
        else:
            print(await asking.said(chosen.question, as_json=chosen.json))
    finally:
        await database.close()
    return 0


class _Asking:
    def __init__(self, database: Database, settings: Settings) -> None:
        self.database = database
        self.settings = settings
        self.renderer = Renderer()
        self.keeper = CatalogueKeeper()
        self.caller = Caller(0, 0, "terminal", "ask", "", Role.MEMBER, settings.zone, zone_is_own=False)

    async def said(self, question: str, *, as_json: bool) -> str:
        """The answer to a question, as JSON or as text."""
        try:
            answer, markdown = await self._answer(question)
        except Refused as refused:
            if not as_json:
                raise Failure(f"{refused.message} {refused.hint}") from refused
            return json.dumps(_refusal(question, refused), ensure_ascii=False)
        if as_json:
            return json.dumps(_object(question, answer, markdown), ensure_ascii=False)
        return plain(self.renderer.parse(markdown))

    async def _answer(self, question: str) -> tuple[Answer, str]:
        async with self.database.reading() as session:
            request = Request(
                session=session,
                catalogue=await self.keeper.current(session),
                commands=(),
                caller=self.caller,
                place=Place("terminal", "ask"),
                now=datetime.now(UTC),
                host=self.settings.host_group,
                household=Household(self.settings.zone),
            )
            answer = await ask(request, question, everything=True)
        reply = answer.reply()
        return answer, self.renderer.markdown(reply.template, {**reply.data, "zone": request.zone})


def _lines() -> Iterable[str]:
    return (line.rstrip("\n") for line in sys.stdin)


def _object(question: str, answer: Answer, markdown: str) -> dict[str, object]:
    return {
        "question": question,
        "intent": answer.intent.value,
        "understood": dict(answer.understood),
        "count": answer.count,
        "items": [
            {
                "kind": entry.kind,
                "reference": entry.reference,
                "title": entry.title,
                "body": entry.body,
                "group": entry.group,
                "status": entry.status,
                "date": entry.date,
                "url": entry.url,
            }
            for entry in answer.entries
        ],
        "text": markdown,
    }


def _refusal(question: str, refused: Refused) -> dict[str, object]:
    return {
        "question": question[:200],
        "intent": "unknown",
        "understood": {},
        "count": 0,
        "items": [],
        "text": f"{refused.message} {refused.hint}".strip(),
    }
