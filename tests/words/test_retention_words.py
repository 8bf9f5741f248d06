"""What the log says of retention, to the letter."""

from datetime import date

from ecampus.words import retention

KEPT = (
    "Sont gardés les extraits et les verdicts depuis le 15 octobre 2026, les plans, les journaux et les rapports depuis"
    " le 20 octobre 2025."
)


def pruned(files=0, batches=0, waiting=()):
    return retention.pruned(files, batches, date(2026, 10, 15), date(2025, 10, 20), waiting)


def test_what_went_and_what_is_kept():
    assert pruned(1640, 12) == (
        f"Rétention : 1\u00a0640 fichiers effacés du magasin, 12 écritures oubliées par le registre. {KEPT}"
    )
    assert pruned(1, 1) == (f"Rétention : 1 fichier effacé du magasin, 1 écriture oubliée par le registre. {KEPT}")


def test_nothing_to_do_is_said():
    assert pruned() == f"Rétention : rien à effacer. {KEPT}"


def test_a_night_that_waits_is_named():
    assert pruned(3, 0, [date(2026, 10, 1)]) == (
        f"Rétention : 3 fichiers effacés du magasin. {KEPT} Laissé à demain, car quelqu'un vient de le rejouer :"
        " 1er octobre 2026."
    )
