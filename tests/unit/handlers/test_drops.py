"""Files that people drop into the chat: kept, used, refused and forgotten."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.arrival import Enclosed
from bot.platforms import Unavailable
from bot.platforms.fetching import MOST, Gone, TooLarge, Withheld
from handlers import dropping
from handlers.command import Reply, Request, Role, command
from handlers.dropping import FileNumbers, file_field
from handlers.form import Choice, Form, Line, field
from handlers.situation import Situation
from storage import drops
from storage.database import Database
from storage.tables import AuditEntry, Drop, File
from tests.talk import Talk

PDF = b"%PDF-1.7 the report of the meeting"
PROGRAM = b"\x7fELF\x02\x01\x01"


class Filing(Form):
    file: FileNumbers = file_field()
    title: Line = field("Title")

    @classmethod
    async def offers(cls, situation: Situation, field: str, typed: str) -> Sequence[Choice]:
        return await dropping.offers(situation, typed)


@command("paper add", form=Filing, role=Role.MEMBER, help="Add a paper", changes=True, takes_file=True)
async def add(request: Request, filing: Filing) -> Reply:
    sizes = [len(await drops.content(request.session, one.id)) for one in request.files]
    said = [f"{one.name} {one.media_type} {size}" for one, size in zip(request.files, sizes, strict=True)]
    return Reply("terms/unknown", subject=f"{filing.title}: {'/'.join(said)}", near=())


@pytest.fixture
def talk(sample: Database) -> Talk:
    return Talk(sample, add)


async def count(talk: Talk, table: type[Drop] | type[File]) -> int:
    async with talk.database.reading() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


async def test_a_dropped_file_is_kept_and_offered_what_takes_files(talk: Talk) -> None:
    await talk.member.drops({"report.pdf": PDF})
    talk.member.sees("report.pdf, 34 bytes: kept as file 1")
    talk.member.sees_buttons("Paper add", "Forget it")
    await talk.member.presses("Paper add")
    assert talk.member.is_asked
    await talk.member.says("The report")
    talk.member.sees("The report: report.pdf application/pdf 34")


async def test_nobody_is_offered_what_they_may_not_call(talk: Talk) -> None:
    await talk.member.drops({"report.pdf": PDF})
    assert "Announcement attach" not in [one.label for one in talk.member.message.buttons]
    await talk.secretariat.drops({"report.pdf": PDF})
    talk.secretariat.sees_buttons("Announce")


async def test_at_most_five_buttons_are_offered_the_likeliest_first_and_one_leads_to_the_others(talk: Talk) -> None:
    await talk.secretariat.drops({"report.pdf": PDF})
    labels = [one.label for one in talk.secretariat.message.buttons]
    assert labels == ["Log it", "Propose an answer", "Announce", "More …", "Forget it"]
    await talk.secretariat.presses("More …")
    talk.secretariat.sees_buttons("Log it", "Announcement attach", "Liaison draft", "Forget it")


async def test_with_a_sentence_there_are_no_more_than_five_buttons(talk: Talk) -> None:
    await talk.secretariat.drops({"report.pdf": PDF}, "when is the next meeting?")
    labels = [one.label for one in talk.secretariat.message.buttons]
    assert labels == ["Ask it as a question", "Log it", "Propose an answer", "More …", "Forget it"]


async def test_whoever_can_do_little_has_it_all_at_hand(talk: Talk) -> None:
    await talk.member.drops({"report.pdf": PDF})
    assert [one.label for one in talk.member.message.buttons] == ["Paper add", "Forget it"]


async def test_a_command_with_a_file_gets_it(talk: Talk) -> None:
    await talk.member.drops({"a.pdf": PDF, "b.txt": b"text"}, "paper add title=Both")
    talk.member.sees("Both: a.pdf application/pdf 34/b.txt text/plain 4")
    talk.member.sees_not("kept as")


async def test_a_form_that_goes_on_later_has_the_file_still(talk: Talk) -> None:
    await talk.member.drops({"a.pdf": PDF}, "/paper add")
    assert talk.member.is_asked
    talk.restart()
    await talk.member.says("Late")
    talk.member.sees("Late: a.pdf application/pdf 34")


async def test_a_question_for_a_file_is_answered_by_one(talk: Talk) -> None:
    await talk.member.says("paper add title=Asked")
    assert talk.member.is_asked
    await talk.member.drops({"a.pdf": PDF}, "here it is")
    talk.member.sees("Asked: a.pdf")


async def test_a_file_is_found_by_its_name(talk: Talk) -> None:
    await talk.member.drops({"report.pdf": PDF})
    await talk.member.says("paper add title=Found")
    await talk.member.says("repo")
    talk.member.sees("Found: report.pdf")


async def test_a_sentence_with_a_file_can_be_asked(talk: Talk) -> None:
    await talk.member.drops({"a.pdf": PDF}, "when is the next meeting?")
    talk.member.sees("kept as file 1")
    await talk.member.presses("Ask it as a question")
    talk.member.sees_not("kept as")


async def test_another_command_is_answered_and_the_file_kept(talk: Talk) -> None:
    await talk.member.drops({"a.pdf": PDF}, "whoami")
    talk.member.sees("Member", "a.pdf, 34 bytes: kept as file 1")


async def test_a_command_that_is_refused_leaves_the_file_kept(talk: Talk) -> None:
    await talk.secretariat.drops({"a.pdf": PDF}, "announcement attach 99")
    talk.secretariat.sees("There is no announcement 99", "a.pdf, 34 bytes: kept as file 1")


async def test_an_announcement_takes_files_with_its_text(talk: Talk) -> None:
    await talk.secretariat.drops({"agenda.pdf": PDF}, "announce Hello audience=everybody")
    talk.secretariat.sees("Draft 1", "Files: agenda.pdf")
    await talk.secretariat.drops({"more.txt": b"text"}, "announcement attach 1")
    talk.secretariat.sees("Files: agenda.pdf, more.txt")


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.pdf", b"", "a.pdf is empty"),
        ("a.pdf", PROGRAM, "a.pdf is a program"),
        ("a.pdf", Gone("gone"), "a.pdf is not there any more"),
        ("a.pdf", TooLarge("large"), "I take files up to 20 MB: send a link instead"),
        ("a.pdf", Withheld("Slack does not let me read files", "Reinstall it."), "Slack does not let me read files"),
        ("a.pdf", b"x" * (MOST + 1), "a.pdf is too large. I take files up to 20 MB: send a link instead"),
    ],
)
async def test_what_cannot_be_kept_is_said_and_nothing_is_done(
    talk: Talk, name: str, content: bytes | Gone | TooLarge | Withheld, words: str
) -> None:
    await talk.member.drops({name: content}, "paper add title=Nothing")
    talk.member.sees(words, "Nothing was changed")
    assert await count(talk, Drop) == 0


async def test_what_came_whole_goes_on_without_the_rest(talk: Talk) -> None:
    await talk.member.drops({"a.pdf": PDF, "b.pdf": b""}, "paper add title=Rest")
    talk.member.sees("b.pdf is empty", "a.pdf, 34 bytes: kept as file 1")
    await talk.member.presses("Go on with the rest")
    talk.member.sees("Rest: a.pdf")


async def test_a_platform_that_is_away_is_said_and_nothing_hangs(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.porter._PAUSES", (0.0, 0.0))
    await talk.member.drops({"a.pdf": Unavailable("away")})
    talk.member.sees("I could not get a.pdf just now", "send it once more")


async def test_whoever_can_do_nothing_with_files_fills_no_database(talk: Talk) -> None:
    await talk.guest.drops({"a.pdf": PDF})
    talk.guest.sees("nothing that I can do with a file from you")
    assert await count(talk, File) == 0


async def test_a_person_sends_only_so_much_a_day(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.porter.MOST_A_DAY", 50)
    await talk.member.drops({"a.pdf": PDF})
    await talk.member.drops({"b.pdf": PDF + b"2"})
    talk.member.sees("a day from one person")
    talk.clock.advance(timedelta(days=2))
    await talk.member.drops({"b.pdf": PDF + b"2"})
    talk.member.sees("kept as file 2")


async def test_the_same_file_again_is_known(talk: Talk) -> None:
    await talk.member.drops({"a.pdf": PDF})
    await talk.member.drops({"b.pdf": PDF})
    talk.member.sees("b.pdf, 34 bytes: kept as file 1 (you sent this before)")
    assert await count(talk, Drop) == 1


async def test_the_same_content_of_two_people_is_kept_once(talk: Talk) -> None:
    await talk.member.drops({"a.pdf": PDF})
    await talk.secretariat.drops({"a.pdf": PDF})
    assert (await count(talk, Drop), await count(talk, File)) == (2, 1)


async def test_the_same_file_twice_at_once_is_one(talk: Talk) -> None:
    await talk.member.says("whoami")
    talk.platform("slack").files["F"] = PDF
    one, two = (talk.member.arrival("") for _ in range(2))

    files = (Enclosed(reference="F", name="a.pdf"),)
    arrivals = [each.model_copy(update={"files": files}) for each in (one, two)]
    other = talk.new_desk()
    await asyncio.gather(talk.desk.receive(arrivals[0]), other.receive(arrivals[1]))
    await talk.settles(talk.desk, other)
    assert await count(talk, Drop) == 1
    assert len(talk.member.everything[1:]) == 2
    talk.member.sees("kept as file 1")


async def test_nobody_uses_the_file_of_another(talk: Talk) -> None:
    await talk.member.drops({"secret.pdf": PDF})
    await talk.secretariat.says("paper add 1 title=Theft")
    talk.secretariat.sees_not("secret.pdf")
    await talk.secretariat.says("files forget 1")
    talk.secretariat.sees_not("Forgotten")
    assert await count(talk, Drop) == 1


async def test_the_secretariat_uses_what_came_in_its_channel(talk: Talk) -> None:
    await talk.member.drops({"a.pdf": PDF}, channel=True)
    await talk.secretariat.says("paper add 1 title=Ours", channel=True)
    talk.secretariat.sees("Ours: a.pdf")
    await talk.administrator.says("paper add 1 title=Elsewhere")
    talk.administrator.sees_not("Elsewhere: a.pdf")


async def test_names_are_made_harmless(talk: Talk) -> None:
    name = "../../" + "報" * 300 + "\n<!channel> [x](http://evil).pdf"
    await talk.member.drops({name: PDF})
    talk.member.sees("kept as file 1")
    async with talk.database.reading() as session:
        kept = (await session.scalars(select(Drop.name))).one()
    assert not set("/\\\n<>") & set(kept)
    assert "](http" not in talk.member.message.markdown.replace("\\]", "")


async def test_my_files_are_listed_and_forgotten(talk: Talk) -> None:
    await talk.member.drops({"a.pdf": PDF})
    await talk.member.says("files")
    talk.member.sees("1: a.pdf")
    await talk.member.presses("1: a.pdf")
    talk.member.sees_buttons("Paper add")
    await talk.member.presses("Forget it")
    talk.member.sees("Forgotten: a.pdf")
    assert (await count(talk, Drop), await count(talk, File)) == (0, 0)


async def test_what_nobody_uses_is_forgotten_after_a_month(talk: Talk) -> None:
    await talk.member.drops({"a.pdf": PDF})
    talk.clock.advance(timedelta(days=29))
    await talk.does_chores()
    assert await count(talk, Drop) == 1
    talk.clock.advance(timedelta(days=2))
    await talk.does_chores()
    assert (await count(talk, Drop), await count(talk, File)) == (0, 0)


async def test_what_an_announcement_holds_outlives_the_drop(talk: Talk) -> None:
    await talk.secretariat.drops({"a.pdf": PDF}, "announce Hello audience=everybody")
    talk.clock.advance(timedelta(days=31))
    await talk.does_chores()
    assert (await count(talk, Drop), await count(talk, File)) == (0, 1)


async def test_every_drop_stands_in_the_audit_trail_without_its_name(talk: Talk) -> None:
    await talk.member.drops({"name-of-somebody.pdf": PDF})
    async with talk.database.reading() as session:
        (entry,) = await session.scalars(select(AuditEntry).where(AuditEntry.subject == "file"))
    assert (entry.action, entry.after["size"]) == ("drop", len(PDF))
    assert "somebody" not in str(entry.after)


async def test_after_a_crash_the_file_is_fetched_and_the_command_done_once(talk: Talk) -> None:

    platform = talk.platform("slack")
    hanging = asyncio.Event()
    began = asyncio.Event()
    fetch = platform.fetch

    async def hangs(file: Enclosed, most: int) -> bytes:
        began.set()
        await hanging.wait()
        return await fetch(file, most)

    platform.fetch = hangs  # type: ignore[method-assign]  # the process dies meanwhile
    platform.files["F"] = PDF
    arrival = talk.member.arrival("paper add title=Once")
    await talk.desk.receive(arrival.model_copy(update={"files": (Enclosed(reference="F", name="a.pdf"),)}))
    await began.wait()
    await talk.desk.abandon()
    platform.fetch = fetch  # type: ignore[method-assign]  # it works again
    talk.restart()
    assert await talk.desk.recover(unclaimed=True) == 1
    await talk.settles()
    talk.member.sees("Once: a.pdf")
    assert await talk.desk.recover(unclaimed=True) == 0
