"""Groups that statements name are found in the shared database, in any usual writing."""

from __future__ import annotations

import pytest

from handlers.liaison.reading.statement import Sureness
from handlers.liaison.resolving import resolve
from storage.catalogue import Catalogue, read_catalogue
from tests.conftest import MakeDatabase

ON_SQLITE = pytest.mark.parametrize("make_database", ["sqlite"], indirect=True)


@pytest.fixture
async def catalogue(make_database: MakeDatabase) -> Catalogue:
    async with make_database(True).reading() as session:
        return await read_catalogue(session)


CERTAIN = {
    "ISO/IEC JTC 1/SC 27": "JTC 1/SC 27",
    "JTC1/SC27": "JTC 1/SC 27",
    "SC27": "JTC 1/SC 27",
    "ISO/IEC JTC 1 SC 6": "JTC 1/SC 6",
    "ITU-T Study Group 13": "SG13",
    "ITU-T SG17": "SG17",
    "SG 11": "SG11",
    "ITU-T-SG-15": "SG15",
    "ITU-T TSAG": "TSAG",
    "ETSI ISG QKD": "ISG QKD",
    "ISG-QKD": "ISG QKD",
    "ETSI TC CYBER": "TC CYBER",
    "ITU-T JCA-QKDN": "JCA-QKDN",
    "IEC TC 86": "TC 86",
    "IEC/ISO JTC 3": "JTC 3",
    "IRTF QIRG": "QIRG",
    "IETF tls": "TLS",
    "3GPP SA3": "SA3",
    "3GPP TSG SA WG3": "SA3",
    "CCSA ST7": "ST7",
    "CEN-CENELEC JTC 22": "JTC 22",
    "Q16/13": "SG13",
}
LIKELY = {"ISO/IEC JTC 1/SC 27/WG 3": "JTC 1/SC 27", "Q99/13": "SG13", "ITU-T WP3/13": "SG13"}
UNKNOWN = ("ITU-R SG11", "ITU-D SG2", "IETF opsawg", "ACME Forum", "ISO TC 86", "", "-", "ITU-T SG99", "ETSI SG13")


@ON_SQLITE
async def test_every_usual_writing_of_a_group_finds_it(catalogue: Catalogue) -> None:
    found = {written: resolve(catalogue, written) for written in CERTAIN}
    assert {written: one and (one.group.code, one.sure) for written, one in found.items()} == {
        written: (code, Sureness.CERTAIN) for written, code in CERTAIN.items()
    }


@ON_SQLITE
async def test_a_part_of_a_group_most_likely_means_the_group(catalogue: Catalogue) -> None:
    found = {written: resolve(catalogue, written) for written in LIKELY}
    assert {written: one and (one.group.code, one.sure) for written, one in found.items()} == {
        written: (code, Sureness.LIKELY) for written, code in LIKELY.items()
    }


@ON_SQLITE
async def test_what_is_not_known_stays_as_it_was_written(catalogue: Catalogue) -> None:
    assert [written for written in UNKNOWN if resolve(catalogue, written)] == []


@ON_SQLITE
async def test_a_question_is_told_with_its_group(catalogue: Catalogue) -> None:
    found = resolve(catalogue, "ITU-T Q16/13")
    assert found
    assert found.question == "Q16/13"
