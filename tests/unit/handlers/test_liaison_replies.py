"""Whoever is asked proposes an answer: the secretariat looks at it, submits it or declines it."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from handlers.liaison import readings
from storage.database import Database
from storage.liaison import events
from storage.liaison.events import Deed
from storage.tables import Liaison
from storage.words import LiaisonStatus
from tests.talk import Talk, Voice, buttons_of
from tests.unit.handlers.liaison_desk import Statement, at_once, logged, over, represents, voice

FOR_SG17 = Statement("LS on threats", action=["SG17"], comment=["SG13"], information=["SG11"], deadline="2024-12-01")
ANSWER = "liaison reply SG11-LS5 'We agree with all of it.'"


@pytest.fixture
def talk(sample: Database) -> Talk:
    return Talk(sample)


async def asked(talk: Talk) -> Voice:
    """The member represents SG17, which is asked to act, and somebody else SG13, which is asked to comment."""
    other = voice(talk, "ana")
    await talk.secretariat.says("secretariat here")
    await represents(talk, talk.member, "SG17", name="Kim")
    await represents(talk, other, "SG13")
    await logged(talk, FOR_SG17)
    return other


async def draft(talk: Talk) -> Liaison:
    async with talk.database.reading() as session:
        return (await session.scalars(select(Liaison).where(Liaison.drafted_as.is_not(None)))).one()


def labels(voice: Voice, at: int = -1) -> list[str]:
    return [one.label for one in buttons_of(voice.told[at])]


async def test_show_offers_whoever_is_asked_what_they_may_do(talk: Talk) -> None:
    other = await asked(talk)
    await talk.member.says("liaison show SG11-LS5")
    talk.member.sees_buttons("Accept", "Pass on…", "Reply…")
    await talk.member.presses("Accept")
    await talk.member.says("liaison show SG11-LS5")
    talk.member.sees_buttons("Pass on…", "Reply…")
    assert "Accept" not in [one.label for one in buttons_of(talk.member.last)]
    await other.says("liaison show SG11-LS5")
    assert {"Accept", "Pass on…"}.isdisjoint(one.label for one in buttons_of(other.last))
    other.sees_buttons("Reply…")


async def test_show_offers_others_nothing_of_that(talk: Talk) -> None:
    await asked(talk)
    informed = voice(talk, "bob")
    await represents(talk, informed, "SG11")
    for who in (talk.guest, informed):
        await who.says("liaison show SG11-LS5")
        assert {"Accept", "Pass on…", "Reply…"}.isdisjoint(one.label for one in buttons_of(who.last))


async def test_what_is_over_is_not_accepted_any_more(talk: Talk) -> None:
    await asked(talk)
    await over(talk)
    await talk.member.says("liaison show SG11-LS5")
    assert {"Accept", "Pass on…", "Reply…"}.isdisjoint(one.label for one in buttons_of(talk.member.last))


async def test_the_owner_is_offered_to_reply(talk: Talk) -> None:
    other = await asked(talk)
    assert labels(talk.member) == ["Accept", "Pass on…", "Show it"]
    assert labels(other) == ["Reply…", "Show it"]
    await talk.member.presses("Accept", of=talk.member.told[-1])
    assert labels(talk.member) == ["Reply…", "Pass on…", "Show it"]
    talk.clock.now = talk.clock.now.replace(month=11, day=24)
    await talk.does_chores()
    talk.member.is_told("You see to it")
    assert "Reply…" in labels(talk.member)


async def test_a_proposed_answer_is_a_draft_of_the_secretariat(talk: Talk) -> None:
    await asked(talk)
    await talk.member.says(ANSWER)
    talk.member.sees("to the secretariat and told them", "DRAFT-1")
    talk.secretariat.is_told("Kim, for SG17, proposes an answer to SG11-LS5", "We agree with all of it.")
    assert labels(talk.secretariat) == ["Show it", "Edit…", "Submit it", "Decline…"]
    await talk.secretariat.presses("Show it", of=talk.secretariat.told[-1])
    talk.secretariat.sees("LS/r on threats (reply to SG11-LS5)", "In reply to SG11-LS5", "For information: ITU-T SG11")
    one = await draft(talk)
    async with talk.database.reading() as session:
        (step,) = [each for each in await events.history(session, one.id) if each.deed is Deed.PROPOSED]
    assert (step.name, step.reason, step.acting_as) == ("Kim", "for SG17", "representative")
    assert (one.contact, one.contact_email) == ("", "")


async def test_the_secretariat_is_told_once(talk: Talk) -> None:
    await asked(talk)
    before = len(talk.secretariat.told)
    await talk.member.says(ANSWER)
    await talk.member.says("liaison reply SG11-LS5 'We agree with most of it.'")
    talk.member.sees("I changed your answer", "DRAFT-1")
    talk.secretariat.is_told("We agree with most of it.")
    assert len(talk.secretariat.told) == before + 1
    assert (await draft(talk)).revision == 2


async def test_what_the_secretariat_works_on_is_not_overwritten(talk: Talk) -> None:
    await asked(talk)
    await talk.member.says(ANSWER)
    await talk.secretariat.says("liaison edit DRAFT-1 body='We agree.'")
    await talk.member.says("liaison reply SG11-LS5 'No, we do not.'")
    talk.member.sees("The secretariat works on what you proposed already")


async def test_two_presses_at_once_make_one_draft(talk: Talk) -> None:
    await asked(talk)
    await at_once(talk, (talk.member, ANSWER), (talk.member, "liaison reply SG11-LS5 'Twice.'"))
    async with talk.database.reading() as session:
        count = await session.scalar(select(func.count()).where(Liaison.drafted_as.is_not(None)))
    assert count == 1


async def test_only_who_proposed_it_sees_how_it_stands(talk: Talk) -> None:
    other = await asked(talk)
    await talk.member.says(ANSWER)
    await talk.member.says("liaison show SG11-LS5")
    talk.member.sees("What you proposed to answer, DRAFT-1: draft")
    await other.says("liaison show SG11-LS5")
    other.sees_not("DRAFT-1")
    await talk.member.says("liaison show SG11-LS5", channel=True)
    talk.member.sees_not("DRAFT-1")
    for who in (talk.member, other):
        await who.says("liaison show DRAFT-1")
        who.sees("There is no liaison statement")


async def test_it_is_submitted_with_one_press_and_its_state_shown(talk: Talk) -> None:
    await asked(talk)
    await talk.member.says(ANSWER)
    await talk.secretariat.presses("Submit it", of=talk.secretariat.told[-1])
    await talk.member.says("liaison show SG11-LS5")
    talk.member.sees("What you proposed to answer, DRAFT-1: in review")
    said = [talk.plain(one) for one in talk.secretariat.told]
    assert any("Nothing is left to do: Secretariat submitted it" in one for one in said)


async def test_whoever_proposed_it_is_told_why_it_is_declined(talk: Talk) -> None:
    await asked(talk)
    await talk.member.says(ANSWER)
    await talk.secretariat.presses("Decline…", of=talk.secretariat.told[-1])
    await talk.secretariat.says("SG17 answers itself")
    talk.secretariat.sees("DRAFT-1 is declined: SG17 answers itself", "Kim is told why")
    talk.member.is_told("Your answer to SG11-LS5", "is not sent: SG17 answers itself")
    assert labels(talk.member) == ["Reply…", "Show it"]
    talk.secretariat.is_told("it was declined by Secretariat")
    assert (await draft(talk)).status is LiaisonStatus.WITHDRAWN
    await talk.member.says("liaison show SG11-LS5")
    talk.member.sees("What you proposed to answer, DRAFT-1: not sent: SG17 answers itself")


async def test_what_the_secretariat_drafted_itself_is_not_declined(talk: Talk) -> None:
    await asked(talk)
    await talk.secretariat.says("liaison draft reply=SG11-LS5 body=No.")
    await talk.secretariat.says("liaison decline DRAFT-1 no")
    talk.secretariat.sees("Nobody proposed DRAFT-1", "Withdraw it instead")


async def test_whoever_is_not_asked_proposes_nothing(talk: Talk) -> None:
    await asked(talk)
    informed = voice(talk, "bob")
    await represents(talk, informed, "SG11")
    await informed.says(ANSWER)
    informed.sees("asks nothing of a group that you represent")
    await talk.secretariat.says(ANSWER)
    talk.secretariat.sees_buttons("Draft a reply")
    stranger = voice(talk, "eve")
    await stranger.says(ANSWER)
    stranger.sees("needs the role representative")


async def test_a_file_is_an_answer_too(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    async def text(name: str, content: bytes) -> str:
        return "We agree, as annexed."

    monkeypatch.setattr(readings, "text_apart", text)
    other = await asked(talk)
    await other.drops({"answer.pdf": b"%PDF-1.4 none"})
    await other.presses("Propose an answer")
    await other.says("SG11-LS5")
    if other.is_asked:
        await other.presses("Skip")
    other.sees("gave your answer")
    talk.secretariat.is_told("Ana, for SG13", "We agree, as annexed.", "Attached: answer.pdf")


async def test_a_file_without_words_leaves_those_that_were_written(talk: Talk) -> None:
    await asked(talk)
    await talk.member.says(ANSWER)
    await talk.member.drops({"figure.png": b"\x89PNG\r\n\x1a\n figure"}, "liaison reply SG11-LS5")
    talk.member.sees("I changed your answer")
    await talk.secretariat.says("liaison show DRAFT-1")
    talk.secretariat.sees("We agree with all of it.", "Attachments: figure.png")


async def test_a_bare_reply_asks_for_the_statement_and_the_words(talk: Talk) -> None:
    other = await asked(talk)
    await other.presses("Reply…", of=other.told[-1])
    other.sees("what we should answer")
    await other.says("We have no comment.")
    other.sees("gave your answer")
