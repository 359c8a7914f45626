"""What a question is understood as: its facets, its intent, and how each follow-up changes it."""

from __future__ import annotations

import pytest

from storage.database import Database
from tests.questions.asking import asking, talking

FACETS: list[tuple[str, dict[str, object]]] = [
    ("What has ETSI published?", {"body": ["ETSI"], "status": ["published"]}),
    ("anything that came from etsi", {"body": ["ETSI"]}),
    ("what did ETSI and ITU-T publish", {"body": ["ETSI", "ITU-T"], "status": ["published"]}),
    ("QRNG from ETSI", {"body": ["ETSI"], "about": ["QRNG"]}),
    ("everything except ETSI", {"body": ["!ETSI"]}),
    ("standards not from ITU-T", {"body": ["!ITU-T"]}),
    ("PQC but not from NIST", {"body": ["!NIST"], "about": ["PQC"]}),
    ("standards outside ITU-T and ETSI", {"body": ["!ITU-T", "!ETSI"]}),
    ("SG 17 standards", {"group": ["SG17"]}),
    ("standards of study group 17", {"group": ["SG17"]}),
    ("ITU-T SG17 standards", {"group": ["SG17"]}),
    ("JTC 1/SC 27 documents", {"group": ["JTC 1/SC 27"]}),
    ("SC27", {"group": ["JTC 1/SC 27"]}),
    ("JTC 3 standards", {"group": ["JTC 3"]}),
    ("Recommendations of Q16/13", {"question": ["Q16/13"], "type": ["Recommendation"]}),
    ("question 2/11 output", {"question": ["Q2/11"]}),
    ("Question 16 of SG13", {"question": ["Q16/13"]}),
    ("SG13 Q16 standards", {"question": ["Q16/13"]}),
    ("technical reports on QKD", {"type": ["Technical Report"], "about": ["QKD"]}),
    ("TRs from ETSI", {"body": ["ETSI"], "type": ["Technical Report"]}),
    ("supplements", {"type": ["Supplement"]}),
    ("amendments from ITU-T", {"body": ["ITU-T"], "type": ["Amendment"]}),
    ("corrigenda", {"type": ["Corrigendum"]}),
    ("X-series Recommendations", {"type": ["Recommendation"], "series": ["X."]}),
    ("Y.3800-series", {"series": ["Y.38"]}),
    ("work items of SG17", {"group": ["SG17"], "status": ["under-development"]}),
    ("what is SG13 still working on", {"group": ["SG13"], "status": ["under-development"]}),
    ("ongoing work in ETSI", {"body": ["ETSI"], "status": ["under-development"]}),
    ("draft Recommendations of SG11", {"group": ["SG11"], "type": ["Recommendation"], "status": ["under-development"]}),
    ("not published", {"status": ["under-development"]}),
    ("withdrawn standards", {"status": ["withdrawn"]}),
    ("superseded Recommendations", {"type": ["Recommendation"], "status": ["superseded"]}),
    ("post-quantum cryptography", {"about": ["PQC"]}),
    ("pqc migration", {"about": ["PQC", "Migration and transition to quantum-safe"]}),
    ("key managment", {"about": ["Key management, key relay and key supply"]}),
    ("intreoperability", {"about": ["Interworking and federation"]}),
    ("published before 2018", {"status": ["published"], "until": "2017-12-31"}),
    ("published between 2019 and 2021", {"status": ["published"], "since": "2019", "until": "2021"}),
    ("what did ETSI publish in 2021", {"body": ["ETSI"], "status": ["published"], "since": "2021", "until": "2021"}),
    ("published last year", {"status": ["published"], "since": "2025", "until": "2025"}),
    ("ETSI since 2020", {"body": ["ETSI"], "since": "2020"}),
    ("ETSI after 2020 on QRNG", {"body": ["ETSI"], "since": "2021", "about": ["QRNG"]}),
    ("ETSI before 2020 on QKD", {"body": ["ETSI"], "until": "2019-12-31", "about": ["QKD"]}),
    ("unverified items", {"verified": False}),
]

INTENTS = [
    ("how many RFCs are there?", "count"),
    ("number of ETSI standards", "count"),
    ("latest from ETSI", "latest"),
    ("what is the newest Recommendation?", "latest"),
    ("when is the next meeting?", "when"),
    ("what is a trusted node?", "define"),
    ("define quantum key distribution", "define"),
    ("difference between QKD link and QKD module", "compare"),
    ("which study group covers QKD security?", "who"),
    ("who is the chair?", "who"),
    ("what is missing on the roadmap?", "gaps"),
    ("which standards overlap?", "overlaps"),
    ("liaison statements from SG13", "liaisons"),
    ("what's new?", "news"),
    ("help", "help"),
    ("hello", "help"),
    ("what will the weather be tomorrow?", "unknown"),
    ("sing me a song", "unknown"),
    ("?!", "help"),
    ("", "help"),
]


async def test_facets_are_understood(sample: Database) -> None:
    async with asking(sample) as asker:
        found = [(text, dict((await asker.asks(text)).understood)) for text, _wanted in FACETS]
    wrong = [
        f"{text}: {got}, not {wanted}" for (text, got), (_, wanted) in zip(found, FACETS, strict=True) if got != wanted
    ]
    assert not wrong, "\n" + "\n".join(wrong)


async def test_intents_are_understood(sample: Database) -> None:
    async with asking(sample) as asker:
        found = [(text, (await asker.asks(text)).intent.value, intent) for text, intent in INTENTS]
    assert [one for one in found if one[1] != one[2]] == []


WRITINGS = {
    "y3801": "Y.3801",
    "ITU-T X.1712": "X.1712",
    "etsi gs qkd-012": "GS QKD 012",
    "QKD 018": "GS QKD 018",
    "ISO 23837-2": "ISO/IEC 23837-2:2023",
    "rfc8391": "RFC 8391",
    "SP800-208": "SP 800-208",
    "Supplement 70": "Y Suppl. 70",
    "Q.QKDNi_profr": "Q.4165",
    "Y.3804": "Y.3804",
    "Y.3804 (2020)": "Y.3804 (09/2020)",
    "Y.3804 amd 1": "Y.3804 (2020) Amd. 1",
}


async def test_a_reference_shows_its_item(sample: Database) -> None:
    found = {}
    async with asking(sample) as asker:
        for written in WRITINGS:
            answer = await asker.asks(written)
            found[written] = next((entry.reference for entry in answer.entries), "")
            assert answer.intent.value == "show"
    assert found == WRITINGS


async def test_a_reference_that_the_roadmap_lacks_is_never_answered_with_another(sample: Database) -> None:
    async with asking(sample) as asker:
        for written in ("Y.3999", "RFC 1", "GS QKD 999", "ISO/IEC 99999-1", "SP 800-999", "X.9999"):
            answer = await asker.asks(f"what is {written}?")
            assert (answer.count, answer.entries) == (0, ())
            assert f"{written}** is not in the roadmap" in asker.text.replace("\\", "")


async def test_amendments_are_shown_under_their_item_and_not_counted(sample: Database) -> None:
    async with asking(sample) as asker:
        answer = await asker.asks("all ITU-T standards whatever their status")
        assert not [entry for entry in answer.entries if "Amd" in entry.reference or "Cor." in entry.reference]
        assert answer.count == len(answer.entries)


async def test_an_answer_says_how_it_was_understood(sample: Database) -> None:
    async with asking(sample) as asker:
        await asker.asks("what has ETSI published on APIs since 2020?")
    assert asker.text.endswith("*Understood: ETSI, API, published, since 2020.*")


CONVERSATIONS: list[list[tuple[str, tuple[str, ...]]]] = [
    [
        ("which standards cover PQC?", ("PQC",)),
        ("and from ETSI?", ("ETSI", "PQC")),
        ("only published", ("ETSI", "PQC", "published")),
        ("since 2023", ("ETSI", "PQC", "published", "since 2023")),
        ("and NIST?", ("NIST", "PQC", "published", "since 2023")),
        ("how many?", ("NIST", "PQC", "published", "since 2023")),
    ],
    [
        ("what has SG13 published in 2020?", ("SG13", "published", "2020")),
        ("and in 2021?", ("SG13", "published", "2021")),
        ("what about SG17?", ("SG17", "published", "2021")),
    ],
    [
        ("list ETSI", ("ETSI",)),
        ("more", ("ETSI",)),
        ("QRNG standards", ("QRNG",)),
    ],
    [
        ("how many RFCs?", ("RFCs",)),
        ("and Recommendations?", ("Recommendations",)),
    ],
]


@pytest.mark.parametrize("said", CONVERSATIONS, ids=lambda said: str(said[0][0]))
async def test_a_follow_up_changes_the_last_question(sample: Database, said: list[tuple[str, tuple[str, ...]]]) -> None:
    async with talking(sample) as talker:
        assert [(text, (await talker.says(text)).chips) for text, _chips in said] == said


async def test_how_many_counts_what_the_last_question_lists(sample: Database) -> None:
    async with talking(sample) as talker:
        listed = await talker.says("PQC from ETSI")
        counted = await talker.says("how many?")
    assert (counted.intent.value, counted.count) == ("count", listed.count)


async def test_it_is_the_item_that_was_shown(sample: Database) -> None:
    async with talking(sample) as talker:
        await talker.says("Y.3804 (2020)")
        answer = await talker.says("what replaced it?")
    assert [entry.reference for entry in answer.entries] == ["Y.3804"]


async def test_more_gives_every_item_once(sample: Database) -> None:
    async with talking(sample) as talker:
        answer = await talker.says("what has ETSI published?")
        seen = list(answer.entries)
        while len(seen) < answer.count:
            page = await talker.says("more")
            assert page.entries
            seen += page.entries
        everything = await talker.asks("what has ETSI published?")
    assert seen == list(everything.entries)


async def test_a_question_that_stands_alone_forgets_the_last_one(sample: Database) -> None:
    async with talking(sample) as talker:
        await talker.says("what has ETSI published?")
        answer = await talker.says("which standards are about QRNG?")
    assert answer.chips == ("QRNG",)
