"""The plan: rows of change, their order, their name, their digest, what of them still holds true."""

from __future__ import annotations

import json

import pandas as pd

from ecampus.changes import plan
from ecampus.changes.draft import Draft


def made(*keys: str, verb: str = "create", **columns: object) -> pd.DataFrame:
    rows = pd.DataFrame({"key": list(keys), "label": [f"nom {key}" for key in keys], **columns})
    return plan.changes("course", verb, rows, key="key", name="label", after={"idnumber": "key"})


def test_a_change_says_what_it_is_and_what_it_sends():
    rows = pd.DataFrame(
        {"key": ["A"], "id": [7], "old": ["x"], "new": ["y"], "composante": ["SCI"], "need": ["course|create|B"]}
    )
    change = plan.changes(
        "course",
        "rename",
        rows,
        key="key",
        name="new",
        moodle_id="id",
        before={"n": "old"},
        after={"n": "new"},
        needs="need",
    ).iloc[0]
    assert change[["object", "verb", "key", "name", "scope", "moodle_id", "before", "after", "needs"]].tolist() == [
        "course", "rename", "A", "y", "SCI", 7, '{"n": "y"}'.replace("y", "x"), '{"n": "y"}', "course|create|B",
    ]  # fmt: skip
    assert pd.isna(change["held"])


def test_no_row_no_change_and_always_the_same_columns():
    nothing = made()
    assert nothing.empty
    assert list(nothing.columns) == list(made("A").columns) == plan.COLUMNS
    assert (nothing.dtypes == made("A").dtypes).all()


def test_null_fields_are_not_sent_and_numbers_stay_whole():
    rows = pd.DataFrame(
        {"key": ["A", "B"], "n": pd.array([1, None], dtype="Int64"), "t": ["é", None], "b": [True, False]}
    )
    sent = plan.changes("group", "create", rows, key="key", after={"n": "n", "t": "t", "b": "b"})["after"]
    assert [json.loads(text) for text in sent] == [{"n": 1, "t": "é", "b": True}, {"b": False}]


def test_a_key_of_several_columns_reads_like_a_path():
    rows = pd.DataFrame({"course": ["A"], "group": ["G1"], "who": ["es1"]})
    assert plan.changes("group_member", "add", rows, key=["course", "group", "who"])["key"].tolist() == ["A / G1 / es1"]


def test_parts_follow_one_another_and_empty_ones_leave_no_trace():
    whole = plan.in_order([made("A"), made(), made("B", "C", verb="archive")])
    assert plan.change_ids(whole).tolist() == ["course|create|A", "course|archive|B", "course|archive|C"]
    assert plan.in_order([made(), plan.empty()]).empty


def test_before_and_after_come_back_as_columns():
    fields = plan.fields(pd.Series(['{"a": "1"}', None, '{"b": "x"}'], dtype="str", index=[5, 6, 7]), ["a", "b", "c"])
    assert fields.index.tolist() == [5, 6, 7]
    assert fields["a"].tolist()[0] == "1"
    assert fields["b"].tolist()[2] == "x"
    assert fields["c"].isna().all()
    assert set(map(str, fields.dtypes)) == {"str"}


def test_a_digest_names_exactly_these_changes_in_this_order():
    assert plan.digest(made("A", "B")) == plan.digest(made("A", "B"))
    assert (
        len({plan.digest(each) for each in (made("A", "B"), made("B", "A"), made("A"), made("A", "B", verb="archive"))})
        == 4
    )


def test_what_still_holds_true_is_what_a_fresh_comparison_asks_for_with_its_own_values():
    fresh = plan.in_order([made("B").assign(moodle_id=9), made("C")])
    kept = plan.still_true(made("A", "B"), fresh)
    assert plan.change_ids(kept).tolist() == ["course|create|B"]
    assert kept["moodle_id"].tolist() == [9]


def test_changes_are_counted_by_object_and_verb():
    whole = plan.in_order([made("A", "B"), made("C", verb="archive")])
    assert plan.counts(whole) == {"course": {"create": 2, "archive": 1}}
    assert plan.counts(plan.empty()) == {}


def test_the_unchanged_are_those_read_less_those_touched():
    changes = plan.in_order([made("A", "B", verb="rename"), made("B", verb="move"), made("Z", verb="archive")])
    assert Draft(changes=changes, read={"course": 10, "category": 3}).unchanged() == {"course": 8, "category": 3}
