"""What a line looks like, from its structure: label words, lists of names, sentences, venues. Data and pure measures.

No rule here knows a name or a title. Which role a look is evidence for belongs to the layouts.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Final, NamedTuple

from schemas.rules import PLACEHOLDERS

# Words that label a field at the start of a line, before a colon, dash or full stop. "other" are fields of a record
# that no table has.
LABELS: Final = {
    "abstract": (
        "abstract", "abstrakt", "summary", "zusammenfassung", "kurzfassung", "résumé", "resumen", "resumo", "riassunto",
        "sommario", "samenvatting", "sammanfattning", "streszczenie", "özet", "tiivistelmä", "sažetak", "összefoglaló",
        "аннотация", "резюме", "摘要", "要旨", "概要",
    ),
    "title": (
        "title", "paper title", "titel", "titre", "título", "titolo", "titulo", "tytuł", "název", "başlık", "otsikko",
        "cím", "naslov", "название", "заглавие", "标题", "題目", "题目", "タイトル",
    ),
    "authors": (
        "author", "authors", "author(s)", "author names", "autor", "autoren", "autor(en)", "autor:innen", "auteur",
        "auteurs", "autores", "autore", "autori", "autorzy", "autoři", "autors", "yazar", "yazarlar", "författare",
        "forfatter", "forfattere", "tekijät", "szerzők", "автор", "авторы", "作者", "著者", "by", "written by",
        "creator", "creators",
    ),
    "venue": (
        "venue", "journal", "conference", "journal/conference", "conference/journal", "published in", "publication",
        "journal ref", "journal-ref", "source", "booktitle", "book title", "appeared in", "appears in", "in",
        "zeitschrift", "erschienen in", "revue", "revista", "rivista", "czasopismo", "časopis", "dergi", "tidskrift",
        "журнал", "期刊",
    ),
    "year": (
        "year", "date", "published", "published on", "publication date", "publication year", "submitted", "jahr",
        "datum", "année", "año", "ano", "anno", "fecha", "rok", "yıl", "år", "год", "年份",
    ),
    "other": (
        "keywords", "keyword", "key words", "index terms", "subject", "subjects", "subject areas", "categories", "tags",
        "topics", "schlagwörter", "schlüsselwörter", "stichwörter", "mots clés", "mots-clés", "palabras clave",
        "palavras-chave", "parole chiave", "słowa kluczowe", "anahtar kelimeler", "trefwoorden", "nyckelord",
        "ключевые слова", "关键词", "doi", "url", "link", "pdf", "pages", "volume", "issue", "number", "issn", "isbn",
        "arxiv", "arxiv id", "id", "comments", "citations", "cited by", "language", "publisher", "affiliation",
        "affiliations", "type",
    ),
}  # fmt: skip


def _any_of(words: Iterable[str]) -> str:
    """An expression for each of some words, longer ones first; by first letters, of which it tries but one."""
    rests: dict[str, list[str]] = {}
    for word in sorted(words, key=len, reverse=True):
        rests.setdefault(word[0], []).append(re.escape(word[1:]))
    return "|".join(f"{re.escape(first)}(?:{'|'.join(rest)})" for first, rest in rests.items())


_LABEL: Final = re.compile(
    rf"^\W{{0,3}}(?P<word>{_any_of(word for words in LABELS.values() for word in words)}"
    r")\W{0,2}\s*(?:[:：]|\s[-–—]\s|[—–]|\.\s(?=[A-Z]))\s*(?:\*{1,2}\s*)?",
    re.IGNORECASE,
)


def _plain(word: str) -> str:
    """A word as the tables of labels are asked for it; case-blind matching takes long s for s and dotless i for i."""
    return word.casefold().replace("i\u0307", "i").replace("ı", "i")


_FIELD_OF: Final = {_plain(word): field for field, words in LABELS.items() for word in words}
# The first letters of all of them; of words of two letters both.
_STARTS: Final = frozenset(word[:3] for word in _FIELD_OF)
# Words of the names of places where papers appear.
_VENUE: Final = re.compile(
    r"\b(?:arxiv|biorxiv|medrxiv|preprint|proceedings|proc\.|conference|workshop|symposium|journal|transactions|"
    r"letters|annals|advances in|lecture notes|findings of|press|vol\.|volume|review of|bulletin|magazine|congress|"
    r"meeting of)",
    re.IGNORECASE,
)
# Furniture of web pages; each starts with two letters.
_BUTTONS: Final = (
    "goto", "go to", "home", "menu", "search", "login", "log in", "sign in", "sign up", "profile", "back", "next",
    "previous", "more", "authors", "publications", "papers", "collaborating authors", "co-?authors", "filters",
    "sort by", "share", "follow", "show more", "load more", "about", "contact", "related papers", "help",
    "skip to content", "via", "access paper(?: or ask questions)?", "ask questions", "alert button",
    "picture for .{1,80}", "view (?:pdf|abstract|paper|code|all)", "download(?: pdf)?", "read more", "show less",
    "cite", "save", "export", "bookmark", "like", "report", "subscribe", "bibtex", "pdf", "full text", "open access",
    "code", "view via publisher", "semantic ?scholar(?: profile)?", "google scholar(?: profile)?",
)  # fmt: skip
_FURNITURE: Final = re.compile("|".join(_BUTTONS), re.IGNORECASE)
_BUTTON_STARTS: Final = frozenset(button[:2] for button in _BUTTONS)
MONTH: Final = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)\.?"
)
_DATE: Final = re.compile(rf"{MONTH} \d{{1,2}},? \d{{4}}|\d{{1,2}}\.? {MONTH},? \d{{4}}|{MONTH} \d{{4}}", re.IGNORECASE)
_HEADER: Final = re.compile(r"[A-Z][A-Za-z]*(?:-[A-Za-z]+)*:\s+\S")
PARTICLES: Final = frozenset({
    "af", "al", "ap", "bin", "ben", "da", "das", "de", "del", "della", "den", "der", "des", "di", "do", "dos",
    "du", "el", "ibn", "la", "las", "le", "los", "o'", "of", "san", "st", "ten", "ter", "v.", "van", "vom",
    "von", "y", "zu", "zum", "zur", "'t", "van't"
})  # fmt: skip
_STOPS: Final = frozenset(".!?…。！？")
_CLOSERS: Final = "\"'”’)]"  # may stand behind the stop of a sentence
# Small words that running text cannot do without and names do not have.
FUNCTION_WORDS: Final = frozenset({
    "the", "and", "of", "to", "in", "for", "with", "that", "is", "are", "this", "we", "which", "by", "on", "as",
    "from", "an", "be", "our", "these", "can", "it", "have", "has"
})  # fmt: skip
# How lines of manuals and code start or end: headings, lists, options, directives, and what comes next.
_CODED: Final = re.compile(r"^(?:[#*|>$%+=~^{}\[\](<-]|\.\.|``|//)|``|:$")

# Looks are asked for several times a line, by one layout after the other; of long lines they are not kept.
_KEPT: Final = 1 << 14
_KEPT_SIZE: Final = 4000
_PLACEHOLDERS: Final = frozenset(PLACEHOLDERS)
_LONGEST_PLACEHOLDER: Final = max(map(len, PLACEHOLDERS))


class Label(NamedTuple):
    """A label at the start of a line: the field that it names, its word in small letters, and where the value
    starts.
    """

    field: str
    word: str
    end: int


def label_at(text: str) -> Label | None:
    """The label at the start of a text, or None."""
    if not may_label(text[:3]):
        return None  # nearly every line
    return _label_at(text) if len(text) < _KEPT_SIZE else _label_at.__wrapped__(text)


@lru_cache(maxsize=_KEPT)
def may_label(start: str) -> bool:
    """May a text with these first letters start with a label?"""
    small = start.lower()
    return not (start.isascii() and start[:1].isalnum()) or small in _STARTS or small[:2] in _STARTS


@lru_cache(maxsize=_KEPT)
def _label_at(text: str) -> Label | None:
    match = _LABEL.match(text)
    if match is None:
        return None
    word = _plain(match["word"])
    return Label(_FIELD_OF[word], word, match.end()) if word in _FIELD_OF else None


def label_of(text: str) -> tuple[str, int] | None:
    """The field that a label at the start of the line names, and where the value starts; None without a label."""
    label = label_at(text)
    return (label.field, label.end) if label else None


def labels_of(lines: Iterable[str]) -> tuple[Label | None, ...]:
    """The label of each line, white space before it left out."""
    return _labels_of(tuple(lines))


@lru_cache(maxsize=1)
def _labels_of(lines: tuple[str, ...]) -> tuple[Label | None, ...]:
    """Several layouts, one after the other, ask it of a file."""
    texts = [line.strip() for line in lines]
    starts = {start for start in {text[:3] for text in texts} if may_label(start)}
    return tuple([label_at(text) if text[:3] in starts else None for text in texts])


def are_labelled(lines: Iterable[str]) -> bool:
    """Do labels of titles or authors stand on so many lines (a tenth of those with text) that they are the layout?"""
    return _are_labelled(tuple(lines))


@lru_cache(maxsize=1)
def _are_labelled(lines: tuple[str, ...]) -> bool:
    labelled = sum([label.field in {"title", "authors"} for label in _labels_of(lines) if label])
    return labelled > 0 and labelled * 10 >= sum(not is_blank(line) for line in lines)


def is_blank(line: str) -> bool:
    """Is there nothing on a line but white space?"""
    return not line or line.isspace()


def count_headers(lines: Iterable[str]) -> int:
    """Lines that start like the header of a letter, a package or a form (`Section: math`)."""
    return sum(_HEADER.match(line) is not None and label_at(line) is None for line in lines)


def is_placeholder(token: str) -> bool:
    """A word for nothing ("null", "-"), or nothing."""
    word = token.strip()
    return len(word) <= _LONGEST_PLACEHOLDER and word.lower() in _PLACEHOLDERS


def is_furniture(text: str) -> bool:
    """A known button or heading of a page."""
    bare = text.strip().strip(":")
    start = bare[:2].lower()
    if start.isascii() and start not in _BUTTON_STARTS:
        return False  # nearly every line
    return _FURNITURE.fullmatch(bare) is not None


def is_chrome(text: str) -> bool:
    """Part of the page and not of its records: furniture, an address, or signs and digits alone."""
    text = text.strip()
    if _starts_plainly(text[:2]):  # nearly every line
        return text[-1].isdecimal() and len(text) <= _LONGEST_FURNITURE and _is_chrome(text)
    if len(text) > _LONGEST_FURNITURE:
        return _LONG_PART.fullmatch(text) is not None
    return _is_chrome(text)


@lru_cache(maxsize=_KEPT)
def _starts_plainly(start: str) -> bool:
    """Do these two letters start a word, but no address, nor what is taken for that of a button?"""
    is_word = start[:1].isalpha() and start[0] not in "hHpPıİſ\u212a" and start.lower() not in _BUTTON_STARTS
    return is_word and (start[0] > "\x7f" or (start.isascii() and start.isalpha()))


@lru_cache(maxsize=_KEPT)
def _is_chrome(text: str) -> bool:
    if is_furniture(text) or (text[-1:].isdecimal() and _DATE.fullmatch(text) is not None):
        return True
    if text[:1].isalpha() and text[0] not in "hHpP":
        return False
    return _PART.fullmatch(text.lower()) is not None


_PART: Final = re.compile(r"[\d\W]+|https?://\S+|page \d+( of \d+)?")
_LONG_PART: Final = re.compile(r"[\d\W]+|[Hh][Tt][Tt][Pp][Ss]?://\S+")
# No button and no date is longer.
_LONGEST_FURNITURE: Final = 200
_LAST_NARROW: Final = "\u10ff"  # no character before Hangul is wide
_MANY_SIGNS: Final = 1000  # fewer are sooner counted one after the other than character by character
# Most wide characters by far: Han, Hangul, kana, and their punctuation.
_WIDE: Final = re.compile(
    "[\u3001-\u3003\u3041-\u3096\u30a1-\u30fa\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff60]+"
)
_BEFORE_WIDE: Final = bytes(range(0xE1))  # bytes of UTF-8 that start no character behind U+0FFF


def is_coded(text: str) -> bool:
    """A line as manuals and code have them: it starts with a sign, announces what follows, or quotes code."""
    return _CODED.search(text) is not None


def goes_on(text: str) -> bool:
    """Does a text end with a word that no title ends with, since a sentence goes on behind it?"""
    return text.rpartition(" ")[2] in FUNCTION_WORDS


def has_venue_word(text: str) -> bool:
    """A short line with a word that places of publication have in their names."""
    return len(text) <= 250 and _VENUE.search(text) is not None


def width(text: str) -> int:
    """Length in Latin letters; a wide (East Asian) character says about as much as three."""
    if text.isascii():
        return len(text)
    return _width(text) if len(text) < _KEPT_SIZE else _width.__wrapped__(text)


@lru_cache(maxsize=_KEPT)
def _width(text: str) -> int:
    if _is_narrow(text.encode("utf-8", "surrogatepass")):
        return len(text)
    rest = _WIDE.sub("", text)
    wide = [char for char in set(rest) if char > _LAST_NARROW and unicodedata.east_asian_width(char) in "WF"]
    others = sum(map(set(wide).__contains__, rest)) if len(wide) > _MANY_SIGNS else sum(map(rest.count, wide))
    return len(text) + 2 * (len(text) - len(rest) + others)


def _is_narrow(text: bytes) -> bool:
    """Is nothing wide in a text, as the first bytes of its characters say? Dashes and quotes (0xE2 0x80) are narrow."""
    leads = text.translate(None, _BEFORE_WIDE)
    if not leads:
        return True
    dashes, others = leads.count(0xE2), leads.count(0xE1)
    if dashes + others < len(leads) or text.count(b"\xe2\x80") < dashes:
        return False
    return not others or (b"\xe1\x84" not in text and b"\xe1\x85" not in text)  # Hangul's parts


def ends_sentence(text: str) -> bool:
    """Does the line end like a sentence?"""
    if text[-1:].isalnum():
        return False  # most lines that do not
    return text.rstrip().rstrip(_CLOSERS)[-1:] in _STOPS
