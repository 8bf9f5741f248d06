"""Whom the mails go to: what the Variable may say, and the one sentence when it says something else."""

from __future__ import annotations

import pytest

from ecampus.errors import SettingUnreadable
from ecampus.night.addressees import Addressees

EXAMPLE = '{"plateforme": ["exploitation@univ.fr"], "SCI": ["scolarite.sciences@univ.fr"]}'


@pytest.mark.parametrize(
    ("text", "platform", "composantes"),
    [
        (None, (), {}),
        ("  ", (), {}),
        ('{"plateforme": []}', (), {}),
        (EXAMPLE, ("exploitation@univ.fr",), {"SCI": ("scolarite.sciences@univ.fr",)}),
        ('{"SCI": "a@univ.fr", "DROIT": ["b@univ.fr", " c@univ.fr "]}', (), {"SCI": ("a@univ.fr",), "DROIT": ("b@univ.fr", "c@univ.fr")}),
    ],
)  # fmt: skip
def test_it_names_the_platform_and_composantes_by_their_codes(text, platform, composantes):
    found = Addressees.parse(text)
    assert (found.platform, dict(found.composantes)) == (platform, composantes)
    assert found.nobody == (not platform and not composantes)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("exploitation@univ.fr", "ce n'est pas du JSON"),
        ('["exploitation@univ.fr"]', "ce n'est pas du JSON"),
        ('{"SCI": 3}', "« SCI » n'a pas une liste d'adresses"),
        ('{"SCI": ["scolarite"]}', "« SCI » a une adresse qui n'en est pas une"),
        ('{"SCI": ["a@univ.fr, b@univ.fr"]}', "« SCI » a une adresse qui n'en est pas une"),
        ('{"SCI": ["a@univ.fr\\nBcc: x@y.fr"]}', "« SCI » a une adresse qui n'en est pas une"),
    ],
)
def test_anything_else_is_one_sentence(text, why):
    with pytest.raises(SettingUnreadable) as refused:
        Addressees.parse(text)
    assert str(refused.value) == (
        f"La variable Airflow ecampus_mail ne peut pas être lue ({why}), aucun courriel n'est envoyé : y mettre par"
        f" exemple {EXAMPLE}."
    )
