"""Fuzzing of the whole way, from the bytes of one to three files to balanced tables; see ``test_any_bytes``.

Run by hand, with the extra ``fuzz``:

    python tests/fuzz/fuzz_tables.py --seconds 3600                     accidents to real listings, by chance
    python tests/fuzz/fuzz_tables.py -max_total_time=3600 corpus/       guided by coverage (atheris)

The first starts from the cases of the tests, whose formats coverage alone takes long to find. A finding is written to
``crash-*``; cut it down, and put it into tests/cases/hostile.
"""

import argparse
import hashlib
import random
import sys
import time
import traceback
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "integration"))

BETWEEN = b"\n=====\n"
SLOW = 20.0  # CPU seconds a file of a few kilobytes
AT_ONCE = 12  # files in one run: much of its time does not depend on them


def failure(files: list[bytes]) -> Exception | None:
    """What goes wrong with these files; None when nothing does."""
    from test_any_bytes import check  # noqa: PLC0415

    begin = time.process_time()
    try:
        check({f"{number}.txt": data for number, data in enumerate(files)})
    except Exception as error:
        return error
    seconds = time.process_time() - begin
    return TimeoutError(f"took {seconds:.0f} CPU seconds") if seconds > SLOW * len(files) else None


def by_chance(seconds: float, seed: int) -> int:
    """Mangle the samples until the time is over; returns how many findings there are."""
    from test_any_bytes import SAMPLES, mangled  # noqa: PLC0415

    dice, end, done, found = random.Random(seed), time.monotonic() + seconds, 0, set()
    while time.monotonic() < end:
        files = [mangled(dice.choice(SAMPLES).read_bytes(), dice.getrandbits(32)) for _ in range(AT_ONCE)]
        done += len(files)
        error = failure(files)
        if error is None:
            continue
        frames = traceback.extract_tb(error.__traceback__)
        key = (type(error).__name__, frames[-1].filename if frames else "", frames[-1].lineno if frames else 0)
        if key not in found:
            found.add(key)
            data = BETWEEN.join(next(([file] for file in files if failure([file])), files))
            Path(f"crash-{hashlib.sha256(data).hexdigest()[:12]}").write_bytes(data)
            traceback.print_exception(error)
    print(f"{done} files, {len(found)} findings")
    return len(found)


def guided() -> None:
    """Let atheris choose the bytes."""
    import atheris  # noqa: PLC0415

    with atheris.instrument_imports(include=["pipeline"]):
        from test_any_bytes import check  # noqa: PLC0415

    def one_input(data: bytes) -> None:
        check({f"{number}.txt": part for number, part in enumerate(data.split(BETWEEN, 2))})

    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, add_help=False)
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--seed", type=int, default=1)
    known, _ = parser.parse_known_args()
    if known.seconds is None:
        guided()
    else:
        sys.exit(by_chance(known.seconds, known.seed) > 0)
