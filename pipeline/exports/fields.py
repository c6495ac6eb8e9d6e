"""Names of fields in exports, and what they mean: the one table of the many spellings."""

import re
from functools import lru_cache
from typing import Final

# For each role the names, without case, spaces and signs, the surest first: where an entry has several, the first
# counts and the others are other fields.
NAMES: Final = {
    "title": (
        "title", "ti", "t1", "articletitle", "papertitle", "documenttitle", "worktitle", "citationtitle", "titlefull",
        "fulltitle", "titel", "titre", "titulo", "título", "titolo", "tytul", "tytuł", "otsikko", "başlık", "naslov",
        "название", "标题", "题名", "タイトル", "dctitle", "displayname", "headline", "papername", "titles",
    ),
    "authors": (
        "authorsparsed", "fau", "af", "authorfullnames", "authorsfullnames", "authorlist", "authorships", "authors",
        "author", "au", "a1", "authornames", "authorname", "authorsnames", "fullauthors", "citationauthor",
        "citationauthors", "creators", "creator", "dccreator", "writers", "writtenby", "by", "autoren", "autor",
        "autorinnen", "auteurs", "auteur", "autores", "autori", "autore", "autorzy", "autoři", "yazarlar", "yazar",
        "författare", "forfattere", "tekijät", "szerzők", "автор", "авторы", "作者", "著者", "cn", "collectivename",
        "corporateauthor", "collaboration", "researchers", "people", "authfullname", "creatorsname", "paperauthors",
        "listofauthors", "contribgroup", "contrib", "contributors",
    ),
    "abstract": (
        "abstract", "ab", "n2", "abstractinvertedindex", "abstracttext", "abstractnote", "abstracts", "summary",
        "description", "dcdescription", "citationabstract", "paperabstract", "zusammenfassung", "kurzfassung",
        "résumé", "resume", "resumen", "resumo", "riassunto", "sommario", "samenvatting", "sammanfattning",
        "streszczenie", "abstrakt", "özet", "tiivistelmä", "sažetak", "аннотация", "резюме", "摘要", "要旨", "概要",
        "descriptions",
    ),
    "venue": (
        "journal", "journaltitle", "jt", "booktitle", "containertitle", "publicationtitle", "publicationname",
        "sourcetitle", "venue", "journalname", "conference", "conferencename", "citationjournaltitle",
        "citationconferencetitle", "citationconference", "t2", "bt", "jo", "jf", "ja", "j1", "j2", "ta", "journalref",
        "proceedings", "publishedin", "appearedin", "fulljournalname", "source", "sourcename", "where",
        "so", "secondarytitle", "isoabbreviation", "medlineta", "shortjournal", "zeitschrift", "revue", "revista",
        "rivista", "czasopismo", "dergi", "tidskrift", "журнал", "期刊", "school", "institution", "series",
        "eventtitle", "dcsource", "conferencetitle", "journalbook", "sourcetitleanthologytitle", "pub", "venuename",
        "proceedingstitle", "proceeding", "publication", "publicationvenue", "journalabbreviation", "journals",
    ),
    "year": (
        "year", "py", "publicationyear", "pubyear", "yearofpublication", "y1", "dp", "issued", "pubdate",
        "publicationdate", "citationpublicationdate", "citationdate", "citationyear", "datepublished", "published",
        "publishedprint", "publishedonline", "coverdate", "date", "dcdate", "da", "created", "jahr", "datum", "année",
        "annee", "año", "ano", "anno", "rok", "yıl", "år", "год", "年份", "年", "citationonlinedate", "produceddatey",
        "dateissued", "yearpublished", "publishedyear", "createdate",
    ),
}  # fmt: skip
# Parts of a person, where they are apart.
PARTS: Final = {
    "family": ("family", "last", "lastname", "familyname", "surname", "keyname", "nachname", "authorlastname"),
    "given": (
        "given", "first", "firstname", "forename", "forenames", "givenname", "givennames", "vorname",
        "authorfirstname",
    ),
    "middle": ("middle", "middlename", "middlenames"),
    "initials": ("initials",),
    "suffix": ("suffix", "lineage", "namesuffix"),
    "particle": ("nondroppingparticle", "particle"),
    "dropping": ("droppingparticle",),
    "organisation": (
        "collectivename", "literal", "organization", "organisation", "corporatename", "groupname", "collab",
        "corporate",
    ),
    "name": ("", "name", "fullname", "displayname", "text", "authorname", "author", "creator", "value",
             "rawauthorname", "person", "namepart", "string", "creatorname"),
}  # fmt: skip
# What stands below these is about another thing than the entry: its sources, its people's employers, its editors.
ELSEWHERE: Final = frozenset({
    "references", "reference", "referencelist", "reflist", "citations", "citation", "citedby", "relatedworks",
    "related", "affiliation", "affiliations", "affiliationinfo", "institutions", "institution", "editor", "editors",
    "translator", "variant", "concepts", "topics", "keywords", "primarytopic", "locations", "bestoalocation", "grants",
    "versions", "identifier", "identifiers", "ids", "embedding", "meshheadinglist", "chemicallist", "datecompleted",
    "daterevised", "history", "articledate", "grantlist", "otherabstract", "vernaculartitle", "commentscorrectionslist",
    "investigatorlist", "investigator", "personalnamesubjectlist", "license", "link", "funder", "assertion", "relation",
    "citationstyles", "sustainabledevelopmentgoals", "orcid", "event", "subjects", "tags", "attachments", "notes",
    "abstractinvertedindexv3", "openaccess", "biblio", "indexedin", "crossmark", "reviewers",
    "apcpaid", "apclist", "countsbyyear", "corpusid", "externalids", "s2fieldsofstudy", "accessdate", "deposited",
    "indexed", "contentdomain", "submitter", "publicationtypes", "bibentries", "refentries",
    "citationlist", "titlestmt", "bodytext", "backmatter", "methods", "tasks", "datasets", "tldr",
})  # fmt: skip
# Below these a title or a name is that of a place of publication.
_VENUES: Final = frozenset({
    "journal", "source", "hostvenue", "publicationvenue", "primarylocation", "relateditem", "host", "series", "meta",
    "conference", "venue", "container", "journalmetadata", "proceedingsmetadata", "seriesmetadata", "monogr",
    "periodical", "altperiodical", "ispartof",
})  # fmt: skip
TITLES: Final = frozenset({"titleinfo", "titles", "titlegroup"})  # wrap a title
# Lists of other works.
_CITED: Final = frozenset({
    "references", "reference", "referencelist", "reflist", "citations", "citation", "citedby", "relatedworks",
    "related", "relation", "referencedworks", "bibentries", "citationlist",
})  # fmt: skip
_INDEX: Final = re.compile(r"(?:\[\d+\])+$")
# What vocabularies of metadata put before their names, and Solr behind them ("dcterms.title", "title_s").
_VOCABULARY: Final = re.compile(r"\A(?:dc|dcterms|eprints|prism|bepress_citation)[._](?=[A-Za-z])", re.IGNORECASE)
_TYPED: Final = re.compile(r"(?<=[A-Za-z])_(?:s|ss|t|txt|i|is|dt|tdate)$")
_NUMBER: Final = re.compile(r"[ _.-]?\d{1,3}$")
_RANK: Final = {name: (role, rank) for role, names in reversed(NAMES.items()) for rank, name in enumerate(names)}
_PART: Final = {name: part for part, names in reversed(PARTS.items()) for name in names}


@lru_cache(maxsize=8192)
def plain(name: str) -> str:
    """A name as the table has it: no prefix of a namespace or vocabulary, no case, spaces and signs, no index."""
    name = _TYPED.sub("", _VOCABULARY.sub("", _INDEX.sub("", name.strip().lstrip("@"))))
    if ":" in name:
        name = name.rpartition(":")[2] or name
    return "".join(char for char in name.casefold() if char.isalnum())


@lru_cache(maxsize=8192)
def role_of(name: str) -> tuple[str, int] | None:
    """The role that the name of a field stands for, with its rank among the names of that role; None for no role.

    A number behind the name (``Author 2``) says nothing.
    """
    return _RANK.get(plain(name)) or _RANK.get(plain(_NUMBER.sub("", name.strip())))


def part_of(name: str) -> str | None:
    """The part of a person that a name stands for, or None."""
    return _PART.get(plain(name))


def is_elsewhere(name: str) -> bool:
    """Is what stands below the name about another thing than the entry?"""
    return plain(name) in ELSEWHERE


def is_of_venue(name: str) -> bool:
    """Is a title or a name below this name that of a place of publication?"""
    return plain(name) in _VENUES


def is_cited(name: str) -> bool:
    """Does the name stand for a list of other works than the entries of the file?"""
    return plain(name) in _CITED
