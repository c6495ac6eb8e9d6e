from dataclasses import replace

import pandas as pd
import pytest

from pipeline.link import link_authors, link_works
from pipeline.link.decisions import Decision, contradictions, decide, decision_rows, decisions_of

ONE, OTHER, THIRD = (" ".join(f"{subject}{n}" for n in range(30)) for subject in ("kelp", "moss", "peat"))
A, B, C = "wa000000000000000", "wb000000000000000", "wc000000000000000"


def row(number: int, decision: str, one: str, other: str) -> Decision:
    return Decision(number, decision, one, other)


def test_people_join_works_and_keep_them_apart(records_of, mentions_of) -> None:
    records = records_of([{"id": n, "abstract": text} for n, text in enumerate((ONE, ONE, OTHER, THIRD))])
    mentions = mentions_of([])
    own = link_works(records, mentions).work_records.set_index("record_id")["work_id"]
    ids = [f"r{n:016x}" for n in range(4)]
    said = [row(1, "same", own[ids[2]], own[ids[3]]), row(2, "different", ids[0], ids[1])]
    linked = link_works(records, mentions, said)
    today = linked.work_records.set_index("record_id")["work_id"]
    assert today[ids[2]] == today[ids[3]]
    assert today[ids[0]] != today[ids[1]]
    assert linked.work_records.set_index("record_id")["rule"].loc[ids[2:]].tolist() == ["decided by a person"] * 2
    assert linked.matches == {1: 2, 2: 2}
    others = linked.works.set_index("work_id")["superseded_ids"]
    assert all(own[i] in {today[i], *others[today[i]]} for i in ids)


def test_people_join_authors_and_keep_them_apart(records_of, mentions_of) -> None:
    friend = ["Takeda", "Rin"]
    names = [["Duan", "Qiuyue"], ["Duan", "Qiuyue M."], ["Steć", "Ottilie"]]
    rows = [{"id": n, "abstract": t, "authors": [names[n], friend]} for n, t in enumerate((ONE, OTHER, THIRD))]
    records, mentions = records_of(rows), mentions_of(rows)
    works = link_works(records, mentions)

    def authors(*said: Decision) -> list[str]:
        found = link_authors(mentions, works.places, said).mention_authors
        return found.loc[found["position"] == 1, "author_id"].tolist()

    first, second, third = authors()
    assert first == second != third
    merged = link_authors(mentions, works.places).authors.set_index("author_id").loc[first]
    (other,) = merged["superseded_ids"]
    assert len(set(authors(row(1, "different", first, other)))) == 3
    assert len(set(authors(row(1, "same", first, third)))) == 1


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([row(1, "same", A, B), row(2, "different", A, B)], {1: 2, 2: 1}),
        ([row(1, "different", B, A), row(2, "same", A, B)], {1: 2, 2: 1}),
        ([row(1, "same", A, B), row(2, "same", B, C), row(3, "different", A, C)], {1: 3, 3: 1}),
        ([row(1, "same", A, B), row(2, "different", A, C)], {}),
        ([row(1, "same", A, B), row(2, "same", B, A)], {}),
    ],
)
def test_contradictions_name_both_rows(rows: list[Decision], found: dict[int, int]) -> None:
    assert contradictions(rows) == found


def test_rows_that_break_the_contract_decide_nothing() -> None:
    written = pd.DataFrame(
        [
            (1, "same", A, B, ""),
            (2, "maybe", A, B, ""),
            (3, "same", A, A, ""),
            (4, "same", A, "a" * 17, ""),
            (5, "same", "x", B, ""),
            (6, "different", A, C, ""),
            (7, "same", C, A, ""),
        ],
        columns=["row_no", "decision", "one", "other", "note"],
    )
    assert [row.row_no for row in decisions_of(written) if not row.contradicted] == [1]
    assert [row.row_no for row in decisions_of(written) if row.contradicted] == [6, 7]
    table = decision_rows(written, {1: 2})
    assert table["matches"].tolist() == [2, 0, 0, 0, 0, 0, 0]
    assert table["contradicts"].dropna().tolist() == [7, 6]


def test_a_contradicted_row_matches_and_decides_nothing() -> None:
    rows = [replace(row(1, "same", A, B), contradicted=True), replace(row(2, "different", A, "r9"), contradicted=True)]
    decided = decide(rows, {A: [1, 2], B: [3]})
    assert decided.matches == {1: 3}
    assert not len(decided.same[0])


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([row(1, "same", A, "r2"), row(2, "different", "r1", "r2")], {1: 2, 2: 1}),
        ([row(1, "same", A, "r3"), row(2, "different", "r1", "r2")], {1: 2, 2: 1}),  # "same" is of both records of A
        ([row(1, "same", "r1", "r3"), row(2, "different", A, B)], {1: 2, 2: 1}),
        ([row(1, "different", B, "r3")], {1: 1}),  # B is that record alone
        ([row(1, "different", A, "r1")], {}),  # A is also another record
        ([row(1, "same", A, "r1"), row(2, "different", A, "r3")], {}),
        ([row(1, "same", "r9", A), row(2, "different", "r9", A)], {}),  # the first id is unknown
    ],
)
def test_what_ids_stand_for_can_contradict(rows: list[Decision], found: dict[int, int]) -> None:
    """A work id stands for its records, so rows may contradict one another that share no id; they decide nothing."""
    decided = decide(rows, {A: [1, 2], "r1": [1], "r2": [2], B: [3], "r3": [3]})
    assert decided.contradicts == found
    assert not set(decided.rows.tolist()) & set(found)
    if found:
        assert not len(decided.apart[0])


def test_a_contradiction_of_records_is_reported_and_decides_nothing(records_of, mentions_of) -> None:
    records = records_of([{"id": n, "abstract": text} for n, text in enumerate((ONE, ONE, OTHER))])
    plain = link_works(records, mentions_of([]))
    own = plain.work_records.set_index("record_id")["work_id"]
    ids = [f"r{n:016x}" for n in range(3)]
    said = [row(1, "same", own[ids[0]], own[ids[2]]), row(2, "different", ids[0], ids[1])]
    linked = link_works(records, mentions_of([]), said)
    pd.testing.assert_frame_equal(linked.work_records, plain.work_records)
    written = pd.DataFrame([(d.row_no, d.decision, d.one, d.other, "") for d in said])
    written = written.set_axis(["row_no", "decision", "one", "other", "note"], axis=1)
    table = decision_rows(written, linked.matches, linked.contradicts)
    assert table[["matches", "contradicts"]].values.tolist() == [[3, 2], [2, 1]]
