"""config/fraud.toml: what it must name, and one sentence for every mistake in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.config import ConfigError
from kiosk.services.bank.case import HARD
from kiosk.services.bank.frauds import read_book, verified
from kiosk.services.bank.shield import RULES

TEXT = Path("config/fraud.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("won = 5000000\n", "won = 5000000\nlimit = 3\n", r"rules\.F2\.limit.*unknown key; remove it; known"),
        ("[rules.F2]", "[rules.F99]", r"rules\.F99: unknown rule; known here: F1, F2"),
        ("won = 5000000\n", "", r"rules\.F2\.won: missing; add it"),
        ("count = 4", "count = 4\nage = 60", r"rules\.F5\.age = 60: F5 takes count; remove it"),
        ("won = 5000000\n", "won = -1\n", r":\d+: rules\.F2\.won = -1: input should be greater than 0"),
        ("won = 5000000\n", "won = 5e6\n", r"rules\.F2\.won = 5000000\.0: input should be a valid integer"),
        ('acts = ["breaking"]', 'acts = ["braking"]', r"rules\.F5\.acts\.0 = 'braking'"),
        ('source = "japan"', 'source = "jappan"', r'rules\.F13\.source = "jappan": not named under \[sources\]'),
        ("hold_minutes = 30", "hold_minute = 30", r"hold_minute: unknown key; did you mean hold_minutes\?"),
    ],
)
def test_a_mistake_is_one_line_that_names_file_key_and_value(tmp_path: Path, old: str, new: str, told: str) -> None:
    path = tmp_path / "fraud.toml"
    assert old in TEXT
    path.write_text(TEXT.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ConfigError, match=told) as caught:
        read_book(path)
    assert str(caught.value).startswith(str(path))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("rule", sorted(HARD))
def test_what_law_asks_for_cannot_be_switched_off(tmp_path: Path, rule: str) -> None:
    head, _, rest = TEXT.partition(f"[rules.{rule}]")
    path = tmp_path / "fraud.toml"
    path.write_text(f"{head}[rules.{rule}]{rest.replace('on = true', 'on = false', 1)}", encoding="utf-8")
    with pytest.raises(ConfigError, match=rf"rules\.{rule}\.on = false: law or practice asks for this rule"):
        read_book(path)


def test_the_shipped_rules_are_those_of_the_code_and_say_that_nobody_compared_them_yet() -> None:
    book = read_book(Path("config/fraud.toml"))
    assert list(book.rules) == list(RULES)
    assert [id_ for id_, rule in book.rules.items() if not rule.on] == ["F13"]
    assert {id_ for id_, rule in book.rules.items() if rule.basis == "ours"} == {id_ for id_ in RULES if id_[0] == "O"}
    assert verified(Path("config/fraud.toml")) is False


def test_the_version_changes_with_any_figure(tmp_path: Path) -> None:
    path = tmp_path / "fraud.toml"
    path.write_text(TEXT.replace("won = 5000000", "won = 5000001"), encoding="utf-8")
    assert read_book(path).version != read_book(Path("config/fraud.toml")).version
