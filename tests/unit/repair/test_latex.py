"""LaTeX accents become letters in lists of names, and stay in titles, formulas and sentences."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.repair import undo
from pipeline.repair.latex import is_name_list, latex

LIST = "Novák, Petr, {}, Ada"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (r"Erd{\H{o}}s", "Erdős"),
        (r"Erd\H{o}s", "Erdős"),
        (r"Erd\H os", "Erdős"),
        (r"\v{S}ime\v{c}ek", "Šimeček"),
        (r"{\v{S}}ime{\v{c}}ek", "Šimeček"),
        (r"{\v S}ime{\v c}ek", "Šimeček"),
        (r"G{\"o}del", "Gödel"),
        (r"G\"{o}del", "Gödel"),
        (r"G\"odel", "Gödel"),
        (r"Garc{\'\i}a", "García"),
        (r"Garc{\'{\i}}a", "García"),
        (r"Garc\'{\i}a", "García"),
        (r"S{\o}rensen", "Sørensen"),
        (r"S\o rensen", "Sørensen"),
        (r"S\o{}rensen", "Sørensen"),
        (r"{\L}ukasiewicz", "Łukasiewicz"),
        (r"Wei{\ss}", "Weiß"),
        (r"Dar{\c{g}}is", "Darģis"),
        (r"{\'A}lvarez y Mu{\~n}oz", "Álvarez y Muñoz"),
        (r"K\k{e}pa", "Kępa"),
        (r"O'Brien", "O'Brien"),
    ],
)
def test_accents_of_a_list_become_letters(written: str, meant: str) -> None:
    mended = latex(LIST.format(written))
    assert mended.text == LIST.format(meant)
    assert undo(mended) == LIST.format(written)
    assert {repair.kind for repair in mended.repairs} <= {"latex"}
    assert latex(mended.text).repairs == ()


@pytest.mark.parametrize(
    "text",
    [
        r"On a theorem of Erd\H{o}s",
        r"We prove, as P\'olya did, that the walk returns, and give a bound for three dimensions.",
        r"Let $\v{c} = 1$, Novák, Petr",
        r"50\% cheaper, faster, and safer",
        r"C:\users\novak, D:\data",
        r"\begin{abstract}, \section{One}",
        "Novák, Petr, Svoboda, Jan",
    ],
)
def test_other_text_stays(text: str) -> None:
    assert latex(text).text == text


def test_commands_that_are_no_accents_stay() -> None:
    text = r"Novák, Petr, \textbf{Ada}, Bo, \vc, Jan"
    assert latex(text).text == text


def test_a_label_does_not_hide_a_list() -> None:
    assert is_name_list("Authors: Novák, Petr, Svoboda, Jan")


@given(st.text(alphabet="ABab{}\\'\"vHc,o i", max_size=40))
def test_whatever_is_mended_can_be_undone(text: str) -> None:
    mended = latex(text)
    assert undo(mended) == text
