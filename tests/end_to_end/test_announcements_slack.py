"""An announcement from Slack to everywhere: written, looked at, confirmed, sent, corrected, acknowledged, reported."""

from __future__ import annotations

import pytest

from tests.conftest import MakeDatabase
from tests.end_to_end.house import PATIENCE, REFLECTOR, REPORT, House, house
from tests.fakes.slack import View

TEXT = "# Seventh meeting\n\nIt is on **18 March** in Geneva.\n\n- papers by 1 March"
ON_SQLITE = pytest.mark.parametrize("make_database", ["sqlite"], indirect=True)


async def modal(at: House, title: str) -> View:
    found = await at.slack.wait_for(lambda: [one for one in at.slack.views("anna") if one.title == title], PATIENCE)
    return found[-1]


async def drafted(at: House) -> None:
    """Boris listens on Slack, Mia on Telegram; Anna has a draft for both, the reflector and a channel."""
    await at.slack_says("boris", "subscribe here to announcements")
    mia = at.telegram.person("Mia", "mia")
    await at.telegram_says(mia, "/subscribe")
    await at.slack.says("anna", f"{at.slack.mention} subscribe here to announcements name='#general'", "general")
    await at.slack_sees("general", "This channel gets announcements at once")
    received = await at.slack_says("anna", "", file="agenda.pdf")
    await at.slack.presses("anna", received, "Announce")
    view = await modal(at, "Announce")
    assert "[Preview]" in at.slack.seen(view)
    offered = await at.slack.suggests("anna", view, "Audience", "everybody + reflector")
    assert offered.options == ["everybody who subscribed + the reflector"]
    given = {"Text": TEXT, "Audience": offered.options[0], "Acknowledge": "yes"}
    await at.slack.submits("anna", view, given)


async def test_an_announcement_goes_its_whole_way(make_database: MakeDatabase) -> None:
    database = make_database(True)
    async with house(database) as at:
        await drafted(at)
        preview = await at.slack_sees("anna", "Draft 1. Nothing was sent yet.")
        seen = at.slack.seen(preview)
        for line in (
            "everybody who subscribed + the reflector: 1 channel, 2 people and the reflector",
            "e-mail: subject “Seventh meeting”, 1 file, to 1",
            "Slack: one message, 1 file, to 2",
            "Telegram: one message, 1 file, to 1",
            "Files: agenda.pdf",
            "Readers are asked to acknowledge it",
            "It is on 18 March in Geneva.",
        ):
            assert line in seen
        labels = [button.label for button in at.slack.buttons(preview)]
        assert labels == ["Send now", "Schedule", "Change", "To me first", "Discard"]

        await at.slack.presses("anna", preview, "Send now")
        await at.slack_sees("anna", "is sent", "▓▓▓▓▓▓▓▓▓▓ 100 %", "4 of 4 sent")
        boris = await at.slack_sees("boris", "Seventh meeting", "18 March", "[Acknowledge] [Fewer of these]")
        assert at.slack_files("boris") == at.slack_files("general") == [("agenda.pdf", REPORT)]
        (mia,) = [one for one in at.telegram.world.people.values() if one.username == "mia"]
        assert at.telegram_files(mia) == [("agenda.pdf", REPORT)]
        (mail,) = at.mail.messages_to(REFLECTOR)
        assert (mail.subject, mail.files) == ("Seventh meeting", {"agenda.pdf": REPORT})

        await at.slack_presses("boris", boris, "Acknowledge")
        report = await at.slack_says("anna", "announcement acknowledgements 1")
        assert "1 of 2 acknowledged it" in at.slack.seen(report)
        assert "Not yet: Mia" in at.slack.seen(report)
        await at.slack_presses("anna", report, "Remind those who have not")
        await at.telegram_sees(mia, "A reminder: please acknowledge that you read this.")

        shown = await at.slack_says("anna", "announcement show 1")
        await at.slack.presses("anna", shown, "Correct")
        view = await modal(at, "Announcement correct")
        assert TEXT in at.slack.seen(view)
        await at.slack.submits("anna", view, {"Text": TEXT.replace("18", "19")})
        correction = await at.slack_sees("anna", "Nothing was sent yet", "goes to 4 recipients", "19 March")
        await at.slack.presses("anna", correction, "Correct it")
        await at.slack_sees("anna", "is sent (corrected", "4 of 4 have the correction")
        for where in ("boris", "general"):
            (message,) = [one for one in at.slack.answers(where) if "Geneva" in at.slack.seen(one)]
            assert ("19 March" in at.slack.seen(message), message.edited) == (True, True)
        await at.telegram_sees(mia, "Corrected", "19 March", "Seventh meeting")
        assert not [one for one in at.telegram.said(mia) if "18 March" in one.text]
        assert [one.subject for one in at.mail.messages_to(REFLECTOR)][1:] == ["Corrected: Seventh meeting"]
    await database.close()


@ON_SQLITE
async def test_a_time_is_chosen_in_a_form_and_a_sending_can_be_called_off(make_database: MakeDatabase) -> None:
    database = make_database(True)
    async with house(database) as at:
        await drafted(at)
        preview = await at.slack_sees("anna", "Draft 1. Nothing was sent yet.")
        await at.slack.presses("anna", preview, "Schedule")
        view = await modal(at, "Announcement schedule")
        refused = await at.slack.submits("anna", view, {"At": "2020-01-10 09:00"})
        assert refused.errors == {"at": "That is in the past"}
        await at.slack.submits("anna", view, {"At": "2100-01-10 09:00"})
        scheduled = await at.slack_sees("anna", "will be sent on 10 January 2100, 09:00 (Europe/Zurich)")
        await at.slack_presses("anna", scheduled, "Cancel")
        await at.slack_sees("anna", "is cancelled. Nobody was told anything.")
        assert not at.mail.mails
    await database.close()
