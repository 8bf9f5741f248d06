"""Many calls in one request: tool_mobile_call_external_functions."""

import json
from typing import Any

from sandbox.moodle.errors import MoodleError
from sandbox.moodle.params import BOOL, RAW, WORD, Optional, validate
from sandbox.moodle.service import FUNCTIONS, Caller, web_service

CALL = {
    "function": WORD,
    "arguments": Optional(RAW, "{}"),
    "settingraw": Optional(BOOL, False),
    "settingfilter": Optional(BOOL, False),
    "settingfileurl": Optional(BOOL, True),
    "settinglang": Optional(WORD, ""),
}


@web_service("tool_mobile_call_external_functions", requests=[CALL])
def call_external_functions(caller: Caller, requests: list[dict[str, Any]]) -> dict[str, Any]:
    """One after the other, up to the first that is refused; each function must be in the service of the token."""
    responses: list[dict[str, Any]] = []
    for request in requests:
        responses.append(_response(caller, request))
        if responses[-1]["error"]:
            break
    return {"responses": responses}


def _response(caller: Caller, request: dict[str, Any]) -> dict[str, Any]:
    name = request["function"]
    if caller.db.value("SELECT 1 FROM sandbox_service WHERE name = ?", (name,)) is None:
        return _refused({"errorcode": "accessexception", "module": "webservice"})
    inner = Caller(caller.db, caller.user, caller.capabilities, request["settingraw"])
    try:
        caller.meet(name)
        arguments = validate(FUNCTIONS[name].params, _form(_decoded(request["arguments"])))
        answer = FUNCTIONS[name].run(inner, **arguments)
    except MoodleError as error:
        link = caller.db.setting("siteurl")
        return _refused({"message": error.message, "errorcode": error.code, "link": link, "moreinfourl": ""})
    return {"error": False} | ({} if answer is None else {"data": json.dumps(answer)})


def _refused(exception: dict[str, str]) -> dict[str, Any]:
    return {"error": True, "exception": json.dumps(exception)}


def _decoded(arguments: str) -> Any:
    """What is no JSON, or no list of names, is no argument at all."""
    try:
        decoded = json.loads(arguments)
    except ValueError:
        return {}
    return decoded if isinstance(decoded, (dict, list)) else {}


def _form(value: Any) -> Any:
    """Arguments as the validation reads those of a form."""
    if isinstance(value, list):
        value = dict(enumerate(value))
    if isinstance(value, dict):
        return {str(key): _form(item) for key, item in value.items()}
    return str(int(value)) if isinstance(value, bool) else str(value)
