"""Settled words as columns are what a dictionary of them is."""

import numpy as np

from pipeline.repair.settled import GENUINE, OPEN, Settled

READ = ("Ã¶", "ö", "mojibake", "utf-8>cp1252")
OTHER = ("Ãœ", "Ü", "mojibake", "utf-8>cp1250")


def some() -> Settled:
    columns = (np.array([1, 0, 3]), np.array([3, 2, 5]), np.array([0, 1, 0]))
    return Settled.of(["GÃ¶tz", "ÃœbÃ¶"], np.array([1, 2]), columns, [READ, OTHER])


def test_words_have_their_pieces_also_those_that_come_later() -> None:
    settled = some()
    settled["Ã¶"] = [(0, 2, READ)]
    wanted = {"GÃ¶tz": [(1, 3, READ)], "ÃœbÃ¶": [(0, 2, OTHER), (3, 5, READ)], "Ã¶": [(0, 2, READ)]}
    assert dict(settled) == wanted
    assert settled.rows({"Ã¶": 0, "x": 1, "y": 2}, {"y"}).tolist() == [2, OPEN, GENUINE]
    assert dict(settled) == wanted


def test_words_are_found_by_the_channel_of_their_first_repair() -> None:
    settled = some()
    assert settled.through({"utf-8>cp1250"}) == ["ÃœbÃ¶"]
    del settled["ÃœbÃ¶"]
    assert settled.through({"utf-8>cp1250"}) == []
    assert Settled().through({"utf-8>cp1250"}) == []
