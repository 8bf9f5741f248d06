"""«Rapport»: what one run did, from its tab in Airflow."""

from __future__ import annotations

import pytest
from visits import visit

RUN = "rapport?dag=ecampus_offer&run=run"


def test_a_run_tells_what_it_did_and_leads_to_all_of_it(campus):
    clerk = visit(campus.store)
    words = clerk.reads(RUN)
    assert words[0] == "Offre de formation, nuit du 23 novembre 2026 : réussi."
    assert words[1].startswith("Lus : ")
    assert words[-1] == "Rapport complet"
    whole = clerk.get(RUN.replace("rapport", "rapport/complet", 1))
    assert whole.status_code == 200
    assert whole.content == (campus.run("offer").folder / "report.html").read_bytes()
    assert whole.headers["content-security-policy"].startswith("default-src 'none'; style-src 'unsafe-inline'")


@pytest.mark.parametrize(
    "asked",
    [
        "dag=ecampus_offer&run=autre",
        "dag=ecampus_check&run=run",
        "dag=ecampus_offer&run=..%2Foffer%2Frun",
        "dag=ecampus_rehearsal&run=..%2F2026-11-23%2Foffer%2Frun",
    ],
)
def test_no_other_place_of_the_store_is_a_report(campus, asked):
    clerk = visit(campus.store)
    assert clerk.reads(f"rapport?{asked}") == [
        "Rapport",
        "Cette exécution n'a pas laissé de rapport : elle n'est pas finie, ou ce traitement n'en fait pas.",
    ]
    assert clerk.get(f"rapport/complet?{asked}").status_code == 404
