"""Regular expressions of the contracts mean the same in every engine: Python's, RE2 (Arrow, DuckDB) and ECMAScript."""

import re

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import TABLES

PATTERNS = sorted({rule.terms["pattern"] for t in TABLES.values() for rule in t.rules if "pattern" in rule.terms})

# Classes whose members differ between engines (digits of all scripts, or of ASCII), and what RE2 does not have.
FORBIDDEN = {
    r"\\[dDwWsSbB]": "a class that is Unicode in one engine and ASCII in another; write the characters, as in [0-9]",
    r"\\[AZzGKQE]": "an anchor or escape of some engines only; write ^ and $",
    r"\\[0-9kgpPxuUN]": "a back-reference or an escape of some engines only; write the character",
    r"\(\?(?!:)": "look-around, flags or named groups; use ( ) or (?: )",
    r"[*+?}]\+": "a possessive quantifier",
    r"(?<!\\)\.": "a dot, which matches other line ends in each engine; write a class",
    r"\[\[:": "a POSIX class",
}


def faults(pattern: str) -> list[str]:
    found = [] if pattern.startswith("^") and pattern.endswith("$") else ["not anchored with ^ and $"]
    if "|" in without_groups(pattern):
        found.append("an alternative outside of a group, so that ^ and $ each hold for one of them")
    return found + [why for what, why in FORBIDDEN.items() if re.search(what, pattern)]


def without_groups(pattern: str) -> str:
    """What is in no class and in no group, however deep groups are nested."""
    rest, groups = re.sub(r"\\.|\[[^\]]*\]", "", pattern), 1
    while groups:
        rest, groups = re.subn(r"\([^()]*\)", "", rest)
    return rest


def test_there_are_patterns_to_look_at() -> None:
    assert len(PATTERNS) > 3


@pytest.mark.parametrize("pattern", PATTERNS)
def test_pattern_is_portable(pattern: str) -> None:
    assert faults(pattern) == []


@pytest.mark.parametrize(
    "pattern",
    [
        r"^\d+$",
        r"^\w$",
        "[0-9]+",
        "^[0-9]+",
        "^a(?=b)$",
        "^(?i)a$",
        r"^a\Z$",
        r"^(a)\1$",
        "^a++$",
        "^a.$",
        "^a|b$",
        "^(a(b|c))|d$",
    ],
)
def test_lint_finds_what_is_not_portable(pattern: str) -> None:
    assert faults(pattern) != []


@pytest.mark.parametrize("pattern", PATTERNS)
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_pattern_means_the_same_in_python_and_re2(pattern: str, data: st.DataObject) -> None:
    near = st.from_regex(pattern, fullmatch=False).map(lambda text: text[:100])
    odd = st.text(st.sampled_from("wra0123456789abcdef٣𝟗\n\r\x00\x7f\t\x85\u2028 "), max_size=70)
    texts = data.draw(st.lists(st.one_of(near, odd, st.tuples(near, odd).map("".join)), min_size=1, max_size=8))
    ours = [re.fullmatch(pattern, text) is not None for text in texts]
    assert pc.match_substring_regex(pa.array(texts, pa.string()), pattern).to_pylist() == ours
