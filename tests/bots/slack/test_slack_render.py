"""Neutral messages as Slack draws them: escaped, within the limits, whatever they hold."""

from hypothesis import given, settings
from hypothesis import strategies as st

from block_kit import message_faults
from bots.callback_data import decode
from bots.slack.render import Drawn, draw
from builders.times import at
from scheduling.messages import (
    Action,
    Buttons,
    ButtonStyle,
    ChatMessage,
    CopyText,
    Field,
    Link,
    LocalTime,
    Mention,
    More,
    OpenUrl,
    Picture,
    Plain,
    Quote,
    Strong,
)
from scheduling.people import AccountKey, Platform

NASTY = "<!channel> <@U1> <!here|x> & <https://evil.example|ok> @here @everyone *b* `c` > q"


def _faults(drawn: Drawn) -> list[str]:
    return message_faults({"text": drawn.text, "blocks": list(drawn.blocks)})


def _mrkdwn(drawn: Drawn) -> str:
    return "\n".join(b["text"]["text"] for b in drawn.blocks if b["type"] == "section")


class TestWords:
    def test_given_what_would_ring_when_drawn_then_nothing_rings(self) -> None:
        account = AccountKey(Platform.TELEGRAM, "1", "2")
        parts = (Plain(NASTY), Strong(NASTY), Quote(NASTY), Mention(NASTY, account))

        drawn = draw(ChatMessage((*parts, Link(NASTY, "https://a.example"))))

        assert _faults(drawn) == []
        for text in (drawn.text, _mrkdwn(drawn)):
            assert "<!" not in text
            assert "<@" not in text
            assert "<https://evil.example|" not in text
            assert "@here" not in text

    def test_given_a_moment_when_drawn_then_each_reader_sees_it_in_their_zone(self) -> None:
        moment = at("2026-11-24 15:00")

        drawn = draw(ChatMessage((LocalTime(moment, "Tue 24 Nov, 16:00 Berlin"),)))

        seconds = int(moment.timestamp())
        assert f"<!date^{seconds}^{{day_divider_pretty}}, {{time}}|" in _mrkdwn(drawn)
        assert drawn.text == "Tue 24 Nov, 16:00 Berlin"
        assert _faults(drawn) == []

    def test_given_a_mention_of_slack_when_drawn_then_it_rings_once(self) -> None:
        account = AccountKey(Platform.SLACK, "T1", "U0ANA")

        drawn = draw(ChatMessage((Mention("Ana", account),)))

        assert "<@U0ANA>" in _mrkdwn(drawn)
        assert drawn.text == "Ana"

    def test_given_an_address_in_words_when_drawn_then_it_stays_words(self) -> None:
        drawn = draw(ChatMessage((Plain("at https://meet.example/a?b=1&c=2, see you"),)))

        assert _mrkdwn(drawn) == "at https://meet.example/a?b=1&amp;c=2, see you"

    def test_given_bold_inside_a_word_when_drawn_then_slack_sees_where_it_begins(self) -> None:
        drawn = draw(ChatMessage((Plain("a"), Strong("b"), Plain("c"))))

        assert _mrkdwn(drawn) == "a\u200b*b*\u200bc"

    def test_given_a_command_in_a_sentence_when_drawn_then_as_it_is_typed_in_slack(self) -> None:
        drawn = draw(ChatMessage((Plain("Change it with /me, or /book Ana. No /path/to, 9/my."),)))

        assert "/slotbook me, or /book Ana. No /path/to, 9/my." in _mrkdwn(drawn)

    def test_given_nothing_when_drawn_then_there_is_something(self) -> None:
        assert _faults(draw(ChatMessage(()))) == []

    def test_given_a_picture_alone_when_drawn_then_it_is_told(self) -> None:
        drawn = draw(ChatMessage((), picture=Picture(b"", "Your week")))

        assert drawn.text == "Your week"


class TestButtons:
    def test_given_one_action_twice_when_drawn_then_each_comes_back(self) -> None:
        action = Action("Yes", "svote", "s1", 3, "Ay", ButtonStyle.PRIMARY)

        drawn = draw(ChatMessage((Plain("x"),), rows=((action, action),)))

        first, second = drawn.blocks[-1]["elements"]
        assert first["action_id"] != second["action_id"]
        assert decode(first["value"]) == decode(second["value"])
        assert first["style"] == "primary"
        assert _faults(drawn) == []

    def test_given_buttons_between_words_when_drawn_then_they_stand_there(self) -> None:
        vote = Buttons((Action("A", "svote", "s1"), More("⋯", (Action("Off", "soff", "s1"),))))

        drawn = draw(ChatMessage((Plain("A  10:00"), vote, Plain("\nB  11:00"))))

        assert [block["type"] for block in drawn.blocks] == ["section", "actions", "section"]
        overflow = drawn.blocks[1]["elements"][1]
        assert decode(overflow["options"][0]["value"]) is not None

    def test_given_something_to_copy_when_drawn_then_it_stands_as_code(self) -> None:
        drawn = draw(ChatMessage((Plain("x"),), rows=((CopyText("Copy", "https://a.b"),),)))

        assert "`https://a.b`" in _mrkdwn(drawn)

    def test_given_a_field_when_drawn_then_enter_sends_it(self) -> None:
        drawn = draw(ChatMessage((Plain("x"),), field=Field("d1", "Your answer", "like 9-12")))

        block = drawn.blocks[-1]
        assert block["dispatch_action"] is True
        assert block["element"]["action_id"] == "type.d1"
        assert _faults(drawn) == []

    def test_given_a_bad_address_when_drawn_then_there_is_no_button(self) -> None:
        rows = ((OpenUrl("x", "javascript:alert(1)"), OpenUrl("y", "https://ok.example")),)

        drawn = draw(ChatMessage((Plain("x"),), rows=rows))

        assert len(drawn.blocks[-1]["elements"]) == 1


_text = st.one_of(st.text(max_size=60), st.text("a<&>* \n", max_size=60).map(lambda t: t * 60))
_label = st.text(max_size=200)
_action = st.builds(Action, _label, st.sampled_from(["help", "pick"]), st.sampled_from(["", "x"]))
_button = st.one_of(
    _action,
    st.builds(OpenUrl, _label, st.text(max_size=60).map(lambda tail: "https://a.b/" + tail)),
    st.builds(CopyText, _label, st.text(min_size=1, max_size=256)),
    st.builds(More, _label, st.lists(_action, max_size=5).map(tuple)),
)
_part = st.one_of(
    st.builds(Plain, _text),
    st.builds(Strong, _text),
    st.builds(Quote, _text),
    st.builds(Link, _text, _text),
    st.builds(LocalTime, st.just(at("2026-11-24 15:00")), _text),
    st.builds(Buttons, st.lists(_button, max_size=30).map(tuple)),
)
_message = st.builds(
    ChatMessage,
    st.lists(_part, max_size=12).map(tuple),
    st.lists(st.lists(_button, max_size=30).map(tuple), max_size=60).map(tuple),
)


class TestLimits:
    @settings(max_examples=60)
    @given(_message)
    def test_given_any_message_when_drawn_then_slack_takes_it(self, message: ChatMessage) -> None:
        assert _faults(draw(message)) == []
