"""How often the encoding of a file is found.

31 languages in the legacy codecs that they were written in, at four sizes; in UTF-16 and UTF-32 without a mark; as a
block in a file of UTF-8; and as one of two blocks in different legacy codecs. Run by hand:
``python tests/benchmarks/encoding_detection.py``. A file counts as right when its lines are those that were written;
what the codec is called does not matter. ``confused`` lists what was taken for what.
"""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from pipeline.ingest import identify, read_lines
from pipeline.repair.plausible import price

LANGUAGES = json.loads((Path(__file__).parents[1] / "cases" / "ingest" / "languages.json").read_text(encoding="utf-8"))
PAGE = "Fog nets on coastal hills\n{}\nAbstract: We weigh the water of nine places and compare the years.\n"


def files() -> Iterator[tuple[str, str, str, str, bytes]]:
    """Kind, language, codec, text and bytes of every file."""
    for kind, language, codec, text in legacy():
        yield kind, language, codec, text, text.encode(codec)
    for number, case in enumerate(LANGUAGES):
        other = LANGUAGES[(number + 7) % len(LANGUAGES)]
        page, behind = ("\n".join([PAGE.format(c["names"][0]), *c["names"], c["text"], ""]) for c in (case, other))
        for codec in ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"):
            for size, text in (("wide page", page), ("wide text", case["text"] + "\n")):
                yield size, case["language"], codec, text, text.encode(codec)
        for codec in case["codecs"]:
            second = other["codecs"][0]
            yield "in UTF-8", case["language"], codec, behind + page, behind.encode() + page.encode(codec)
            mixed = page.encode(codec) + behind.encode(second)
            yield "two legacy", case["language"], f"{codec}+{second}", page + behind, mixed


def legacy() -> Iterator[tuple[str, str, str, str]]:
    """Size, language, codec and text of every file in one legacy codec."""
    for case in LANGUAGES:
        sizes = {
            "one name": [PAGE.format(name) for name in case["names"]],
            "five names": [PAGE.format(", ".join(case["names"]))],
            "sentence": [sentence + ".\n" for sentence in case["text"].split(". ")[:1]],
            "page": [PAGE.format("\n".join([*case["names"], case["text"]]))],
        }
        for size, texts in sizes.items():
            for text in texts:
                for codec in case["codecs"]:
                    yield size, case["language"], codec, text


def main() -> None:
    """Print the share of right files a size, and every confusion."""
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    confused: Counter[tuple[str, str, str, str]] = Counter()
    for size, language, codec, text, data in files():
        source = identify("page.txt", data, price)
        lines = [line.text for line in read_lines(data, source)] if source.status == "read" else []
        total[size] += 1
        if lines == text.splitlines():
            right[size] += 1
        else:
            confused[size, language, codec, source.encoding or source.status] += 1
    for size, count in total.items():
        print(f"{size:<11} {right[size]:>4} of {count:>4}  {100 * right[size] / count:.1f} %")
    print(
        f"all         {right.total():>4} of {total.total():>4}  {100 * right.total() / total.total():.1f} %\n\nconfused"
    )
    for (size, language, codec, taken), count in sorted(confused.items()):
        print(f"{size:<11} {language:<21} {codec:<12} taken for {taken:<12} {count}")


if __name__ == "__main__":
    main()
