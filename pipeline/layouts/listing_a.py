"""Layout A: a line or two of page junk, then one labelled abstract a line, one for each paper."""

from collections.abc import Sequence
from typing import Final

from pipeline.layouts.blocks import is_wordy
from pipeline.layouts.layout import Layout, LineRole
from pipeline.layouts.shapes import are_labelled, count_headers, ends_sentence, is_chrome, is_furniture, labels_of
from pipeline.layouts.wrapping import broken_before

# More lines than that before the first abstract are no junk of a page but a text that happens to have an abstract.
MAX_JUNK: Final = 5


def score(lines: Sequence[str]) -> float:
    """Share of the lines, those of the page before the first abstract not counted, that are part of an abstract.

    Half of the records must be made of words, or the label is a word of something else (a comment in a program).
    """
    if are_labelled(lines):
        return 0.0  # records with more labels than one are of another layout
    if not any(label and label.field == "abstract" for label in labels_of(lines)):
        return 0.0
    everything = roles(lines)
    given = [role for role in everything if role.role != "blank"]
    if not _are_abstracts(lines, everything):
        return 0.0
    junk = next((n for n, role in enumerate(given) if role.role == "abstract"), None)
    if junk is None or junk > MAX_JUNK:
        return 0.0
    if count_headers(line for line, role in zip(_with_text(lines), given, strict=True) if role.role == "chrome"):
        return 0.0  # the head of a letter or a package
    texts = _with_text(lines)[junk:]
    body = [role for role, text in zip(given[junk:], texts, strict=True) if not _is_button(role, text)]
    return sum(role.role == "abstract" for role in body) / len(body)


def _is_button(role: LineRole, text: str) -> bool:
    return role.role == "chrome" and (is_furniture(text) or text.strip().startswith("http"))


def _are_abstracts(lines: Sequence[str], given: Sequence[LineRole]) -> bool:
    texts: dict[int, list[str]] = {}
    for line, role in zip(lines, given, strict=True):
        if role.entry is not None:
            texts.setdefault(role.entry, []).append(line.strip())
    return sum(is_wordy(" ".join(parts)) for parts in texts.values()) * 2 >= len(texts)


def _with_text(lines: Sequence[str]) -> list[str]:
    return [line for line in lines if line.strip()]


def roles(lines: Sequence[str]) -> list[LineRole]:
    """A role for each line: chrome before the first label; a label starts a record; a line after an open sentence
    goes on.
    """
    entry, is_open, given = -1, False, []
    for line, label, broken in zip(lines, labels_of(lines), broken_before(lines), strict=True):
        text = line.strip()
        if not text:
            given.append(LineRole("blank", None, "nothing on the line"))
        elif label and label.field == "abstract":
            entry, is_open = entry + 1, not ends_sentence(text)
            given.append(LineRole("abstract", entry, "label of an abstract"))
        elif entry < 0:
            given.append(LineRole("chrome", None, "before the first abstract"))
        elif is_chrome(text):
            given.append(LineRole("chrome", None, "furniture of a page"))
        elif is_open or broken:
            is_open = not ends_sentence(text)
            given.append(LineRole("abstract", entry, "goes on with an abstract that is open or wrapped"))
        else:
            given.append(LineRole("unclaimed", None, "neither label nor open sentence"))
    return given


LAYOUT: Final = Layout("listing_a", score, roles)
