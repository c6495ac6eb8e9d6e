from hypothesis import given
from hypothesis import strategies as st

from pipeline.layouts import LineRole
from pipeline.repair import Mended, Repair, undo
from pipeline.repair.model import apply_repairs
from pipeline.split.passages import Passage
from pipeline.split.pieces import piece_of, pieces_of


def repair(start: int, before: str, after: str, certainty: str = "exact") -> Repair:
    return Repair(start, start + len(before), before, after, "mojibake", None, certainty, 1.0, (), "test")


LINE = apply_repairs("TÃ¤g | NakahÃ¤ru, SÃ¤e", [repair(1, "Ã¤", "ä"), repair(12, "Ã¤", "ä"), repair(19, "Ã¤", "ä")])


def test_piece_keeps_the_way_back():
    assert LINE.text == "Täg | Nakahäru, Säe"
    piece = piece_of(LINE, 6, 14)
    assert (piece.text, undo(piece)) == ("Nakahäru", "NakahÃ¤ru")
    assert Passage([piece]).origin(0, 8) == ("NakahÃ¤ru", "exact")
    assert apply_repairs(undo(piece), piece.repairs) == piece


def test_whole_line_and_parts():
    assert list(pieces_of(LineRole("title", 0, "x"), LINE)) == [("title", LINE)]
    assert list(pieces_of(LineRole("title", 0, "x", ()), LINE)) == []
    role = LineRole("reference", 0, "x", (("title", 0, 3), ("authors", 6, 19)))
    assert [(field, piece.text) for field, piece in pieces_of(role, LINE)] == [
        ("title", "Täg"),
        ("authors", "Nakahäru, Säe"),
    ]


@st.composite
def mended(draw: st.DrawFn) -> Mended:
    text, repairs, position = "", [], 0
    for plain, before, after in draw(
        st.lists(st.tuples(st.text("ab", max_size=3), st.text("xy", max_size=2), st.text("uv", max_size=2)), max_size=5)
    ):
        position = len(text) + len(plain)
        if before != after:
            repairs.append(repair(position, before, after))
        text += plain + before
    return apply_repairs(text, [r for r in repairs if r.before or r.after])


@given(mended(), st.data())
def test_pieces_are_mended_lines_of_their_own(line, data):
    size = len(line.text)
    first = data.draw(st.integers(0, size))
    last = data.draw(st.integers(first, size))
    pieces = [piece_of(line, 0, first), piece_of(line, first, last), piece_of(line, last, size)]
    assert "".join(piece.text for piece in pieces) == line.text
    for piece in pieces:
        assert apply_repairs(undo(piece), piece.repairs) == piece
    assert piece_of(line, 0, size).text == line.text
    assert undo(piece_of(line, 0, size)) == undo(line)
