"""What the commands say of one person, to the letter."""

from ecampus.words import persons


def test_what_was_erased_and_what_stays():
    assert persons.erased("22100123 (e1)", 41, 1, [42], 3, 2).splitlines() == [
        "Effacé : 22100123 (e1).",
        "  Réécrits sans elle : 41 fichiers du magasin, 1 lot d'écritures.",
        "Reste dans le registre, sans nom : le numéro de compte 42, et 3 appartenances par ce numéro, pour savoir ce qui"
        " est à ecampus.",
        "Reste dans la table des inscriptions, fait à la main : 2 lignes, à retirer par qui l'a mise.",
        persons.IN_MOODLE,
        persons.ELSEWHERE,
    ]


def test_what_stays_is_told_only_where_something_does():
    told = persons.erased("S9", 1, 0, [], 0, 0)
    assert "Reste dans le registre" not in told
    assert "fait à la main" not in told


def test_what_the_export_holds():
    document = {"registre": {"account": [{}], "cohort_member": [{}, {}]}, "écritures": [{}, {}], "magasin": {"a": []}}
    assert persons.exported("22100123 (e1)", document, "/x.json").splitlines() == [
        "22100123 (e1) : tout ce qui est gardé est dans /x.json (lisible par vous seul ; des noms sont dedans).",
        "  Registre : account 1, cohort_member 2 ; 2 lots d'écritures",
        "  Magasin : 1 fichier",
        persons.ELSEWHERE,
    ]


def test_why_nothing_is_erased():
    assert persons.still_enrolled(1) == (
        "Rien n'est effacé : ecampus inscrit encore cette personne (1 ligne de la table des inscriptions) ; la retirer de"
        " ses groupes dans Apogée ou de ses séances dans ADE, laisser passer une nuit, puis relancer."
    )
    assert persons.still_there("2026-11-23") == (
        "Rien n'est effacé : cette personne est encore dans l'annuaire (nuit du 2026-11-23), la nuit prochaine la"
        " relirait ; l'en retirer, laisser passer une nuit, puis relancer."
    )
    assert persons.in_flight().startswith("Rien n'est effacé : une écriture interrompue concerne cette personne")
    assert persons.at_work("Groupes", "manual__1") == (
        "Rien n'est effacé : « Groupes » est en cours (exécution manual__1) ; attendre sa fin, puis relancer. Une"
        " exécution interrompue se relance ou se clôt dans Airflow."
    )


def test_the_question_names_whom():
    assert persons.question(persons.known_as({"S1"}, {"e1", "e0"})) == (
        "Effacer S1 (e0, e1) du magasin et du registre, sans retour ? [oui/non] "
    )
    assert persons.known_as(set(), {"tuteur"}) == "tuteur"


def test_a_login_that_was_somebody_elses_too_is_told():
    assert persons.left({"e1"}).startswith("Laissé : ce que seul nomme l'identifiant e1, qui a aussi été")
