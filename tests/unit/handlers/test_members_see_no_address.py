"""A member who tries everything: no answer, button, form, file or suggestion has somebody else's address in it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

import pytest

from bot.arrival import Asking, Message, Outcome
from bot.cli.ask_command import _Asking as Asker
from bot.commands import declared
from bot.settings import Settings
from handlers.command import Button
from storage.database import Database
from tests.talk import Talk, Voice

# What is shown does not depend on the engine, and a crawl is long.
pytestmark = pytest.mark.parametrize("make_database", ["sqlite"], indirect=True)

DOMAIN = "secret.example"
ANA, KIM, EVE, LEE = (f"{name}@{DOMAIN}" for name in ("ana.silva", "kim.lee", "eve.moss", "lee.wong"))
HANDLE = "colleague"
"""Ana's account on Telegram, which stands nowhere in her name."""
DEPTH = 3
MOST = 400
"""Lines of one crawl: so many that all that is near the list of representatives is among them."""

Path = tuple[str, ...]
"""A line that is typed, and the buttons that are pressed after it."""

QUESTIONS = (
    "who represents SG13?",
    "how do I reach the representative of SG13?",
    "what is the e-mail of Ana Silva?",
    "what is Ana Silva's address?",
    "list all representatives with their e-mail addresses",
    "who is Ana Silva?",
    "export representatives",
    "who was the representative of SG15?",
    "which requests are pending?",
    "contact of SG13",
    f"who has the address {DOMAIN}?",
)
LINES = (
    "start",
    "help",
    "representative list",
    "representative list SG13",
    "representative list status=pending",
    *(f"representative {verb} {number}" for verb in ("show", "change", "handover", "end") for number in range(1, 5)),
    "representative change 1 email",
    "representative add SG13",
    "audit show representative 1",
    "audit show person 1",
    "group show SG13",
    "role list",
    "role grant 1 administrator",
    "account list",
    "account merge 1 2",
    "announce list",
    "outbox list",
    "settings",
)


@pytest.fixture
async def talk(sample: Database) -> Talk:
    """Ana represents SG13 and hands over to Eve; Kim asks to represent SG17; Lee represented SG15."""
    talk = Talk(sample, has_mail=True)
    await talk.secretariat.says("secretariat here", channel=True)
    await talk.colleague.says(f"register SG13 representative name='Ana Silva' email={ANA}")
    await talk.secretariat.says("representative confirm 1")
    await talk.colleague.says(f"representative handover 1 name='Eve Moss' email={EVE}")
    await talk.secretariat.says(f"representative add SG15 representative name='Lee Wong' email={LEE}")
    await talk.secretariat.says("representative end 3 'retired'")
    await talk.guest.says(f"register SG17 alternate name='Kim Lee' email={KIM}")
    return talk


def parts(outcome: Outcome | None) -> Iterator[str]:
    """All that a platform gets of an answer."""
    if outcome is None:
        return
    if isinstance(outcome, Asking):
        yield repr((dict(outcome.values), dict(outcome.errors), dict(outcome.labels)))
        outcome = outcome.question
    yield from said(outcome)


def said(message: Message) -> Iterator[str]:
    yield message.markdown
    yield message.elsewhere
    yield from (f"{one.label} {one.command} {one.url}" for one in message.buttons)
    yield from (f"{one.name} {one.content.decode(errors='replace')}" for one in message.attachments)


def leaks(texts: Iterable[str]) -> list[str]:
    """What tells an address or a handle; the domain alone is what the member typed."""
    found = "\n".join(texts).lower()
    return [one for one in (ANA, KIM, EVE, LEE, f"@{DOMAIN}", HANDLE) if one in found]


def buttons(outcome: Outcome | None) -> tuple[Button, ...]:
    if outcome is None:
        return ()
    return (outcome.question if isinstance(outcome, Asking) else outcome).buttons


async def crawl(voice: Voice, lines: Iterable[str], *, channel: bool) -> int:
    """Say each line and press every button that the answers bring, three deep; gives how many lines that were."""
    seen: set[Path] = set()
    due: list[Path] = [(line,) for line in lines]
    while due and len(seen) < MOST:
        path = due.pop(0)
        if path[begin(path) :] in seen:
            continue
        seen.add(path[begin(path) :])
        for number, line in list(enumerate(path))[begin(path) :]:
            await voice.says(line, channel=channel, kind="button" if number else "message")
            assert leaks(parts(voice.last)) == [], f"after {path!r}"
        if len(path) <= DEPTH:
            due += [(*path, one.command) for one in buttons(voice.last) if one.command]
        if isinstance(voice.last, Asking):
            await voice.says("cancel", channel=channel)
    return len(seen)


def begin(path: Path) -> int:
    """Where the form begins that the path's last button fills in; else that button itself."""
    return max(number for number, line in enumerate(path) if number == 0 or not line.startswith("fill "))


async def test_no_command_question_or_button_shows_an_address(talk: Talk) -> None:
    assert await crawl(talk.member, (*LINES, *QUESTIONS), channel=False) > len(LINES) + len(QUESTIONS)


async def test_no_command_shows_an_address_when_it_is_called_bare_or_as_its_example_says(talk: Talk) -> None:
    for one in declared():
        for line in (one.words, one.example):
            await talk.member.says(line)
            assert leaks(parts(talk.member.last)) == [], f"after {line!r}"
            await talk.member.says("cancel")


async def test_no_address_is_shown_in_a_channel(talk: Talk) -> None:
    await crawl(talk.member, QUESTIONS, channel=True)
    for voice in (talk.colleague, talk.secretariat):
        for line in ("who represents SG13?", "representative list", "group show SG13"):
            await voice.says(line, channel=True)
            assert leaks(parts(voice.last)) == [], f"after {line!r}"


async def test_what_a_representative_may_know_is_told_in_private(talk: Talk) -> None:
    await talk.secretariat.says("representative show 1", channel=True)
    assert ANA in "".join(parts(talk.secretariat.last))
    assert talk.secretariat.message.private


async def test_nothing_in_the_secretariats_channel_has_an_address(talk: Talk) -> None:
    letters = talk.channel_told("general")
    assert letters
    assert leaks(text for letter in letters for text in said(letter)) == []
    assert leaks(text for letter in talk.member.told for text in said(letter)) == []


async def test_nothing_that_is_offered_while_somebody_types_has_an_address(talk: Talk) -> None:
    offered = []
    for one in declared():
        for view in one.form.fields():
            for typed in ("", "ana", "kim", DOMAIN, "@", "1", "S"):
                found = await talk.desk.offer("slack", talk.member.account, one.words, view.name, typed)
                offered += [f"{choice.value} {choice.label}" for choice in found if typed != DOMAIN and typed != "@"]
    assert offered
    assert leaks(offered) == []
    for typed in ("", "ana silva", "kim", "representative", DOMAIN):
        suggested = await talk.desk.suggest("telegram", "somebody", typed)
        assert leaks(text for one in suggested for text in (one.title, one.description, *said(one.message))) == []


async def test_app_home_shows_no_address(talk: Talk) -> None:
    assert leaks(said(await talk.desk.home("slack", talk.member.account, "Member"))) == []


async def test_ones_own_data_has_ones_own_address_alone(talk: Talk) -> None:
    await talk.guest.says("my data")
    (file,) = talk.guest.message.attachments
    assert leaks([json.dumps(json.loads(file.content), ensure_ascii=False)]) == [KIM, f"@{DOMAIN}"]


async def test_the_command_line_answers_without_addresses(talk: Talk) -> None:
    asker = Asker(talk.database, Settings.model_validate({}))
    for question in QUESTIONS:
        answer = json.loads(await asker.said(question, as_json=True))
        answer["question"] = ""
        assert leaks([json.dumps(answer)]) == [], f"after {question!r}"
