import pytest

from pipeline.layouts.described import Columns, Labels, LayoutFileError, Spec, Units, read_specs, written

GOOD = """\
# what a person writes
- name: harbour
  files: ["harbour-*.txt", "old/*"]
  separator: "\\t"
  header: true
  columns: [year, title, authors, other, abstract]
- name: nordic
  labels: {"Heiti =": title, "Eftir =": authors, SKRÁ: other}
- name: plain_lines
  between: blank line
  units: [authors, title, abstract]
"""


def test_file_of_layouts():
    columns, labels, units = read_specs(GOOD, "layouts.yaml")
    assert columns.shape == Columns("\t", ("year", "title", "authors", "other", "abstract"), header=True)
    assert columns.is_for("a/harbour-2.txt")
    assert columns.is_for("old/x")
    assert not columns.is_for("a/old/x")
    assert labels == Spec("nordic", Labels((("Heiti =", "title"), ("Eftir =", "authors"), ("SKRÁ", "other"))))
    assert units.shape == Units("blank line", ("authors", "title", "abstract"))


def test_what_is_written_is_read_again():
    for spec in read_specs(GOOD, "layouts.yaml"):
        assert read_specs(written(spec), "x") == (spec,)


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "\n\n"])
def test_file_that_says_nothing(text):
    assert read_specs(text, "layouts.yaml") == ()


WRONG = {
    "- name: a\n  columns: [title\n": (3, "no YAML", "mend"),
    "name: a\n": (1, "the file is no list", "- name:"),
    "- a\n": (1, "no mapping", "name: my_listing"),
    "- name: a\n": (1, "0 shapes", "columns, labels, units"),
    "- columns: [title]\n  separator: '|'\n": (1, "no name", "add 'name"),
    "- name: My Listing\n  units: [title]\n": (1, "'My Listing'", "lower-case"),
    "- name: listing_a\n  units: [title]\n": (1, "'listing_a'", "take another"),
    "- name: a\n  colour: red\n": (2, "'colour'", "use name"),
    "- name: a\n  between: line\n  units: [title, writer]\n": (3, "'writer'", "title, authors"),
    "- name: a\n  between: line\n  units: [title, title]\n": (3, "'title' again", "once"),
    "- name: a\n  between: line\n  units: [authors]\n": (3, "no title", "give one the role"),
    "- name: a\n  between: tea\n  units: [title]\n": (2, "'tea'", "blank line"),
    "- name: a\n  units: [title]\n": (1, "no between", "add 'between"),
    "- name: a\n  columns: [title]\n": (1, "no separator", "add 'separator"),
    "- name: a\n  columns: [title]\n  separator: ''\n": (3, "no separator", "columns"),
    "- name: a\n  columns: [title]\n  separator: '|'\n  header: maybe\n": (4, "'maybe'", "true or false"),
    "- name: a\n  columns: title\n  separator: '|'\n": (2, "columns is no list", "roles"),
    "- name: a\n  labels: {'': title}\n": (2, "no text", "quotes"),
    "- name: a\n  labels: {T: title, T: other}\n": (2, "'T' again", "once"),
    "- name: a\n  files: x\n  between: line\n  units: [title]\n": (2, "files is no list", "patterns"),
    "- name: a\n  name: b\n": (2, "'name' again", "once"),
    "- {name: a, between: line, units: [title]}\n- {name: a, between: line, units: [title]}\n": (2, "'a'", "own"),
}


@pytest.mark.parametrize("text", WRONG)
def test_error_names_file_line_value_and_remedy(text):
    line, wrong, remedy = WRONG[text]
    with pytest.raises(LayoutFileError) as error:
        read_specs(text, "some/layouts.yaml")
    message = str(error.value)
    assert message.startswith(f"some/layouts.yaml: line {line}: "), message
    assert wrong in message
    assert remedy in message.split(wrong, 1)[1]
