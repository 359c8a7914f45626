"""Groups, terms, liaison statements by command."""

from tests.talk import Talk


async def test_a_group_is_shown_with_its_scope_and_questions(talk: Talk) -> None:
    await talk.member.says("group show SG13")
    talk.member.sees("Study Group 13", "Q16/13")
    await talk.member.presses("What it published")
    talk.member.sees("Understood: SG13, published")


async def test_a_group_has_many_names(talk: Talk) -> None:
    await talk.member.says("group show study group 13")
    talk.member.sees("SG13")


async def test_an_unknown_group_is_said_to_be_unknown(talk: Talk) -> None:
    await talk.member.says("group show Atlantis")
    talk.member.sees("I know no group “Atlantis”", "group list")


async def test_the_groups_of_a_body_are_listed(talk: Talk) -> None:
    await talk.member.says("group list ETSI")
    talk.member.sees("5 groups", "ISG QKD")
    talk.member.sees_not("SG13")


async def test_an_unknown_body_is_answered_with_those_that_are_known(talk: Talk) -> None:
    await talk.member.says("group list Atlantis")
    talk.member.sees("I know no body “Atlantis”", "ITU-T")


async def test_a_term_has_the_definition_of_each_source(talk: Talk) -> None:
    await talk.member.says("define QKD")
    talk.member.sees("ITU-T, Y.3800", "ETSI, GR QKD 007", "IRTF, RFC 9583")


async def test_a_term_that_nobody_defined_is_not_invented(talk: Talk) -> None:
    await talk.member.says("define zorkmid")
    talk.member.sees('no definition of "zorkmid"')


async def test_liaison_statements_are_listed_by_direction(talk: Talk) -> None:
    await talk.member.says("liaison list Incoming")
    talk.member.sees("3 liaison statements", "SG13-LS136")
    talk.member.sees_not("JCA-QKDN-LS1")


async def test_a_liaison_statement_is_found_by_the_end_of_its_number(talk: Talk) -> None:
    await talk.member.says("liaison show LS136")
    talk.member.sees("SG13-LS136", "For information")


async def test_an_unknown_liaison_statement_is_answered_with_others(talk: Talk) -> None:
    await talk.member.says("liaison show LS99999")
    talk.member.sees("no liaison statement “LS99999”")
    assert talk.member.message.buttons


async def test_a_long_list_of_groups_comes_in_pages(talk: Talk) -> None:
    await talk.member.says("group list")
    talk.member.sees("43 groups, 1 to 10 shown")
    await talk.member.presses("Next 10 of 33 more")
    talk.member.sees("43 groups, 11 to 20 shown")
    await talk.member.says("group list page=5")
    talk.member.sees("41 to 43 shown")
    assert not talk.member.message.buttons
    await talk.member.says("group list page=99")
    talk.member.sees("no such group")


async def test_the_pages_of_a_body_stay_with_it(talk: Talk) -> None:
    await talk.member.says("group list ITU-T")
    button = talk.member.message.buttons[0]
    await talk.member.presses(button.label)
    talk.member.sees("Understood: ITU-T")
    talk.member.sees_not("ETSI")
