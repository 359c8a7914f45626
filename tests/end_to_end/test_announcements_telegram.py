"""An announcement from Telegram to everywhere: step by step, with taps where there is something to choose."""

from __future__ import annotations

import asyncio

import pytest

from tests.conftest import MakeDatabase
from tests.end_to_end.house import PATIENCE, REFLECTOR, REPORT, house

TEXT = "**Seventh meeting**\n\nIt is on 18 March in Geneva."
ON_SQLITE = pytest.mark.parametrize("make_database", ["sqlite"], indirect=True)


async def test_an_announcement_goes_its_whole_way(make_database: MakeDatabase) -> None:
    database = make_database(True)
    async with house(database) as at:
        sam, mia = at.sam, at.telegram.person("Mia", "mia")
        await at.telegram_says(mia, "/subscribe here to announcements")
        await at.slack_says("boris", "subscribe here to announcements")
        group = at.telegram.group("Members", sam, mia)
        asked = await at.telegram.says(sam, f"/subscribe@{at.telegram.bot.username} here to announcements", group)
        await at.telegram.answer_to(asked)

        assert "Text" in (await at.telegram_says(sam, "/announce")).text
        audience = await at.telegram_says(sam, TEXT)
        assert audience.labels[:3] == ["Everybody who subscribed", "All representatives", "The mail reflector"]
        preview = await at.telegram_says(sam, "everybody + reflector")
        assert "1 channel, 2 people and the reflector" in preview.text
        change = await at.telegram_presses(sam, preview, "Change")
        asks = await at.telegram_presses(sam, change, "Readers acknowledge")
        assert "Readers are asked to acknowledge it" in asks.text
        document = await at.telegram.sends_document(sam, REPORT, "agenda.pdf", caption="/announcement_attach 1")
        preview = await at.telegram.answer_to(document)
        assert "Telegram: one message, 1 file, to 2" in preview.text
        assert preview.labels == ["Send now", "Schedule", "Change", "To me first", "Discard"]
        assert all(len(line) < 120 for line in preview.text.splitlines())

        await at.telegram.presses(sam, preview, "Send now")
        await at.telegram_sees(sam, "is sent", "▓▓▓▓▓▓▓▓▓▓ 100 %", "4 of 4 sent")
        (told,) = [one for one in at.telegram.said(mia) if "Geneva" in one.text]
        (in_group,) = [one for one in at.telegram.said(group) if "Geneva" in one.text]
        assert told.labels == in_group.labels == ["Acknowledge", "Fewer of these"]
        assert at.telegram_files(mia) == [("agenda.pdf", REPORT)]
        await at.telegram.presses(mia, in_group, "Acknowledge")
        await at.telegram_sees(mia, "it is noted that you read it")
        boris = await at.slack_sees("boris", "Seventh meeting", "[Acknowledge]")
        await at.slack_presses("boris", boris, "Acknowledge")
        report = await at.telegram_says(sam, "/announcement_acknowledgements 1")
        assert "2 of 2 acknowledged it" in report.text

        correction = await at.telegram_says(sam, "/announcement_correct 1 It is on 19 March.")
        assert "goes to 4 recipients" in correction.text
        await at.telegram.presses(sam, correction, "Correct it")
        await at.telegram_sees(sam, "is sent (corrected", "4 of 4 have the correction")
        assert (told.edited, in_group.edited) == (True, True)
        assert "It is on 19 March." in told.text
        await at.mail.wait_for(lambda: len(at.mail.messages_to(REFLECTOR)) == 2)
    await database.close()


async def test_two_presses_at_once_send_it_once(make_database: MakeDatabase) -> None:
    database = make_database(True)
    async with house(database) as at:
        await at.slack_says("boris", "subscribe here to announcements")
        preview = await at.telegram_says(at.sam, "/announce Hello audience=everybody")
        anna = await at.slack_says("anna", "announcement show 1")
        await asyncio.gather(
            at.telegram.presses(at.sam, preview, "Send now"), at.slack.presses("anna", anna, "Send now")
        )
        await at.slack_sees("boris", "Hello")
        both = await asyncio.gather(
            at.telegram_says(at.sam, "/announcement_show 1"), at.slack_says("anna", "announcement show 1")
        )
        assert both
        assert sum("Hello" in at.slack.seen(one) for one in at.slack.answers("boris")) == 1
    await database.close()


@ON_SQLITE
async def test_a_group_that_became_a_supergroup_is_told_once_and_goes_on_listening(make_database: MakeDatabase) -> None:
    database = make_database(True)
    async with house(database) as at:
        group = at.telegram.group("Members", at.sam)
        name = at.telegram.bot.username
        await at.telegram.answer_to(
            await at.telegram.says(at.sam, f"/subscribe@{name} here to announcements", group), PATIENCE
        )
        listed = await at.telegram_says(at.sam, "/subscriptions")
        assert "Members (Telegram) gets announcements at once" in listed.text
        new = await at.telegram.migrates(group)
        preview = await at.telegram_says(at.sam, "/announce Hello audience=everybody")
        await at.telegram.presses(at.sam, preview, "Send now")
        await at.telegram_sees(at.sam, "is sent", "1 of 1 sent")
        assert [one.text for one in at.telegram.said(new)] == ["Hello"]
        asked = await at.telegram.says(at.sam, f"/subscriptions@{name}", new)
        assert "This channel gets announcements at once" in (await at.telegram.answer_to(asked, PATIENCE)).text
    await database.close()


@ON_SQLITE
async def test_who_blocked_the_bot_is_reported_once_and_not_tried_again(make_database: MakeDatabase) -> None:
    database = make_database(True)
    async with house(database) as at:
        mia = at.telegram.person("Mia", "mia")
        await at.telegram_says(mia, "/subscribe here to announcements")
        await at.slack_says("boris", "subscribe here to announcements")
        await at.telegram.blocks(mia)
        preview = await at.telegram_says(at.sam, "/announce Hello audience=everybody")
        await at.telegram.presses(at.sam, preview, "Send now")
        await at.telegram_sees(at.sam, "is sent", "1 of 2 sent", "1 failed")
        await at.telegram_sees(at.sam, "Mia", "takes no messages any more")
        preview = await at.telegram_says(at.sam, "/announce Again audience=everybody")
        assert "1 has no reachable address: Mia" in preview.text
        await at.telegram.presses(at.sam, preview, "Send now")
        await at.telegram_sees(at.sam, "Again", "is sent", "1 of 1 sent", "1 without a way to reach them")
        reports = [one for one in at.telegram.said(at.sam) if "takes no messages any more" in one.text]
        tries = [one for one in at.telegram.world.calls if one.chat_id == str(mia.id) and one.error]
        assert (len(reports), len(tries)) == (1, 1)
    await database.close()
