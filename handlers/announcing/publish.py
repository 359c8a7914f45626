"""Publishing: a message to everybody who subscribed to its kind, each in their own time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from handlers.command import Button, Reply
from handlers.outgoing import Occasion, Priority, words_of
from storage import digests, outbox, subscriptions
from storage.digests import Headline
from storage.outbox import Post
from storage.subscriptions import Listener
from storage.words import Pace, SubscriptionKind

__all__ = ["fewer", "publish", "withdraw"]


async def publish(
    occasion: Occasion,
    kind: SubscriptionKind,
    reply: Reply,
    cause: str,
    *,
    headline: str,
    command: str = "",
    topics: Collection[str] = (),
    groups: Collection[str] = (),
    due: datetime | None = None,
    priority: Priority = Priority.NORMAL,
    subject: str = "",
    among: Callable[[Listener], bool] = lambda _: True,
    lasts: timedelta | None = None,
) -> int:
    """Tell this to everybody who wants to hear of such things, once for this cause; part of the occasion's transaction.

    `topics` and `groups` are the codes of what it is about. Whoever is in quiet hours is told when they end; whoever
    chose a digest gets `headline` in it, with `command` as the way to the whole. What is urgent is told to all at once.
    Only those of `among` are told; what could not be sent while it `lasts` is not sent later. Gives how many will be
    told or have it in their next digest.
    """
    moment = max(due or occasion.now, occasion.now)
    all_ = [one for one in await subscriptions.listeners(occasion.session, kind, topics, groups) if among(one)]
    is_urgent = priority is Priority.URGENT
    later = [] if is_urgent else [one for one in all_ if one.pace is not Pace.AT_ONCE]
    count = await digests.add(occasion.session, later, Headline(kind, headline, command), cause=cause, moment=moment)
    by_time: defaultdict[datetime, list[Post]] = defaultdict(list)
    for one in all_:
        if is_urgent or one.pace is Pace.AT_ONCE:
            by_time[moment if is_urgent else one.due(moment)].append(Post(one.target, f"{cause}:{one.target}"))
    if not by_time:
        return count
    with_fewer = Reply(
        reply.template,
        buttons=[*reply.buttons, fewer(kind)],
        attachments=reply.attachments,
        private=reply.private,
        **reply.data,
    )
    notice = await outbox.write(occasion.session, words_of(with_fewer, subject), occasion.now)
    for time, posts in sorted(by_time.items()):
        expires = time + lasts if lasts is not None else None
        count += await outbox.put(
            occasion.session, notice, posts, cause=cause, now=occasion.now, due=time, expires=expires, priority=priority
        )
    return count


async def withdraw(occasion: Occasion, cause: str) -> None:
    """Tell it to nobody who was not told yet, at once or in a digest."""
    await outbox.withdraw(occasion.session, cause)
    await digests.withdraw(occasion.session, cause)


def fewer(kind: SubscriptionKind) -> Button:
    """One tap to get less of a kind, on every message that came because of a subscription."""
    return Button("Fewer of these", f"fewer {kind.value}")
