"""Arrivals: Slack's payloads in the shape that all platforms share."""

from __future__ import annotations

from bot.arrival import Arrival, Enclosed
from bot.platforms.slack.buttons import Pressed
from bot.platforms.slack.modals import LONGEST_INPUT, Errand
from bot.platforms.slack.payloads import Event, EventDelivery, File, Press, SharedFile, SlashCommand, Submission
from bot.platforms.slack.said import said, unescaped
from bot.platforms.slack.way import Way, place

_SAID_BY_PEOPLE = frozenset({None, "file_share", "thread_broadcast", "me_message"})

_LOST = frozenset({"tombstone", "hidden_by_limit"})


def of_event(delivery: EventDelivery, bot: str, now: float) -> Arrival | None:
    """A direct message or a mention; None for all that is not said to the bot by a person."""
    event = delivery.event
    if not (_is_said(event) and event.user and event.user != bot):
        return None
    thread = event.thread_ts
    if event.type == "app_mention":
        thread = event.thread_ts or event.ts
    team = event.user_team or delivery.team_id
    way = Way(event.user, event.channel, thread, received=now)
    return Arrival(
        platform="slack",
        event_id=delivery.event_id,
        account=f"{team}/{event.user}",
        place=place(delivery.team_id, way),
        kind="message",
        text=said(event.text, bot),
        address=way.address(),
        files=tuple(_enclosed(file) for file in event.files),
        covers=tuple(_sharing(event.channel, file.id) for file in event.files if file.id),
    )


def of_shared(delivery: EventDelivery, file: SharedFile, now: float) -> Arrival:
    """A file that somebody shared in a channel; answered in the thread of the message with it, where that is known."""
    event = delivery.event
    share = file.newest_in(event.channel_id)
    way = Way(event.user_id, event.channel_id, share.thread_ts or share.ts, received=now)
    return Arrival(
        platform="slack",
        event_id=_sharing(event.channel_id, event.file_id),
        account=f"{delivery.team_id}/{event.user_id}",
        place=place(delivery.team_id, way),
        kind="message",
        address=way.address(),
        files=(_enclosed(file),),
        unaddressed=True,
    )


def _sharing(channel: str, file: str) -> str:
    """The id under which it is kept that a file was shared: Slack tells it beside the message that came with it."""
    return f"file_shared:{channel}:{file}"


def _enclosed(file: File) -> Enclosed:
    problem = ""
    if file.is_external or file.mode == "external":
        problem = "that is a link to a file elsewhere. Send the file itself, or the link as text."
    elif file.mode in _LOST:
        problem = "Slack has it no more."
    reference = file.url_private_download or file.url_private or file.id
    return Enclosed(
        reference=reference,
        name=file.name or file.title,
        media_type=file.mimetype,
        size=max(file.size, 0),
        problem=problem,
    )


def _is_said(event: Event) -> bool:
    told = event.type == "app_mention" or (event.type == "message" and event.channel_type == "im")
    by_person = event.subtype in _SAID_BY_PEOPLE and not event.bot_id
    return told and by_person and not event.hidden and event.edited is None


def of_command(command: SlashCommand, prefix: str, now: float) -> Arrival:
    """`/jca-roadmap show y3802` is the command line `roadmap show y3802`."""
    word = command.command.removeprefix("/").removeprefix(prefix)
    way = Way(
        command.user_id,
        command.channel_id,
        response_url=command.response_url,
        trigger_id=command.trigger_id,
        received=now,
        quiet=True,
    )
    return Arrival(
        platform="slack",
        event_id=command.trigger_id,
        account=f"{command.team_id}/{command.user_id}",
        place=place(command.team_id, way),
        kind="command",
        text=f"{word} {unescaped(command.text).strip()}".strip(),
        address=way.address(),
        modal=LONGEST_INPUT,
    )


def of_press(press: Press, pressed: Pressed, now: float) -> Arrival:
    """A button; one in App Home is answered in the person's direct messages."""
    container = press.container
    way = Way(
        press.user.id,
        container.channel_id or press.user.id,
        container.thread_ts,
        response_url=press.response_url,
        trigger_id=press.trigger_id,
        received=now,
        quiet=container.is_ephemeral and not pressed.share,
        share=pressed.share,
    )
    team = press.team.id if press.team else press.team_id
    return Arrival(
        platform="slack",
        event_id=press.trigger_id,
        account=f"{press.team_id}/{press.user.id}",
        place=place(team, way),
        kind="button",
        text=pressed.line,
        address=way.address(),
        modal=LONGEST_INPUT,
    )


def of_submission(submission: Submission, errand: Errand, now: float) -> Arrival:
    """A filled modal. The view's hash stays the same when wrong fields are sent again, the trigger does not."""
    view = submission.view
    way = Way(
        submission.user.id,
        errand.channel,
        errand.thread_ts,
        response_url=errand.response_url,
        received=now,
        quiet=errand.quiet,
    )
    return Arrival(
        platform="slack",
        event_id=f"{view.id}:{submission.trigger_id or view.hash}",
        account=f"{submission.team_id}/{submission.user.id}",
        place=errand.place,
        kind="form",
        text=errand.words,
        values=_values(submission),
        address=way.address(),
    )


def _values(submission: Submission) -> dict[str, str]:
    given: dict[str, str] = {}
    for name, elements in submission.view.state.values.items():
        for held in elements.values():
            value = held.selected_option.value if held.selected_option else held.value
            if value:
                given[name] = value
    return given
