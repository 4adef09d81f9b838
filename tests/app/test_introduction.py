import pytest

from app.introduction import NoAnswer, introduction_of
from canned_api import CannedApi

TOKEN = "7000000001:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsawA"


@pytest.mark.parametrize(
    ("answer", "name"),
    [
        (b'{"ok":true,"result":{"id":7,"is_bot":true,"first_name":"A","username":"abot"}}', "abot"),
        (b'{\n "result": {"first_name": "Slots", "id": 7},\n "ok": true\n}', "Slots"),
    ],
)
async def test_given_a_good_token_when_asked_then_the_bot_has_a_name(
    answer: bytes, name: str
) -> None:
    async with CannedApi({"getMe": (200, answer)}) as api:
        found = await introduction_of(TOKEN, api.url)

    assert found.name == name


async def test_given_a_wrong_token_when_asked_then_the_refusal_is_told() -> None:
    refusal = b'{"ok":false,"error_code":401,"description":"Unauthorized"}'
    async with CannedApi({"getMe": (401, refusal)}) as api:
        found = await introduction_of(TOKEN, api.url)

    assert (found.name, found.refusal) == (None, "Unauthorized")


@pytest.mark.parametrize("answer", [b"[]", b"<html>", b'{"detail":"Not Found"}', b""])
async def test_given_something_else_that_answers_when_asked_then_it_is_said_without_the_token(
    answer: bytes,
) -> None:
    async with CannedApi({"getMe": (404, answer)}) as api:
        with pytest.raises(NoAnswer) as raised:
            await introduction_of(TOKEN, api.url)

    assert TOKEN not in str(raised.value)


async def test_given_a_proxy_in_the_environment_when_asked_here_then_it_is_passed_by(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    answer = b'{"ok":true,"result":{"first_name":"Slots"}}'
    async with CannedApi({"getMe": (200, answer)}) as api:
        found = await introduction_of(TOKEN, api.url)

    assert found.name == "Slots"
