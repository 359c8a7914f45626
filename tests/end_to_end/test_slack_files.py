"""Files dropped on Slack: fetched, kept, used; and what Slack may do wrong with them."""

from collections.abc import AsyncIterator

import pytest

from bot.platforms.slack.manifest import SCOPES
from bot.platforms.slack.platform import SlackPlatform
from storage.database import Database
from tests.end_to_end.papers import add_paper
from tests.end_to_end.patience import LONG, gives_up_downloads
from tests.fakes.slack import SlackFake
from tests.talk import Talk

PDF = b"%PDF-1.7 " + b"x" * 50_000


@pytest.fixture
async def slack(sample: Database, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[SlackFake]:
    """A workspace with the bot at work on a real database; it asks again at once."""
    monkeypatch.setattr("bot.porter._PAUSES", (0.0, 0.0))
    async with SlackFake() as fake:
        fake.scopes = SCOPES
        talk = Talk(sample, add_paper)
        platform = SlackPlatform(
            bot_token=fake.bot_token,
            app_token=fake.app_token,
            signing_secret=None,
            api_url=fake.api_url,
            command_prefix="",
            commands=[add_paper],
            render=talk.renderer,
            timeout=LONG,
        )
        talk.desk.add(platform)
        try:
            await platform.start(talk.desk)
            yield fake
            await talk.desk.settled()
        finally:
            await platform.stop()


async def answered(slack: SlackFake, where: str = "anna", count: int = 1) -> str:
    """What the answer of that number says."""
    await slack.wait_for(lambda: len(slack.answers(where)) >= count, LONG)
    return slack.seen(slack.answers(where)[count - 1])


async def test_a_file_is_kept_and_used_by_a_button(slack: SlackFake) -> None:
    await slack.says("anna", "", files=[slack.file("report.pdf", PDF, "application/pdf")])
    assert "report.pdf, 49 KB: kept as file 1" in await answered(slack)
    await slack.presses("anna", slack.answers("anna")[0], "Paper add")
    (view,) = await slack.wait_for(lambda: slack.views("anna"))
    assert "report.pdf" in slack.seen(view)
    await slack.submits("anna", view, {"Title": "The report"})
    assert "The report: report.pdf application/pdf 50009" in await answered(slack, count=2)


async def test_several_files_with_a_command_line_are_one_call(slack: SlackFake) -> None:
    files = [slack.file("a.pdf", PDF), slack.file("報告.txt", b"text")]
    await slack.says("anna", "paper add title=Both", files=files)
    assert "Both: a.pdf application/pdf 50009, 報告.txt text/plain 4" in await answered(slack)


async def test_a_file_with_a_mention_in_a_channel_is_heard(slack: SlackFake) -> None:
    await slack.says("anna", "@liaison paper add title=Here", "general", files=[slack.file("a.pdf", PDF)])
    assert "Here: a.pdf" in await answered(slack, "general")


async def test_an_old_app_without_the_scope_is_told_apart_from_the_file(slack: SlackFake) -> None:
    slack.scopes = [scope for scope in SCOPES if scope != "files:read"]
    await slack.says("anna", "paper add title=Page", files=[slack.file("page.html", b"<html>mine</html>", "text/html")])
    seen = await answered(slack)
    assert "Slack does not let me read files" in seen
    assert "files:read" in seen
    assert len(slack.called("download")) == 1


async def test_a_page_that_somebody_sends_is_a_file(slack: SlackFake) -> None:
    await slack.says("anna", "paper add title=Page", files=[slack.file("page.html", b"<html>mine</html>", "text/html")])
    assert "Page: page.html text/html 17" in await answered(slack)


async def test_a_large_file_that_says_it_is_small_is_not_taken(slack: SlackFake) -> None:
    file = slack.file("small.bin", b"\x01" * (25 * 1024 * 1024), claims=1024)
    await slack.says("anna", "paper add title=Large", files=[file])
    assert "small.bin is too large. I take files up to 20 MB" in await answered(slack)


async def test_a_file_that_says_it_is_large_is_not_even_fetched(slack: SlackFake) -> None:
    await slack.says("anna", "", files=[slack.file("film.mp4", b"\x01", claims=900 * 1024 * 1024)])
    assert "film.mp4 has 900 MB. I take files up to 20 MB: send a link instead." in await answered(slack)
    assert slack.called("download") == []


@pytest.mark.parametrize("kind", ["slow", "lost_reply", "server_error"])
async def test_what_goes_wrong_once_is_tried_again(
    slack: SlackFake, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = slack.misbehave(kind, "download")  # type: ignore[arg-type]  # one of the kinds
    gives_up_downloads(monkeypatch, "slack", lambda: not wrong.met)
    await slack.says("anna", "paper add title=Again", files=[slack.file("a.pdf", PDF)])
    assert "Again: a.pdf application/pdf 50009" in await answered(slack)


async def test_a_download_that_always_hangs_is_given_up(slack: SlackFake, monkeypatch: pytest.MonkeyPatch) -> None:
    gives_up_downloads(monkeypatch, "slack", lambda: True)
    slack.misbehave("slow", "download", times=None)
    await slack.says("anna", "paper add title=Never", files=[slack.file("a.pdf", PDF)])
    assert "I could not get a.pdf just now. Please send it once more." in await answered(slack)


async def test_a_file_that_was_deleted_is_said_to_be_gone(slack: SlackFake) -> None:
    file = slack.file("a.pdf", PDF)
    file.content = None
    await slack.says("anna", "", files=[file])
    assert "a.pdf is not there any more. Send it again." in await answered(slack)


async def test_the_token_is_shown_to_nobody_but_slack(slack: SlackFake) -> None:
    person = slack.workspace.person("anna")
    elsewhere = {"id": "F1", "name": "a.pdf", "url_private_download": "http://127.0.0.1:9/a.pdf", "size": 5}
    inner = {"type": "message", "channel_type": "im", "user": person.id, "channel": slack.workspace.dm(person).id}
    await slack.event({**inner, "subtype": "file_share", "text": "", "ts": "1.1", "files": [elsewhere]})
    assert "I did not get a.pdf: it is not on Slack" in await answered(slack)


async def test_a_link_to_a_file_elsewhere_is_said_to_be_one(slack: SlackFake) -> None:
    person = slack.workspace.person("anna")
    linked = {"id": "F1", "name": "a.gdoc", "mode": "external", "is_external": True, "url_private": "https://x.org/a"}
    inner = {"type": "message", "channel_type": "im", "user": person.id, "channel": slack.workspace.dm(person).id}
    await slack.event({**inner, "subtype": "file_share", "text": "", "ts": "1.1", "files": [linked]})
    assert "a.gdoc: that is a link to a file elsewhere" in await answered(slack)
