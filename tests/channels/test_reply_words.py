"""What an SMS says: a table, and properties over everything that people and machines may write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.web.gateways.words import Reply, read_reply

YES, NO = Reply(True, "4821"), Reply(False, "4821")


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("1 4821", YES),
        ("2 4821", NO),
        ("14821", YES),
        ("1  4821", YES),
        ("1 48 21", YES),
        ("1 4 8 2 1", YES),
        (" 1\u00a04821 ", YES),
        ("1\n4821", YES),
        ("1. 4821.", YES),
        ("1-4821", YES),
        ("1, 4821 kommer om ti", YES),
        ("１ ４８２１", YES),
        ("JA 4821", YES),
        ("ja4821", YES),
        ("Nei 4821", NO),
        ("yes 4821", YES),
        ("1 0042", Reply(True, "0042")),
        ("1", Reply(True, None)),
        ("2.", Reply(False, None)),
        ("Ja!", Reply(True, None)),
        ("NEI", Reply(False, None)),
    ],
)
def test_answers(text: str, reply: Reply) -> None:
    assert read_reply(text) == reply


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "4821",
        "12",
        "21",
        "3 4821",
        "1 482",
        "1 48211",
        "1 minutt",
        "1 time til",
        "2 stk",
        "nei takk",
        "ja, jeg kommer",
        "ok",
        "no 4821",
        "hei 1 4821",
        "11 4821",
        "+4790000001",
        "1 1 4821",
        "STOP",
        "Jeg kjører. Ringer deg senere.",
    ],
)
def test_what_may_mean_something_else_is_no_answer(text: str) -> None:
    assert read_reply(text) is None


@given(st.text(max_size=400))
def test_any_text_is_an_answer_or_none_and_a_code_has_four_digits(text: str) -> None:
    found = read_reply(text)
    if found is None or found.code is None:
        return
    assert len(found.code) == 4
    assert found.code.isascii()
    assert found.code.isdecimal()


BETWEEN = st.text(alphabet=" .,:;!-\n\t\u00a0", max_size=4)
CODES = st.integers(0, 9_999).map("{:04}".format)


@given(
    st.sampled_from([("1", True), ("ja", True), ("JA", True), ("2", False), ("Nei", False)]),
    CODES,
    BETWEEN,
    BETWEEN,
)
def test_however_it_is_spaced_the_code_is_read(
    said: tuple[str, bool], code: str, before: str, between: str
) -> None:
    assert read_reply(f"{before}{said[0]}{between}{code}") == Reply(said[1], code)


@given(CODES, st.text(alphabet="0123456789", min_size=1, max_size=8))
def test_more_digits_than_a_code_has_are_no_code(code: str, more: str) -> None:
    assert read_reply(f"1 {code}{more}") is None
