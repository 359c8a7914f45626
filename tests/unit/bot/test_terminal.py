"""The terminal: choices, forms, files, and lines that are read from a pipe."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from rich.console import Console
from sqlalchemy.exc import OperationalError

from bot.arrival import Asking, Message
from bot.core import Core, make_core
from bot.platforms import Address, Envelope, Unavailable, Unreachable
from bot.platforms.terminal.choices import Choices, NoSuchChoice, choices_of
from bot.platforms.terminal.completion import CommandCompleter
from bot.platforms.terminal.files import described, safe_name, save
from bot.platforms.terminal.lines import LONGEST, PipedLines
from bot.platforms.terminal.platform import TerminalPlatform
from bot.platforms.terminal.rich_screen import RichScreen
from bot.platforms.terminal.screen import PlainScreen
from bot.platforms.terminal.session import Session
from bot.render.renderer import Renderer
from bot.settings import Settings
from handlers.command import Attachment, Button, Role
from storage.database import Database


class Typed:
    """Lines of a person who answers every question alike."""

    def __init__(self, lines: Sequence[str], agrees: bool = True) -> None:
        self._lines = iter(lines)
        self._agrees = agrees
        self.questions: list[str] = []

    async def next(self) -> str | None:
        return next(self._lines, None)

    async def agrees(self, question: str) -> bool:
        self.questions.append(question)
        return self._agrees

    async def meanwhile(self, show: Callable[[], None]) -> None:
        show()

    @property
    def how_to_write(self) -> str:
        return "Write it."

    @property
    def is_choosing(self) -> bool:
        return False


@pytest.fixture
def core(sample: Database) -> Core:
    return make_core(Settings(), sample, roles={"terminal:ada": Role.SECRETARIAT})


async def said(core: Core, *lines: str, folder: Path = Path()) -> str:
    """What is on the screen after these lines."""
    out = io.StringIO()
    platform = TerminalPlatform("ada", core.desk.settled)
    core.desk.add(platform)
    await platform.start(core.desk)
    await Session(platform, core.renderer, Typed(lines), PlainScreen(out), folder).run()
    await platform.stop()
    return out.getvalue()


async def test_a_question_is_answered_with_numbered_choices(core: Core) -> None:
    assert "[1] Next 8 of 34 more" in await said(core, "roadmap list ETSI")


async def test_a_number_presses_a_choice_of_the_last_answer(core: Core) -> None:
    assert "9 to 16 shown" in await said(core, "roadmap list ETSI", "1")


async def test_a_number_without_a_choice_is_refused(core: Core) -> None:
    assert "There is no choice 7: type a number from 1 to 2." in await said(core, "roadmap list ETSI", "7")


async def test_a_number_after_an_answer_without_choices_is_refused(core: Core) -> None:
    assert "The last answer has no choices" in await said(core, "roadmap latest", "7")


async def test_a_year_is_no_choice(core: Core) -> None:
    assert "There is no choice" not in await said(core, "roadmap list ETSI", "2023")


async def test_a_form_is_filled_step_by_step(core: Core) -> None:
    shown = await said(core, "settings zone", "Moon", "Seoul")
    assert "Type your answer, or cancel" in shown
    assert '"Moon" does not do' in shown
    assert "you see times in Asia/Seoul" in shown


async def test_a_number_may_answer_a_question_of_a_form(core: Core) -> None:
    assert "Fourth meeting" in await said(core, "meeting show", "4")


async def test_choices_of_a_form_are_numbered(core: Core) -> None:
    shown = await said(core, "liaison list sideways", "2")
    assert "[2] outgoing" in shown
    assert "JCA-QKDN-LS1" in shown


@pytest.mark.parametrize("word", ["exit", "quit", "EXIT", " /exit "])
async def test_what_comes_after_exit_is_not_read(core: Core, word: str) -> None:
    assert await said(core, word, "whoami") == ""


async def test_empty_lines_are_passed_over(core: Core) -> None:
    assert await said(core, "", "   ", "\t") == ""


async def test_the_role_of_the_session_holds(core: Core) -> None:
    assert "your role here is secretariat" in await said(core, "whoami")


async def test_an_exception_is_told_with_a_reference(core: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fails(*_: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("bot.dispatch.Dispatcher._run", fails)
    assert "Please tell the secretariat this reference:" in await said(core, "whoami")


async def test_a_database_that_fails_is_told_and_the_session_goes_on(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def locked(*_: object) -> bool:
        raise OperationalError("", {}, Exception("database is locked"))

    monkeypatch.setattr("bot.reception.Desk.receive", locked)
    shown = await said(core, "whoami", "whoami")
    assert shown.count("The database does not answer just now") == 2


async def test_an_answer_to_somebody_who_left_is_not_shown(core: Core) -> None:
    platform = TerminalPlatform("ada", core.desk.settled)
    arrivals = []

    class Reception:
        async def receive(self, arrival: object) -> bool:
            arrivals.append(arrival)
            return True

    await platform.start(Reception())  # type: ignore[arg-type]  # only what is needed here
    assert await platform.ask("whoami") is None
    with pytest.raises(Unreachable):
        await platform.answer(arrivals[0], Message("late"))  # type: ignore[arg-type]  # an Arrival


@pytest.mark.parametrize("line", ["1", "[1]", " 1 ", "01"])
def test_a_choice_may_be_written_with_its_brackets(line: str) -> None:
    assert Choices((Button("A", "a"),)).pressed(line) == Button("A", "a")


@pytest.mark.parametrize("line", ["", "one", "1a", "123", "²", "1 2", "-1"])
def test_what_is_no_number_presses_nothing(line: str) -> None:
    assert Choices((Button("A", "a"),)).pressed(line) is None


@pytest.mark.parametrize("line", ["0", "2", "99"])
def test_a_number_out_of_range_says_which_there_are(line: str) -> None:
    with pytest.raises(NoSuchChoice, match="type 1"):
        Choices((Button("A", "a"),)).pressed(line)


def test_a_number_that_presses_no_choice_of_a_question_is_its_answer(core: Core) -> None:
    choices = choices_of(Asking(core.commands[0], {}, {}, Message("?", (Button("A", "fill group A"),))))
    pressed = choices.pressed("1")
    assert pressed
    assert pressed.command == "fill group A"
    assert choices.pressed("13") is None


def test_a_question_that_may_be_skipped_is_still_free(core: Core) -> None:
    skip = Asking(core.commands[0], {}, {}, Message("?", (Button("Skip", "fill seats -"), Button("Cancel", "cancel"))))
    assert choices_of(skip).pressed("1") is None


def test_a_free_question_has_no_choices(core: Core) -> None:
    question = Message("Number?", (Button("Cancel", "cancel"),))
    assert choices_of(Asking(core.commands[0], {}, {}, question)).pressed("1") is None
    assert choices_of(question) == Choices(question.buttons)


FILE = Attachment("report.txt", "text/plain", b"x" * 2048)


async def offered(tmp_path: Path, attachment: Attachment, agrees: bool) -> tuple[str, list[str]]:
    out, lines = io.StringIO(), Typed([], agrees)
    session = Session(TerminalPlatform("ada", _settled), Renderer(), lines, PlainScreen(out), tmp_path)
    await session.run(Message("Here it is", attachments=(attachment,)))
    return out.getvalue(), lines.questions


async def _settled() -> None: ...


async def test_a_file_is_saved_when_the_person_agrees(tmp_path: Path) -> None:
    shown, questions = await offered(tmp_path, FILE, agrees=True)
    assert questions == ["Save report.txt (2 kB) in this folder?"]
    assert (tmp_path / "report.txt").read_bytes() == FILE.content
    assert str(tmp_path / "report.txt") in shown


async def test_a_file_is_only_named_when_the_person_does_not_agree(tmp_path: Path) -> None:
    shown, _ = await offered(tmp_path, FILE, agrees=False)
    assert "Not saved: report.txt (2 kB)" in shown
    assert list(tmp_path.iterdir()) == []


def test_a_file_never_replaces_another(tmp_path: Path) -> None:
    assert save(FILE, tmp_path).name == "report.txt"
    assert save(FILE, tmp_path).name == "report-2.txt"


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\x\\y.txt", "y.txt"),
        (".bashrc", "bashrc"),
        ("", "file"),
        ("..", "file"),
        ("a\x1b[31m\n.txt", "a_31m .txt"),
        ("Bericht März.docx", "Bericht März.docx"),
        ("-rf", "-rf"),
    ],
)
def test_a_file_has_a_plain_name(name: str, safe: str, tmp_path: Path) -> None:
    attachment = Attachment(name, "text/plain", b"x")
    assert safe_name(attachment) == safe
    assert described(attachment) == f"{safe} (1 bytes)"
    assert save(attachment, tmp_path).parent == tmp_path


async def test_piped_lines_end_with_the_file() -> None:
    lines = PipedLines(io.BytesIO(b"one\r\ntwo\xff\n\nlast"), io.StringIO())
    assert [await lines.next() for _ in range(5)] == ["one", "two\ufffd", "", "last", None]
    assert not await lines.agrees("Save it?")


async def test_a_line_without_end_is_cut_and_the_next_one_is_whole() -> None:
    lines = PipedLines(io.BytesIO(b"x" * (3 * LONGEST) + b"\nnext\n"), io.StringIO())
    assert await lines.next() == "x" * LONGEST
    assert await lines.next() == "next"


def test_the_address_of_what_is_shown_alone_can_be_read() -> None:
    out = io.StringIO()
    screen = RichScreen(Console(file=out, width=80))
    screen.show(Renderer().parse("**[X.1](https://e.com/x)** Title\n\n- more"), [Button("Go", "go")])
    assert "https://e.com/x" in out.getvalue()
    assert "[1] Go" in out.getvalue()


TOLD = Message("The **wall** fell", (Button("Who am I", "whoami"),))
ADA = Address("ada")


async def told(core: Core, *lines: str, message: Message = TOLD, at: int = 0, folder: Path = Path()) -> str:
    """What is on the screen when the bot tells something, as soon as it may after so many looks."""
    out, looks = io.StringIO(), 0
    platform = TerminalPlatform("ada", core.desk.settled)
    waiting = [message]

    async def look() -> None:
        nonlocal looks
        looks += 1
        if looks > at and waiting and platform.is_ready:
            await platform.send(ADA, waiting.pop(), Envelope("1"))

    core.desk.add(platform)
    await platform.start(core.desk)
    await Session(platform, core.renderer, Typed(lines), PlainScreen(out), folder, look).run()
    await platform.stop()
    return out.getvalue()


async def test_what_the_bot_tells_is_shown_with_its_choices(core: Core) -> None:
    shown = await told(core, "1")
    assert shown.startswith("The bot has something to tell you:\n\nThe wall fell\n\n[1] Who am I")
    assert "You are ada" in shown


async def test_what_the_bot_tells_waits_for_the_end_of_a_form(core: Core) -> None:
    shown = await told(core, "settings zone", "Moon", "Seoul", at=1)
    assert shown.index("Type your answer") < shown.index("you see times in Asia/Seoul") < shown.index("The wall fell")


async def test_a_file_that_the_bot_sends_is_offered(core: Core, tmp_path: Path) -> None:
    shown = await told(core, "whoami", message=Message("Here", attachments=(FILE,)), folder=tmp_path)
    assert "With it comes report.txt (2 kB)." in shown
    assert (tmp_path / "report.txt").read_bytes() == FILE.content


async def test_a_change_is_told_as_a_correction(core: Core) -> None:
    seen: list[Message] = []

    class Eyes:
        are_free = True

        async def see(self, message: Message) -> None:
            seen.append(message)

    platform = TerminalPlatform("ada", core.desk.settled)
    platform.watch(Eyes())
    await platform.edit(ADA, {}, TOLD, Envelope("1"))
    assert "orrect" in seen[0].markdown
    assert seen[0].markdown.endswith(TOLD.markdown)


async def test_nothing_is_sent_where_nobody_looks_or_to_another_account(core: Core) -> None:
    platform = TerminalPlatform("ada", core.desk.settled)
    assert not platform.is_ready
    with pytest.raises(Unavailable):
        await platform.send(ADA, TOLD, Envelope("1"))
    Session(platform, core.renderer, Typed([]), PlainScreen(io.StringIO()), Path())
    with pytest.raises(Unavailable):
        await platform.send(Address("ben"), TOLD, Envelope("1"))


def completed(core: Core, line: str) -> list[str]:
    from prompt_toolkit.completion import CompleteEvent
    from prompt_toolkit.document import Document

    return [one.text for one in CommandCompleter(core.commands).get_completions(Document(line), CompleteEvent())]


@pytest.mark.parametrize(
    ("line", "offers"),
    [
        ("sett", ["settings", "settings reach ", "settings zone ", "settings reminders "]),
        ("/roadmap l", ["/roadmap list ", "/roadmap latest "]),
        (
            "liaison list ",
            [
                *("incoming", "outgoing", "direction=", "which=", "source=", "to=", "purpose=", "about=", "since="),
                *("until=", "due_since=", "due_until=", "owner=", "answering=", "order=", "page="),
            ],
        ),
        ("liaison list inc", ["incoming"]),
        ("roadmap list body=ETSI si", ["since="]),
        ("what is", []),
    ],
)
def test_tab_completes_words_choices_and_fields(core: Core, line: str, offers: list[str]) -> None:
    assert completed(core, line) == offers


async def test_a_text_of_several_lines_comes_from_a_file(
    core: Core, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "notes.md").write_text("**Seventh meeting**\n\n- papers by 'March'\n")
    shown = await said(core, "announce text=@notes.md audience=everybody", "announcement text 1", "@notes.md")
    # In the preview, as the present text to change, and in the preview of what was changed.
    assert shown.count("papers by 'March'") == 3


@pytest.mark.parametrize("line", ["announce text=@nowhere.md audience=everybody", "@nowhere.md"])
async def test_a_file_that_is_not_there_is_named_and_nothing_is_sent(core: Core, line: str) -> None:
    assert "There is no file nowhere.md. Nothing was sent." in await said(core, line)


async def test_what_is_no_file_is_left_as_it_is(core: Core) -> None:
    assert "who is @ada" in await said(core, "announce 'ask who is @ada' audience=everybody")
