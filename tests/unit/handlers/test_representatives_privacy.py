"""Addresses of representatives: proved by a code, and never seen by a member."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from bot.arrival import Asking, Outcome
from storage.database import Database
from storage.tables import AuditEntry, Representative, Target
from tests.talk import Talk

ADDRESS = "kim@secret.example"
LINE = f"register SG13 representative name='Kim Lee' email={ADDRESS}"
ADD = "representative add SG13 representative name='Ana Silva' email=ana@secret.example"


@pytest.fixture
def talk(sample: Database) -> Talk:
    return Talk(sample, has_mail=True)


async def newest(talk: Talk) -> Representative:
    async with talk.database.reading() as session:
        return (await session.scalars(select(Representative).order_by(Representative.id.desc()))).first() or _none()


def _none() -> Representative:
    raise AssertionError("nobody is in the list")


def code_in(talk: Talk, address: str) -> str:
    found = re.search(r"\d{3} \d{3}", talk.plain(talk.mailed(address)[-1]))
    assert found
    return found[0]


def everything(outcome: Outcome | None) -> str:
    """All that a platform gets of an answer: words, buttons, values of forms."""
    if outcome is None:
        return ""
    asking = repr((outcome.values, outcome.errors)) if isinstance(outcome, Asking) else ""
    message = outcome.question if isinstance(outcome, Asking) else outcome
    return f"{message.markdown} {message.buttons} {message.attachments} {asking}"


async def test_a_code_proves_the_address_and_the_secretariat_sees_it(talk: Talk) -> None:
    await talk.member.says(LINE)
    talk.member.sees_buttons("Type the code")
    talk.secretariat.is_told("Address not verified")
    await talk.member.presses("Type the code")
    await talk.member.says(code_in(talk, ADDRESS))
    talk.secretariat.is_told("Address verified")
    assert talk.secretariat.told[-1].buttons


async def test_a_proved_address_is_filled_in_the_next_time(talk: Talk) -> None:
    await talk.member.says(LINE)
    await talk.member.says(f"code {code_in(talk, ADDRESS)}")
    await talk.member.says("register SG17 alternate")
    talk.member.sees("alternate of SG17", "The secretariat was asked")
    assert (await newest(talk)).email_proved_at


async def test_an_address_that_another_person_proved_is_refused(talk: Talk) -> None:
    await talk.member.says(LINE)
    await talk.member.says(f"code {code_in(talk, ADDRESS)}")
    await talk.colleague.says(f"register SG17 alternate email={ADDRESS}")
    talk.colleague.sees("belongs to somebody else here", "link")


async def test_who_was_entered_by_the_secretariat_proves_the_address_and_is_it(talk: Talk) -> None:
    await talk.secretariat.says(ADD)
    talk.secretariat.sees("They were told")
    assert talk.mailed("ana@secret.example")
    await talk.colleague.says("register SG13 representative name=Ana email=ana@secret.example")
    talk.colleague.sees("That address is in the list for SG13 already", "type it here")
    await talk.colleague.says(f"code {code_in(talk, 'ana@secret.example')}")
    await talk.colleague.says("representative mine")
    talk.colleague.sees("representative of SG13", "confirmed")


async def test_who_is_to_take_over_is_invited_by_mail(talk: Talk) -> None:
    await talk.member.says(LINE)
    number = (await newest(talk)).id
    await talk.secretariat.says(f"representative confirm {number}")
    await talk.member.says(f"representative handover {number} name='Ana Silva' email=ana@secret.example")
    assert "Kim Lee hands over to you" in talk.plain(talk.mailed("ana@secret.example")[-1])


async def test_a_new_address_is_not_verified_until_it_is_proved(talk: Talk) -> None:
    await talk.member.says(LINE)
    await talk.member.says(f"code {code_in(talk, ADDRESS)}")
    number = (await newest(talk)).id
    await talk.member.says(f"representative change {number} email=new@secret.example")
    talk.member.sees("I sent a code")
    assert (await newest(talk)).email_proved_at is None
    await talk.member.says(f"code {code_in(talk, 'new@secret.example')}")
    assert (await newest(talk)).email_proved_at is not None


LINES = [
    "representative show {}",
    "representative list",
    "representative list SG13",
    "representative list ITU-T",
    "representative list status=pending",
    "representative list secret",
    "representative change {} affiliation=x",
    "representative change {} email=other@example.org",
    "representative change {}",
    "representative end {}",
    "representative nolonger {}",
    "representative still {}",
    "representative handover {} name=x email=other@example.org",
    "representative handover {}",
    "representative confirm {}",
    "representative decline {} no",
    "representative mine",
    "register SG13 representative",
    "register SG13 representative name='Kim Lee' email=other@example.org",
    "who represents SG13?",
    "which groups have no representative?",
    "group show SG13",
    "help representative show",
    "audit show representative {}",
    "export representatives",
]


@pytest.mark.parametrize("channel", [False, True], ids=["private", "channel"])
@pytest.mark.parametrize("is_confirmed", [False, True], ids=["pending", "confirmed"])
async def test_a_member_sees_no_address_whatever_they_type(talk: Talk, is_confirmed: bool, channel: bool) -> None:
    await talk.member.says(LINE)
    await talk.secretariat.says(ADD.replace("SG13", "SG17"))
    if is_confirmed:
        await talk.secretariat.says(f"representative confirm {(await newest(talk)).id - 1}")
    for number in (1, 2):
        for line in LINES:
            await talk.colleague.says(line.format(number), channel=channel)
            shown = "".join(everything(one) for one in talk.colleague.everything)
            assert "secret.example" not in shown, line
            await talk.colleague.says("cancel", channel=channel)


async def test_a_request_is_nothing_to_a_stranger(talk: Talk) -> None:
    await talk.member.says(LINE)
    await talk.colleague.says(f"representative show {(await newest(talk)).id}")
    talk.colleague.sees("There is no representative")
    talk.colleague.sees_not("Kim")


@pytest.mark.parametrize("line", ["representative handover {} name=Kim", "representative change {}"])
async def test_whose_an_address_is_cannot_be_found_out_by_guessing(talk: Talk, line: str) -> None:
    await talk.member.says(LINE)
    await talk.member.says(f"code {code_in(talk, ADDRESS)}")
    number = (await newest(talk)).id
    await talk.secretariat.says(f"representative confirm {number}")
    said = []
    for guess in (ADDRESS, "nobody@example.org"):
        await talk.colleague.says(f"{line.format(number)} email={guess}")
        said.append(talk.colleague.seen.replace(guess, ""))
        await talk.colleague.says("cancel")
    assert said == ["Only the representative and the secretariat may do that."] * 2


async def test_a_guest_learns_no_name(talk: Talk) -> None:
    await talk.secretariat.says(ADD)
    number = (await newest(talk)).id
    for verb in ("show", "end", "still", "nolonger", "list"):
        await talk.guest.says(f"representative {verb} {number}")
        talk.guest.sees_not("Ana Silva")


async def test_a_guest_may_register_and_look_after_their_own_entry(talk: Talk) -> None:
    await talk.guest.says(f"register SG13 alternate name=Guest email={ADDRESS}")
    await talk.guest.presses("My groups")
    talk.guest.sees("alternate of SG13", "waits for the secretariat")
    await talk.guest.presses("End SG13")
    talk.guest.sees("taken back")


async def test_a_representative_sees_addresses_in_private_alone(talk: Talk) -> None:
    await talk.secretariat.says(ADD)
    number = (await newest(talk)).id
    await talk.member.says(LINE)
    await talk.secretariat.says(f"representative confirm {(await newest(talk)).id}")
    await talk.member.says(f"representative show {number}", channel=True)
    talk.member.sees("ana@secret.example")
    assert talk.member.message.private


async def test_what_lies_in_the_secretariats_channel_has_no_address(talk: Talk) -> None:
    async with talk.database.writing() as session:
        channel = {"platform": "slack", "address": "secretariat-room", "title": "", "closed_because": "", "thread": ""}
        await session.execute(insert(Target).values(is_secretariat=True, **channel))
    await talk.member.says(f"{LINE} affiliation=ETRI")
    number = (await newest(talk)).id
    await talk.member.says(f"representative change {number} email=new@secret.example")
    await talk.secretariat.says(f"representative confirm {number}")
    await talk.member.says(f"representative handover {number} name='Ana Silva' email=ana@secret.example")
    told = talk.channel_told("secretariat-room")
    assert len(told) >= 2
    assert "secret.example" not in "".join(everything(one) for one in told)


async def test_the_trail_keeps_nothing_personal(talk: Talk) -> None:
    await talk.member.says(f"{LINE} affiliation='Secret Institute'")
    number = (await newest(talk)).id
    await talk.secretariat.says(f"representative confirm {number}")
    await talk.member.says(f"representative change {number} name='Kim Secret'")
    await talk.member.says(f"representative handover {number} name='Ana Silva' email=ana@secret.example")
    async with talk.database.reading() as session:
        entries = list(await session.scalars(select(AuditEntry)))
    noted = " ".join(f"{one.before} {one.after}" for one in entries)
    assert not any(word in noted for word in ("secret.example", "Secret", "Ana", "Kim"))


async def test_who_never_spoke_is_asked_by_mail_how_to_answer(talk: Talk) -> None:
    await talk.secretariat.says(ADD)
    talk.clock.advance(timedelta(days=365))
    await talk.does_chores()
    said = talk.plain(talk.mailed("ana@secret.example")[-1])
    assert "Are you still representative of SG13?" in said
    assert "type register SG13" in said
