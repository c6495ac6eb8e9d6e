"""Every regular expression of the package, fed strings made to hurt it, stays linear in their length.

A line may have a megabyte: an expression that takes the square of its length would hold a run up for hours. Strings
are made from each expression's own characters: a short piece many times over, then one character that does not fit.
"""

import ast
import importlib
import itertools
import pkgutil
import random
import re
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from re import _constants as signs  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]

import pytest

import pipeline
import schemas

ROOT = Path(__file__).parents[2]
METHODS = ("search", "match", "fullmatch", "finditer", "findall", "sub", "subn", "split")
SHORT, LONG = 2_000, 8_000
QUICK = 0.003  # seconds for SHORT characters, below which nothing is to be feared: 750 KB/s
GROWTH = 7.0  # from SHORT to LONG: 4 when linear, 16 when quadratic
BY_HAND = {"pipeline.repair.lexicon.build"}  # needs libraries that only its makers have

Pattern = re.Pattern[str] | re.Pattern[bytes]


@cache
def modules() -> dict[str, Path]:
    found = {}
    for package in (pipeline, schemas):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            path = ROOT / Path(*module.name.split("."))
            found[module.name] = path / "__init__.py" if module.ispkg else path.with_suffix(".py")
    return {name: path for name, path in found.items() if name not in BY_HAND}


@cache
def source() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in modules().values())


def patterns() -> Iterator[tuple[str, Pattern, frozenset[str]]]:
    """Name, expression and the methods that the package calls on it."""
    for module, path in modules().items():
        loaded, text = vars(importlib.import_module(module)), path.read_text(encoding="utf-8")
        for name, value in loaded.items():
            for number, one in enumerate(value if type(value) is tuple else (value,)):
                if isinstance(one, re.Pattern) and re.search(rf"^{name}\b[^\n]*=", text, re.MULTILINE):
                    used = rf"\b{name}\.(\w+)\b"
                    called = set(re.findall(used, text) or re.findall(used, source())).intersection(METHODS)
                    yield f"{module}.{name}{number or ''}", one, frozenset(called or {"search"})
        if re.search(r"^\s.*\bre\.", text, re.MULTILINE):  # parsing what has none takes long
            yield from inline(module, text)


def inline(module: str, text: str) -> Iterator[tuple[str, Pattern, frozenset[str]]]:
    """Expressions that are written where they are used."""
    tree = ast.parse(text)
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    inside = {inner: None for function in functions for inner in ast.walk(function)}  # the same order in all processes
    for node in inside:
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
            continue
        of_re = isinstance(node.func.value, ast.Name) and node.func.value.id == "re"
        if of_re and isinstance(node.args[0], ast.Constant) and node.func.attr in (*METHODS, "compile"):
            method = node.func.attr if node.func.attr != "compile" else "match"
            yield f"{module}:{node.lineno}", re.compile(node.args[0].value), frozenset({method})


def alphabet(pattern: Pattern) -> list[str]:
    """Characters that the expression tells apart, at most a dozen."""
    found: dict[str, None] = {}

    def walk(node: object) -> None:
        if isinstance(node, parser.SubPattern):
            for part in node:
                walk(part)
        elif isinstance(node, tuple) and len(node) == 2 and node[0] in (signs.LITERAL, signs.NOT_LITERAL):
            found[chr(node[1])] = None
        elif isinstance(node, tuple) and len(node) == 2 and node[0] is signs.RANGE:
            found[chr(node[1][0])] = None
        elif isinstance(node, tuple) and len(node) == 2 and node[0] is signs.CATEGORY:
            space, digit = "SPACE" in str(node[1]), "DIGIT" in str(node[1])
            found[" " if space else "7" if digit else "a"] = None
        elif isinstance(node, tuple | list):
            for part in node:
                walk(part)

    walk(parser.parse(pattern.pattern, pattern.flags))
    letters = [c for c in found if c.isalnum()]
    others = [c for c in found if not c.isalnum()]
    return [*others[:8], *letters[:4], *[c for c in ("a", " ", "é") if c not in found]][:12]


def words(pattern: Pattern) -> list[str]:
    """Runs of literals in the expression, such as ``and`` and ``http``, which single characters would not make."""
    text = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    return list(dict.fromkeys(re.findall(r"(?<![\\\w])[A-Za-z]{2,}", text)))[:5]


def hurtful(pattern: Pattern) -> Iterator[tuple[str, str, str]]:
    """Head, piece and tail of strings; the piece is to be repeated."""
    dice, units = random.Random(5), alphabet(pattern)
    pieces = [*units, *("".join(pair) for pair in itertools.permutations(units, 2))]
    pieces += [f"{a}{word}{b}" for word in words(pattern) for a, b in ((" ", " "), (" ", ""), ("", " "), (",", " "))]
    pieces += ["".join(dice.choices(units, k=dice.randint(3, 5))) for _ in range(40)]
    for piece in pieces:
        yield "", piece, "\x02"
        yield dice.choice(units), piece, dice.choice(units)


def seconds(pattern: Pattern, methods: frozenset[str], text: str) -> float:
    subject = text.encode("utf-8") if isinstance(pattern.pattern, bytes) else text
    least = float("inf")
    for _ in range(2):  # the machine may be busy with something else once
        begin = time.thread_time()
        for method in methods:
            if method in ("match", "fullmatch", "search"):
                getattr(pattern, method)(subject)
            else:
                sum(1 for _ in pattern.finditer(subject))
        least = min(least, time.thread_time() - begin)
        if least < QUICK:
            break
    return least


FOUND = [pytest.param(pattern, methods, id=name) for name, pattern, methods in patterns()]


def test_there_are_expressions_from_every_stage() -> None:
    names = {str(param.id).split(".")[1] for param in FOUND}
    assert {"ingest", "exports", "repair", "layouts", "split", "link", "report"} <= names
    assert len(FOUND) > 120


def test_an_expression_that_blows_up_is_noticed() -> None:
    assert slow(re.compile(r"(?:a+)*b"), frozenset({"search"}), 20)
    assert slow(re.compile(r"\s+$"), frozenset({"search"}))


def slow(pattern: Pattern, methods: frozenset[str], short: int = SHORT) -> str | None:
    """A string on which time grows faster than its length, cut; None when there is none."""
    for head, piece, tail in hurtful(pattern):
        text = head + piece * (short // len(piece)) + tail
        first = seconds(pattern, methods, text)
        if first < QUICK:
            continue
        if short < SHORT:
            return repr(text)
        longer = seconds(pattern, methods, head + piece * (LONG // len(piece)) + tail)
        if longer > GROWTH * first:
            return f"{head!r} + {piece!r} * n + {tail!r}: {first:.4f} s, then {longer:.4f} s for four times as much"
    return None


@pytest.mark.parametrize(("pattern", "methods"), FOUND)
def test_time_grows_as_the_text(pattern: Pattern, methods: frozenset[str]) -> None:
    assert slow(pattern, methods) is None
