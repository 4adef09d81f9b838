"""Tolerant in what is read: what Slack leaves out, or says as null, is no reason to refuse."""

from typing import Any

import pytest

from bots.chat import Press, Typed
from bots.slack.accounts import read_account
from bots.slack.payloads import NotARequest, parse_body, read_request, reduced
from bots.slack.standing import profile_of, standing_of
from bots.slack.updates import Acted, Did, HomeOpened, Uninstalled, read_event
from bots.slack.workspaces import Workspace
from builders.times import at
from scheduling.ids import DEFAULT_ORGANIZATION
from scheduling.people import Standing

BARE = {"type": "block_actions", "user": {"id": "U1"}, "actions": [{"action_id": "x~1"}]}


def _workspace(enterprise: str | None = None) -> Workspace:
    return Workspace(
        team_id="T1",
        organization_id=DEFAULT_ORGANIZATION,
        client=None,  # type: ignore[arg-type]  # nothing is called here
        enterprise_id=enterprise,
    )


def _standing(enterprise: str | None = None, **told: Any) -> Standing:
    account = read_account({"id": "U1", **told})
    assert account is not None
    return standing_of(account, _workspace(enterprise))


class TestReading:
    @pytest.mark.parametrize(
        "name",
        ["team", "enterprise", "trigger_id", "response_url", "channel", "container", "message",
         "view", "state", "callback_id", "action_ts"],
    )  # fmt: skip
    def test_given_a_part_that_is_null_when_read_then_it_is_as_if_left_out(self, name: str) -> None:
        assert read_request({**BARE, name: None}) == read_request(dict(BARE))

    def test_given_a_reading_when_read_again_then_it_is_the_same(self) -> None:
        request = read_request({**BARE, "container": {"type": "message", "is_ephemeral": None},
                                "surprise": 1})  # fmt: skip

        assert read_request(reduced(request)) == request
        assert "surprise" not in reduced(request)

    def test_given_json_where_a_form_is_usual_when_parsed_then_it_is_read(self) -> None:
        assert parse_body(b'{"type":"shortcut"}', "text/plain") == {"type": "shortcut"}
        assert parse_body(b"payload=%7B%22a%22%3A1%7D", "") == {"a": 1}

    def test_given_an_event_nobody_reads_when_it_is_odd_then_it_is_taken_all_the_same(self) -> None:
        fields = {"type": "event_callback", "event": {"type": "channel_rename", "user": {"x": 1}}}

        assert read_event(read_request(fields)) is None

    def test_given_nothing_in_it_when_read_then_refused(self) -> None:
        with pytest.raises(NotARequest):
            read_request({"type": "view_submission", "user": {"id": "U1"}})


class TestEvents:
    def test_given_a_field_when_entered_then_it_is_typed_for_its_draft(self) -> None:
        action = {"action_id": "type.d1", "type": "plain_text_input", "value": "9-12"}

        event = read_event(read_request({**BARE, "actions": [action]}))

        assert isinstance(event, Did)
        assert event.said == Typed("9-12", "d1")

    def test_given_an_overflow_when_chosen_then_its_value_is_the_button(self) -> None:
        chosen = {"text": {"type": "plain_text", "text": "Off"}, "value": "1.soff.s1.2."}
        action = {"action_id": "more~1", "type": "overflow", "selected_option": chosen}

        event = read_event(read_request({**BARE, "actions": [action]}))

        assert isinstance(event, Did)
        assert event.said == Press("soff", "s1", 2, "")

    def test_given_a_modals_own_element_when_used_then_it_is_slacks(self) -> None:
        action = {"action_id": "sb.book.day", "type": "static_select"}

        event = read_event(read_request({**BARE, "actions": [action]}))

        assert isinstance(event, Acted)

    @pytest.mark.parametrize(("tab", "kind"), [("home", HomeOpened), ("messages", type(None))])
    def test_given_app_home_when_opened_then_only_its_first_tab_counts(
        self, tab: str, kind: type
    ) -> None:
        event = {"type": "app_home_opened", "user": "U1", "channel": "D1", "tab": tab}
        request = read_request({"type": "event_callback", "team_id": "T1", "event": event})

        assert isinstance(read_event(request), kind)

    @pytest.mark.parametrize(
        ("event", "heard"),
        [
            ({"type": "app_uninstalled"}, True),
            ({"type": "tokens_revoked", "tokens": {"bot": ["U0BOT"]}}, True),
            ({"type": "tokens_revoked", "tokens": {"oauth": ["U1"]}}, False),
        ],
    )
    def test_given_the_app_taken_out_when_told_then_the_workspace_is_gone(
        self, event: dict[str, Any], heard: bool
    ) -> None:
        request = read_request({"type": "event_callback", "team_id": "T1", "event": event})

        assert isinstance(read_event(request), Uninstalled) is heard

    @pytest.mark.parametrize(
        "more",
        [{"bot_id": "B1"}, {"subtype": "message_changed"}, {"channel_type": "channel"}],
    )
    def test_given_what_is_not_typed_to_us_when_heard_then_nothing(
        self, more: dict[str, Any]
    ) -> None:
        event = {"type": "message", "user": "U1", "channel": "D1", "channel_type": "im",
                 "text": "x", "ts": "1.1", **more}  # fmt: skip
        request = read_request({"type": "event_callback", "team_id": "T1", "event": event})

        assert read_event(request) is None


class TestStandings:
    def test_given_accounts_when_judged_then_each_is_what_slack_says(self) -> None:
        assert _standing(team_id="T1") is Standing.MEMBER
        assert _standing() is Standing.MEMBER
        assert _standing(team_id="T1", is_restricted=True) is Standing.GUEST
        assert _standing(team_id="T1", is_ultra_restricted=True) is Standing.GUEST
        assert _standing(team_id="T2") is Standing.OTHER_TEAM
        assert _standing(team_id="T2", is_stranger=True) is Standing.STRANGER
        assert _standing(team_id="T1", is_bot=True) is Standing.BOT
        assert _standing(team_id="T1", deleted=True) is Standing.DEACTIVATED

    def test_given_an_organization_of_several_when_judged_then_its_people_are_members(
        self,
    ) -> None:
        teams = {"enterprise_user": {"teams": ["T1", "T9"]}}

        assert _standing("E1", team_id="T9", **teams) is Standing.MEMBER
        assert _standing("E1", team_id="E1") is Standing.MEMBER
        assert _standing("E1", team_id="T8") is Standing.OTHER_TEAM

    def test_given_little_told_when_kept_then_there_is_a_name(self) -> None:
        account = read_account({"id": "U1", "profile": None, "tz": "Mars/Base", "real_name": ""})
        assert account is not None

        profile = profile_of(account, _workspace(), at("2026-11-23 09:00"))

        assert (profile.name, profile.zone, profile.locale) == ("U1", None, None)
