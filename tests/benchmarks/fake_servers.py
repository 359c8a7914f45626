"""The loopback Slack and Telegram in a process of their own, so that they take no time from what is measured."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.fakes.slack import SlackFake
from tests.fakes.telegram import TelegramFake

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Servers:
    """Where they are, and who is there: the addresses of people as the bot's targets have them."""

    slack_url: str
    slack_token: str
    slack_secret: str
    slack: Sequence[str]
    telegram_url: str
    telegram_token: str
    telegram: Sequence[str]

    def people(self, platform: str) -> Sequence[str]:
        return self.slack if platform == "slack" else self.telegram


@dataclass(slots=True)
class Seen:
    """What the servers saw, known when they have ended."""

    refused: int = 0
    excesses: int = 0


@asynccontextmanager
async def served(people: int) -> AsyncIterator[tuple[Servers, Seen]]:
    """Both, with so many people in each."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.benchmarks.fake_servers", str(people), cwd=ROOT, limit=2**24,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdin
    assert process.stdout
    seen = Seen()
    try:
        yield Servers(**json.loads(await process.stdout.readline())), seen
        process.stdin.close()
        told = json.loads(await process.stdout.readline())
        seen.refused, seen.excesses = told["refused"], told["excesses"]
    finally:
        process.stdin.close()
        await process.wait()


async def _serve(people: int) -> None:
    async with SlackFake(check=False) as slack, TelegramFake(check=False) as telegram:
        slack.mode = "http"
        members = [slack.workspace.add_person(f"person{number}") for number in range(people)]
        chats = [telegram.person(f"Person {number}") for number in range(people)]
        servers = {
            "slack_url": slack.api_url,
            "slack_token": slack.bot_token,
            "slack_secret": slack.signing_secret,
            "slack": [f"{slack.workspace.team}/{one.id}" for one in members],
            "telegram_url": telegram.api_url,
            "telegram_token": telegram.token,
            "telegram": [str(one.id) for one in chats],
        }
        print(json.dumps(servers), flush=True)
        await asyncio.to_thread(sys.stdin.read)
        refused = sum(call.outcome != "ok" for call in slack.called("chat.postMessage"))
        refused += sum(call.error is not None for call in telegram.calls_of("sendRichMessage"))
        excesses = len(slack.limits.excesses) + len(telegram.limits.excesses)
        print(json.dumps({"refused": refused, "excesses": excesses}), flush=True)


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
