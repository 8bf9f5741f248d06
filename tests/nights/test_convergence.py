"""Nothing changed, nothing written; whatever changed, one night is enough (design §4.7)."""

from __future__ import annotations

from collections import Counter

from campus import REFUSED_EVERY_NIGHT, Campus, copied, night_after, opened

from ecampus import plan
from sandbox.moodle import handmade


def done(reports: dict[str, dict]) -> Counter:
    """What the phases of a night did, by object and verb."""
    counts = Counter()
    for report in reports.values():
        for kind, verbs in report["counts"].items():
            counts.update({(kind, verb): number for verb, number in verbs.items()})
    return counts


def plays_without_writing(campus: Campus, run_id: str, night) -> None:
    before, owned = campus.state(), campus.owned()
    assert done(campus.night(run_id, night)) == Counter()
    assert campus.writes() == REFUSED_EVERY_NIGHT
    assert campus.state() == before
    assert campus.owned() == owned


def test_the_first_night_makes_everything_and_the_next_run_writes_nothing(campus):
    assert campus.ask("SELECT COUNT(*) FROM mdl_course WHERE idnumber <> ''") > 60
    plays_without_writing(campus, "encore", night_after(0))
    plays_without_writing(campus, "demain", night_after(1))


def test_two_days_of_changes_show_every_verb_and_the_run_after_them_writes_nothing(tmp_path, cron, first_night):
    with opened(copied(first_night, tmp_path / "campus"), cron) as campus:
        seen: Counter = Counter()
        for day in (1, 2):
            campus.change_a_day()
            seen += done(campus.night(f"jour{day}", night_after(day)))
        assert {verb for _, verb in seen} == set(plan.VERBS)
        plays_without_writing(campus, "apres", night_after(3))


def test_what_people_made_by_hand_comes_through_every_night_untouched(second_night, tmp_path, cron):
    with opened(copied(second_night, tmp_path / "campus"), cron) as campus:
        course = campus.ask("SELECT id FROM mdl_course WHERE idnumber = 'L1CAS101'")
        handmade.seed_in(campus.box.moodle.db, course)
        before = handmade.snapshot(campus.box.moodle.db)
        for day in (2, 3, 4):
            campus.night(f"jour{day}", night_after(day))
            campus.change_a_day()
        assert handmade.snapshot(campus.box.moodle.db) == before
