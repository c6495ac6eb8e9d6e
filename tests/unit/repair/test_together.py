"""Words that are decided together are decided as they are one by one."""

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.repair.channels import BY_NAME
from pipeline.repair.decide import Votes, decide
from pipeline.repair.dossier import recorded
from pipeline.repair.model import Repair
from pipeline.repair.together import Together
from pipeline.repair.ways import sift

_WORDS = [
    "Götz",
    "Łódź",
    "Žižek",
    "Müller’s",
    "Ærøskøbing",
    "Đorđević",
    "étéé",
    "Ünlü",
    "Nguyễn",
    "Şahin",
    "Ωm",
    "mπ",
    "Aß",
]
_CODECS = ["cp1252", "latin-1", "cp1250", "iso8859-11", "cp874", "mac-roman", "cp437", "koi8-r", "gbk"]


def read(word: str, codec: str) -> str:
    data = word.encode()
    return data.decode("gbk", "replace") if codec == "gbk" else "".join(BY_NAME[codec].table[byte] for byte in data)


FILES = st.lists(
    st.builds(read, st.sampled_from(_WORDS), st.sampled_from(_CODECS)) | st.sampled_from(_WORDS),
    min_size=1,
    max_size=30,
    unique=True,
)


@given(FILES)
@settings(deadline=None, max_examples=80)
def test_the_same_votes_and_the_same_repairs(words: list[str]) -> None:
    words = [word for word in words if not word.isascii()]
    alone = Votes()
    alone.add(list(enumerate(words)))
    votes = Votes()
    readable = sift(words)
    together = Together(range(len(readable.words)), readable)
    together.vote(votes)
    votes.add(together.rest)
    assert votes.channels == alone.channels
    assert votes.decoded == alone.decoded
    assert votes.channel == alone.channel
    settled, stay = together.settled(alone)
    for word in stay:
        assert decide(word, alone) is None
    for word, pieces in settled.items():
        decision = decide(word, alone)
        assert decision is not None
        assert [Repair(start, end, *rest) for start, end, rest in pieces] == list(recorded(word, decision))


def test_european_words_are_taken() -> None:
    words = [read(word, "cp1252") for word in _WORDS]
    readable = sift(words)
    together = Together(range(len(readable.words)), readable)
    votes = Votes()
    together.vote(votes)
    settled, _ = together.settled(votes)
    assert len(settled) > len(words) / 2
    assert set(together.readings()) <= set(_WORDS)
