"""Requests: what a person is told of a liaison statement, in words that keep up with what became of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from handlers.command import Attachment, Button, Reply
from handlers.liaison.matter import Host, Matter, is_outgoing
from handlers.line import quote
from handlers.outgoing import Priority, reword, tell
from storage import outbox, representatives, subscriptions, targets
from storage.liaison import told
from storage.liaison.assignments import Assignment
from storage.liaison.concerned import Asked
from storage.liaison.told import SECRETARIAT, Told
from storage.targets import EMAIL, Destination
from storage.words import DeadlineKind, LiaisonStatus, Purpose

_LABEL = 40

_OVER = {
    LiaisonStatus.ANSWERED: "it was answered",
    LiaisonStatus.NOTED: "it was noted",
    LiaisonStatus.CLOSED: "it was closed",
    LiaisonStatus.WITHDRAWN: "it was withdrawn",
    LiaisonStatus.MISDIRECTED: "it was forwarded to whom it is for",
}


def is_for_secretariat(matter: Matter, one: Assignment) -> bool:
    """Whether the secretariat sees to it as long as nobody accepted: it is asked itself, or nobody else did."""
    return one.raised_at is not None or one.group_id is None or one.group_id == matter.host_id


def asks_of(matter: Matter, person: int) -> Sequence[Asked]:
    """What the person is asked, for groups that they represent or were asked to act for."""
    if person == SECRETARIAT:
        named = {one.name for one in matter.assignments if is_for_secretariat(matter, one)}
        return [one for one in matter.for_action if one.name in named]
    own = matter.groups_of(person)
    acting = {one.name for one in matter.assignments if one.person_id == person}
    return [one for one in matter.asked if one.group_id in own or (one.name in acting and matter.assignment(one))]


def reasons_for(matter: Matter, person: int) -> Sequence[str]:
    """Why it concerns groups of the person that it does not name."""
    own = matter.groups_of(person)
    return list(dict.fromkeys(words for group, some in matter.reasons.items() if group in own for words in some))


def keys_of(matter: Matter, person: int) -> Sequence[str]:
    """What tells whether the person is asked anything new."""
    return [*(f"{one.purpose.value} {one.name}" for one in asks_of(matter, person)), *reasons_for(matter, person)]


def request(
    matter: Matter,
    person: int,
    *,
    is_absent: bool = False,
    lead: str = "",
    attachments: Sequence[Attachment] = (),
) -> Reply:
    """What the person is told as it stands now. `lead` is said first: why they are told just now.

    Who `is_absent` has never spoken to the bot and can press nothing.
    """
    asks = asks_of(matter, person)
    return Reply(
        "liaisons/request",
        ls=facts(matter),
        lead=lead,
        asks=[shown(matter, one, person) for one in asks],
        reasons=list(reasons_for(matter, person)),
        over=over_words(matter),
        is_absent=is_absent,
        for_secretariat=person == SECRETARIAT,
        buttons=() if is_absent else _buttons(matter, person),
        attachments=attachments,
    )


def cause(liaison_id: int, person: int, turn: int) -> str:
    """Under which cause a person is asked, in that turn of asking."""
    return f"liaison:{liaison_id}:ask:{person}:{turn}"


def facts(matter: Matter) -> dict[str, object]:
    """What every message says of a statement."""
    liaison = matter.liaison
    is_vague = liaison.deadline_kind is DeadlineKind.VAGUE
    return {
        "number": liaison.number,
        "title": liaison.title,
        "source": liaison.source,
        "date": liaison.date,
        "is_outgoing": is_outgoing(liaison),
        "vague": liaison.deadline if is_vague else "",
    }


def over_words(matter: Matter) -> str:
    """Why nothing has to be done any more; empty while something has."""
    over = _OVER.get(matter.liaison.status, "")
    is_answered = matter.liaison.status is LiaisonStatus.ANSWERED
    return f"{over} by {' and '.join(matter.answers)}" if is_answered and matter.answers else over


def show_button(matter: Matter) -> Button:
    return Button("Show it", f"liaison show {quote(matter.liaison.number)}")


def subject(matter: Matter) -> str:
    """The subject of mails about it."""
    return f"{matter.liaison.number}: {matter.liaison.title}"


async def ask(
    occasion: Host,
    matter: Matter,
    person: int,
    cause: str,
    *,
    lead: str = "",
    attachments: Sequence[Attachment] = (),
) -> int | None:
    """Tell the person, or the secretariat, what they are asked; gives the target, None where there is no way.

    The caller notes it in the history (`told.entry`), so that it can be made right later.
    """
    if person == SECRETARIAT:
        places = await targets.of_secretariat(occasion.session, occasion.household)
        await tell_gently(occasion, places, matter, request(matter, person, lead=lead), cause)
        return places[0] if places else None
    target = await targets.of_person(occasion.session, person)
    is_absent = target is None
    if is_absent:
        target = await _mail_of(occasion, matter, person)
    if target is None:
        return None
    reply = request(matter, person, is_absent=is_absent, lead=lead, attachments=attachments)
    is_action = any(_is_action(one) for one in asks_of(matter, person))
    priority = Priority.NORMAL if is_action else Priority.BULK
    await tell_gently(occasion, [target], matter, reply, cause, priority)
    return target


async def tell_gently(
    occasion: Host,
    places: Sequence[int],
    matter: Matter,
    reply: Reply,
    cause: str,
    priority: Priority = Priority.NORMAL,
) -> None:
    """Tell each of the places, those where it is quiet now when that is over."""
    quiet = await subscriptions.quiet_until(occasion.session, places, occasion.now)
    for place in places:
        due = quiet.get(place)
        await tell(occasion, [place], reply, cause=cause, subject=subject(matter), due=due, priority=priority)


async def make_right(occasion: Host, matter: Matter, names: Collection[str] = (), but: int | None = None) -> None:
    """Bring what was asked of people in step with how it stands: of all, or of those asked to act for these groups.

    What `but` was told is left as it is.
    """
    wanted = {f"{Purpose.ACTION.value} {name}" for name in names}
    for one in await told.of_statement(occasion.session, matter.liaison.id):
        if one.person != but and _may_act(one) and (not wanted or wanted.intersection(one.asks)):
            await reword(occasion, one.cause, request(matter, one.person), subject(matter))


async def hush(occasion: Host, beginning: str) -> None:
    """Send nothing of what still waits under causes that begin so."""
    for cause in await told.waiting(occasion.session, beginning):
        await outbox.withdraw(occasion.session, cause)


def pressing(matter: Matter, one: Assignment | None, *, of_several: bool, by_secretariat: bool = False) -> list[Button]:
    """What may be done about an assignment that nobody accepted yet."""
    number = quote(matter.liaison.number)
    group = f" group={quote(matter.called(one))}" if one and (of_several or by_secretariat) else ""
    tail = f" for {matter.called(one)}" if one and of_several else ""
    accept = Button(f"Accept{tail}"[:_LABEL], f"liaison accept {number}{group}", style="primary")
    if by_secretariat and one:
        return [accept, Button(f"Assign{tail}…"[:_LABEL], f"liaison assign {number} {quote(matter.called(one))}")]
    return [accept, Button(f"Pass on{tail}…"[:_LABEL], f"liaison pass {number}{group}")]


def steps(matter: Matter, person: int) -> list[Button]:
    """What the person may do about what they are asked, while something is left to do."""
    by_secretariat = person == SECRETARIAT
    found: list[Button] = []
    left = _left(matter, person)
    open_ones = [one for one in map(matter.assignment, left) if one]
    for one in open_ones:
        several = len(open_ones) > 1
        if one.is_offered:
            found += pressing(matter, one, of_several=several, by_secretariat=by_secretariat)
        elif one.is_accepted and one.person_id == person:
            found += pressing(matter, one, of_several=several)[1:]
    return found


def answering(matter: Matter, person: int, *, is_owner: bool = True) -> list[Button]:
    """The way to propose an answer, for whoever represents a group that is asked for one and has given none.

    `is_owner`: of what somebody has to see to only for whoever does.
    """
    own = matter.groups_of(person)
    asked = [one for one in _left(matter, person) if one.group_id in own and one.purpose is not Purpose.INFORMATION]
    if is_outgoing(matter.liaison) or not any(not is_owner or _is_seen_to(matter, one, person) for one in asked):
        return []
    return [Button("Reply…", f"liaison reply {quote(matter.liaison.number)}")]


def _left(matter: Matter, person: int) -> Sequence[Asked]:
    if over_words(matter):
        return []
    return [one for one in asks_of(matter, person) if one.name not in matter.answered]


def _is_seen_to(matter: Matter, one: Asked, person: int) -> bool:
    """Whether the person sees to it; nobody has to see to what is only for comment."""
    owner = matter.assignment(one)
    return one.purpose is Purpose.COMMENT if owner is None else owner.is_accepted and owner.person_id == person


def _buttons(matter: Matter, person: int) -> Sequence[Button]:
    return [*answering(matter, person), *steps(matter, person)[:6], show_button(matter)]


def shown(matter: Matter, one: Asked, person: int) -> dict[str, object]:
    """What one group is asked, and who sees to it, as `liaisons/_ask` shows it to the person."""
    owner = matter.assignment(one)
    is_information = one.purpose is Purpose.INFORMATION
    return {
        "purpose": one.purpose.value,
        "group": matter.called(one),
        "asked": one.asked,
        "due": "" if is_information else matter.due(one),
        "state": owner.state.value if owner else "",
        "owner": owner.person if owner else "",
        "has_owner": owner is not None and owner.person_id is not None,
        "is_mine": owner is not None and owner.person_id == person,
        "accepted_at": owner.accepted_at if owner else None,
        "has_answered": one.name in matter.answered,
        "is_raised": owner is not None and is_for_secretariat(matter, owner),
    }


async def _mail_of(occasion: Host, matter: Matter, person: int) -> int | None:
    """The address with which somebody was entered who has never spoken to the bot."""
    seat = next((one.id for one in matter.seats if one.person_id == person), None)
    if seat is None or not occasion.household.has_mail:
        return None
    address = (await representatives.contact(occasion.session, seat)).email
    return await targets.kept(occasion.session, Destination(EMAIL, address)) if address else None


def _is_action(one: Asked) -> bool:
    return one.purpose is Purpose.ACTION


def _may_act(one: Told) -> bool:
    beginnings = (Purpose.ACTION.value, Purpose.COMMENT.value)
    return any(ask.split(" ", 1)[0] in beginnings for ask in one.asks)
