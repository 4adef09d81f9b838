import json
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.chat import (
    Command,
    Press,
    Said,
    SharedContactOfOther,
    SharedLocation,
    SharedPhone,
    Typed,
    Unreadable,
)
from bots.telegram.messenger import Kind
from bots.telegram.payloads import NotAnUpdate
from bots.telegram.updates import (
    NOWHERE,
    Blocked,
    Event,
    GroupMoved,
    Heard,
    Pressed,
    Sender,
    Unblocked,
    conversation_of,
    read_update,
    update_key,
)
from builders.telegram_updates import a_chat, a_group, a_message, a_press, a_user, an_update

ME = "pianobot"
MIA = Sender("111", "Mia Costa", "mia_costa", "pt")


def heard(**parts: Any) -> Heard:
    event = read_update(an_update(**parts), ME)
    assert isinstance(event, Heard)
    return event


class TestMessages:
    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("hi", Typed("hi")),
            ("/start", Command("start")),
            ("/start 7Kq2m9", Command("start", "7Kq2m9")),
            ("/Availability@PianoBot mon-fri 9-12,\n13-17", Command(
                "availability", "mon-fri 9-12,\n13-17"
            )),
            ("/my\n", Command("my")),
            ("/", Typed("/")),
            ("/ start", Typed("/ start")),
            ("/é", Typed("/é")),
            ("say /start", Typed("say /start")),
            ("nul\0 \ud800 \u202etxet", Typed("nul � txet".replace("�", "?"))),
        ],
    )  # fmt: skip
    def test_given_a_text_when_read_then_it_is_a_command_or_words(
        self, text: str, said: Said
    ) -> None:
        assert heard(message=a_message(text=text)).said == said

    def test_given_a_message_when_read_then_its_sender_is_the_one_telegram_names(self) -> None:
        event = heard(message=a_message())

        assert event == Heard(1, MIA, "111", private=True, said=Typed("hi"))

    def test_given_a_nameless_sender_when_read_then_something_stands_for_the_name(self) -> None:
        nameless = a_user(first_name="\u202e", last_name=None, username=None)

        assert heard(message=a_message(**{"from": nameless})).sender.name == "111"

    def test_given_ones_own_contact_when_read_then_it_is_a_phone_number(self) -> None:
        contact = {"phone_number": "+351910000001", "first_name": "Mia", "user_id": 111}

        event = heard(message=a_message(text=None, contact=contact))

        assert event.said == SharedPhone("+351910000001")
        assert "+351" not in repr(event)

    @pytest.mark.parametrize("user_id", [112, None])
    def test_given_a_forwarded_contact_when_read_then_its_number_is_not_taken(
        self, user_id: int | None
    ) -> None:
        contact = {"phone_number": "+4915", "first_name": "Ana", "user_id": user_id}

        assert heard(message=a_message(text=None, contact=contact)).said == SharedContactOfOther()

    @pytest.mark.parametrize(
        ("latitude", "longitude", "said"),
        [
            (38.7, -9.1, SharedLocation(38.7, -9.1)),
            (91, 0, Unreadable()),
            (float("nan"), 0, Unreadable()),
            (0, 1e9, Unreadable()),
        ],
    )
    def test_given_a_location_when_read_then_only_places_on_earth_count(
        self, latitude: float, longitude: float, said: Said
    ) -> None:
        location = {"latitude": latitude, "longitude": longitude}

        assert heard(message=a_message(text=None, location=location)).said == said

    def test_given_a_voice_message_when_read_then_it_is_unreadable(self) -> None:
        voice = {"file_id": "x", "file_unique_id": "y", "duration": 3}

        assert heard(message=a_message(text=None, voice=voice)).said == Unreadable()

    @pytest.mark.parametrize(
        "message",
        [
            a_message(text=None, new_chat_title="Piano"),
            a_message(**{"from": None}),
            a_message(**{"from": a_user(is_bot=True)}),
            a_message(sender_chat=a_group(id=-1009, type="channel"), chat=a_group()),
        ],
        ids=["service", "channel", "bot", "anonymous admin"],
    )
    def test_given_nobody_to_answer_when_read_then_it_is_nothing(
        self, message: dict[str, Any]
    ) -> None:
        assert read_update(an_update(message=message), ME) is None

    def test_given_a_forum_when_read_then_the_topic_is_kept(self) -> None:
        message = a_message(chat=a_group(is_forum=True), is_topic_message=True, message_thread_id=9)

        assert heard(message=message).thread_id == 9


class TestGroups:
    @pytest.mark.parametrize(
        ("text", "to_us"),
        [("/book@pianobot", True), ("/book", True), ("/book@otherbot", False), ("book", False)],
    )
    def test_given_a_group_when_somebody_speaks_then_only_commands_for_us_are_ours(
        self, text: str, to_us: bool
    ) -> None:
        event = heard(message=a_message(chat=a_group(), text=text))

        assert (event.private, event.to_us) == (False, to_us)

    def test_given_a_group_when_it_becomes_a_supergroup_then_both_ids_are_told(self) -> None:
        message = a_message(chat=a_group(), text=None, migrate_to_chat_id=-1001)

        assert read_update(an_update(message=message), ME) == GroupMoved("-222", "-1001")


class TestPresses:
    def test_given_a_press_when_read_then_the_button_and_its_card_are_known(self) -> None:
        event = heard(callback_query=a_press("1.book.abc.4.x"))

        assert event.said == Press("book", "abc", 4, "x")
        assert event.pressed == Pressed("4382bfdwdsb323b2d9", 7)
        assert (event.chat_id, event.private, event.sender) == ("111", True, MIA)

    def test_given_a_photo_when_its_button_is_pressed_then_the_card_is_a_photo(self) -> None:
        size = {"file_id": "x", "file_unique_id": "y", "width": 1, "height": 1}
        message = a_message(text=None, photo=[size])

        assert heard(callback_query=a_press(message=message)).pressed == Pressed(
            "4382bfdwdsb323b2d9", 7, Kind.PHOTO
        )

    @pytest.mark.parametrize("data", ["", "\0", "buy", "0.book..1.", "1.book.../etc/passwd.", None])
    def test_given_data_we_never_wrote_when_read_then_it_is_a_press_on_nothing(
        self, data: str | None
    ) -> None:
        assert heard(callback_query=a_press(data)).said == Press("")

    def test_given_an_inaccessible_message_when_read_then_its_place_is_known(self) -> None:
        gone = {"message_id": 7, "date": 0, "chat": a_chat()}

        assert heard(callback_query=a_press(message=gone)).pressed == Pressed(
            "4382bfdwdsb323b2d9", 7
        )

    def test_given_no_message_when_read_then_there_is_no_chat_to_write_to(self) -> None:
        event = heard(callback_query=a_press(message=None, inline_message_id="abc"))

        assert event.pressed == Pressed("4382bfdwdsb323b2d9", None)
        assert not event.private


class TestMembers:
    @pytest.mark.parametrize(
        ("status", "expected"),
        [("kicked", Blocked("111")), ("member", Unblocked("111", MIA))],
    )
    def test_given_a_private_chat_when_it_closes_or_opens_then_it_is_told(
        self, status: str, expected: Event
    ) -> None:
        member = {"user": a_user(id=1, is_bot=True), "status": status, "until_date": 0}
        change = {
            "chat": a_chat(),
            "from": a_user(),
            "date": 1,
            "old_chat_member": {**member, "status": "left"},
            "new_chat_member": member,
        }

        assert read_update(an_update(my_chat_member=change), ME) == expected


class TestBareEssentials:
    def test_given_no_more_than_an_answer_needs_when_read_then_it_is_enough(self) -> None:
        message = {"message_id": 7, "chat": {"id": 111}, "from": {"id": 111}, "text": "/my"}
        press = {"id": 5, "from": {"id": 111}, "message": message, "data": "1.book.abc.1."}

        said = heard(message=message)
        pressed = heard(callback_query=press)

        assert (said.private, said.said) == (True, Command("my"))
        assert (pressed.private, pressed.pressed) == (True, Pressed("5", 7))

    def test_given_a_fault_in_what_nobody_reads_when_read_then_the_rest_counts(self) -> None:
        message = a_message(date="soon", entities=5, reply_to_message=[])

        assert heard(message=message).said == Typed("hi")


class TestWhatIsNoUpdate:
    @pytest.mark.parametrize("payload", ["", "nonsense", "[]", "{}", '{"update_id":1,"message":5}'])
    def test_given_what_telegram_never_writes_when_read_then_it_is_refused(
        self, payload: str
    ) -> None:
        with pytest.raises(NotAnUpdate):
            read_update(payload, ME)

    @pytest.mark.parametrize("kind", ["edited_message", "channel_post", "a_kind_of_tomorrow"])
    def test_given_a_kind_we_did_not_ask_for_when_read_then_it_is_nothing(self, kind: str) -> None:
        assert read_update(an_update(1, **{kind: a_message()}), ME) is None

    @pytest.mark.parametrize(
        ("update", "key"),
        [({"update_id": 5}, "5"), ({"update_id": True}, None), ({"update_id": "5"}, None),
         ({}, None), ([], None), (None, None)],
    )  # fmt: skip
    def test_given_anything_when_asked_for_its_id_then_only_updates_have_one(
        self, update: object, key: str | None
    ) -> None:
        assert update_key(update) == key

    @pytest.mark.parametrize(
        ("update", "conversation"),
        [
            ({"message": a_message(chat=a_group())}, "-222"),
            ({"callback_query": a_press()}, "111"),
            ({"callback_query": a_press(message=None)}, "111"),
            ({"my_chat_member": {"chat": a_chat(id=5)}}, "5"),
            ({"poll": {}}, NOWHERE),
            ({"message": None}, NOWHERE),
            ("?", NOWHERE),
        ],
    )
    def test_given_an_update_when_its_conversation_is_asked_then_it_is_the_chat(
        self, update: object, conversation: str
    ) -> None:
        assert conversation_of(update) == conversation

    @given(st.recursive(
        st.none() | st.booleans() | st.integers() | st.text() | st.floats(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
            st.sampled_from(["message", "chat", "from", "id", "callback_query", "update_id"]),
            inner, max_size=4,
        ),
        max_leaves=12,
    ))  # fmt: skip
    def test_given_any_json_when_read_then_nothing_but_a_refusal_is_raised(
        self, update: object
    ) -> None:
        assert isinstance(conversation_of(update), str)
        try:
            event = read_update(json.dumps(update), ME)
        except NotAnUpdate:
            return
        assert event is None or isinstance(event, Event)

    def test_given_ten_thousand_mutated_updates_when_read_then_none_breaks_the_reader(
        self,
    ) -> None:
        chance = random.Random(7)
        origin = [
            {
                "update_id": 1,
                "message": a_message(contact={"phone_number": "1", "first_name": "x"}),
            },
            {"update_id": 2, "callback_query": a_press()},
            {"update_id": 3, "message": a_message(chat=a_group(), text="/book@pianobot x")},
        ]

        refused = 0
        for number in range(10_000):
            update = json.loads(json.dumps(origin[number % 3]))
            _mutate(update, chance)
            try:
                read_update(json.dumps(update), ME)
            except NotAnUpdate:
                refused += 1

        assert 0 < refused < 10_000


def _mutate(update: dict[str, Any], chance: random.Random) -> None:
    for _ in range(chance.randint(1, 3)):
        place: Any = update
        while isinstance(place, dict) and place:
            name = chance.choice(sorted(place))
            if isinstance(place[name], dict) and chance.random() < 0.8:
                place = place[name]
                continue
            values: list[object] = [
                None,
                0,
                -1,
                2**63,
                10**30,
                "",
                "x",
                [],
                {},
                True,
                1.5,
                "😀" * 9,
                "\0",
            ]
            place[name] = chance.choice(values)
            break
