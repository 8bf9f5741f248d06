"""What «Changements» and «Historique» say around their lines, to the letter."""

from __future__ import annotations

import pytest

from ecampus.words import looking


@pytest.mark.parametrize(
    ("untold", "known", "said"),
    [
        ([], True, ""),
        (["2026-11-03"], False, "L'historique n'a pas été calculé : « make history » le fait, depuis les dossiers des nuits."),
        (["2026-11-03"], True, "L'historique n'a pas tout de la nuit du 3 novembre 2026 : « make history » la lit."),
        (
            ["2026-11-03", "2026-11-05", "2026-11-14"],
            True,
            "L'historique n'a pas tout de 3 nuits, du 3 novembre 2026 au 14 novembre 2026 : « make history » les lit.",
        ),
    ],
)  # fmt: skip
def test_what_the_history_lacks_is_one_sentence(untold, known, said):
    assert looking.lacking(untold, known) == said


@pytest.mark.parametrize(("number", "said"), [(None, "–"), (0, "0"), (3, "+3"), (-2, "-2"), (1200, "+1\u00a0200")])
def test_growth_has_its_sign(number, said):
    assert looking.more(number) == said
