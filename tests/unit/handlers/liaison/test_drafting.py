"""Outgoing statements: drafted, edited by several, approved, returned and sent once."""

from __future__ import annotations

import asyncio
import io
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from docx import Document
from sqlalchemy import func, insert, select, update

from bot.dispatch import Dispatcher
from storage.catalogue import read_catalogue
from storage.database import Database
from storage.liaison import drafts, events
from storage.liaison.events import Deed
from storage.tables import AuditEntry, Liaison, LiaisonEvent, LiaisonFile, Officer, Person, Representative
from storage.transfer import import_file
from storage.words import Approval, LiaisonStatus, RepresentativeKind, RepresentativeStatus
from tests.talk import Talk, Voice

WRITE = "liaison draft 'LS on overlaps' action='SG13; ISG QKD' deadline=2024-11-30 body='Dear **all**, see Y.3800.'"


@pytest.fixture
async def talk(sample: Database) -> Talk:
    """A talk in which the member chairs our group, and e-mail can be sent."""
    talk = Talk(sample, has_mail=True)
    await is_chair(talk, "Member")
    await talk.member.says("whoami")
    await is_representative(talk, "Member")
    return talk


class Elsewhere(Talk):
    """A talk where somebody else than the chair approves."""

    approval = Approval.NOBODY

    def _new_dispatcher(self) -> Dispatcher:
        dispatcher = super()._new_dispatcher()
        return replace(dispatcher, household=replace(dispatcher.household, approval=self.approval))


class WithSecretariat(Elsewhere):
    approval = Approval.SECRETARIAT


async def is_chair(talk: Talk, name: str, role: str = "acting chair", until: str = "") -> None:
    async with talk.database.writing() as session:
        host = (await read_catalogue(session)).group_of_code("JCA-QKDN")
        assert host
        row = {"group_id": host.id, "role": role, "name": name, "affiliation": "", "since": "", "until": until}
        await session.execute(insert(Officer).values(row))


async def is_representative(talk: Talk, name: str) -> None:
    """The secretariat vouches for them, as the representative of our own group."""
    async with talk.database.writing() as session:
        host = (await read_catalogue(session)).group_of_code("JCA-QKDN")
        person = await session.scalar(select(Person.id).where(Person.name == name))
        assert host
        assert person
        kind, status = RepresentativeKind.REPRESENTATIVE, RepresentativeStatus.CONFIRMED
        appointed = Representative(
            person_id=person,
            group_id=host.id,
            kind=kind,
            status=status,
            requested_at=talk.clock(),
            decided_at=talk.clock(),
        )
        session.add(appointed)


async def row(talk: Talk, name: str = "DRAFT-1") -> Liaison:
    async with talk.database.reading() as session:
        found = await drafts.named(session, name)
        assert found
        return found


async def deeds(talk: Talk, name: str = "DRAFT-1") -> list[tuple[str, str]]:
    async with talk.database.reading() as session:
        history = await events.history(session, (await row(talk, name)).id)
        return [(event.deed.value, event.acting_as) for event in history]


async def at_once(talk: Talk, *said: tuple[Voice, str]) -> None:
    """Several people say something at the same time, each to a replica of their own."""
    desks = [talk.new_desk() for _ in said]
    arrivals = [voice.arrival(line, kind="button") for voice, line in said]
    await asyncio.gather(*(desk.receive(arrival) for desk, arrival in zip(desks, arrivals, strict=True)))
    await talk.settles(*desks)


async def is_approved(talk: Talk, line: str = WRITE) -> None:
    await talk.secretariat.says(line)
    await talk.secretariat.presses("Submit it")
    await talk.member.presses("Approve", of=talk.member.told[-1])
    talk.member.sees("It is approved")


def text_in(content: bytes) -> str:
    document = Document(io.BytesIO(content))
    cells = [cell.text for row in document.tables[0].rows for cell in row.cells]
    return "\n".join([*cells, *(paragraph.text for paragraph in document.paragraphs)])


async def test_a_draft_shows_what_it_says_and_what_comes_next(talk: Talk) -> None:
    await talk.secretariat.says(WRITE)
    talk.secretariat.sees("DRAFT-1 LS on overlaps", "For action: ITU-T SG13; ISG QKD", "30 November 2024", "Dear all")
    talk.secretariat.sees_buttons("Submit it", "Edit it…", "Word file", "Withdraw…")


async def test_nothing_else_is_called_as_drafts_are(talk: Talk, tmp_path: Path) -> None:
    await talk.secretariat.says("liaison correct SG13-LS136 called=DRAFT-1")
    talk.secretariat.sees("drafts of ours are called so")
    await talk.secretariat.says("cancel")
    head = "number,direction,date,source,title,for_action,for_comment,for_information,deadline,in_response_to,status"
    (tmp_path / "l.csv").write_text(f"{head},summary,url\nDRAFT-1,incoming,,SG2,LS,,,,,,received,,\n")
    await import_file(talk.database, "liaisons", tmp_path / "l.csv", talk.clock())
    await talk.secretariat.says(WRITE)
    talk.secretariat.sees("DRAFT-2 LS on overlaps")


async def test_a_blank_draft_is_asked_for_step_by_step(talk: Talk) -> None:
    await talk.secretariat.says("liaison draft")
    for answer in ("LS on terms", "SG13", "-", "mid-May 2027", "About terms.", "Dear SG13."):
        assert talk.secretariat.is_asked
        await talk.secretariat.says(answer)
    talk.secretariat.sees("DRAFT-1 LS on terms", "For action: ITU-T SG13", "Deadline: mid-May 2027", "Dear SG13.")


async def test_a_reply_swaps_the_roles_and_shows_the_deadline(talk: Talk) -> None:
    async with talk.database.writing() as session:
        changed = update(Liaison).where(Liaison.number == "SG13-LS136")
        await session.execute(changed.values(deadline="2024-12-01", deadline_kind="date"))
    await talk.secretariat.says("liaison draft reply=SG13-LS136")
    talk.secretariat.sees(
        "LS/r on work progress on Quantum Key Distribution (QKD) network in SG13",
        "(reply to SG13-LS136)",
        "In reply to SG13-LS136 from SG13, deadline 1 December 2024",
        "For information: ITU-T SG13",
        "It still needs a body",
    )


async def test_a_draft_is_no_answer_to_anything_yet(talk: Talk) -> None:
    await talk.secretariat.says("liaison draft reply=SG13-LS136")
    await talk.guest.says("liaison show SG13-LS136")
    talk.guest.sees_not("DRAFT-1", "answered")


@pytest.mark.parametrize("line", ["liaison show DRAFT-1", "liaison paper DRAFT-1", "liaison drafts", "liaison list"])
async def test_only_the_secretariat_and_the_chair_see_drafts(talk: Talk, line: str) -> None:
    await talk.secretariat.says(WRITE)
    await talk.colleague.says(line)
    talk.colleague.sees_not("LS on overlaps")
    assert not talk.colleague.message.attachments


async def test_nothing_of_a_draft_is_said_to_a_channel(talk: Talk) -> None:
    await talk.secretariat.says(WRITE)
    await talk.secretariat.drops({"annex.txt": b"an annex"}, "liaison attach DRAFT-1", channel=True)
    assert talk.secretariat.message.private
    shown = ["show DRAFT-1", "history DRAFT-1", "thread DRAFT-1", "list drafts", "export drafts", "file 1"]
    for line in (*shown, "withdraw DRAFT-1 'not now'", "show DRAFT-1", "history DRAFT-1"):
        await talk.secretariat.says(f"liaison {line}", channel=True)
        assert talk.secretariat.message.private, line


async def test_how_a_statement_was_drafted_is_not_for_members(talk: Talk) -> None:
    await is_approved(talk)
    await talk.secretariat.says("liaison send DRAFT-1")
    await talk.secretariat.presses("Number it, I send it by hand")
    await talk.colleague.says("liaison history JCA-QKDN-LS2")
    talk.colleague.sees("approved", "sent")
    talk.colleague.sees_not("drafted", "submitted")


async def test_the_chair_sees_drafts(talk: Talk) -> None:
    await talk.secretariat.says(WRITE)
    await talk.member.says("liaison drafts")
    talk.member.sees("DRAFT-1 LS on overlaps")


async def test_the_name_of_the_chair_alone_makes_nobody_the_chair(talk: Talk) -> None:
    await is_chair(talk, "Colleague", "co-chair")
    await talk.secretariat.says(WRITE)
    await talk.colleague.says("liaison drafts")
    talk.colleague.sees_not("LS on overlaps")


async def test_a_draft_that_was_withdrawn_stays_unseen_and_leaves_no_gap(talk: Talk) -> None:
    await talk.secretariat.says(WRITE)
    await talk.secretariat.says("liaison withdraw DRAFT-1 'not needed'")
    await talk.colleague.says("liaison show DRAFT-1")
    talk.colleague.sees_not("LS on overlaps")
    await is_approved(talk)
    await talk.secretariat.says("liaison send DRAFT-2")
    await talk.secretariat.presses("Number it, I send it by hand")
    talk.secretariat.sees("It is sent as JCA-QKDN-LS2")


async def test_a_wrong_field_alone_is_asked_for_again(talk: Talk) -> None:
    await talk.secretariat.fills("liaison draft", {"title": "LS on x", "deadline": "2024-02-31", "body": "Long text."})
    assert talk.secretariat.is_asked
    await talk.secretariat.fills("liaison draft", {"title": "LS on x", "deadline": "2024-09-30", "body": "Long text."})
    talk.secretariat.sees("DRAFT-1 LS on x", "Long text.")


async def test_a_deadline_in_the_past_is_refused(talk: Talk) -> None:
    await talk.secretariat.says("liaison draft 'LS on x' deadline=2024-09-01")
    talk.secretariat.sees("that day is over")


async def test_every_edit_keeps_what_was(talk: Talk) -> None:
    await talk.secretariat.says(WRITE)
    await talk.administrator.says("liaison edit DRAFT-1 title='LS on gaps' action=SG17")
    talk.administrator.sees("Revision 2 is saved", "DRAFT-1 LS on gaps", "For action: ITU-T SG17")
    async with talk.database.reading() as session:
        edited = await session.scalar(select(LiaisonEvent).where(LiaisonEvent.deed == Deed.EDITED))
    assert edited
    assert edited.before == {"revision": 1, "title": "LS on overlaps", "action": ["ITU-T SG13", "ISG QKD"]}
    assert edited.after == {"revision": 2, "title": "LS on gaps", "action": ["ITU-T SG17"]}


async def test_the_history_has_no_address(talk: Talk) -> None:
    await talk.secretariat.says(f"{WRITE} contact='Jane Doe' email=jane@example.org")
    await talk.secretariat.says("liaison edit DRAFT-1 email=joan@example.org contact='Joan Doe'")
    async with talk.database.reading() as session:
        kept = [repr((one.before, one.after)) for one in await session.scalars(select(LiaisonEvent))]
        kept += [repr((one.before, one.after)) for one in await session.scalars(select(AuditEntry))]
    assert not [one for one in kept if "Doe" in one or "@example" in one]


async def test_the_audit_trail_says_that_the_text_changed_and_not_what_it_says(talk: Talk) -> None:
    await talk.secretariat.says(f"{WRITE} body='Dear Jane Doe.'")
    await talk.secretariat.says("liaison edit DRAFT-1 body='Dear Joan Doe.' abstract='Jane asks Joan.'")
    async with talk.database.reading() as session:
        query = select(AuditEntry).where(AuditEntry.subject == "liaison").order_by(AuditEntry.id.desc()).limit(1)
        entry = (await session.scalars(query)).one()
        kept = [repr((one.before, one.after)) for one in await session.scalars(select(AuditEntry))]
    assert (entry.after["body"], entry.after["abstract"]) == ("changed", "changed")
    assert not [one for one in kept if "Doe" in one]


async def test_whoever_edits_an_older_revision_is_told_and_loses_nothing(talk: Talk) -> None:
    await talk.secretariat.says(WRITE)
    await talk.administrator.says("liaison edit DRAFT-1 body='Dear SG13.'")
    await talk.secretariat.fills("liaison edit", {"draft": "DRAFT-1", "revision": "1", "body": "Dear friends."})
    talk.secretariat.sees("Administrator changed the body meanwhile", "Dear SG13.", "What you typed is kept")
    await talk.secretariat.presses("Save mine over it")
    talk.secretariat.sees("Revision 3 is saved", "Dear friends.")


async def test_what_two_changed_in_different_fields_is_kept_of_both(talk: Talk) -> None:
    await talk.secretariat.says(WRITE)
    await talk.administrator.says("liaison edit DRAFT-1 title='LS on gaps'")
    form = {"draft": "DRAFT-1", "revision": "1", "title": "LS on overlaps", "body": "Dear friends."}
    await talk.secretariat.fills("liaison edit", form)
    talk.secretariat.sees("Administrator changed the title meanwhile; that is kept too", "LS on gaps", "Dear friends.")


async def test_two_who_save_at_once_lose_nothing(talk: Talk) -> None:
    await talk.secretariat.says(WRITE)
    await talk.administrator.says("whoami")
    await at_once(
        talk,
        (talk.secretariat, "liaison edit DRAFT-1 revision=1 body=Mine"),
        (talk.administrator, "liaison edit DRAFT-1 revision=1 body=Yours"),
    )
    seen = sorted([talk.secretariat.seen, talk.administrator.seen], key=lambda text: "meanwhile" in text)
    assert "Revision 2 is saved" in seen[0]
    assert "changed the body meanwhile" in seen[1]


async def test_a_form_begins_with_what_the_draft_says(talk: Talk) -> None:
    await talk.secretariat.says(WRITE)
    arrival = talk.secretariat.arrival("liaison edit DRAFT-1", kind="command").model_copy(update={"modal": 3_000})
    await talk.secretariat.sends(arrival)
    values = getattr(talk.secretariat.last, "values", {})
    assert values["title"] == "LS on overlaps"
    assert values["for_action"] == "ITU-T SG13; ISG QKD"
    assert (values["deadline"], values["revision"]) == ("2024-11-30", "1")


async def test_an_edit_that_changes_nothing_says_so(talk: Talk) -> None:
    await talk.secretariat.says(WRITE)
    await talk.secretariat.says("liaison edit DRAFT-1 title='LS on overlaps'")
    talk.secretariat.sees("Nothing of DRAFT-1 is different")


async def test_what_lacks_something_is_not_submitted(talk: Talk) -> None:
    await talk.secretariat.says("liaison draft 'LS on x'")
    await talk.secretariat.presses("Submit it")
    talk.secretariat.sees("DRAFT-1 still needs whom it is for and a body")


async def test_the_chair_is_asked_with_the_document(talk: Talk) -> None:
    await talk.secretariat.says(WRITE)
    await talk.secretariat.presses("Submit it")
    talk.member.is_told("Please approve DRAFT-1: LS on overlaps", "For action: ITU-T SG13; ISG QKD")
    (document,) = talk.member.told[-1].attachments
    assert "DRAFT LIAISON STATEMENT" in text_in(document.content)


async def test_the_chair_approves_and_the_statement_says_so(talk: Talk) -> None:
    await is_approved(talk)
    assert (await row(talk)).approval == "Acting chair of JCA-QKDN (Member), 2 September 2024"
    talk.member.is_told("DRAFT-1 LS on overlaps: approved by Member")
    talk.secretariat.is_told("It is approved by Member")


async def test_of_two_chairs_who_press_at_once_one_wins(talk: Talk) -> None:
    await is_chair(talk, "Colleague", "co-chair")
    await talk.colleague.says("whoami")
    await is_representative(talk, "Colleague")
    await talk.secretariat.says(WRITE)
    await talk.secretariat.presses("Submit it")
    press = "liaison approve DRAFT-1 revision=1"
    await at_once(talk, (talk.member, press), (talk.colleague, press))
    seen = sorted([talk.member.seen, talk.colleague.seen], key=lambda text: "already" in text)
    assert "It is approved" in seen[0]
    assert "was approved already by" in seen[1]
    assert [deed for deed, _ in await deeds(talk)].count("approved") == 1


async def test_approving_and_returning_at_once_ends_in_one_of_them(talk: Talk) -> None:
    await talk.secretariat.says(WRITE)
    await talk.secretariat.presses("Submit it")
    lines = ("liaison approve DRAFT-1 revision=1", "liaison return DRAFT-1 'no'")
    await at_once(talk, (talk.member, lines[0]), (talk.secretariat, lines[1]))
    one = await row(talk)
    assert bool(one.approval) == (one.status is LiaisonStatus.APPROVED)


@pytest.mark.parametrize("line", ["for='Member'", "for Member", "proxy_for=Member"])
async def test_a_proxy_names_whom_they_act_for(talk: Talk, line: str) -> None:
    await talk.secretariat.says(WRITE)
    await talk.secretariat.presses("Submit it")
    await talk.secretariat.says(f"liaison approve DRAFT-1 {line}")
    talk.secretariat.sees("It is approved for Member")
    assert (await deeds(talk))[-1] == ("approved", "secretariat for Member")


async def test_without_a_name_the_secretariat_does_not_approve(talk: Talk) -> None:
    await talk.secretariat.says(WRITE)
    await talk.secretariat.presses("Submit it")
    await talk.secretariat.says("liaison approve DRAFT-1 revision=1")
    talk.secretariat.sees("As a proxy, say for whom you act")
    talk.secretariat.sees_buttons("Approve for Junsen Lai", "Approve for Member")


@pytest.mark.parametrize("name", ["Hao Qin", "Somebody"])
async def test_nobody_acts_for_one_who_does_not_chair(talk: Talk, name: str) -> None:
    await talk.secretariat.says(WRITE)
    await talk.secretariat.presses("Submit it")
    await talk.secretariat.says(f"liaison approve DRAFT-1 for='{name}'")
    talk.secretariat.sees(f"{name} does not chair JCA-QKDN")


@pytest.mark.parametrize(("role", "until"), [("vice-chair", ""), ("chair", "2023")])
async def test_a_vice_chair_and_a_former_chair_do_not_approve(talk: Talk, role: str, until: str) -> None:
    await is_chair(talk, "Colleague", role, until)
    await talk.colleague.says("whoami")
    await talk.secretariat.says(WRITE)
    await talk.secretariat.presses("Submit it")
    await talk.colleague.says("liaison approve DRAFT-1")
    talk.colleague.sees_not("It is approved")
    assert (await row(talk)).status is LiaisonStatus.IN_REVIEW


async def test_what_is_returned_says_why_and_is_submitted_again(talk: Talk) -> None:
    await talk.secretariat.says(WRITE)
    await talk.secretariat.presses("Submit it")
    await talk.member.says("liaison return DRAFT-1 'Name the Question too.'")
    talk.secretariat.is_told("Member returned it: Name the Question too.")
    await talk.secretariat.says("liaison submit DRAFT-1")
    assert [talk.plain(one).split("\n")[0] for one in talk.member.told] == [
        "DRAFT-1 LS on overlaps: returned by Member: Name the Question too.",
        "Please approve DRAFT-1: LS on overlaps",
    ]


async def test_an_edit_takes_the_approval_back(talk: Talk) -> None:
    await is_approved(talk)
    await talk.secretariat.says("liaison edit DRAFT-1 body='Dear others.'")
    talk.secretariat.sees("It was approved as it was before: submit it again", "Draft, revision 2")
    await talk.secretariat.says("liaison send DRAFT-1")
    talk.secretariat.sees("DRAFT-1 is not approved yet")
    assert (await row(talk)).approval == ""


async def test_an_old_button_does_not_approve_what_was_changed(talk: Talk) -> None:
    await talk.secretariat.says(WRITE)
    await talk.secretariat.presses("Submit it")
    await talk.secretariat.says("liaison edit DRAFT-1 body='Dear others.'")
    await talk.secretariat.says("liaison submit DRAFT-1")
    await talk.member.says("liaison approve DRAFT-1 revision=1", kind="button")
    talk.member.sees("DRAFT-1 was changed since you were asked")


async def test_withdrawing_tells_the_chair(talk: Talk) -> None:
    await talk.secretariat.says(WRITE)
    await talk.secretariat.presses("Submit it")
    await talk.secretariat.says("liaison withdraw DRAFT-1 'not needed'")
    talk.member.is_told("DRAFT-1 LS on overlaps: withdrawn by Secretariat: not needed")


async def test_the_preview_says_who_gets_it_and_who_does_not(talk: Talk) -> None:
    await talk.colleague.says("register SG13 representative name='Kim Lee' email=kim@example.org")
    await talk.secretariat.says("representative confirm 2")
    await is_approved(talk, WRITE.replace("ISG QKD", "ISG QKD; SG17"))
    await talk.secretariat.says("group mail 'ISG QKD' isg@example.org")
    await talk.secretariat.says("liaison send DRAFT-1")
    talk.secretariat.sees(
        "Nothing was sent yet",
        "SG13, for action: Kim Lee by Telegram",
        "ISG QKD, for action: mail to isg@example.org",
        "Not reached: SG17",
    )
    talk.secretariat.sees_buttons("Send it to 2", "Address of SG17…")
    assert not talk.mailed("isg@example.org")


async def test_whose_work_it_touches_is_seen_and_told_though_it_does_not_name_them(talk: Talk) -> None:
    await talk.colleague.says("register SG13 representative name='Kim Lee' email=kim@example.org")
    await talk.secretariat.says("representative confirm 2")
    await is_approved(talk, "liaison draft 'LS on plans' action=SG17 body='We look at Y.3803.'")
    await talk.secretariat.says("liaison send DRAFT-1")
    talk.secretariat.sees("Told too", "Kim Lee: mentions Y.3803 of SG13")
    await talk.secretariat.presses("Number it, I send it by hand")
    talk.colleague.is_told("JCA-QKDN-LS2", "It mentions Y.3803 of SG13")


async def test_sending_reaches_groups_and_representatives_once(talk: Talk) -> None:
    await talk.colleague.says("register SG13 representative name='Kim Lee' email=kim@example.org")
    await talk.secretariat.says("representative confirm 2")
    await talk.secretariat.says("group mail 'ISG QKD' isg@example.org")
    await is_approved(talk)
    await talk.secretariat.says("liaison send DRAFT-1")
    await talk.secretariat.presses("Send it to 2")
    talk.secretariat.sees("It is sent as JCA-QKDN-LS2", "1 mail goes to the groups", "Kim Lee: SG13 for action")
    (letter,) = talk.mailed("isg@example.org")
    assert [one.name for one in letter.attachments] == ["JCA-QKDN-LS2.docx"]
    talk.colleague.is_told("JCA-QKDN-LS2", "LS on overlaps")
    assert [one.name for one in talk.colleague.told[-1].attachments] == ["JCA-QKDN-LS2.docx"]
    shown = text_in(letter.attachments[0].content)
    assert "DRAFT" not in shown
    assert "Acting chair of JCA-QKDN (Member), 2 September 2024" in shown


async def test_the_address_of_a_groups_last_statement_is_offered_to_be_checked(talk: Talk) -> None:
    async with talk.database.writing() as session:
        group = (await read_catalogue(session)).group_of_code("SG13")
        assert group
        changed = update(Liaison).where(Liaison.number == "SG13-LS136")
        await session.execute(changed.values(contact_email="tsbsg13@example.org", source_id=group.id))
    await is_approved(talk)
    await talk.secretariat.says("liaison send DRAFT-1")
    talk.secretariat.sees("SG13, for action: mail to tsbsg13@example.org (contact of SG13-LS136: please check it)")


async def test_two_who_send_at_once_send_one_statement(talk: Talk) -> None:
    await talk.secretariat.says("group mail SG13 sg13@example.org")
    await is_approved(talk)
    await talk.administrator.says("whoami")
    line = "liaison send DRAFT-1 revision=1 count=1"
    await at_once(talk, (talk.secretariat, line), (talk.administrator, line))
    seen = sorted([talk.secretariat.seen, talk.administrator.seen], key=lambda text: "was sent as" in text)
    assert "It is sent as JCA-QKDN-LS2" in seen[0]
    assert "DRAFT-1 was sent as JCA-QKDN-LS2" in seen[1]
    assert len(talk.mailed("sg13@example.org")) == 1


async def test_two_drafts_sent_at_once_have_two_numbers_without_a_gap(talk: Talk) -> None:
    await is_approved(talk)
    await is_approved(talk, WRITE.replace("overlaps", "gaps"))
    await talk.administrator.says("whoami")
    lines = [f"liaison send DRAFT-{n} revision=1 count=0" for n in (1, 2)]
    await at_once(talk, (talk.secretariat, lines[0]), (talk.administrator, lines[1]))
    numbers = {(await row(talk, name)).number for name in ("DRAFT-1", "DRAFT-2")}
    assert numbers == {"JCA-QKDN-LS2", "JCA-QKDN-LS3"}


async def test_a_count_that_is_not_right_any_more_shows_it_again(talk: Talk) -> None:
    await is_approved(talk)
    await talk.secretariat.says("group mail SG13 sg13@example.org")
    await talk.secretariat.says("liaison send DRAFT-1 revision=1 count=0")
    talk.secretariat.sees("Nothing was sent yet")
    talk.secretariat.sees_buttons("Send it to 1")


async def test_a_reply_that_is_sent_answers_the_original(talk: Talk) -> None:
    async with talk.database.writing() as session:
        changed = update(Liaison).where(Liaison.number == "SG13-LS136")
        await session.execute(changed.values(status=LiaisonStatus.RECEIVED))
    await is_approved(talk, "liaison draft reply=SG13-LS136 body='We answer.'")
    await talk.secretariat.says("liaison send DRAFT-1")
    talk.secretariat.sees("SG13-LS136 will be marked as answered")
    await talk.secretariat.presses("Number it, I send it by hand")
    talk.secretariat.sees("It answers SG13-LS136")
    await talk.member.says("liaison show SG13-LS136")
    talk.member.sees("Status: answered", "JCA-QKDN-LS2")


async def test_a_holding_reply_moves_the_deadline(talk: Talk) -> None:
    async with talk.database.writing() as session:
        changed = update(Liaison).where(Liaison.number == "SG13-LS136")
        await session.execute(changed.values(status=LiaisonStatus.RECEIVED))
    await is_approved(talk, "liaison draft reply=SG13-LS136 body='We need more time.'")
    await talk.secretariat.says("liaison send DRAFT-1 until=2024-12-01")
    talk.secretariat.sees("SG13-LS136 will be due on 1 December 2024")
    await talk.secretariat.presses("Number it, I send it by hand")
    talk.secretariat.sees("It asks for more time: SG13-LS136", "is due on 1 December 2024 now")


async def test_nobody_asks_for_time_that_is_over(talk: Talk) -> None:
    await is_approved(talk, "liaison draft reply=SG13-LS136 body='We need more time.'")
    await talk.secretariat.says("liaison send DRAFT-1 until=2020-01-01")
    talk.secretariat.sees("that day is over")


async def test_what_was_sent_keeps_its_document_and_its_old_name(talk: Talk) -> None:
    await is_approved(talk)
    await talk.secretariat.says("liaison send DRAFT-1")
    await talk.secretariat.presses("Number it, I send it by hand")
    async with talk.database.reading() as session:
        files = list(await session.scalars(select(LiaisonFile.name)))
    assert files == ["JCA-QKDN-LS2.docx"]
    await talk.secretariat.says("liaison show DRAFT-1")
    talk.secretariat.sees("JCA-QKDN-LS2")
    await talk.secretariat.says("liaison edit DRAFT-1 title=x")
    talk.secretariat.sees("DRAFT-1 was sent as JCA-QKDN-LS2")


async def test_a_statement_is_dated_as_it_was_approved(talk: Talk) -> None:
    await is_approved(talk)
    talk.clock.advance(timedelta(days=3))
    await talk.secretariat.says("liaison send DRAFT-1")
    await talk.secretariat.presses("Number it, I send it by hand")
    one = await row(talk)
    assert (one.date, one.sent_at) == ("2024-09-02", talk.clock.now)


async def test_an_attachment_goes_with_it(talk: Talk) -> None:
    await talk.secretariat.says("group mail SG13 sg13@example.org")
    await talk.secretariat.drops({"list.txt": b"one, two"}, WRITE)
    talk.secretariat.sees("Attachments: list.txt")
    await talk.secretariat.presses("Submit it")
    await talk.member.presses("Approve", of=talk.member.told[-1])
    await talk.secretariat.says("liaison send DRAFT-1")
    await talk.secretariat.presses("Send it to 1")
    (letter,) = talk.mailed("sg13@example.org")
    assert [one.name for one in letter.attachments] == ["JCA-QKDN-LS2.docx", "list.txt"]


async def test_the_address_of_a_group_is_noted_without_it(talk: Talk) -> None:
    await talk.secretariat.says("group mail SG13 sg13@example.org")
    async with talk.database.reading() as session:
        entry = await session.scalar(select(AuditEntry).where(AuditEntry.subject == "group"))
    assert entry
    assert entry.after == {"email": "changed"}


async def test_the_chair_is_the_person_who_is_left_of_two(talk: Talk) -> None:
    async with talk.database.writing() as session:
        member = await session.scalar(select(Person.id).where(Person.name == "Member"))
        await session.execute(update(Person).where(Person.name == "Colleague").values(merged_into=member))
        assert await session.scalar(select(func.count()).select_from(Person).where(Person.name == "Member")) == 1
    await is_approved(talk)


async def test_where_nobody_has_to_approve_a_draft_is_sent(sample: Database) -> None:
    talk = Elsewhere(sample)
    await talk.secretariat.says(WRITE)
    await talk.secretariat.presses("Send…")
    await talk.secretariat.presses("Number it, I send it by hand")
    talk.secretariat.sees("It is sent as JCA-QKDN-LS2")
    assert [deed for deed, _ in await deeds(talk)] == ["drafted", "approved", "sent", "routed"]


async def test_what_was_changed_after_the_preview_is_seen_again(sample: Database) -> None:
    talk = Elsewhere(sample)
    await talk.secretariat.says(WRITE)
    await talk.secretariat.presses("Send…")
    preview = talk.secretariat.last
    await talk.administrator.says("liaison edit DRAFT-1 body='Dear others.'")
    await talk.secretariat.presses("Number it, I send it by hand", of=preview)
    talk.secretariat.sees("Nothing was sent yet")


async def test_where_the_secretariat_approves_anyone_of_it_does(sample: Database) -> None:
    talk = WithSecretariat(sample)
    await talk.secretariat.says(WRITE)
    await talk.secretariat.presses("Submit it")
    await talk.secretariat.presses("Approve", of=talk.secretariat.told[-1])
    talk.secretariat.sees("It is approved", "Secretariat of JCA-QKDN, 2 September 2024")
    await talk.member.says("liaison approve DRAFT-1")
    talk.member.sees_not("It is approved", "LS on overlaps")


async def test_another_attachment_takes_the_approval_back(talk: Talk) -> None:
    await is_approved(talk)
    await talk.secretariat.drops({"list.txt": b"one, two"}, "liaison attach DRAFT-1")
    one = await row(talk)
    assert (one.status, one.revision, one.approval) == (LiaisonStatus.DRAFT, 2, "")
    talk.member.is_told("Secretariat changed its files")
