"""The envelope: how a call is written and what each answer of Moodle means."""

from __future__ import annotations

import json
import traceback

import numpy as np
import pandas as pd
import pytest
import requests
from moodle_standin import TOKEN, StandIn, refusal, reply

from ecampus.errors import EcampusError, SourceRefused, SourceUnreachable
from ecampus.moodle.client import MoodleClient, MoodleRefusal, flatten, weight

READ, WRITE, VOID = "core_course_get_courses", "core_course_create_courses", "core_group_delete_groups"
UNKNOWN = "on ignore si l'écriture a été faite, relancer la phase, qui relira l'état avant d'écrire"


def test_nested_values_are_written_as_php_reads_them():
    users = [{"id": 7, "suspended": True, "tags": ["a", "b"], "email": None}, {"id": np.int64(8)}]
    assert list(flatten("users", users)) == [
        ("users[0][id]", "7"),
        ("users[0][suspended]", "1"),
        ("users[0][tags][0]", "a"),
        ("users[0][tags][1]", "b"),
        ("users[1][id]", "8"),
    ]
    assert weight(users) == 5


@pytest.mark.parametrize("null", [None, pd.NA, float("nan")])
def test_a_null_is_left_out_whatever_its_kind(null):
    assert list(flatten("email", null)) == []


def test_the_header_comes_first_and_names_come_back_unescaped(client: MoodleClient, moodle: StandIn):
    moodle.answer = lambda function, form: []
    client.call(READ, x=False)
    assert list(moodle.calls[0].items()) == [
        ("wstoken", TOKEN),
        ("wsfunction", READ),
        ("moodlewsrestformat", "json"),
        ("moodlewssettingraw", "1"),
        ("x", "0"),
    ]


def test_a_call_that_php_would_cut_is_a_defect_and_is_not_sent(client: MoodleClient, moodle: StandIn):
    assert client.call(VOID, groupids=list(range(995))) is None
    with pytest.raises(AssertionError, match="1000 variables"):
        client.call(VOID, groupids=list(range(996)))
    assert len(moodle.calls) == 1


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (refusal("invalidtoken", "Invalid token - token not found"), "refuse le jeton"),
        (refusal("accessexception", "Access to the function is not allowed"), "refuse l'accès à"),
        (
            refusal("invalidrecord", "Can't find data record in database table external_functions."),
            "ne connaît pas core_course_create_courses",
        ),
        (refusal("nopermissions", "Create courses"), "une capacité lui manque : Create courses"),
        (refusal("x", "y", "core\\exception\\required_capability_exception"), "une capacité lui manque"),
        (refusal("wsaccessusersuspended", "Suspended"), "n'accepte pas le compte du jeton"),
        (reply("", 403), "services web ou le protocole REST sont désactivés"),
        (reply("<html>too large</html>", 413), "trop grosse"),
        (reply("", 301, {"Location": "https://moodle.test"}), "renvoie vers https://moodle.test"),
        (reply("<html>nothing</html>", 404), "répond 404"),
    ],
)
def test_what_a_person_must_mend_is_refused_and_never_retried(client, moodle, answer, words):
    moodle.answer = lambda function, form: answer
    with pytest.raises(SourceRefused, match=words):
        client.call(WRITE)
    assert len(moodle.calls) == 1


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (refusal("sitemaintenance", "The site is undergoing maintenance"), "indisponible"),
        (reply("<html>maintenance</html>", 503, {"Retry-After": "300"}), "maintenance"),
        (reply("Bad gateway", 502), "erreur 502"),
        (reply("oops", 500), "erreur 500"),
        (reply("<!DOCTYPE html><html>"), "du HTML au lieu de JSON"),
        (reply("", 408), "n'a pas reçu à temps la requête"),
        (reply("", 429, {"Retry-After": "30"}), "reçoit trop de requêtes et refuse"),
        (reply('<?xml version="1.0"?><EXCEPTION/>'), "du XML au lieu de JSON"),
        (reply(""), "une page vide au lieu de JSON"),
    ],
)
def test_a_moodle_that_is_away_is_asked_again_for_reads_only(client, moodle, answer, words):
    moodle.answer = lambda function, form: answer
    with pytest.raises(SourceUnreachable, match=words):
        client.call(READ)
    assert len(moodle.calls) == 4
    with pytest.raises(SourceUnreachable, match=words):
        client.call(WRITE)
    assert len(moodle.calls) == 5


def test_a_read_succeeds_when_moodle_comes_back(client, moodle):
    answers = iter([reply("", 502), reply("", 429), {"error": "session expired"}, []])
    moodle.answer = lambda function, form: next(answers)
    assert client.call(READ) == []


def test_a_time_out_of_a_write_says_that_nobody_knows(client, moodle):
    def answer(function, form):
        raise requests.ReadTimeout("read timed out")

    moodle.answer = answer
    with pytest.raises(SourceUnreachable, match="on ignore si l'écriture a été faite"):
        client.call(WRITE)
    assert len(moodle.calls) == 1


def test_a_refusal_of_the_items_keeps_moodles_words(client, moodle):
    moodle.answer = lambda function, form: refusal("shortnametaken", "Short name is already used (X)")
    with pytest.raises(MoodleRefusal) as caught:
        client.call(WRITE)
    assert (caught.value.errorcode, caught.value.words) == (
        "shortnametaken",
        "Short name is already used (X)",
    )


def test_an_unknown_record_of_another_table_is_about_the_items(client, moodle):
    moodle.answer = lambda function, form: refusal("invalidrecord", "Can't find data record in table user.")
    with pytest.raises(MoodleRefusal):
        client.call(WRITE)


@pytest.mark.parametrize("offered", [True, False])
def test_moodle_5_names_no_table_and_its_list_of_functions_tells_an_unknown_one(client, moodle, offered):
    site = {"userid": 3, "username": "ws", "siteurl": "http://moodle.test"}
    listed = {**site, "functions": [{"name": WRITE if offered else READ}]}
    missing = refusal("invalidrecordunknown", "Can't find data record in database.")
    moodle.answer = lambda function, form: listed if function == "core_webservice_get_site_info" else missing
    for _ in range(2):
        with pytest.raises(MoodleRefusal if offered else SourceRefused) as told:
            client.call(WRITE)
    assert str(told.value) == (
        "Moodle a refusé : Can't find data record in database. (invalidrecordunknown)."
        if offered
        else f"Moodle (http://moodle.test) ne connaît pas {WRITE} : vérifier sa version (4.5 ou 5 attendue)."
    )
    assert [call["wsfunction"] for call in moodle.calls].count("core_webservice_get_site_info") == 1


@pytest.mark.parametrize("error", [requests.ConnectionError, requests.ReadTimeout, requests.exceptions.SSLError])
def test_the_token_appears_in_no_message_and_no_traceback(client, moodle, error):
    def answer(function, form):
        raise error(f"failed with wstoken={TOKEN}")

    moodle.answer = answer
    with pytest.raises(EcampusError) as caught:
        client.call(WRITE)
    assert TOKEN not in "".join(traceback.format_exception(caught.value))


def test_moodle_quoting_the_token_is_not_quoted(client, moodle):
    moodle.answer = lambda function, form: refusal("odd", f"bad {TOKEN}")
    with pytest.raises(MoodleRefusal) as caught:
        client.call(WRITE)
    assert TOKEN not in str(caught.value)


def test_nobody_listening_is_one_sentence():
    client = MoodleClient(requests.Session(), "http://127.0.0.1:9", TOKEN, attempts=1)
    with pytest.raises(SourceUnreachable, match=r"http://127\.0\.0\.1:9.* est injoignable"):
        client.call(READ)


def test_a_certificate_that_nobody_vouches_for_is_refused_and_says_what_to_do(client, moodle):
    def answer(function, form):
        raise requests.exceptions.SSLError(
            "HTTPSConnectionPool(host='moodle.test', port=443): Max retries exceeded (Caused by SSLError("
            "SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed"
            " certificate (_ssl.c:1016)')))"
        )

    moodle.answer = answer
    with pytest.raises(SourceRefused) as refused:
        client.call(READ)
    assert str(refused.value) == (
        "Le certificat de Moodle (http://moodle.test) n'est pas reconnu (self-signed certificate) : un administrateur"
        " installe sur le serveur web un certificat valable d'une autorité connue, ou ajoute la sienne à celles d'Airflow"
        " (REQUESTS_CA_BUNDLE)."
    )
    assert len(moodle.calls) == 1


def test_a_ciphered_line_that_is_cut_is_a_moodle_that_is_away(client, moodle):
    def answer(function, form):
        raise requests.exceptions.SSLError("[SSL: UNEXPECTED_EOF_WHILE_READING] EOF occurred in violation of protocol")

    moodle.answer = answer
    with pytest.raises(SourceUnreachable, match=f"a coupé la liaison chiffrée pendant {WRITE} : {UNKNOWN}"):
        client.call(WRITE)


def test_a_list_of_authorities_that_is_not_there_is_one_sentence(client, moodle):
    def answer(function, form):
        raise OSError("Could not find a suitable TLS CA certificate bundle, invalid path: /nulle/part")

    moodle.answer = answer
    with pytest.raises(SourceUnreachable, match="est injoignable"):
        client.call(READ)


def test_a_write_lost_on_the_way_says_that_nobody_knows(client, moodle):
    def answer(function, form):
        raise requests.exceptions.ChunkedEncodingError("Connection broken")

    moodle.answer = answer
    with pytest.raises(SourceUnreachable) as lost:
        client.call(WRITE)
    assert str(lost.value) == (
        f"Moodle (http://moodle.test) est injoignable pendant {WRITE} (ChunkedEncodingError) : {UNKNOWN}."
    )


def test_a_message_of_php_before_the_answer_names_display_errors_and_nothing_is_taken_out_of_it(client, moodle):
    notice = "<br />\n<b>Deprecated</b>:  mysqli in <b>/moodle/enrol/database/lib.php</b> on line <b>9</b><br />\n[]"
    moodle.answer = lambda function, form: reply(notice)
    with pytest.raises(SourceUnreachable) as told:
        client.call(READ)
    assert str(told.value) == (
        "Moodle (http://moodle.test) a répondu un message de PHP avant ou au lieu de JSON à core_course_get_courses"
        " (« <br /> <b>Deprecated</b>: mysqli in <b>/moodle/enrol/database/lib.php</b> on lin… ») : un administrateur"
        " corrige ce que dit ce message (pour enrol_database, le pilote « mysqli » au lieu de « mariadb ») et met"
        " « display_errors » à Off dans php.ini."
    )
    with pytest.raises(SourceUnreachable, match=f"{UNKNOWN} ; un administrateur corrige"):
        client.call(WRITE)


MISSING_DRIVER = (
    "Missing file: drivers/adodb-mariadb.inc.php<br>\n<p>ADONewConnection: Unable to load database driver ''</p>"
    '{"exception":"Error","message":"Call to a member function IsConnected() on bool"}'
)
NO_ACCESS = "Could not connect : Access denied for user 'moodle'@'db' (using password: YES)<br>\n[]"
DEBUG = "<hr class='adodb-debug'>(mysqli):  SELECT * FROM enrolments WHERE username = &#039;ws&#039;  &nbsp; []"


@pytest.mark.parametrize("answer", [MISSING_DRIVER, NO_ACCESS, DEBUG], ids=["no driver", "no access", "debugging"])
def test_a_message_of_enrol_database_before_the_answer_names_its_settings(client, moodle, answer):
    moodle.answer = lambda function, form: reply(answer)
    with pytest.raises(SourceUnreachable) as told:
        client.call(READ)
    beginning, end = str(told.value).split("« ", 1)[0], str(told.value).split(" ») : ", 1)[1]
    assert beginning == (
        "Moodle (http://moodle.test) a répondu un message d'enrol_database avant ou au lieu de JSON à"
        " core_course_get_courses ("
    )
    assert end == (
        "un administrateur corrige les réglages de cette méthode d'inscription : le pilote « mysqli » au lieu de"
        " « mariadb », les accès à la base, « debugdb » désactivé."
    )


NOT_JSON = {
    "nested without end": "[" * 60_000 + "]" * 60_000,
    "NaN": '[{"id": NaN}]',
    "a number without end": "9" * 10_000,
    "bytes that are not UTF-8": '[{"id": 2, "shortname": "L1", "fullname": "André", "categoryid": 1}]'.encode(
        "latin-1"
    ),
    "two answers": "[][]",
}


@pytest.mark.parametrize("body", NOT_JSON.values(), ids=NOT_JSON)
@pytest.mark.parametrize("function", [READ, WRITE, VOID])
def test_what_is_not_json_is_one_sentence(client, moodle, body, function):
    moodle.answer = lambda *_: reply(body)
    with pytest.raises(SourceUnreachable) as told:
        client.call(function)
    assert f"au lieu de JSON à {function} (« " in str(told.value)
    assert len(str(told.value)) < 400
    assert (UNKNOWN in str(told.value)) == (function != READ)


@pytest.mark.parametrize("answer", [None, 3, True, "page", {}, {"error": "session expired"}, [{}], [None], [[]]])
def test_what_is_not_the_answer_of_a_read_is_one_sentence_naming_the_function(client, moodle, answer):
    moodle.answer = lambda function, form: reply(json.dumps(answer))
    with pytest.raises(SourceUnreachable) as told:
        client.call(READ)
    assert str(told.value) == (
        f"Moodle (http://moodle.test) a répondu « {json.dumps(answer)} » à core_course_get_courses, ce qui n'est pas la"
        " réponse de cette fonction : regarder son état et ses journaux, puis relancer."
    )


def test_what_came_is_told_on_one_line_without_names_of_people_nor_the_token(client, moodle):
    moodle.answer = lambda function, form: reply(
        f'{{"users"\x0b: [{{"id": "7", "firstname": "Zoé \\"A\\"", "note\u202e": "{TOKEN}"}}]}}\n'.replace("\x0b", " ")
    )
    with pytest.raises(SourceUnreachable) as told:
        client.call("core_user_get_users")
    shown = '« {"users" : [{"id": "7", "firstname":…, "note": "***"}]} »'
    assert f"a répondu {shown} à core_user_get_users, ce qui n'est pas" in str(told.value)


def test_moodles_words_keep_nothing_that_cannot_be_seen(client, moodle):
    moodle.answer = lambda function, form: refusal("odd\u200b", "un\x1b[31m\r\nERROR faux \u202etxet \ufeff")
    with pytest.raises(MoodleRefusal) as caught:
        client.call(WRITE)
    assert (caught.value.errorcode, caught.value.words) == ("odd", "un[31m ERROR faux txet")
    assert str(caught.value) == "Moodle a refusé : un[31m ERROR faux txet (odd)."


@pytest.mark.parametrize(
    "answer", [{"exception": {}}, {"exception": None, "errorcode": "x"}, {"exception": "a", "errorcode": [1]}]
)
def test_what_only_looks_like_a_refusal_is_none(client, moodle, answer):
    moodle.answer = lambda function, form: answer
    with pytest.raises(SourceUnreachable, match=UNKNOWN):
        client.call(WRITE)


def test_the_words_of_moodle_are_told_up_to_a_length(client, moodle):
    moodle.answer = lambda function, form: refusal("odd", "mot " * 100_000)
    with pytest.raises(MoodleRefusal) as caught:
        client.call(WRITE)
    assert caught.value.words == ("mot " * 125).rstrip() + "…"
