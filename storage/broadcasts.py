"""Broadcasts: the deliveries of an announcement, how they stand, and sending again what failed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage import audiences, outbox, reaching, receipts
from storage.outbox import Post, Priority, Words
from storage.reaching import in_pages
from storage.tables import Account, Delivery, Person, Recipient, Target
from storage.words import DeliveryState

_LOST = (DeliveryState.FAILED, DeliveryState.EXPIRED)
_OPEN = (DeliveryState.WAITING, DeliveryState.SENDING)


@dataclass(frozen=True, slots=True)
class Figures:
    """How the deliveries of an announcement stand. `later` are those that are not due yet.

    `reasons` says of how many recipients why they got nothing; `corrections` how the newest edits stand of what was
    sent.
    """

    states: Mapping[DeliveryState, int] = field(default_factory=dict)
    later: int = 0
    unreached: int = 0
    reasons: tuple[tuple[str, int], ...] = ()
    corrections: Mapping[DeliveryState, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.states.values())

    @property
    def open(self) -> int:
        return sum(self.states.get(state, 0) for state in _OPEN)

    @property
    def sent(self) -> int:
        return self.states.get(DeliveryState.SENT, 0)

    @property
    def uncertain(self) -> int:
        return self.states.get(DeliveryState.UNCERTAIN, 0)

    @property
    def failed(self) -> int:
        return sum(self.states.get(state, 0) for state in _LOST)

    @property
    def dropped(self) -> int:
        return self.states.get(DeliveryState.DROPPED, 0)

    @property
    def reached(self) -> int:
        """Those who have it, or will get it."""
        return self.open + self.sent + self.uncertain

    @property
    def corrected(self) -> int:
        return sum(self.corrections.get(state, 0) for state in (DeliveryState.SENT, DeliveryState.UNCERTAIN))

    @property
    def uncorrected(self) -> int:
        """Those whose correction is still on its way."""
        return sum(self.corrections.get(state, 0) for state in _OPEN)

    @property
    def incorrigible(self) -> int:
        return sum(self.corrections.values()) - self.corrected - self.uncorrected


def causes(number: int) -> tuple[str, str]:
    """The causes of an announcement's deliveries: to those who did not subscribe, and to subscribers."""
    return f"announcement:{number}", f"announcement:{number}:subscribers"


def nudge_cause(number: int, now: datetime) -> str:
    """The cause of the reminders of one moment."""
    return f"announcement:{number}:nudge:{now.isoformat()}"


async def nudges(session: AsyncSession, number: int) -> Sequence[str]:
    """The causes of all reminders of an announcement."""
    begin = f"announcement:{number}:nudge:"
    return list(await session.scalars(select(Delivery.cause).where(Delivery.cause.startswith(begin)).distinct()))


async def send(
    session: AsyncSession,
    number: int,
    recipients: Sequence[audiences.Recipient],
    plain: Words,
    subscribed: Words,
    now: datetime,
) -> int:
    """Note for whom an announcement is, and put its deliveries into the outbox; gives how many."""
    for page in in_pages(recipients):
        rows = [
            {
                "announcement_id": number,
                "target_id": one.target,
                "person_id": one.person,
                "is_subscriber": one.is_subscriber,
                "because": one.because,
            }
            for one in page
        ]
        await session.execute(insert(Recipient), rows)
    await receipts.prepare(session, number)
    count = 0
    for cause, words, some in zip(causes(number), (plain, subscribed), _parted(recipients), strict=True):
        if some:
            notice = await outbox.write(session, words, now)
            count += await _put(session, cause, notice, some, now)
    return count


async def figures(session: AsyncSession, number: int, now: datetime) -> Figures:
    """How an announcement's deliveries stand now."""
    ours = (Delivery.cause.in_(causes(number)), Delivery.edits.is_(None))
    states = select(Delivery.state, func.count()).where(*ours).group_by(Delivery.state)
    later = (
        select(func.count())
        .select_from(Delivery)
        .where(*ours, Delivery.state == DeliveryState.WAITING, Delivery.due_at > now, Delivery.tries == 0)
    )
    problems = select(Delivery.problem, func.count()).where(*ours, Delivery.state.in_(_LOST)).group_by(Delivery.problem)
    unreached = select(Recipient.because, func.count()).where(
        Recipient.announcement_id == number, Recipient.target_id.is_(None)
    )
    newest = select(func.max(Delivery.id)).where(Delivery.cause.in_(causes(number)), Delivery.edits.is_not(None))
    edits = select(Delivery.state, func.count()).where(Delivery.id.in_(newest.group_by(Delivery.edits)))
    corrections = dict((await session.execute(edits.group_by(Delivery.state))).all())
    reasons: Counter[str] = Counter()
    missed = 0
    for reason, count in await session.execute(unreached.group_by(Recipient.because)):
        reasons[reason] += count
        missed += count
    for reason, count in await session.execute(problems):
        reasons[reason or "it took too long"] += count
    return Figures(
        dict((await session.execute(states)).all()),
        await session.scalar(later) or 0,
        missed,
        tuple(sorted(reasons.items(), key=lambda one: (-one[1], one[0]))),
        corrections,
    )


async def waiting(session: AsyncSession, number: int) -> Collection[int]:
    """The targets that an announcement has not reached yet and still will."""
    ours = (Delivery.cause.in_(causes(number)), Delivery.edits.is_(None), Delivery.state.in_(_OPEN))
    return set(await session.scalars(select(Delivery.target_id).where(*ours)))


async def missed(session: AsyncSession, number: int, limit: int) -> Sequence[tuple[str, str]]:
    """Who got nothing, and why: names, never addresses."""
    unreached = (
        select(func.coalesce(Person.name, ""), Recipient.because)
        .outerjoin(Person, Person.id == Recipient.person_id)
        .where(Recipient.announcement_id == number, Recipient.target_id.is_(None))
        .order_by(Recipient.id)
        .limit(limit)
    )
    found = [(name or "somebody", because) for name, because in await session.execute(unreached)]
    lost = (
        select(Person.name, Account.name, Target.title, Target.platform, Delivery.problem)
        .join(Target, Target.id == Delivery.target_id)
        .outerjoin(Recipient, (Recipient.announcement_id == number) & (Recipient.target_id == Target.id))
        .outerjoin(Person, Person.id == Recipient.person_id)
        .outerjoin(Account, (Account.platform == Target.platform) & (Account.external_id == Target.address))
        .where(Delivery.cause.in_(causes(number)), Delivery.edits.is_(None), Delivery.state.in_(_LOST))
        .order_by(Delivery.id)
        .limit(limit)
    )
    for person, account, title, platform, problem in await session.execute(lost):
        found.append((person or account or title or f"a place on {platform}", problem or "it took too long"))
    return found[:limit]


async def resend(
    session: AsyncSession, number: int, plain: Words, subscribed: Words, has_mail: bool, now: datetime
) -> int:
    """Send again what failed, and to those who could not be reached and can be now; gives how many."""
    return await _retried(session, number, now) + await _reached_now(session, number, plain, subscribed, has_mail, now)


async def _retried(session: AsyncSession, number: int, now: datetime) -> int:
    open_targets = select(Target.id).where(Target.closed_at.is_(None))
    again = (
        update(Delivery)
        .where(Delivery.cause.in_(causes(number)), Delivery.edits.is_(None), Delivery.state.in_(_LOST))
        .where(Delivery.target_id.in_(open_targets))
        .values(state=DeliveryState.WAITING, due_at=now, expires_at=None, tries=0, problem="", failing_since=None)
        .returning(Delivery.id)
        .execution_options(synchronize_session=False)
    )
    return len((await session.execute(again)).all())


async def _reached_now(
    session: AsyncSession, number: int, plain: Words, subscribed: Words, has_mail: bool, now: datetime
) -> int:
    """Persons who had no way, or whose way was closed, and who have another one now."""
    of_ours = (
        (Delivery.target_id == Recipient.target_id) & Delivery.cause.in_(causes(number)) & Delivery.edits.is_(None)
    )
    query = (
        select(Recipient)
        .outerjoin(Delivery, of_ours)
        .where(Recipient.announcement_id == number, Recipient.person_id.is_not(None))
        .where((Recipient.target_id.is_(None)) | Delivery.state.in_(_LOST))
    )
    people = {one.person_id: one for one in await session.scalars(query) if one.person_id is not None}
    reaches = await reaching.reach(session, list(people), {}, {}, has_mail)
    found: list[audiences.Recipient] = []
    for person, one in people.items():
        reach = reaches[person]
        if reach.target is None or reach.target == one.target_id:
            continue
        one.target_id, one.because = reach.target, ""
        sort = audiences.Sort.PERSON
        found.append(
            audiences.Recipient(
                sort, reach.name, reach.target, reach.platform, person, is_subscriber=one.is_subscriber, due=now
            )
        )
    await session.flush()
    await receipts.prepare(session, number)
    count = 0
    for cause, words, some in zip(causes(number), (plain, subscribed), _parted(found), strict=True):
        if some:
            count += await _put(session, cause, await outbox.write(session, words, now), some, now)
    return count


def _parted(
    recipients: Iterable[audiences.Recipient],
) -> tuple[list[audiences.Recipient], list[audiences.Recipient]]:
    """Those who can be told, each target once: who did not subscribe, and subscribers."""
    reached = {one.target: one for one in recipients if one.target is not None}.values()
    return [one for one in reached if not one.is_subscriber], [one for one in reached if one.is_subscriber]


async def _put(
    session: AsyncSession, cause: str, notice: int, recipients: list[audiences.Recipient], now: datetime
) -> int:
    recipients.sort(key=lambda one: one.due or now)
    count = 0
    for due, some in groupby(recipients, key=lambda one: one.due or now):
        posts = [Post(one.target, f"{cause}:{one.target}") for one in some if one.target is not None]
        count += await outbox.put(
            session, notice, posts, cause=cause, now=now, due=max(due, now), priority=Priority.BULK
        )
    return count
