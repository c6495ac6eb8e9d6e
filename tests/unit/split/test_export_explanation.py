"""What a person is told of how an export is read."""

from pipeline.split.export_explanation import explain_export


def test_every_value_is_told_with_line_entry_role_and_field() -> None:
    told = explain_export("@misc{k,\r\n title = {On Things},\r\n author = {Gödel, Kurt}\r\n}\r\n@misc{b, title = {\r\n")
    assert told is not None
    lines = [" ".join(line.split()) for line in told]
    assert lines[0] == (
        "chosen: bibtex, an export of 1 entries; 1 blocks are broken, and the file is cut inside its last one"
    )
    assert lines[4:] == [
        "2 1 title On Things title",
        "3 1 authors Gödel, Kurt author",
        "5 broken @misc{b, title = { (broken)",
    ]


def test_plain_text_is_for_the_layouts() -> None:
    assert explain_export("Gödel, Kurt\nOn Things\n") is None
