"""Nights, freezes and what the phase before allows: every rule of «Freeze» and «Past nights» by name."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from ecampus.calendar import (
    PARIS,
    Freeze,
    decide,
    in_french,
    is_past,
    night_of,
    parse_annee,
    previous,
    today,
    whose_turn,
    why_read_only,
    why_too_late,
)
from ecampus.errors import NightRefused, SettingUnreadable
from ecampus.orchestration.records import RunRecord, verdict

NIGHT = date(2026, 11, 23)


def paris(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS).astimezone(UTC)


class TestTheNightOfARun:
    @pytest.mark.parametrize("hour", ["00:00", "03:45", "04:00", "04:15", "05:00"])
    @pytest.mark.parametrize("day", ["2026-03-28", "2026-03-29", "2026-03-30", "2026-10-25", "2026-11-23"])
    def test_is_the_paris_date_of_its_tick_even_when_the_clocks_change(self, day, hour):
        assert night_of(None, paris(f"{day}T{hour}"), paris(f"{day}T{hour}")) == date.fromisoformat(day)

    def test_is_the_paris_date_of_the_trigger_when_started_by_hand(self):
        assert night_of(None, None, datetime(2026, 11, 22, 23, 30, tzinfo=UTC)) == NIGHT

    def test_is_the_parameter_when_there_is_one(self):
        assert night_of(" 2026-11-20 ", None, paris("2026-11-23T10:00")) == date(2026, 11, 20)

    def test_is_tonight_when_the_parameter_is_empty(self):
        assert night_of("", None, paris("2026-11-23T10:00")) == NIGHT

    @pytest.mark.parametrize("text", ["hier", "20/11/2026", "2026-11-31", "20261120", "2026-11-20T00:00"])
    def test_is_refused_when_nobody_can_read_it(self, text):
        with pytest.raises(SettingUnreadable) as refused:
            night_of(text, None, paris("2026-11-23T10:00"))
        assert str(refused.value) == f"La nuit demandée, « {text} », n'est pas une date : l'écrire comme 2026-11-20."


class TestToday:
    @pytest.mark.parametrize(
        ("utc", "expected"),
        [
            ("2026-03-28T22:59", "2026-03-28"),
            ("2026-03-28T23:00", "2026-03-29"),
            ("2026-03-29T21:59", "2026-03-29"),
            ("2026-03-29T22:00", "2026-03-30"),
            ("2026-10-24T22:00", "2026-10-25"),
            ("2026-10-25T22:59", "2026-10-25"),
            ("2026-10-25T23:00", "2026-10-26"),
        ],
    )
    def test_changes_at_midnight_in_paris(self, utc, expected):
        assert today(datetime.fromisoformat(utc).replace(tzinfo=UTC)) == date.fromisoformat(expected)


class TestWritingIsForTonightOnly:
    @pytest.mark.parametrize("run_type", ["scheduled", "manual"])
    def test_tonight_writes(self, run_type):
        assert why_read_only(NIGHT, NIGHT, run_type) is None

    def test_a_backfill_of_tonight_does_not(self):
        assert why_read_only(NIGHT, NIGHT, "backfill") == (
            "Une exécution de rattrapage (backfill) n'écrit jamais : rien n'est écrit dans ecampus."
        )

    @pytest.mark.parametrize("run_type", ["scheduled", "manual", "backfill"])
    def test_a_past_night_does_not(self, run_type):
        assert is_past(date(2026, 11, 22), NIGHT)
        assert why_read_only(date(2026, 11, 22), NIGHT, run_type) == (
            "La nuit du 22 novembre 2026 est passée : elle est rejouée en lecture seule, rien n'est écrit dans ecampus."
        )

    def test_the_future_is_refused(self):
        with pytest.raises(NightRefused) as refused:
            why_read_only(date(2026, 12, 1), NIGHT, "manual")
        assert str(refused.value) == (
            "La nuit du 1er décembre 2026 n'est pas encore venue (nous sommes le 23 novembre 2026) :"
            " relancer sans date, ou avec celle d'une nuit passée."
        )


class TestWhatARunIs:
    @pytest.mark.parametrize(
        ("night", "run_type", "freeze", "mode"),
        [
            ("2026-11-23", "scheduled", "", "live"),
            ("2026-11-23", "manual", "2026-11-24/", "live"),
            ("2026-11-23", "manual", "true", "frozen"),
            ("2026-11-23", "backfill", "", "backfill"),
            ("2026-11-23", "backfill", "true", "backfill"),
            ("2026-11-22", "scheduled", "", "replay"),
            ("2026-11-22", "backfill", "", "replay"),
            ("2026-11-22", "manual", "true", "replay"),
        ],
    )
    def test_is_decided_by_its_night_its_type_and_the_freeze(self, night, run_type, freeze, mode):
        found, reason = decide(date.fromisoformat(night), NIGHT, run_type, Freeze.parse(freeze))
        assert found == mode
        assert (reason is None) == (mode == "live")

    def test_a_run_may_begin_to_write_in_its_night_only(self):
        assert why_too_late(NIGHT, NIGHT) is None
        assert why_too_late(NIGHT, date(2026, 11, 24)) == (
            "La nuit du 23 novembre 2026 est passée depuis l'ouverture de cette exécution :"
            " rien n'est écrit dans ecampus ; lancer une nouvelle exécution, sans date."
        )


class TestAFreeze:
    @pytest.mark.parametrize("text", [None, "", "  ", "false", "False", " FALSE "])
    def test_unset_empty_or_false_is_live(self, text):
        assert Freeze.parse(text).reason(NIGHT) is None

    @pytest.mark.parametrize("text", ["true", "TRUE", " t r u e "])
    def test_true_freezes_every_night(self, text):
        assert Freeze.parse(text).reason(NIGHT) == (
            "Gel sans date de fin (variable ecampus_freeze) : rien n'est écrit dans ecampus."
        )

    @pytest.mark.parametrize(
        ("day", "frozen"),
        [("2026-06-19", False), ("2026-06-20", True), ("2026-09-01", True), ("2026-09-02", False)],
    )
    @pytest.mark.parametrize("text", ["2026-06-20/2026-09-01", " 2026-06-20 / 2026-09-01 "])
    def test_a_window_includes_both_ends(self, text, day, frozen):
        assert (Freeze.parse(text).reason(date.fromisoformat(day)) is not None) is frozen

    @pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25"])
    def test_a_window_of_one_day_holds_on_the_nights_when_the_clocks_change(self, day):
        freeze, frozen = Freeze.parse(f"{day}/{day}"), date.fromisoformat(day)
        assert freeze.reason(frozen) is not None
        assert freeze.reason(frozen - timedelta(days=1)) is None
        assert freeze.reason(frozen + timedelta(days=1)) is None

    def test_a_window_says_when_writing_resumes(self):
        assert Freeze.parse("2026-06-20/2026-09-01").reason(date(2026, 7, 1)) == (
            "Gel du 20 juin 2026 au 1er septembre 2026 inclus : rien n'est écrit dans ecampus"
            " avant le 2 septembre 2026."
        )

    def test_a_window_may_have_no_beginning(self):
        freeze = Freeze.parse("/2026-09-01")
        assert freeze.reason(date(2026, 9, 2)) is None
        assert freeze.reason(date(2000, 1, 1)) == (
            "Gel jusqu'au 1er septembre 2026 inclus : rien n'est écrit dans ecampus avant le 2 septembre 2026."
        )

    def test_a_window_may_have_no_end(self):
        freeze = Freeze.parse("2026-06-20/")
        assert freeze.reason(date(2026, 6, 19)) is None
        assert freeze.reason(date(2030, 1, 1)) == (
            "Gel à partir du 20 juin 2026, sans date de fin (variable ecampus_freeze) : rien n'est écrit dans ecampus."
        )

    @pytest.mark.parametrize(
        "text",
        ["oui", "0", "no", "/", "2026-06-20", "2026-06-31/2026-09-01", "2026-09-01/2026-06-20",
         "20/06/2026", "truefalse"],
    )  # fmt: skip
    def test_anything_else_freezes_and_says_so(self, text):
        assert Freeze.parse(text).reason(NIGHT) == (
            f"Gel par précaution : la variable ecampus_freeze vaut « {text} », que personne ne sait lire ;"
            " rien n'est écrit dans ecampus. Y mettre false, true, ou une période comme 2026-06-20/2026-09-01."
        )


class TestTheYear:
    def test_is_four_digits(self):
        assert parse_annee(" 2026 ") == "2026"

    @pytest.mark.parametrize("text", [None, "", " "])
    def test_is_required(self, text):
        with pytest.raises(SettingUnreadable) as refused:
            parse_annee(text)
        assert str(refused.value) == (
            "La variable Airflow ecampus_annee n'est pas définie : y mettre l'année universitaire, par exemple 2026."
        )

    @pytest.mark.parametrize("text", ["26", "2026-2027", "deux mille", "20266"])
    def test_is_refused_when_nobody_can_read_it(self, text):
        with pytest.raises(SettingUnreadable) as refused:
            parse_annee(text)
        assert str(refused.value) == (
            f"La variable Airflow ecampus_annee vaut « {text} », qui n'est pas une année : y mettre quatre"
            " chiffres, par exemple 2026."
        )


def run(run_id, started, finished=None, state="running", reason=None) -> RunRecord:
    day = f"{NIGHT}T"
    return RunRecord(run_id, paris(day + started), paris(day + finished) if finished else None, state, reason)


class TestThePhaseBefore:
    def test_the_order_is_that_of_the_night(self):
        assert [previous(phase) for phase in ("users", "cohorts", "offer", "enrolments", "groups")] == [
            None, "users", "cohorts", "offer", "enrolments",
        ]  # fmt: skip

    def test_without_a_run_one_waits_and_says_for_what(self):
        found = verdict("users", NIGHT, [])
        assert found.state == "wait"
        assert found.sentence == (
            "En attente de « Utilisateurs », nuit du 23 novembre 2026 : aucune exécution n'a commencé."
        )

    def test_while_it_runs_one_waits(self):
        found = verdict("cohorts", NIGHT, [run("a", "03:45")])
        assert found.state == "wait"
        assert found.sentence == ("En attente de « Cohortes », nuit du 23 novembre 2026 : en cours depuis 03h45.")

    def test_once_it_succeeded_one_goes_on(self):
        found = verdict("offer", NIGHT, [run("a", "04:00", "04:07", "success")])
        assert found.state == "pass"
        assert found.sentence == "« Offre de formation », nuit du 23 novembre 2026 : terminé à 04h07."

    def test_its_failure_stops_the_next_with_its_reason(self):
        failed = run("a", "03:45", "03:46", "failed", "Moodle ne répond pas (502).")
        found = verdict("cohorts", NIGHT, [failed])
        assert found.state == "fail"
        assert found.sentence == (
            "« Cohortes », nuit du 23 novembre 2026 : en échec à 03h46, donc rien n'est fait ici."
            " Raison : Moodle ne répond pas (502). Corriger, relancer ce traitement, puis les suivants."
        )

    def test_a_failure_passed_on_is_told_as_it_was_first_told(self):
        first = "« Utilisateurs », nuit du 23 novembre 2026 : en échec à 00h10, donc rien n'est fait ici."
        blocked = RunRecord("a", paris(f"{NIGHT}T03:45"), paris(f"{NIGHT}T03:46"), "failed", first, passed_on=True)
        assert verdict("cohorts", NIGHT, [blocked]).sentence == first

    def test_the_latest_finished_run_decides_whatever_the_order_they_are_listed_in(self):
        failed = run("a", "03:45", "03:46", "failed", "x.")
        mended = run("b", "03:50", "03:55", "success")
        assert verdict("cohorts", NIGHT, [mended, failed]).state == "pass"
        worse = run("c", "03:57", "03:58", "failed", "y.")
        assert verdict("cohorts", NIGHT, [worse, mended, failed]).state == "fail"

    def test_a_failure_is_not_final_while_a_newer_run_is_at_work(self):
        found = verdict("cohorts", NIGHT, [run("a", "03:45", "03:46", "failed", "x."), run("b", "03:58")])
        assert found.state == "wait"
        assert found.sentence == (
            "En attente de « Cohortes », nuit du 23 novembre 2026 : en échec à 03h46,"
            " une nouvelle exécution est en cours depuis 03h58."
        )

    def test_an_older_run_that_never_ended_does_not_hold_back_a_failure(self):
        lost, failed = run("a", "03:45"), run("b", "03:50", "03:51", "failed", "x.")
        assert verdict("cohorts", NIGHT, [lost, failed]).state == "fail"

    def test_a_record_reads_back_as_it_was_written(self):
        for record in (run("a", "03:45"), run("b", "03:45", "03:46", "failed", "« raison »")):
            assert RunRecord.from_json(json.loads(json.dumps(record.as_json()))) == record


def test_dates_read_as_in_french():
    assert [in_french(date(2026, 9, 1)), in_french(date(2026, 8, 20))] == [
        "1er septembre 2026",
        "20 août 2026",
    ]


def test_one_in_seven_has_its_turn_each_night_and_each_once_in_seven_nights():
    ids, week = range(1, 101), [NIGHT + timedelta(days=day) for day in range(7)]
    turns = [whose_turn(ids, night) for night in week]
    assert sorted(id_ for turn in turns for id_ in turn) == list(ids)
    assert {len(turn) for turn in turns} == {14, 15}
    assert whose_turn(ids, NIGHT) == whose_turn(ids, NIGHT + timedelta(days=7))
