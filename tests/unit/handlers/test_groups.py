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
