"""The contracts in the words of other standards, so that other tools can read and check the tables.

- ``data_package``: Frictionless Data Package 1.0 (datapackage.json; https://specs.frictionlessdata.io)
- ``odcs``: Open Data Contract Standard 3.2 (https://bitol-io.github.io/open-data-contract-standard)
- ``croissant``: Croissant 1.0, JSON-LD for data sets (https://docs.mlcommons.org/croissant)

All are plain values for JSON, the same for the same contracts. What a standard cannot say (coverage, rules over several
columns) is there in words.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa

from schemas.contract import Table
from schemas.rule import Rule

NAME = "palimpsest"
TITLE = "Palimpsest: publications from scraped listings"
DESCRIPTION = "Publications, their authors and where each came from, made of scraped listings whose text was repaired."

Json = dict[str, Any]

# Names of Arrow types in Frictionless, ODCS (logical type) and Croissant (schema.org).
_TYPES: Mapping[pa.DataType, tuple[str, str, str]] = {
    pa.string(): ("string", "string", "sc:Text"),
    pa.int64(): ("integer", "integer", "sc:Integer"),
    pa.float64(): ("number", "number", "sc:Float"),
    pa.bool_(): ("boolean", "boolean", "sc:Boolean"),
    pa.list_(pa.string()): ("array", "array", "sc:Text"),
}


def data_package(tables: Iterable[Table]) -> Json:
    """A Frictionless Data Package with a resource a table, its keys and its foreign keys."""
    return {
        "profile": "data-package",
        "name": NAME,
        "title": TITLE,
        "description": DESCRIPTION,
        "resources": [_resource(table) for table in tables],
    }


def _resource(table: Table) -> Json:
    fields = [
        {
            "name": field.name,
            "type": _TYPES[field.type][0],
            "description": field.metadata[b"description"].decode(),
            "constraints": _constraints(table, field.name, nullable=field.nullable),
        }
        for field in table.arrow_schema
    ]
    foreign = [
        {"fields": list(ref.columns), "reference": {"resource": ref.table, "fields": list(ref.target)}}
        for ref in table.references
    ]
    return {
        "name": table.name,
        "path": f"{table.name}.parquet",
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "title": table.name.replace("_", " "),
        "description": table.description,
        "version": table.version,
        "schema": {"fields": fields, "primaryKey": list(table.key), **({"foreignKeys": foreign} if foreign else {})},
    }


def _of(table: Table, column: str) -> list[Rule]:
    """Rules about this column alone that refuse rows; what only warns is no constraint."""
    own = [rule for rule in table.rules if rule.kind == "check" and rule.columns == (column,)]
    return [rule for rule in own if rule.severity != "warn"]


def _constraints(table: Table, column: str, *, nullable: bool) -> Json:
    found: Json = {} if nullable else {"required": True}
    if table.key == (column,):
        found["unique"] = True
    for rule in _of(table, column):
        length = rule.name.endswith("__str_length")
        names = {
            "allowed_values": "enum",
            "pattern": "pattern",
            "min_value": "minLength" if length else "minimum",
            "max_value": "maxLength" if length else "maximum",
        }
        found |= {names[term]: value for term, value in rule.terms.items() if term in names}
        if "value" in rule.terms:
            found |= {"minimum": rule.terms["value"], "maximum": rule.terms["value"]}
    return found


def odcs(tables: Iterable[Table], version: str) -> Json:
    """An Open Data Contract; rules that it has no word for are quality entries in words, with their severity."""
    return {
        "apiVersion": "v3.2.0",
        "kind": "DataContract",
        "id": f"urn:{NAME}:tables",
        "name": TITLE,
        "version": version,
        "status": "active",
        "description": {"purpose": DESCRIPTION},
        "schema": [_object(table) for table in tables],
    }


def _object(table: Table) -> Json:
    plain = [rule for rule in table.rules if rule.kind in {"table check", "coverage"} or rule.severity == "warn"]
    quality = [
        {
            "name": rule.name,
            "type": "text",
            "description": rule.says,
            "severity": {"warn": "warning", "reject": "error", "fatal": "critical"}[table.severity_of(rule)],
        }
        for rule in plain
    ]
    links = [_relationship(table.name, ref.columns, ref.table, ref.target) for ref in table.references]
    return {
        "name": table.name,
        "physicalName": f"{table.name}.parquet",
        "physicalType": "parquet",
        "logicalType": "object",
        "description": table.description,
        "dataGranularityDescription": table.description,
        "properties": [_property(table, field) for field in table.arrow_schema],
        "customProperties": [{"property": "contractVersion", "value": table.version}],
        **({"quality": quality} if quality else {}),
        **({"relationships": links} if links else {}),
    }


def _relationship(own: str, columns: tuple[str, ...], other: str, target: tuple[str, ...]) -> Json:
    ends = [f"{own}.{name}" for name in columns], [f"{other}.{name}" for name in target]
    start, to = (end if len(end) > 1 else end[0] for end in ends)
    return {"type": "foreignKey", "from": start, "to": to}


def _property(table: Table, field: pa.Field) -> Json:
    options: Json = {}
    enum: list[Any] = []
    for rule in _of(table, field.name):
        length = rule.name.endswith("__str_length")
        names = {"pattern": "pattern", "min_value": "minLength" if length else "minimum",
                 "max_value": "maxLength" if length else "maximum"}  # fmt: skip
        options |= {names[term]: value for term, value in rule.terms.items() if term in names}
        enum += rule.terms.get("allowed_values", [])
    made_of = table.lineage[field.name]
    return {
        "name": field.name,
        "logicalType": _TYPES[field.type][1],
        "physicalType": str(field.type),
        "description": field.metadata[b"description"].decode(),
        "required": not field.nullable,
        "unique": table.key == (field.name,),
        "primaryKey": field.name in table.key,
        **({"primaryKeyPosition": table.key.index(field.name) + 1} if field.name in table.key else {}),
        **({"logicalTypeOptions": options} if options else {}),
        **({"enum": [{"value": value} for value in enum]} if enum else {}),
        **({"items": {"logicalType": "string"}} if pa.types.is_list(field.type) else {}),
        **({"transformSourceObjects": list(made_of)} if made_of else {}),
    }


def croissant(tables: Iterable[Table], sha256: Mapping[str, str], version: str) -> Json:
    """A Croissant description; ``sha256`` has the hash of each table's file."""
    known = list(tables)
    return {
        "@context": _CROISSANT_CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": NAME,
        "description": DESCRIPTION,
        "version": version,
        "distribution": [
            {
                "@type": "cr:FileObject",
                "@id": f"{table.name}.parquet",
                "name": f"{table.name}.parquet",
                "description": table.description,
                "contentUrl": f"{table.name}.parquet",
                "encodingFormat": "application/x-parquet",
                "sha256": sha256[table.name],
            }
            for table in known
        ],
        "recordSet": [_record_set(table) for table in known],
    }


def _record_set(table: Table) -> Json:
    # Croissant references one field by one field; keys of several columns are in the other two descriptors.
    to = {ref.columns[0]: f"{ref.table}/{ref.target[0]}" for ref in table.references if len(ref.columns) == 1}
    fields = [
        {
            "@type": "cr:Field",
            "@id": f"{table.name}/{field.name}",
            "name": field.name,
            "description": field.metadata[b"description"].decode(),
            "dataType": _TYPES[field.type][2],
            "source": {"fileObject": {"@id": f"{table.name}.parquet"}, "extract": {"column": field.name}},
            **({"repeated": True} if pa.types.is_list(field.type) else {}),
            **({"references": {"field": {"@id": to[field.name]}}} if field.name in to else {}),
        }
        for field in table.arrow_schema
    ]
    return {
        "@type": "cr:RecordSet",
        "@id": table.name,
        "name": table.name,
        "description": table.description,
        "key": [{"@id": f"{table.name}/{name}"} for name in table.key],
        "field": fields,
    }


_CROISSANT_CONTEXT: Json = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
