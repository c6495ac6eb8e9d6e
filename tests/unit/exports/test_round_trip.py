"""Records written in each format come back exactly: field by field, name by name, also when the file is damaged."""

import csv
import html
import io
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from xml.sax.saxutils import escape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.exports import read_rows, recognised
from pipeline.ingest import identify
from pipeline.repair.values import mend_rows
from pipeline.split import FileSplit, split_export

FAMILIES = [
    "Gödel", "Erdős", "Rényi", "Łukasiewicz", "Sierpiński", "Hopper", "van der Waerden", "Møller", "Çelik", "Šimek",
]  # fmt: skip
GIVEN = ["Kurt", "Pál", "Alfréd", "Grace", "Jan", "A. M.", "Zoë", "Søren", "José", "Ada"]
GROUPS = ["Radium Study Group", "Zebra Stripe Consortium"]
WORDS = [
    "Sheep", "of", "naïve", "graphs", "(on)", "café", "für", "R&D", "“soft”", "stars:", "walks", "the", "Ångström", "5",
    "α-decay",
]  # fmt: skip


@dataclass(frozen=True)
class Paper:
    title: str
    authors: tuple[tuple[str, str | None], ...]
    abstract: str | None
    venue: str
    year: int


def sentence(least: int, most: int) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(WORDS), min_size=least, max_size=most).map(lambda words: "On " + " ".join(words))


persons = st.tuples(st.sampled_from(FAMILIES), st.sampled_from(GIVEN))
authors = st.lists(persons | st.tuples(st.sampled_from(GROUPS), st.none()), max_size=4, unique=True)
papers = st.builds(
    Paper,
    sentence(2, 8),
    st.tuples(persons, authors).map(lambda both: tuple(dict.fromkeys([both[0], *both[1]]))),
    st.none() | sentence(8, 30).map(lambda text: text + "."),
    st.sampled_from(["Acta Ovium", "Proceedings of the Meeting on Meetings"]),
    st.integers(1900, 2024),
)


def said(name: tuple[str, str | None]) -> str:
    return name[0] if name[1] is None else f"{name[0]}, {name[1]}"


def spoken(name: tuple[str, str | None]) -> str:
    return name[0] if name[1] is None else f"{name[1]} {name[0]}"


def bibtex(library: list[Paper]) -> str:
    def value(text: str) -> str:
        return text.replace("&", "\\&")

    entries = []
    for number, paper in enumerate(library):
        authors = " and ".join(f"{{{said(name)}}}" if name[1] is None else said(name) for name in paper.authors)
        abstract = f"  abstract = {{{value(paper.abstract)}}},\n" if paper.abstract else ""
        entries.append(
            f"@article{{key{number},\n  title = {{{{{value(paper.title)}}}}},\n  author = {{{authors}}},\n{abstract}"
            f'  journal = "{value(paper.venue)}",\n  year = {paper.year}\n}}\n'
        )
    return "\n".join(entries)


def ris(library: list[Paper]) -> str:
    return "\n".join(
        "TY  - JOUR\n"
        + "".join(f"AU  - {said(name)}\n" for name in paper.authors)
        + f"TI  - {paper.title}\nJO  - {paper.venue}\nPY  - {paper.year}\n"
        + (f"AB  - {paper.abstract}\n" if paper.abstract else "")
        + "ER  - \n"
        for paper in library
    )


def nbib(library: list[Paper]) -> str:
    return "\n".join(
        f"PMID- {number}\nTI  - {paper.title}\n"
        + "".join(f"{'CN ' if name[1] is None else 'FAU'} - {said(name)}\n" for name in paper.authors)
        + (
            f"AB  - {paper.abstract[:60]}\n      {paper.abstract[60:]}\n"
            if paper.abstract and paper.abstract[60:61] not in {"", " "} and paper.abstract[59] == " "
            else f"AB  - {paper.abstract}\n"
            if paper.abstract
            else ""
        )
        + f"JT  - {paper.venue}\nDP  - {paper.year} Jan\nSO  - x\n"
        for number, paper in enumerate(library, 1000)
    )


def enw(library: list[Paper]) -> str:
    return "\n".join(
        f"%0 Journal Article\n%T {paper.title}\n"
        + "".join(f"%A {said(name)}\n" for name in paper.authors)
        + f"%J {paper.venue}\n%D {paper.year}\n"
        + (f"%X {paper.abstract}\n" if paper.abstract else "")
        for paper in library
    )


def wos(library: list[Paper]) -> str:
    def field(tag: str, lines: list[str]) -> str:
        return "".join(f"{tag if number == 0 else '  '} {line}\n" for number, line in enumerate(lines))

    def wrapped(tag: str, text: str) -> str:
        words = text.split()
        return field(tag, [" ".join(words[start : start + 7]) for start in range(0, len(words), 7)])

    entries = (
        "PT J\n"
        + field("AF", [said(name) for name in paper.authors if name[1] is not None])
        + field("CA", [name[0] for name in paper.authors if name[1] is None])
        + wrapped("TI", paper.title)
        + f"SO {paper.venue}\n"
        + (wrapped("AB", paper.abstract) if paper.abstract else "")
        + f"PY {paper.year}\nER\n"
        for paper in library
    )
    return "FN Clarivate Analytics Web of Science\nVR 1.0\n" + "\n".join(entries) + "\nEF\n"


def people_first(library: list[Paper]) -> list[Paper]:
    return [replace(paper, authors=tuple(sorted(paper.authors, key=lambda name: name[1] is None))) for paper in library]


def delimited(delimiter: str) -> Callable[[list[Paper]], str]:
    def write(library: list[Paper]) -> str:
        out = io.StringIO()
        writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
        writer.writerow(["Article Title", "Author(s)", "Year", "Source Title", "Abstract"])
        for paper in library:
            writer.writerow([paper.title, "; ".join(map(said, paper.authors)), paper.year, paper.venue, paper.abstract])
        return out.getvalue()

    return write


def crossref(library: list[Paper]) -> str:
    items = [
        {
            "DOI": "10.1/x",
            "title": [paper.title],
            "author": [{"name": f} if g is None else {"given": g, "family": f} for f, g in paper.authors],
            "container-title": [paper.venue],
            "issued": {"date-parts": [[paper.year, 5]]},
            "abstract": paper.abstract and f"<jats:p>{paper.abstract}</jats:p>",
        }
        for paper in library
    ]
    return json.dumps({"message": {"items": items}}, indent=1, ensure_ascii=False)


def semantic_scholar(library: list[Paper]) -> str:
    return "".join(
        json.dumps(
            {
                "paperId": str(number),
                "title": paper.title,
                "authors": [{"authorId": None, "name": spoken(name)} for name in paper.authors],
                "venue": paper.venue,
                "year": paper.year,
                "abstract": paper.abstract,
            }
        )
        + "\n"
        for number, paper in enumerate(library)
    )


def openalex(library: list[Paper]) -> str:
    def inverted(text: str | None) -> dict[str, list[int]] | None:
        places: dict[str, list[int]] = {}
        for number, word in enumerate((text or "").split()):
            places.setdefault(word, []).append(number)
        return places or None

    works = [
        {
            "id": f"W{number}",
            "title": paper.title,
            "publication_year": paper.year,
            "primary_location": {"source": {"display_name": paper.venue}},
            "authorships": [
                {"author": {"id": "A", "display_name": spoken(name)}, "institutions": [{"display_name": "U"}]}
                for name in paper.authors
            ],
            "abstract_inverted_index": inverted(paper.abstract),
        }
        for number, paper in enumerate(library)
    ]
    return json.dumps({"results": works}, ensure_ascii=False)


def acl(library: list[Paper]) -> str:
    papers = "".join(
        f'  <paper id="{number}">\n   <title>{escape(paper.title)}</title>\n'
        + "".join(
            f"   <author><first>{escape(given or '')}</first><last>{escape(family)}</last></author>\n"
            for family, given in paper.authors
        )
        + (f"   <abstract>{escape(paper.abstract)}</abstract>\n" if paper.abstract else "")
        + f"   <journal>{paper.venue}</journal><year>{paper.year}</year>\n  </paper>\n"
        for number, paper in enumerate(library)
    )
    return f"<?xml version='1.0' encoding='UTF-8'?>\n<collection><volume>\n{papers}</volume></collection>\n"


def dblp(library: list[Paper]) -> str:
    articles = "".join(
        '<article key="a/b" mdate="2020">\n'
        + "".join(f"<author>{escape(spoken(name))}</author>\n" for name in paper.authors)
        + f"<title>{escape(paper.title)}</title>\n<journal>{paper.venue}</journal><year>{paper.year}</year>\n"
        + (f"<abstract>{escape(paper.abstract)}</abstract>" if paper.abstract else "")
        + "</article>\n"
        for paper in library
    )
    return f'<?xml version="1.0"?>\n<dblp>\n{articles}</dblp>\n'


def page(library: list[Paper]) -> str:
    items = "".join(
        f'<div class="paper"><h3 class="title"><a href="x">{html.escape(paper.title)}</a></h3>\n'
        f'<p class="authors">{", ".join(f"<a>{html.escape(spoken(name))}</a>" for name in paper.authors)}</p>\n'
        f'<span class="venue">{paper.venue}</span> <span class="year">{paper.year}</span>\n'
        + (f'<div class="abstract">{html.escape(paper.abstract)}</div>' if paper.abstract else "")
        + "</div>\n"
        for paper in library
    )
    return f"<!DOCTYPE html>\n<html><head><title>Papers</title></head><body>\n<h1>Papers</h1>\n{items}</body></html>\n"


WRITERS = {
    "bibtex": ("bibtex", bibtex),
    "ris": ("ris", ris),
    "nbib": ("nbib", nbib),
    "enw": ("enw", enw),
    "web of science": ("wos", wos),
    "csv": ("csv", delimited(",")),
    "csv with semicolons": ("csv", delimited(";")),
    "tsv": ("tsv", delimited("\t")),
    "crossref": ("json", crossref),
    "openalex": ("json", openalex),
    "semantic scholar": ("jsonl", semantic_scholar),
    "acl": ("xml", acl),
    "dblp": ("xml", dblp),
    "page": ("html", page),
}
DAMAGE: dict[str, Callable[[str], bytes]] = {
    "none": lambda text: text.encode(),
    "bom and crlf": lambda text: b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode(),
    "utf-16": lambda text: text.encode("utf-16"),
    "read as latin-1": lambda text: text.encode().decode("latin-1").encode(),
    "read twice as latin-1": lambda text: text.encode().decode("latin-1").encode().decode("latin-1").encode(),
}


def read(data: bytes) -> tuple[str, FileSplit]:
    source = recognised(identify("x", data), data)
    assert source.status == "read", source.reason
    rows = read_rows(data, source)
    assert len(rows) == source.value_count
    mended = mend_rows(rows, source.format)
    return source.format, split_export(
        "x", source.format, [r._replace(text=m.text) for r, m in zip(rows, mended, strict=True)], mended
    )


def papers_of(split: FileSplit) -> list[Paper]:
    names: dict[str, list[tuple[str, str | None]]] = {}
    for mention in split.mentions:
        names.setdefault(mention.record_id, []).append((mention.family, mention.given))
    return [
        Paper(r.title or "", tuple(names.get(r.record_id, ())), r.abstract, r.venue or "", r.year or 0)
        for r in split.records
    ]


@pytest.mark.parametrize("name", WRITERS)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(library=st.lists(papers, min_size=2, max_size=5), damage=st.sampled_from(sorted(DAMAGE)))
def test_records_come_back(name: str, library: list[Paper], damage: str) -> None:
    expected, write = WRITERS[name]
    file_format, split = read(DAMAGE[damage](write(library)))
    assert file_format == expected
    assert papers_of(split) == (people_first(library) if name == "web of science" else library)
