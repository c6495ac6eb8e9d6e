import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.ingest.names import key_of, name_of, printable


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Łęcka 霧.txt".encode(), "Łęcka 霧.txt"),
        (b"caf\xe9.txt", r"caf\xe9.txt"),
        (b"a\x1b[31mb\nc", r"a\x1b[31mb\x0ac"),
        (b"\\x1b", r"\x5cx1b"),
        (b"a\\b", r"a\b"),
        ("\u202etxt.exe".encode(), r"\xe2\x80\xaetxt.exe"),
        ("\x85\u2028".encode(), r"\xc2\x85\xe2\x80\xa8"),
        (b"\x00", r"\x00"),
    ],
)
def test_keys_are_printable_and_lead_back(name, key):
    assert key_of(name) == key
    assert name_of(key) == name


@given(st.binary(max_size=40) | st.text("\\x1be5c\n", max_size=12).map(str.encode))
def test_any_name_has_a_key_of_its_own(name):
    key = key_of(name)
    key.encode("utf-8")
    assert name_of(key) == name
    assert not any(ord(char) < 32 or 127 <= ord(char) < 160 for char in key)


@given(st.text())
def test_what_is_printed_has_no_escapes(text):
    shown = printable(text + "\x1b]0;title\x07\x9b31m")
    shown.encode("utf-8")
    assert not any((ord(char) < 32 and char not in "\t\n") or 127 <= ord(char) < 160 for char in shown)
