"""What goes to a group: the card once, news below it, and word to the organizer when it cannot."""

from datetime import timedelta

from builders.people import BOT, acting
from postroom import PostRoom
from scheduling.errors import DeliveryUnknown, RecipientUnreachable
from scheduling.ids import DEFAULT_ORGANIZATION, RequestId, new_id
from scheduling.messages import Mention
from scheduling.moments import Interval
from scheduling.people import Person, Platform, Recipient
from scheduling.sessions.commands import AskTimes, ChangeSession, OpenSession, SettleSession
from scheduling.sessions.model import Session
from scheduling.sessions.service import SessionService

GROUP = Recipient(Platform.TELEGRAM, BOT, "-1001")
HOUR = timedelta(hours=1)


def service(room: PostRoom) -> SessionService:
    return SessionService(
        room.database.store,
        room.database.queries,
        room.database.sessions,
        room.finder,
        room.clock,
        room.policy,
        lambda: None,
    )


async def asked(room: PostRoom, bo: Person) -> Session:
    """Bo asks Ana about one time."""
    ana, _ = await room.meet("Ana Ruiz")
    start = room.clock.now() + timedelta(days=3)
    return await service(room).ask(
        AskTimes(
            actor=acting(bo),
            title="Retro",
            duration=HOUR,
            members=(ana.id,),
            times=(Interval(start, start + HOUR),),
            group=GROUP,
            request_id=RequestId(new_id()),
        )
    )


async def stored(room: PostRoom, session: Session) -> Session:
    return (await room.database.sessions.session(DEFAULT_ORGANIZATION, session.id)).session


async def settle(room: PostRoom, bo: Person, session: Session) -> None:
    await service(room).settle(
        SettleSession(
            actor=acting(bo),
            session_id=session.id,
            request_id=RequestId(new_id()),
            option_id=session.options[0].id,
        )
    )


async def test_given_a_question_when_posted_then_the_card_is_remembered_and_rings(
    room: PostRoom,
) -> None:
    bo, _ = await room.meet("Bo Lind")
    session = await asked(room, bo)

    await room.dispatcher().run_once()

    (sent,) = [each for each in room.messenger.log if each.chat == GROUP]
    assert sent.message is not None
    mentions = [part for part in sent.message.parts if isinstance(part, Mention)]
    assert [mention.text for mention in mentions] == ["Ana"]
    assert (await stored(room, session)).card == sent.card


async def test_given_a_card_that_is_out_when_its_row_comes_again_then_none_is_posted(
    room: PostRoom,
) -> None:
    bo, _ = await room.meet("Bo Lind")
    session = await asked(room, bo)
    await room.dispatcher().run_once()

    again = ChangeSession(actor=acting(bo), session_id=session.id, request_id=RequestId(new_id()))
    await service(room).post_again(again)
    await room.dispatcher().run_once()

    assert len([each for each in room.messenger.log if each.chat == GROUP]) == 1


async def test_given_no_answer_to_the_post_when_repeated_then_the_card_is_posted(
    room: PostRoom,
) -> None:
    bo, _ = await room.meet("Bo Lind")
    session = await asked(room, bo)
    room.messenger.fail_with(DeliveryUnknown("lost"))

    await room.dispatcher().run_once()
    room.clock.advance(timedelta(seconds=10))
    await room.dispatcher().run_once()

    assert (await stored(room, session)).card is not None


async def test_given_a_time_when_settled_then_the_thread_gets_words_and_file(
    room: PostRoom,
) -> None:
    bo, _ = await room.meet("Bo Lind")
    session = await asked(room, bo)
    await room.dispatcher().run_once()
    card = (await stored(room, session)).card
    assert card is not None

    await settle(room, bo, session)
    await room.dispatcher().run_once()

    thread = [each for each in room.messenger.log if each.chat == card.thread]
    assert [each.how for each in thread] == ["send", "file"]
    assert thread[0].message is not None
    assert thread[0].message.text.startswith("Bo settled it: ")
    assert thread[1].file is not None
    words = thread[1].file.content.decode()
    assert "SUMMARY:Retro" in words
    assert "ATTENDEE" not in words
    assert "ORGANIZER" not in words


async def test_given_a_closed_group_when_posting_then_the_organizer_hears_how_to_let_us_in(
    room: PostRoom,
) -> None:
    bo, chat = await room.meet("Bo Lind")
    await asked(room, bo)
    room.messenger.failing = lambda to: (
        RecipientUnreachable("not_in_channel") if to == GROUP else None
    )

    await room.dispatcher().run_once()
    await room.dispatcher().run_once()

    (said,) = room.messenger.log
    assert said.chat == chat
    assert said.message is not None
    assert said.message.text.startswith("I could not put Retro there: I am not in that group")


async def test_given_the_group_is_open_again_when_tried_again_then_the_card_is_out(
    room: PostRoom,
) -> None:
    bo, _ = await room.meet("Bo Lind")
    session = await asked(room, bo)
    room.messenger.fail_with(RecipientUnreachable("not_in_channel"))
    await room.dispatcher().run_once()

    again = ChangeSession(actor=acting(bo), session_id=session.id, request_id=RequestId(new_id()))
    await service(room).post_again(again)
    await room.dispatcher().run_once()

    assert (await stored(room, session)).card is not None


async def test_given_an_open_session_when_it_nears_then_the_thread_is_reminded_once(
    room: PostRoom,
) -> None:
    bo, _ = await room.meet("Bo Lind")
    session = await service(room).open(
        OpenSession(
            actor=acting(bo),
            title="Portfolio hour",
            start=room.clock.now() + timedelta(hours=2),
            duration=HOUR,
            group=GROUP,
            request_id=RequestId(new_id()),
            seats=4,
        )
    )
    await room.dispatcher().run_once()
    card = (await stored(room, session)).card
    assert card is not None

    room.clock.advance(timedelta(minutes=110))
    await room.dispatcher().run_once()
    await room.dispatcher().run_once()

    (text,) = room.messenger.texts(card.thread)
    assert text.startswith("In 10 minutes · Portfolio hour · ")
