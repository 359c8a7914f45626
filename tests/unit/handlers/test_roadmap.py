"""The roadmap by command, and follow-ups in the same conversation."""

import pytest

from tests.talk import Talk


async def test_an_item_is_shown_with_what_corrects_it(talk: Talk) -> None:
    await talk.member.says("roadmap show Y.3800")
    talk.member.sees("Overview on networks supporting quantum key distribution", "Corrected by", "Understood: Y.3800")


async def test_an_item_may_be_written_as_people_write_it(talk: Talk) -> None:
    await talk.member.says("roadmap show itu-t y3801")
    talk.member.sees("Y.3801", "Functional requirements for quantum key distribution networks")


async def test_a_reference_that_the_roadmap_lacks_is_said_to_be_missing(talk: Talk) -> None:
    await talk.member.says("roadmap show Y.38000")
    talk.member.sees("Y.38000 is not in the roadmap", "Y.3800")
    talk.member.sees_buttons("Y.3800")


async def test_a_list_comes_in_pages_with_a_button_that_says_how_many_are_left(talk: Talk) -> None:
    await talk.member.says("roadmap list body=ETSI")
    talk.member.sees("42 items, 1 to 8 shown")
    await talk.member.presses("Next 8 of 34 more")
    talk.member.sees("42 items, 9 to 16 shown")
    talk.member.sees_buttons("Next 8 of 26 more")


async def test_the_last_page_has_no_next_button(talk: Talk) -> None:
    await talk.member.says("roadmap list body=ETSI page=6")
    talk.member.sees("41 to 42 shown")
    assert not [one for one in talk.member.message.buttons if one.label.startswith("Next")]


async def test_a_page_beyond_the_end_breaks_nothing(talk: Talk) -> None:
    await talk.member.says("roadmap list body=ETSI page=9999")
    talk.member.sees("That was all: 42 items")


@pytest.mark.parametrize("line", ["roadmap list ETSI", "roadmap list about=etsi", "road li ETSI", "Roadmap List ETSI"])
async def test_a_body_may_be_given_without_its_field(talk: Talk, line: str) -> None:
    await talk.member.says(line)
    talk.member.sees("42 items", "Understood: ETSI")


async def test_a_group_may_be_given_without_its_field(talk: Talk) -> None:
    await talk.member.says("roadmap count SG13")
    talk.member.sees("50 items", "Understood: SG13")


async def test_a_count_offers_the_list(talk: Talk) -> None:
    await talk.member.says("roadmap count key-management body=ETSI")
    button = talk.member.message.buttons[0]
    await talk.member.presses(button.label)
    talk.member.sees("Understood: ETSI, Key management")


async def test_the_latest_are_published_and_newest_first(talk: Talk) -> None:
    await talk.member.says("roadmap latest")
    talk.member.sees("Y.3838", "13 August 2026")
    talk.member.sees_not("under development")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("roadmap list body=Atlantis", "I know no body “Atlantis”"),
        ("roadmap list group=XYZ99", "I know no group “XYZ99”"),
        ("roadmap list type=Novel", "no type “Novel”"),
        ("roadmap list status=burnt", "“burnt” is no status"),
        ("roadmap list since=yesteryear", "“yesteryear” is no date"),
        ("roadmap list about=#nothing", "no topic “nothing”"),
    ],
)
async def test_an_unknown_value_is_explained(talk: Talk, line: str, told: str) -> None:
    await talk.member.says(line)
    talk.member.sees(told)


async def test_a_follow_up_changes_the_last_question(talk: Talk) -> None:
    await talk.member.says("which standards cover key management?")
    talk.member.sees("Key management")
    await talk.member.says("and from ETSI?")
    talk.member.sees("Understood: ETSI, Key management")
    await talk.member.says("only published")
    talk.member.sees("ETSI, Key management", "published")
    await talk.member.says("since 2023")
    talk.member.sees("ETSI, Key management", "published, since 2023")


async def test_how_many_counts_the_last_question(talk: Talk) -> None:
    await talk.member.says("roadmap list ETSI")
    await talk.member.says("how many?")
    talk.member.sees("42 items on the roadmap", "Understood: ETSI")


async def test_more_goes_on_with_the_list(talk: Talk) -> None:
    await talk.member.says("what has ETSI published?")
    await talk.member.says("more")
    talk.member.sees("9 to 16 shown")
    talk.restart()
    await talk.member.says("more")
    talk.member.sees("17 to 24 shown")


async def test_each_conversation_has_its_own_last_question(talk: Talk) -> None:
    await talk.member.says("roadmap list ETSI")
    await talk.member.says("roadmap list SG13", channel=True)
    await talk.colleague.says("more")
    talk.colleague.sees_not("ETSI", "SG13")
    await talk.member.says("more")
    talk.member.sees("Understood: ETSI")
    await talk.member.says("more", channel=True)
    talk.member.sees("Understood: SG13")


async def test_more_after_the_latest_skips_nothing(talk: Talk) -> None:
    await talk.member.says("latest ITU-T Recommendations")
    await talk.member.says("more")
    talk.member.sees("57 items, 1 to 8 shown")


async def test_more_after_a_number_shows_the_first_of_them(talk: Talk) -> None:
    await talk.member.says("How many Recommendations has SG17 published?")
    await talk.member.says("more")
    talk.member.sees("12 items, 1 to 8 shown")
    await talk.member.says("more")
    talk.member.sees("9 to 12 shown")


async def test_more_goes_on_with_what_was_shown_though_more_was_wished(talk: Talk) -> None:
    await talk.member.says("5G and post-quantum security")
    talk.member.sees("9 items, 1 to 8 shown")
    await talk.member.says("more")
    talk.member.sees("9 items, 9 to 9 shown")
