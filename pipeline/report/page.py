"""The page: head, style, sections in their order. What is in a section stands elsewhere."""

import html
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

# Nothing may run or be fetched, whatever stands in a cell.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


@dataclass(frozen=True)
class Section:
    """One part of the page: its id, its head, and its HTML."""

    name: str
    title: str
    body: str


def document(title: str, top: str, sections: Sequence[Section]) -> str:
    """The whole page, in HTML that needs nothing beside it."""
    style = files(__package__).joinpath("style.css").read_text(encoding="utf-8")
    contents = "".join(f'<a href="#{s.name}">{html.escape(s.title)}</a>' for s in sections)
    parts = "\n".join(
        f'<section id="{s.name}">\n<h2>{html.escape(s.title)}</h2>\n{s.body}\n</section>' for s in sections
    )
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{html.escape(title)}</title>
<style>
{style}</style>
</head>
<body>
<main>
{top}
<nav aria-label="Contents">{contents}</nav>
{parts}
</main>
</body>
</html>
"""


def paragraph(text: str) -> str:
    """A paragraph of our own words."""
    return f"<p>{html.escape(text)}</p>"


def folded(title: str, body: str) -> str:
    """Something long that is opened by a click, and printed open."""
    return f"<details><summary>{html.escape(title)}</summary>{body}</details>"


def beside(*parts: str) -> str:
    """Plots next to each other where there is room."""
    return f'<div class="beside">{"".join(parts)}</div>' if any(parts) else ""


def figure(caption: str, drawing: str) -> str:
    """A plot with what it shows above it."""
    return f"<figure><figcaption>{html.escape(caption)}</figcaption>{drawing}</figure>"


def counted(number: int, one: str, many: str = "") -> str:
    """``1 file``, ``2 files``, ``no file``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}" if number else f"no {one}"
