"""Announcements by e-mail: who gets them, what is in them, and the one click that ends them."""

from __future__ import annotations

import re

import pytest
from aiohttp import ClientSession

from tests.conftest import MakeDatabase
from tests.end_to_end.house import PATIENCE, REPORT, House, house
from tests.fakes.smtp.records import Mail

KIM = "kim@partner.example"
ON_SQLITE = pytest.mark.parametrize("make_database", ["sqlite"], indirect=True)


async def mails_to_kim(at: House, count: int) -> list[Mail]:
    await at.mail.wait_for(lambda: len(at.mail.messages_to(KIM)) >= count, PATIENCE)
    return at.mail.messages_to(KIM)


async def announced(at: House, more: str = "") -> None:
    preview = await at.slack_says("anna", f"announce '**Seventh meeting** on 18 March' audience=everybody {more}")
    await at.slack.presses("anna", preview, "Send now")


def link_of(mail: Mail) -> str:
    found = re.fullmatch(r"<(http://\S+)>", str(mail.parsed["List-Unsubscribe"]))
    assert found, mail.parsed["List-Unsubscribe"]
    return found[1]


async def test_an_address_gets_it_and_its_correction_and_leaves_with_one_click(make_database: MakeDatabase) -> None:
    database = make_database(True)
    async with house(database) as at, ClientSession() as web:
        await at.slack_says("anna", f"subscribe {KIM} to announcements")
        preview = await at.slack_says("anna", "announce 'On *18 March*' audience=everybody", file="agenda.pdf")
        assert "1 e-mail address" in at.slack.seen(preview)
        await at.slack.presses("anna", preview, "Send now")
        (mail,) = await mails_to_kim(at, 1)
        assert (mail.subject, mail.files) == ("On 18 March", {"agenda.pdf": REPORT})
        assert "<p>On <em>18 March</em></p>" in mail.html
        assert mail.parsed["List-Id"].endswith(".example.org>")
        assert mail.parsed["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert "fewer announcements" not in mail.text
        await at.slack_sees("anna", "is sent", "1 of 1 sent")

        preview = await at.slack_says("anna", "announcement correct 1 'On *19 March*'")
        assert "goes to 1 recipient:" in at.slack.seen(preview)
        await at.slack.presses("anna", preview, "Correct it")
        first, second = await mails_to_kim(at, 2)
        assert second.subject == "Corrected: On 19 March"
        assert second.parsed["In-Reply-To"] == first.parsed["Message-ID"]
        await at.slack_sees("anna", "1 of 1 have the correction")

        async with web.get(link_of(first)) as page:
            assert (page.status, "Unsubscribe?" in await page.text()) == (200, True)
        still = await at.slack_says("anna", "announce Hello audience=everybody")
        assert "1 e-mail address" in at.slack.seen(still)
        for _ in range(2):
            async with web.post(link_of(first), data={"List-Unsubscribe": "One-Click"}) as page:
                assert (page.status, "Unsubscribed" in await page.text()) == (200, True)
        refused = await at.slack_says("anna", "announce Hello audience=everybody")
        assert "nobody" in at.slack.seen(refused)
    await database.close()


@ON_SQLITE
async def test_who_prefers_e_mail_is_told_there_alone_and_acknowledges_by_a_link(make_database: MakeDatabase) -> None:
    database = make_database(True)
    async with house(database) as at, ClientSession() as web:
        await at.slack_says("boris", "subscribe here to announcements")
        await at.slack_says("boris", f"address {KIM}")
        (code,) = await mails_to_kim(at, 1)
        digits = re.findall(r"\b\d{3}\b", code.text)
        await at.slack_says("boris", f"code {''.join(digits[:2])}")
        await at.slack_says("boris", "settings reach email")
        await announced(at, "acknowledge=yes")
        mail = (await mails_to_kim(at, 2))[-1]
        assert "announcement acknowledge 1" not in mail.text
        link = re.search(rf"{at.url}/acknowledge/[\w-]+", mail.text)
        assert link
        assert link[0] in mail.html
        async with web.get(link[0]) as page:
            assert "I have read it" in await page.text()
        report = await at.slack_says("anna", "announcement acknowledgements 1")
        assert "0 of 1 acknowledged it" in at.slack.seen(report)
        async with web.post(link[0]) as page:
            assert "Thank you" in await page.text()
        report = await at.slack_says("anna", "announcement acknowledgements 1")
        assert "1 of 1 acknowledged it" in at.slack.seen(report)
        assert not [one for one in at.slack.answers("boris") if "18 March" in at.slack.seen(one)]
    await database.close()


@ON_SQLITE
async def test_an_address_that_there_is_not_is_reported_once_and_passed_over_from_then_on(
    make_database: MakeDatabase,
) -> None:
    database = make_database(True)
    async with house(database) as at:
        refused = at.mail.misbehave("refused", "RCPT", "550 5.1.1 No such user", address=KIM, times=9)
        await at.slack_says("anna", f"subscribe {KIM} to announcements")
        await at.slack_says("boris", "subscribe here to announcements")
        await announced(at)
        await at.slack_sees("anna", "is sent", "1 failed", "1 because: 550 5.1.1 No such user")
        await at.slack_sees("anna", KIM, "takes no messages any more")
        again = await at.slack_says("anna", "announcement resend-failed 1")
        assert "nobody to send it to again" in at.slack.seen(again)
        preview = await at.slack_says("anna", "announce Hello audience=everybody")
        assert "1 has no reachable address: an e-mail address (550 5.1.1 No such user)" in at.slack.seen(preview)
        assert refused.happened == 1
    await database.close()
