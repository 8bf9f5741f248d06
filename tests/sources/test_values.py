"""What any driver gives for a value, as text; what is no text is said so, never as Python would write it."""

from __future__ import annotations

import array
import datetime
import re
import uuid
from decimal import Decimal

import pytest

from ecampus.contract.characters import UNREADABLE, readable
from ecampus.sources import values

UTC = datetime.UTC
NEW_YORK = datetime.timezone(datetime.timedelta(hours=-5))


def named(value):
    """The name of a case, the same in every process."""
    return re.sub(" at 0x[0-9a-f]+", "", repr(value))


class Locator:
    """What oracledb gives for a CLOB or a BLOB."""

    def __init__(self, content):
        self.content = content

    def read(self):
        return self.content


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ("L1 ", "L1 "),
        (b"L9OCTETS", "L9OCTETS"),
        (bytearray("algèbre", "utf-8"), "algèbre"),
        (memoryview(b"L9"), "L9"),
        (Locator("très long"), "très long"),
        (Locator("très long".encode()), "très long"),
        (True, "O"),
        (False, "N"),
        (7, "7"),
        (0, "0"),
        (22100123.0, "22100123"),
        (1.5, "1.5"),
        (1e22, "10000000000000000000000"),
        (Decimal("2210012E+1"), "22100120"),
        (Decimal("1.50"), "1.5"),
        (Decimal("1E-7"), "0.0000001"),
        (Decimal("1E+40"), "1" + "0" * 40),
        (Decimal("-0.0"), "0"),
        (-0.0, "0"),
        (float("inf"), "Infinity"),
        (datetime.date(2026, 9, 7), "2026-09-07"),
        (datetime.datetime(2026, 9, 7, 23, 59), "2026-09-07"),
        (datetime.datetime(2026, 9, 6, 22, 0, tzinfo=UTC), "2026-09-07"),
        (datetime.datetime(2026, 9, 6, 19, 0, tzinfo=NEW_YORK), "2026-09-07"),
        (datetime.time(8, 30), "08:30:00"),
        (datetime.timedelta(hours=8, minutes=30), "8:30:00"),
        (uuid.UUID(int=7), "00000000-0000-0000-0000-000000000007"),
    ],
    ids=named,
)
def test_a_value_is_the_same_text_whatever_its_type(given, text):
    assert values.text_of(given) == text


@pytest.mark.parametrize(
    "given",
    [None, "", b"", memoryview(b""), Locator(None), Locator(""), float("nan"), Decimal("NaN"), Decimal("sNaN")],
    ids=named,
)
def test_nothing_is_null_whatever_way_it_is_said(given):
    assert values.text_of(given) is None


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (b"Andr\xe9", "Andr\\xe9"),
        (memoryview(b"\xff\xfeL\x00"), "\\xff\\xfeL\x00"),
        (Locator(b"\xe9"), "\\xe9"),
        ("moiti\udce9", "moiti\\xed\\xb3\\xa9"),
        (["L1"], "(list)"),
        ({"code": "L1"}, "(dict)"),
        (("L1",), "(tuple)"),
        (array.array("f", [1.0]), "(array)"),
        (object(), "(object)"),
    ],
    ids=named,
)
def test_what_is_no_text_is_said_so(given, told):
    column = values.column(["L1", given])
    assert column.tolist() == ["L1", UNREADABLE + told]
    assert readable(column).tolist() == [True, False]


def test_a_column_without_values_is_text_too():
    assert [values.column(cells).dtype for cells in ([], [None, None], ["a"])] == ["str", "str", "str"]
