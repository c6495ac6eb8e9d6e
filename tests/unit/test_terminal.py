import pytest

from pipeline.terminal import say, wrong_usage

HOSTILE = "a\x1b]0;title\x07\x1b[2J\x9b31m\udce9\u202eb"


def test_no_escape_reaches_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    say(f"{HOSTILE}\tŁęcka\nnext line")
    say(HOSTILE, err=True)
    shown = capsys.readouterr()
    assert shown.out == r"a\x1b]0;title\x07\x1b[2J\xc2\x9b31m\xe9\xe2\x80\xaeb" + "\tŁęcka\nnext line\n"
    assert "\x1b" not in shown.err
    assert "\x1b" not in wrong_usage(ValueError(HOSTILE)).message
