"""Which passwords are good enough: long ones that nobody would try first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.actions.choosing_passwords import COMMON_WORDS, RUNS, SHORTEST, must_be_good
from audit.domain.errors import InvalidField

ADA = ("Ada Lovelace", "ada.lovelace@example.org")


@pytest.mark.parametrize(
    "password",
    [
        "violet ladder teaspoon",
        "tram-46-otter-cloud",
        "пароль на завтра утром",
        "Xk7#pQ2!vR9$",
        "正しい馬の電池とホチキスの針",
    ],
)
def test_a_few_words_that_do_not_belong_together_are_good(password: str) -> None:
    must_be_good(password, ADA)


@pytest.mark.parametrize(
    "password",
    [
        "",
        "short",
        "eleven char",
        "password1234",
        "P4ssw0rd2024!",
        "passwordpassword",
        "123456789012",
        "qwertyuiop12",
        "aaaaaaaaaaaaaaaa",
        "ada.lovelace99",
        "LovelaceAda1815",
        "welcome2024!",
        "19840312198403",
        "abababababab",
        "x" * 201,
    ],
)
def test_what_others_would_try_first_is_refused_with_the_mend(password: str) -> None:
    with pytest.raises(InvalidField) as refused:
        must_be_good(password, ADA)
    assert refused.value.place == "password"
    assert str(refused.value).count(".") >= 2


@given(st.sampled_from(sorted(COMMON_WORDS)), st.text("0123456789!?.-_", min_size=0, max_size=12), st.booleans())
def test_digits_and_signs_at_the_end_do_not_save_a_common_word(word: str, tail: str, capital: bool) -> None:
    password = (word.capitalize() if capital else word) + tail
    with pytest.raises(InvalidField):
        must_be_good(password)


@given(st.sampled_from(RUNS), st.integers(0, 8), st.integers(SHORTEST, 20), st.booleans())
def test_no_run_over_the_keyboard_is_good(run: str, start: int, length: int, backwards: bool) -> None:
    way = (run[::-1] if backwards else run) * 3
    with pytest.raises(InvalidField):
        must_be_good(way[start : start + length])


@given(st.text(max_size=300))
def test_no_password_makes_it_stumble(password: str) -> None:
    try:
        must_be_good(password, ADA)
    except InvalidField:
        return
    assert len(password) >= SHORTEST
