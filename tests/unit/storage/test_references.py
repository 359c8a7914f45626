"""References in any usual writing: what they are taken for, and how they are found in a text."""

from __future__ import annotations

import csv
import re
from importlib.resources import files

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from storage.references import Edition, Mention, core_of, former_names, parse_reference, scan

QUICK = settings(max_examples=150, deadline=None)


def sample_references() -> list[str]:
    with (files("storage") / "sample" / "roadmap.csv").open(encoding="utf-8") as file:
        return [row["reference"] for row in csv.DictReader(file)]


def _is_numbered(reference: str) -> bool:
    """Others, such as "Y.QKDN-x", are known by name."""
    return re.search(r"\d[\d.]", reference) is not None


@pytest.mark.parametrize(
    ("written", "core", "prefix", "part", "edition"),
    [
        ("Y.3801", "Y3801", "", "", Edition()),
        ("y3801", "Y3801", "", "", Edition()),
        ("Y 3801", "Y3801", "", "", Edition()),
        ("Y-3801", "Y3801", "", "", Edition()),
        ("ITU-T X.1712", "X1712", "", "", Edition()),
        ("ITU X.1712", "X1712", "", "", Edition()),
        ("Rec. ITU-T X.1712", "X1712", "", "", Edition()),
        ("Recommendation X.1712,", "X1712", "", "", Edition()),
        ("draft new Recommendation ITU-T Y.3830", "Y3830", "", "", Edition()),
        ("Y.3804 (2025)", "Y3804", "", "", Edition(year="2025")),
        ("Y.3804 (09/2020)", "Y3804", "", "", Edition(year="2020", month="09")),
        ("Y.3804 (2020-09-29)", "Y3804", "", "", Edition(year="2020", month="09")),
        ("Y.3804 9/2020", "Y3804", "", "", Edition(year="2020", month="09")),
        ("Y.3802 Amd. 1", "Y3802", "", "AMD1", Edition()),
        ("Y.3802 (2020) Amd.1 (03/2023)", "Y3802", "", "AMD1", Edition(year="2023", month="03")),
        ("Y.3802 amendment 1", "Y3802", "", "AMD1", Edition()),
        ("Y.3800 Cor 1", "Y3800", "", "COR1", Edition()),
        ("Y.3800 Corrigendum No. 1", "Y3800", "", "COR1", Edition()),
        ("Q.3960.1", "Q39601", "", "", Edition()),
        ("Supplement 70", "SUP70", "", "", Edition()),
        ("Y Suppl. 70", "SUP70", "Y", "", Edition()),
        ("Y.Sup70", "SUP70", "Y", "", Edition()),
        ("ITU-T Y.3800-series Supplement 70", "SUP70", "Y", "", Edition()),
        ("etsi gs qkd-012", "QKD12", "GS", "", Edition()),
        ("GS QKD 012", "QKD12", "GS", "", Edition()),
        ("QKD 018", "QKD18", "", "", Edition()),
        ("qkd018", "QKD18", "", "", Edition()),
        ("ETSI GS QKD 014 V1.1.1", "QKD14", "GS", "", Edition(version="1.1.1")),
        ("ETSI GS QKD 014 V1.1.1 (2019-02)", "QKD14", "GS", "", Edition("2019", "02", "1.1.1")),
        ("GR QKD 007", "QKD7", "GR", "", Edition()),
        ("DGS/QKD-0021_Name", "QKD21", "GS", "", Edition()),
        ("RGS/QKD-004ed2", "QKD4", "GS", "", Edition(ordinal="2")),
        ("TS 103 744", "103744", "TS", "", Edition()),
        ("TS103744", "103744", "TS", "", Edition()),
        ("ETSI TR 103 619 version 1.1.1", "103619", "TR", "", Edition(version="1.1.1")),
        ("3GPP TR 33.938", "33938", "TR", "", Edition()),
        ("ISO 23837-2", "238372", "ISO", "", Edition()),
        ("ISO/IEC 23837-2:2023", "238372", "ISO", "", Edition(year="2023")),
        ("iso/iec 23837-2 (2023)", "238372", "ISO", "", Edition(year="2023")),
        ("ISO/IEC DIS 23837-1", "238371", "DIS", "", Edition()),
        ("ISO/IEC TR 24741", "24741", "TR", "", Edition()),
        ("rfc8391", "RFC8391", "", "", Edition()),
        ("RFC 8391", "RFC8391", "", "", Edition()),
        ("IETF RFC-8391", "RFC8391", "", "", Edition()),
        ("draft-irtf-qirg-something-03", "DRAFTIRTFQIRGSOMETHING", "", "", Edition(version="03")),
        ("SP800-208", "SP800208", "", "", Edition()),
        ("NIST SP 800-208", "SP800208", "", "", Edition()),
        ("SP 800-57 Rev. 5", "SP80057", "", "", Edition(ordinal="5")),
        ("FIPS 203", "FIPS203", "", "", Edition()),
        ("FIPS PUB 203", "FIPS203", "", "", Edition()),
        ("NISTIR 8547", "IR8547", "", "", Edition()),
        ("IEEE Std P1913", "P1913", "", "", Edition()),
        ("IEEE 1913", "P1913", "", "", Edition()),
        ("YD/T 3834.1-2021", "YDT38341", "", "", Edition(year="2021")),
        ("GM/T 0108-2021", "GMT108", "", "", Edition(year="2021")),
        ("GB/T 42829-2023", "GBT42829", "", "", Edition(year="2023")),
    ],
)
def test_a_reference_in_its_usual_writings(written: str, core: str, prefix: str, part: str, edition: Edition) -> None:
    found = parse_reference(written)
    assert (found.core, found.prefix, found.part, found.edition) == (core, prefix, part, edition)


@pytest.mark.parametrize("dash", "‐‑‒–—−")
def test_a_dash_is_a_hyphen_whichever_it_is(dash: str) -> None:
    assert parse_reference(f"ISO 23837{dash}2") == parse_reference("ISO 23837-2")


def test_all_editions_and_parts_of_one_standard_share_their_core() -> None:
    written = ["Y.3804", "Y.3804 (09/2020)", "Y.3804 Amd. 2", "Y.3804 (2020) Cor. 1 (06/2021)", "ITU-T Y.3804 (V2)"]
    assert {core_of(one) for one in written} == {"Y3804"}


def test_no_two_current_items_of_the_sample_are_taken_for_one() -> None:
    with (files("storage") / "sample" / "roadmap.csv").open(encoding="utf-8") as file:
        current = [row["reference"] for row in csv.DictReader(file) if row["status"] in ("published", "in-force")]
    found = [parse_reference(one) for one in current]
    assert len({(one.core, one.part, one.prefix) for one in found}) == len(found)


@QUICK
@given(st.text(max_size=80))
@example("(2020)")
@example("V1")
@example("Amd. 1")
@example("ISO/IEC")
@example("draft-x-00")
def test_any_text_is_taken_apart(text: str) -> None:
    assert parse_reference(text) == parse_reference(text)
    assert core_of(text) == parse_reference(text).core


@QUICK
@given(st.text(max_size=60))
@example("R 0")
@example("ISO ISO 1")
def test_a_core_is_letters_and_digits_without_leading_zeros(text: str) -> None:
    core = core_of(text)
    assert core == core.upper()
    assert core.isascii()
    assert all(one.isalnum() for one in core)


ITU = st.builds("{}.{}".format, st.sampled_from("YXQGMLHEKT"), st.integers(100, 4999))
ETSI = st.builds("{} QKD {:03}".format, st.sampled_from(["GS", "GR"]), st.integers(1, 99)) | st.builds(
    "{} {} {:03}".format, st.sampled_from(["TS", "TR", "EG", "EN"]), st.integers(101, 119), st.integers(1, 999)
)
ISO = st.builds("{} {}-{}".format, st.sampled_from(["ISO", "ISO/IEC"]), st.integers(10_000, 29_999), st.integers(1, 9))
OTHERS = (
    st.builds("RFC {}".format, st.integers(1000, 9999))
    | st.builds("FIPS {}".format, st.integers(140, 299))
    | st.builds("SP 800-{}".format, st.integers(10, 299))
)
EDITION = st.sampled_from(["", " (2020)", " (09/2020)", ":2020"])
REFERENCES = ITU | ETSI | ISO | OTHERS | st.sampled_from([one for one in sample_references() if _is_numbered(one)])


@QUICK
@given(
    st.sampled_from(
        ["What is {}?", "the status of {}, please", "{}", "({})", "compare {} and RFC 1", "is “{}” current?"]
    ),
    REFERENCES,
    st.booleans(),
    st.booleans(),
)
def test_a_reference_is_found_in_a_sentence(sentence: str, reference: str, lower: bool, hyphens: bool) -> None:
    written = reference.lower() if lower else reference
    if hyphens:
        written = _with_hyphens(written)
    mentions = scan(sentence.format(written))
    assert parse_reference(reference).core in [one.reference.core for one in mentions], f"{written}: {mentions}"


@pytest.mark.parametrize("reference", [one for one in sample_references() if _is_numbered(one)])
def test_every_reference_of_the_sample_is_found_again(reference: str) -> None:
    for written in (reference, reference.lower(), reference.upper()):
        found = scan(f"tell me about {written} and more")
        assert [(one.text, one.reference) for one in found] == [(written, parse_reference(reference))]


TEXTS = st.text(max_size=80) | st.lists(REFERENCES | st.text(max_size=8), max_size=5).map(" ".join)


@QUICK
@given(TEXTS)
@example("Y.3800/X.1710, RFC 9340 and GS QKD 014 V1.1.1 (2019-02)")
@example("ISO/IEC 23837-1:2023 ISO/IEC 23837-2:2023")
@example("İ Y.3800")
def test_mentions_are_in_order_apart_and_within_the_text(text: str) -> None:
    mentions = scan(text)
    ends = [0, *(end for mention in mentions for end in (mention.start, mention.end))]
    assert ends == sorted(ends)
    assert all(mention.start < mention.end <= len(text) for mention in mentions)
    assert [one.reference for one in mentions] == [parse_reference(one.text) for one in mentions]


@pytest.mark.parametrize("text", ["", "key management", "what is the next meeting?", "2023", "since 2020", "SG13"])
def test_what_is_no_reference_is_not_surely_one(text: str) -> None:
    assert [mention for mention in scan(text) if mention.sure] == []


def test_several_references_are_found_one_by_one() -> None:
    found = scan("Y.3800, Y.3801 and ETSI GS QKD 014 V1.1.1; also rfc9340.")
    assert [one.reference.core for one in found] == ["Y3800", "Y3801", "QKD14", "RFC9340"]
    assert found[2] == Mention(19, 41, "ETSI GS QKD 014 V1.1.1", parse_reference("GS QKD 014 V1.1.1"), True)


@pytest.mark.parametrize("series", ["Y.3800-series", "the X.1700 series"])
def test_a_series_is_no_reference(series: str) -> None:
    assert [one for one in scan(series) if one.sure] == []


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("Y.3807 (ex Y.QKDN_QoS_pa)", [("Y.3807", "Y.QKDN_QoS_pa")]),
        ("Y.3807 (formerly Y.QKDN_a) and X.1712 (ex. X.sec_b)", [("Y.3807", "Y.QKDN_a"), ("X.1712", "X.sec_b")]),
        ("new Recommendation ITU-T Q.4160 (previously Q.draft)", [("Recommendation ITU-T Q.4160", "Q.draft")]),
        ("Y.3807 (2022)", []),
        ("the chair (ex officio)", []),
        ("", []),
    ],
)
def test_former_names_are_read(text: str, pairs: list[tuple[str, str]]) -> None:
    assert former_names(text) == pairs


@QUICK
@given(st.text(max_size=100) | st.text("Y.X123 (ex)formerly", max_size=100))
def test_former_names_are_read_of_any_text(text: str) -> None:
    assert all(new and former for new, former in former_names(text))


def _with_hyphens(written: str) -> str:
    return written.replace(" qkd ", " qkd-").replace(" QKD ", " QKD-").replace("RFC ", "RFC-").replace("rfc ", "rfc-")
