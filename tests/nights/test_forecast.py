"""What the rest of the night would hold or refuse is told at 00h00, before the first write; the night goes on."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from refusals import TOMORROW

from ecampus.limits import Limits
from ecampus.night import forecast
from ecampus.night.reports import FORECAST
from ecampus.store.files import REHEARSALS, Store

MIDNIGHT = datetime(2026, 11, 23, 23, tzinfo=UTC)
GONE = "DELETE FROM refer_element WHERE code IN ('L1CAS101', 'L1CAS102', 'L1CAS103')"
HELD = (
    "Prévision, offre de formation. Serait retenu : 3 cours à archiver (composante SCIENCES) : 3 en sept nuits sur"
    " 72 cours, la limite est de 2 % et de 40."
)


def test_elements_gone_from_refer_and_a_view_that_is_not_there_are_told_at_midnight_and_the_accounts_go_on(
    campus, caplog
):
    caplog.set_level(logging.INFO, "ecampus")
    campus.limits = Limits()
    campus.refer(GONE)
    campus.refer("ALTER TABLE refer_groupe RENAME TO ailleurs")
    run = campus.run("users", "nuit", TOMORROW)
    before, owned = campus.state(), campus.owned()
    last = forecast.make(run, campus.systems, MIDNIGHT)
    assert (campus.state(), campus.owned(), campus.writes()) == (before, owned, [])
    held, stopped = run.files.read_json(FORECAST)
    assert held == HELD
    assert stopped.startswith("Prévision. La nuit s'arrêterait à « Inscriptions ». ")
    assert "refer_groupe" in stopped
    assert [record.message for record in caplog.records if record.message in (held, stopped)] == [held, stopped]
    assert last == "Prévision : ce qui précède, à cette heure ; chaque traitement le dira de nouveau à la sienne."

    kept = Store(campus.store.root / REHEARSALS / "prevision-nuit").everything()
    assert {"report.html", "report.json", f"{TOMORROW}/offer/repetition/report.html"} <= set(kept)
    assert not any(f"/{part}/" in name for name in kept for part in ("source", "existing", "owned"))

    report = campus.play("users", "nuit", TOMORROW)
    assert (report["state"], report["forecast"]) == ("success", [held, stopped])
    assert HELD in run.files.read("report.html").decode()
