"""What a liaison statement says of the roadmap is decided one by one, with a tap."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from handlers.liaison.proposing import note_new
from storage.database import Database
from storage.liaison import proposals
from storage.people import Household
from storage.references import core_of
from storage.tables import AuditEntry, Group, Liaison, LiaisonMention, LiaisonProposal, RoadmapItem
from storage.words import ProposalState
from tests.talk import Talk, Voice

NUMBER = "SG13-LS136"
TITLES = {
    "Y.3815": "Quantum key distribution networks - Overview of resilience",
    "Y.3816": "Functional architecture enhancement of machine learning based quality of service assurance",
    "Y.3819": "Requirements and architectural model for autonomic management and control enablement",
    "Y.QKDN-rsrq": "Quantum key distribution networks - Requirements for resilience",
}
MENTIONS = (
    ("Y.3815", "approved", "", "2023-09-29", f"Y.3815 “{TITLES['Y.3815']}” was approved on 29 September 2023."),
    ("Y.3816", "approved", "Y.QKDN-qos-ml-fa", "", f"Y.3816 (ex Y.QKDN-qos-ml-fa) “{TITLES['Y.3816']}” was approved."),
    ("Y.3819", "consented", "Y.QKDN-amc", "2023-11-03", f"Y.3819 (ex Y.QKDN-amc) “{TITLES['Y.3819']}” was consented."),
    ("Y.QKDN-rsrq", "new-work-item", "", "", f"Y.QKDN-rsrq “{TITLES['Y.QKDN-rsrq']}” (Q16/13)."),
)
BEFORE = {
    "itu-t-y.3815": ("Y.3815", "consented"),
    "itu-t-y.3816": ("Y.QKDN-qos-ml-fa", "consented"),
    "itu-t-y.3819": ("Y.QKDN-amc", "under-development"),
}
"""The roadmap in October 2023: what the statement of November says is new to it."""

SINCE = "itu-t-y.3821"
"""What became of the work item that the statement announces."""


@dataclass(frozen=True)
class Logging:
    """What gives rise to proposals: a statement was logged."""

    session: AsyncSession
    now: datetime
    household: Household


async def log(talk: Talk, mentions: Sequence[tuple[str, str, str, str, str]] = MENTIONS) -> int:
    """The statement is logged and what it says of the roadmap proposed; gives the first proposal's number."""
    async with talk.database.writing() as session:
        for key, (reference, status) in BEFORE.items():
            values = {"reference": reference, "core": core_of(reference), "status": status, "date": "2023-12"}
            await session.execute(update(RoadmapItem).where(RoadmapItem.key == key).values(values))
        await session.execute(delete(RoadmapItem).where(RoadmapItem.key == SINCE))
        liaison = (await session.scalars(select(Liaison).where(Liaison.number == NUMBER))).one()
        liaison.source_id = await session.scalar(select(Group.id).where(Group.code == "SG13"))
        for reference, said, former, date, quote in mentions:
            row = LiaisonMention(reference=reference, said=said, former=former, date=date, quote=quote)
            row.liaison_id = liaison.id
            session.add(row)
        await session.flush()
        made = await proposals.derive(session, liaison.id, talk.clock())
        await note_new(Logging(session, talk.clock(), talk.dispatcher.household), liaison.id, made)
    await talk.settles()
    return made[0] if made else 0


async def representing(talk: Talk, voice: Voice, group: str = "SG13") -> None:
    """The voice is a confirmed representative of the group."""
    await voice.says(f"register {group} representative name='Kim Lee' email=kim@example.org")
    await talk.secretariat.presses("Confirm", of=talk.secretariat.told[-1])


async def states(database: Database) -> list[str]:
    async with database.reading() as session:
        return [one.value for one in await session.scalars(select(LiaisonProposal.state).order_by(LiaisonProposal.id))]


async def test_the_secretariat_is_told_once_what_waits(talk: Talk) -> None:
    await log(talk)
    assert len(talk.secretariat.told) == 1
    talk.secretariat.is_told(
        NUMBER,
        "4 changes wait",
        "Y.3815: consented → approved 29 September 2023",
        "Y.3816: consented → approved (day not said), was Y.QKDN-qos-ml-fa",
        "Y.3819: under development → consented, was Y.QKDN-amc",
        "Y.QKDN-rsrq: a new item, Quantum key distribution networks - Requirements for resilience",
    )


async def test_a_representative_is_told_of_their_own_group_s_items(talk: Talk) -> None:
    await representing(talk, talk.member)
    before = len(talk.member.told)
    await log(talk)
    assert len(talk.member.told) == before + 1
    talk.member.is_told("4 changes wait")


async def test_a_statement_that_says_nothing_new_tells_nobody(talk: Talk) -> None:
    await log(talk, [("Y.3800", "approved", "", "", ""), ("Y.3801", "mentioned", "", "", "")])
    talk.secretariat.is_told_nothing()


async def test_proposals_are_decided_one_by_one_with_a_tap(talk: Talk) -> None:
    await log(talk)
    await talk.secretariat.presses("Decide (4)", of=talk.secretariat.told[-1])
    talk.secretariat.sees("4 proposed changes of the roadmap from SG13-LS136", "4 for you to decide")
    await talk.secretariat.presses("One by one")
    talk.secretariat.sees("Y.3815", "SG13-LS136 says")
    await talk.secretariat.presses("Accept")
    talk.secretariat.sees("Changed in the roadmap: Y.3815", "3 of SG13-LS136 left", "Y.3816: consented → approved")
    await talk.secretariat.presses("Reject")
    talk.secretariat.sees("Nothing is changed about Y.3816", "2 of SG13-LS136 left")
    await talk.secretariat.presses("Accept")
    await talk.secretariat.presses("Accept")
    talk.secretariat.sees("Changed in the roadmap: Y.QKDN-rsrq", "That was the last one of SG13-LS136")
    talk.secretariat.is_told("is decided: 3 accepted, 1 not")
    assert await states(talk.database) == ["accepted", "rejected", "accepted", "accepted"]


async def test_an_accepted_change_is_answered_with_its_source(talk: Talk) -> None:
    first = await log(talk)
    await talk.secretariat.says(f"proposal accept {first + 2}")
    await talk.member.says("roadmap show Y.QKDN-amc")
    talk.member.sees("Y.3819", "consented", "Reference, status and earlier name from SG13-LS136 (was Y.QKDN-amc)")


async def test_the_trail_of_an_item_is_found_by_its_reference(talk: Talk) -> None:
    first = await log(talk)
    await talk.secretariat.says(f"proposal accept {first}")
    await talk.secretariat.says("audit show roadmap Y.3815")
    talk.secretariat.sees("Roadmap Y.3815: 1 change", "status: consented → approved", "source: nothing → SG13-LS136")


async def test_a_new_item_is_listed_under_the_group_that_began_it(talk: Talk) -> None:
    first = await log(talk)
    await talk.secretariat.says(f"proposal accept {first + 3}")
    await talk.member.says("roadmap show Y.QKDN-rsrq")
    talk.member.sees("Requirements for resilience", "ITU-T, SG13, Q16/13", "under development", "from SG13-LS136")


async def test_a_representative_of_the_group_may_decide(talk: Talk) -> None:
    await representing(talk, talk.member)
    first = await log(talk)
    await talk.member.says(f"proposal accept {first}")
    talk.member.sees("Changed in the roadmap: Y.3815", "3 of SG13-LS136 left")


async def test_a_representative_of_another_group_may_not(talk: Talk) -> None:
    await representing(talk, talk.member, "SG17")
    first = await log(talk)
    await talk.member.says(f"proposal accept {first}")
    talk.member.sees("the representatives of SG13 and the secretariat decide")
    assert await states(talk.database) == ["open"] * 4


async def test_who_represents_nobody_sees_no_proposal(talk: Talk) -> None:
    first = await log(talk)
    await talk.member.says(f"proposal show {first}")
    talk.member.sees_not("Y.3815")


async def test_a_proposal_is_accepted_with_changes(talk: Talk) -> None:
    first = await log(talk)
    await talk.secretariat.says(f"proposal change {first + 2} status=approved date='14 December 2023'")
    talk.secretariat.sees("Y.3819: under development → approved 14 December 2023, was Y.QKDN-amc")
    await talk.member.says("roadmap show Y.3819")
    talk.member.sees("approved, 14 December 2023", "from SG13-LS136")


async def test_one_thing_is_changed_by_buttons(talk: Talk) -> None:
    first = await log(talk)
    await talk.secretariat.says(f"proposal show {first + 3}")
    await talk.secretariat.presses("Change")
    await talk.secretariat.presses("Group")
    assert talk.secretariat.is_asked
    await talk.secretariat.says("nobody knows")
    talk.secretariat.sees("I know no such group")
    await talk.secretariat.says("SG17")
    talk.secretariat.sees("Changed in the roadmap: Y.QKDN-rsrq", "SG17")


async def test_a_date_that_is_none_is_asked_for_again(talk: Talk) -> None:
    first = await log(talk)
    await talk.secretariat.says(f"proposal change {first} date=soon")
    talk.secretariat.sees("write 2023, 2023-11 or 3 November 2023")
    assert await states(talk.database) == ["open"] * 4


async def test_the_group_of_an_item_that_is_there_stays(talk: Talk) -> None:
    first = await log(talk)
    await talk.secretariat.says(f"proposal change {first} group=SG17")
    talk.secretariat.sees("The group of Y.3815 stays")


async def test_a_rejection_keeps_its_reason(talk: Talk) -> None:
    first = await log(talk)
    await talk.secretariat.says(f"proposal reject {first} that was another document")
    await talk.secretariat.says(f"proposal show {first}")
    talk.secretariat.sees("Rejected by", "that was another document")


async def test_an_item_that_moved_on_is_shown_before_anything_is_done(talk: Talk) -> None:
    first = await log(talk)
    async with talk.database.writing() as session:
        moved = (
            update(RoadmapItem).where(RoadmapItem.key == "itu-t-y.3819").values(status="in-force", date="2023-12-14")
        )
        await session.execute(moved)
    await talk.secretariat.says(f"proposal accept {first + 2}")
    talk.secretariat.sees("The roadmap has changed since", "nothing is done yet", "Y.3819: was Y.QKDN-amc")
    await talk.secretariat.presses("Accept")
    await talk.member.says("roadmap show Y.3819")
    talk.member.sees("in force, 14 December 2023", "Reference and earlier name from SG13-LS136")


async def test_what_was_decided_is_not_decided_again(talk: Talk) -> None:
    first = await log(talk)
    await talk.secretariat.says(f"proposal accept {first}")
    await talk.administrator.says(f"proposal reject {first}")
    talk.administrator.sees(f"Proposal {first} on Y.3815 was accepted by Secretariat on 2 September 2024")
    talk.administrator.sees_buttons("The next one")


async def test_a_new_item_without_a_title_is_asked_for_one_and_keeps_the_rest(talk: Talk) -> None:
    first = await log(talk, [("Y.QKDN-new", "new-work-item", "", "", "Y.QKDN-new was agreed.")])
    await talk.secretariat.says(f"proposal change {first} status=consented")
    talk.secretariat.sees("To add it I need its title", "consented")
    await talk.secretariat.presses("Give the title")
    await talk.secretariat.says("A title of its own")
    talk.secretariat.sees("Changed in the roadmap: Y.QKDN-new: a new item, A title of its own", "consented")


async def test_there_is_no_proposal_of_that_number(talk: Talk) -> None:
    await talk.secretariat.says("proposal show 99")
    talk.secretariat.sees("There is no proposal 99")


@pytest.mark.parametrize("other", ["accept", "reject"])
async def test_of_two_who_decide_at_once_one_wins_and_the_other_is_told(talk: Talk, other: str) -> None:
    first = await log(talk)
    desks = [talk.new_desk(), talk.new_desk()]
    arrivals = [
        talk.secretariat.arrival(f"proposal accept {first}", kind="button"),
        talk.administrator.arrival(f"proposal {other} {first}", kind="button"),
    ]
    await asyncio.gather(*(desk.receive(arrival) for desk, arrival in zip(desks, arrivals, strict=True)))
    await talk.settles(*desks)
    seen = [talk.secretariat.seen, talk.administrator.seen]
    assert sum(f"Proposal {first} on Y.3815 was" in text for text in seen) == 1
    assert sum("3 of SG13-LS136 left" in text for text in seen) == 1
    async with talk.database.reading() as session:
        decided = select(func.count()).select_from(AuditEntry).where(AuditEntry.subject == "proposal")
        assert await session.scalar(decided) == 1
        (state,) = await session.scalars(select(LiaisonProposal.state).where(LiaisonProposal.id == first))
        assert state is not ProposalState.OPEN


async def test_different_proposals_are_accepted_at_once(talk: Talk) -> None:
    first = await log(talk)
    desks = [talk.new_desk() for _ in range(2)]
    arrivals = [
        talk.secretariat.arrival(f"proposal accept {first}", kind="button"),
        talk.administrator.arrival(f"proposal accept {first + 2}", kind="button"),
    ]
    await asyncio.gather(*(desk.receive(arrival) for desk, arrival in zip(desks, arrivals, strict=True)))
    await talk.settles(*desks)
    assert await states(talk.database) == ["accepted", "open", "accepted", "open"]
