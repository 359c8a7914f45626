"""Liaison statements reach exactly those whom they concern, each once, and say why."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import update

from storage.liaison.events import Deed
from storage.tables import Liaison
from storage.words import LiaisonStatus
from tests.talk import Talk, buttons_of
from tests.unit.handlers.liaison_desk import (
    Statement,
    history,
    logged,
    newest,
    over,
    put_off,
    reopened,
    represents,
    routed_again,
)

ONE_DAY = timedelta(days=1)
FOR_SG17 = Statement("LS on threats", action=["SG17"], deadline="2024-12-01", asked="review the draft")


async def test_a_representative_is_told_what_is_asked_of_their_group_and_until_when(talk: Talk) -> None:
    await represents(talk, talk.member, "SG17")
    await logged(talk, FOR_SG17)
    talk.member.is_told(
        "SG11-LS5", "SG11", "LS on threats", "SG17 is asked to act by 1 December 2024: review the draft"
    )
    labels = [button.label for button in buttons_of(talk.member.told[-1])]
    assert labels == ["Accept", "Pass on…", "Show it"]


async def test_who_represents_two_addressed_groups_gets_one_message_with_the_stronger_first(talk: Talk) -> None:
    await represents(talk, talk.member, "SG13", "SG17")
    await logged(talk, Statement(information=["SG13"], action=["SG17"]))
    assert len(talk.member.told) == 1
    said = talk.plain(talk.member.told[0])
    assert said.index("SG17 is asked to act") < said.index("SG13 gets it for information")


async def test_alternates_are_told_too(talk: Talk) -> None:
    await represents(talk, talk.member, "SG17")
    await represents(talk, talk.colleague, "SG17", alternate=True)
    await logged(talk, FOR_SG17)
    talk.colleague.is_told("SG17 is asked to act")


async def test_a_group_whose_item_is_mentioned_hears_why_though_it_is_not_named(talk: Talk) -> None:
    await represents(talk, talk.member, "SG13")
    routed = await logged(talk, Statement(action=["SG17"], mentions=["Y.3815"]))
    talk.member.is_told("It mentions Y.3815 of SG13")
    assert [one.about for one in routed.informed] == [("mentions Y.3815 of SG13",)]


async def test_a_group_at_work_on_its_subject_hears_why_though_it_is_not_named(talk: Talk) -> None:
    await represents(talk, talk.member, "SG17")
    await logged(talk, Statement("LS on work progress on QKD networks", source="SG13", information=["TSAG"]))
    talk.member.is_told("It is about", "Quantum key distribution networks", "on which SG17 has 12 roadmap items")


async def test_the_sender_is_not_told_of_its_own_statement(talk: Talk) -> None:
    await represents(talk, talk.member, "SG13")
    await logged(talk, Statement("LS on QKD networks", source="SG13", action=["SG17"], mentions=["Y.3815"]))
    talk.member.is_told_nothing()


async def test_who_has_nothing_to_do_with_it_is_not_told(talk: Talk) -> None:
    await represents(talk, talk.member, "SG2")
    await logged(talk, FOR_SG17)
    talk.member.is_told_nothing()


async def test_groups_without_a_representative_are_reported(talk: Talk) -> None:
    await represents(talk, talk.member, "SG17")
    routed = await logged(talk, Statement(action=["SG17", "IETF opsawg"], information=["SG2"]))
    assert routed.unrepresented == ("IETF opsawg", "SG2")
    assert [button.command for button in routed.buttons] == ["liaison assign SG11-LS5 'IETF opsawg'"]


async def test_routing_again_tells_nobody_twice(talk: Talk) -> None:
    await represents(talk, talk.member, "SG17")
    await talk.colleague.says("subscribe here to liaisons")
    await logged(talk, FOR_SG17)
    await routed_again(talk)
    assert [one.deed for one in await history(talk)] == [Deed.LOGGED, Deed.ROUTED]
    assert (len(talk.member.told), len(talk.colleague.told)) == (1, 1)


async def test_subscribers_get_the_news_by_their_filters(talk: Talk) -> None:
    await talk.colleague.says("subscribe here to liaisons group SG17")
    await talk.member.says("subscribe here to liaisons group SG2")
    await logged(talk, FOR_SG17)
    talk.colleague.is_told("SG11-LS5 came from SG11", "SG17: for action")
    talk.member.is_told_nothing()


async def test_a_subscriber_who_is_asked_anyway_gets_one_message(talk: Talk) -> None:
    await represents(talk, talk.member, "SG17")
    await talk.member.says("subscribe here to liaisons")
    await logged(talk, FOR_SG17)
    assert len(talk.member.told) == 1


async def test_quiet_hours_put_a_request_off(talk: Talk) -> None:
    await talk.member.says("subscribe here to meetings quiet=10:00-12:30")
    await represents(talk, talk.member, "SG17")
    await logged(talk, FOR_SG17)
    talk.member.is_told_nothing()
    talk.clock.advance(timedelta(hours=2))
    await talk.settles()
    talk.member.is_told("SG17 is asked to act")


async def test_who_was_asked_in_quiet_hours_is_not_told_of_what_is_over(talk: Talk) -> None:
    await talk.member.says("subscribe here to meetings quiet=10:00-12:30")
    await represents(talk, talk.member, "SG17")
    await logged(talk, FOR_SG17)
    await over(talk)
    talk.clock.advance(timedelta(hours=2))
    await talk.settles()
    talk.member.is_told_nothing()


async def test_a_group_that_has_answered_is_waited_for_no_more(talk: Talk) -> None:
    await represents(talk, talk.member, "SG17", "SG13")
    await logged(talk, Statement(action=["SG17", "SG13"]))
    first = await newest(talk)
    await logged(talk, Statement("Reply", number="SG17-LS9", source="SG17", information=["JCA-QKDN"]))
    async with talk.database.writing() as session:
        answers = update(Liaison).where(Liaison.number == "SG17-LS9")
        await session.execute(answers.values(response_to_id=first))
    await talk.member.says("liaison mine")
    talk.member.sees("SG17 has answered", "Nobody accepted it yet")


async def test_a_daily_digest_has_its_headline(talk: Talk) -> None:
    await talk.member.says("subscribe here to liaisons daily")
    await logged(talk, FOR_SG17)
    talk.member.is_told_nothing()
    talk.clock.advance(ONE_DAY)
    await talk.does_chores()
    talk.member.is_told("SG11-LS5 came: LS on threats")


async def test_an_outgoing_statement_tells_those_to_whom_it_was_sent(talk: Talk) -> None:
    await represents(talk, talk.member, "SG17")
    out = Statement("LS on a reply", number="", source="JCA-QKDN", action=["SG17"], outgoing=True)
    await logged(talk, out)
    talk.member.is_told("from JCA-QKDN", "SG17 is asked to act")
    assert [button.label for button in buttons_of(talk.member.told[-1])] == ["Show it"]


async def test_when_the_host_is_asked_the_secretariat_owns_it(talk: Talk) -> None:
    await talk.secretariat.says("secretariat here")
    await logged(talk, Statement(action=["JCA-QKDN"]))
    talk.secretariat.is_told("JCA-QKDN is asked to act")
    await talk.secretariat.presses("Accept", of=talk.secretariat.told[-1])
    talk.secretariat.sees("You see to SG11-LS5")


async def test_a_vague_deadline_asks_for_a_date_once(talk: Talk) -> None:
    await talk.secretariat.says("secretariat here")
    await logged(talk, Statement(action=["SG17"], deadline="mid-May"))
    talk.secretariat.is_told("It only says “mid-May”")
    await routed_again(talk)
    assert len(talk.secretariat.told) == 1


async def test_the_date_of_a_vague_deadline_is_one_tap_and_one_answer(talk: Talk) -> None:
    await talk.secretariat.says("secretariat here")
    await represents(talk, talk.member, "SG17")
    await logged(talk, Statement(action=["SG17"], deadline="mid-May"))
    await talk.member.says("liaison accept SG11-LS5")
    await talk.secretariat.presses("Give its date", of=talk.secretariat.told[-1])
    await talk.secretariat.says("2025-05-15")
    talk.member.is_told("the new deadline for SG17 is 15 May 2025")
    talk.secretariat.is_told("The deadline of SG11-LS5 is 15 May 2025")
    assert len(talk.secretariat.told) == 1


async def test_what_was_asked_is_reworded_when_it_is_over(talk: Talk) -> None:
    await represents(talk, talk.member, "SG17")
    await logged(talk, FOR_SG17)
    await over(talk, LiaisonStatus.ANSWERED, Deed.ANSWERED)
    talk.member.is_told("Nothing is left to do: it was answered")
    assert len(talk.member.told) == 1
    await talk.member.says("liaison accept SG11-LS5")
    talk.member.sees("it was answered")


async def test_news_that_wait_are_not_told_when_it_is_over(talk: Talk) -> None:
    await talk.member.says("subscribe here to liaisons daily")
    await logged(talk, FOR_SG17)
    await over(talk)
    talk.clock.advance(ONE_DAY)
    await talk.does_chores()
    talk.member.is_told_nothing()


async def test_who_was_asked_is_asked_again_when_it_is_reopened(talk: Talk) -> None:
    await represents(talk, talk.member, "SG17")
    await logged(talk, FOR_SG17)
    await talk.member.says("liaison accept 5")
    await over(talk)
    await reopened(talk)
    assert len(talk.member.told) == 2
    talk.member.is_told("It was reopened", "Do you see to it for SG17?")


async def test_an_owner_hears_of_another_deadline(talk: Talk) -> None:
    await represents(talk, talk.member, "SG17")
    await logged(talk, FOR_SG17)
    await talk.member.says("liaison accept SG11-LS5")
    await put_off(talk, "2025-02-01")
    talk.member.is_told("the new deadline for SG17 is 1 February 2025")


async def test_the_history_says_to_which_groups_it_went(talk: Talk) -> None:
    await represents(talk, talk.member, "SG17")
    await logged(talk, Statement(action=["SG17"], information=["SG2"]))
    (event,) = [one for one in await history(talk) if one.deed is Deed.ROUTED]
    assert event.reason == "to SG17, SG2"


async def test_one_who_can_only_be_reached_by_mail_is_told_there(talk: Talk) -> None:
    """Somebody whom the secretariat entered and who has never spoken to the bot."""
    mailing = Talk(talk.database, has_mail=True)
    await mailing.secretariat.says("representative add SG17 representative name='Ana Silva' email=ana@example.org")
    await logged(mailing, FOR_SG17)
    (letter,) = mailing.mailed("ana@example.org")[-1:]
    said = mailing.plain(letter)
    assert "SG17 is asked to act" in said
    assert "Please answer to the secretariat of JCA-QKDN" in said
