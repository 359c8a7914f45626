"""Asking who represents whom: questions in many wordings over a small directory, and what is never told."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from handlers.asking.answer import Answer
from handlers.command import Role
from storage.database import Database
from storage.transfer import import_file
from tests.questions.asking import NOW, Asker, talking

DIRECTORY = """\
group,name,kind,status,email,affiliation,since,until,liaison
SG17,Kim Lee,representative,confirmed,kim@kaist.example,KAIST,2023-03,,
SG17,Ana Souza,alternate,confirmed,ana@anatel.example,Anatel,2024,,
SG17,Pierre Dubois,representative,ended,pierre@orange.example,Orange,2021-01,2023-02,
SG17,,representative,ended,,,2017,2020,
SG15,Kim Lee,representative,confirmed,kim@kaist.example,KAIST,2025,,
SG13,Hiroshi Tanaka,representative,confirmed,tanaka@nict.example,NICT,2022-05,,
SG13,Mei Chen,alternate,confirmed,mei@caict.example,CAICT,2024-06,,
SG20,Omar Haddad,representative,ended,omar@stc.example,STC,2020,2024-12,
ISG QKD,José Müller,representative,confirmed,jose@acme.example,Acme Photonics,2021-06,,ETSI-LS4
JTC 1/SC 27,Olga Petrova,representative,confirmed,olga@iso.example,Standards Centre,2020,,
IEEE SA,Lars Nilsson,representative,confirmed,lars@chalmers.example,Chalmers,2024,,
TLS,Dana Cole,representative,confirmed,dana@ietf.example,,,,
SG2,Bob Waiting,representative,pending,bob@acme.example,ACME,2026,,
SG5,Carl Refused,representative,declined,carl@acme.example,ACME,2026,,
"""
LINES = [
    json.loads(line)
    for line in (files("tests.questions") / "representatives.jsonl").read_text(encoding="utf-8").splitlines()
]
ROLES = {"member": Role.MEMBER, "secretariat": Role.SECRETARIAT, "guest": Role.GUEST}


@pytest.fixture
async def directory(sample: Database, tmp_path: Path) -> Database:
    file = tmp_path / "representatives.csv"
    file.write_text(DIRECTORY, encoding="utf-8")
    await import_file(sample, "representatives", file, NOW)
    return sample


@pytest.fixture
async def member(directory: Database) -> AsyncIterator[Asker]:
    async with talking(directory) as asker:
        yield asker


def buttons(answer: Answer) -> dict[str, str]:
    return {button.label: button.command for button in answer.buttons}


def judged(line: Mapping[str, Any], answer: Answer, text: str) -> list[str]:
    """What is wrong with an answer."""
    wrong = []
    if answer.intent.value != line["intent"]:
        wrong.append(f"intent {answer.intent.value}")
    references = sorted(entry.reference for entry in answer.entries)
    if "references" in line and references != line["references"]:
        wrong.append(f"references {references}, not {line['references']}")
    if "count" in line and answer.count != line["count"]:
        wrong.append(f"count {answer.count}, not {line['count']}")
    wrong += [f"does not say {one!r}" for one in line.get("says", ()) if one not in text]
    wrong += [f"says {one!r}" for one in line.get("lacks", ()) if one in text]
    if "@" in text + repr(answer.entries) + repr(answer.buttons) + repr(answer.data):
        wrong.append("gives an address")
    return wrong


async def asked(database: Database, line: Mapping[str, Any]) -> list[str]:
    async with talking(database) as asker:
        asker.caller = replace(asker.caller, role=ROLES[line.get("role", "member")])
        for earlier in line.get("after", ()):
            await asker.says(earlier)
        ask = asker.says if "after" in line else asker.asks
        wrong = judged(line, await ask(line["question"]), asker.text)
        return [f"{line['id']} {line['question']}: {'; '.join(wrong)}\n    {asker.text[:300]!r}"] if wrong else []


async def test_every_question_about_representatives_is_answered_rightly(directory: Database) -> None:
    wrong = [one for line in LINES for one in await asked(directory, line)]
    assert not wrong, f"{len(wrong)} of {len(LINES)} are wrong:\n" + "\n".join(wrong)


def test_every_question_has_an_id_of_its_own() -> None:
    assert len({line["id"] for line in LINES}) == len(LINES)


async def test_an_empty_directory_says_so_and_invites(sample: Database) -> None:
    async with talking(sample) as asker:
        answer = await asker.says("who represents SG17?")
        assert "Nobody is registered as a representative yet." in asker.text
        assert buttons(answer)["Represent SG17"] == "register SG17"


async def test_the_next_steps_of_a_group_are_buttons(member: Asker) -> None:
    answer = await member.says("who represents JTC 1/SC 27?")
    assert buttons(answer) == {
        "About JTC 1/SC 27": "group show JTC 1/SC 27",
        "Represent JTC 1/SC 27": "register 'JTC 1/SC 27'",
    }


async def test_an_answer_names_person_kind_affiliation_and_time(member: Asker) -> None:
    await member.says("who represents SG15?")
    assert "**Kim Lee** (KAIST), representative of SG15 (ITU-T) since 2025" in member.text


async def test_the_record_of_whoever_was_forgotten_stays_without_a_name(member: Asker) -> None:
    await member.says("who represented SG17 in 2018?")
    assert "*(name removed)*, representative of SG17 (ITU-T), 2017 to 2020" in member.text


async def test_requests_are_answered_in_private(member: Asker) -> None:
    member.caller = replace(member.caller, role=Role.SECRETARIAT)
    answer = await member.says("who are the pending representatives?")
    assert answer.reply().private


async def test_the_public_directory_is_answered_where_it_was_asked(member: Asker) -> None:
    assert not (await member.says("who represents SG17?")).reply().private


async def test_officers_are_offered_where_there_is_no_representative(member: Asker) -> None:
    await member.says("who is the contact of JCA-QKDN?")
    assert "JCA-QKDN has no representative" in member.text
    assert "**Junsen Lai**" in member.text


async def test_a_long_list_goes_on_with_more(member: Asker) -> None:
    first = await member.says("which groups have no representative?")
    shown = {entry.reference for entry in first.entries}
    second = await member.says("more")
    assert len(shown) == len(second.entries) == 10
    assert shown.isdisjoint(entry.reference for entry in second.entries)


async def test_as_json_a_representative_has_a_group_a_name_and_no_address(member: Asker) -> None:
    entry = (await member.asks("who represents SG15?")).entries[0]
    assert (entry.kind, entry.reference, entry.title, entry.body, entry.group, entry.status, entry.date, entry.url) == (
        "representative",
        "SG15",
        "Kim Lee",
        "ITU-T",
        "SG15",
        "confirmed",
        "2025",
        "",
    )


async def test_who_asks_after_an_officer_gets_the_officer(member: Asker) -> None:
    assert [entry.kind for entry in (await member.says("who chairs JCA-QKDN?")).entries] == ["officer"]


async def test_a_question_that_stands_alone_does_not_go_on_from_representatives(member: Asker) -> None:
    await member.says("who represents SG17?")
    assert (await member.says("What has ETSI published on QKD?")).intent.value == "list"
