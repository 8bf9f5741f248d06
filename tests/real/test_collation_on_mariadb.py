"""What a MariaDB finds equal: the table of ``include/collation`` says the same, and the rules never tell more apart."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable

import pytest

from ecampus.rules.collation import key
from sandbox.moodle.text import fold

CHUNK = 5000
BMP = [chr(point) for point in range(1, 0x10000) if not 0xD800 <= point <= 0xDFFF]
BEYOND = [chr(point) for point in (0x10000, 0x1D400, 0x1F34E, 0x1F350, 0x20000, 0x10FFFF)]
TYPED = [*(letter for letter in BMP if ord(letter) < 0x250), *"’œŒ…²€ﬁﬀＴｄ１αΑ\u0301\u0327\u200b\u3000", *BEYOND]


@pytest.fixture(scope="module")
def rank(mariadb_server):
    """The rank that the server gives to each text in a column of Moodle's: equal texts have the same."""

    def of(texts: list[str]) -> dict[str, int]:
        run = mariadb_server.run
        run("DROP TABLE IF EXISTS names")
        column = "VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci NOT NULL"
        run(f"CREATE TABLE names (id INT PRIMARY KEY, name {column}) ENGINE=InnoDB")
        rows = [f"({place}, CONVERT(0x{text.encode().hex()} USING utf8mb4))" for place, text in enumerate(texts)]
        for start in range(0, len(rows), CHUNK):
            run(f"INSERT INTO names VALUES {','.join(rows[start : start + CHUNK])}")
        found = run("SELECT id, DENSE_RANK() OVER (ORDER BY name) FROM names")
        return {texts[place]: number for place, number in found}

    return of


def equals(texts: Iterable[str], by: Callable[[str], Hashable]) -> dict[Hashable, set[str]]:
    """The texts that ``by`` finds equal."""
    found: dict[Hashable, set[str]] = defaultdict(set)
    for text in texts:
        found[by(text)].add(text)
    return found


def told_apart(texts: list[str], ranks: dict[str, int], by: Callable[[str], Hashable]) -> list[set[str]]:
    """The texts that the server finds equal and ``by`` does not."""
    return [equal for equal in equals(texts, ranks.__getitem__).values() if len(equals(equal, by)) > 1]


@pytest.fixture(scope="module", params=["letters", "names"])
def texts(request: pytest.FixtureRequest) -> list[str]:
    """Every character of the BMP, alone; random names, with twins that differ by one character."""
    if request.param == "letters":
        return BMP + BEYOND
    chance = random.Random(7)
    names = ["".join(chance.choices(TYPED, k=chance.randint(1, 6))) for _ in range(20_000)]
    names += ["".join(chance.choices(BMP, k=chance.randint(1, 4))) for _ in range(10_000)]
    cut = [(name, chance.randrange(len(name))) for name in names]
    twins = [name[:at] + chance.choice([name[at].swapcase(), "e\u0301", " ", ""]) + name[at + 1 :] for name, at in cut]
    spaced = [name + chance.choice([" ", "  ", "\u00a0", "\u200b"]) for name in names]
    return list(dict.fromkeys(filter(None, [*names, *twins, *spaced])))


def test_no_two_texts_that_mariadb_takes_for_one_are_two_for_the_rules(rank, texts):
    assert told_apart(texts, rank(texts), key) == []


def test_the_table_is_that_of_the_server(rank, texts):
    ranks = rank(texts)
    assert told_apart(texts, ranks, fold) == []
    assert len(equals(texts, fold)) == len(set(ranks.values()))
