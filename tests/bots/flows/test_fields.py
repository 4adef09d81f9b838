"""What is typed into the field under a message answers exactly that message's question."""

from bots.chat import Typed
from phones import Phone
from scheduling.messages import Field
from town import Town


async def booked(town: Town) -> tuple[Phone, Phone]:
    """Mia has a lesson with Ana; both hold their phones."""
    ana, lesson = await town.ana()
    mia = await town.mia()
    await town.book_lesson(mia, lesson, ana)
    return ana, mia


async def asked(mia: Phone) -> Field:
    """Mia is asked what to tell Ana; return the field under the question."""
    await mia.tap("Message Ana")
    field = mia.card.field
    assert field is not None
    return field


class TestFields:
    async def test_given_a_question_then_its_message_has_a_field(self, town: Town) -> None:
        _, mia = await booked(town)

        await mia.tap("Message Ana")

        assert mia.card.field is not None
        assert mia.card.field.label == "Your answer, then Enter"

    async def test_given_two_open_questions_when_the_older_field_is_used_then_that_is_answered(
        self, town: Town
    ) -> None:
        ana, mia = await booked(town)
        older = await asked(mia)
        await mia.type("/me")
        await mia.tap("Name")

        await mia.say(Typed("See you there", older.draft_id))
        await town.deliver(mia, ana)

        assert ana.text.endswith("See you there")
        assert (await town.read(mia)).name == "Mia Costa"

    async def test_given_a_field_of_somebody_else_when_used_then_nothing_is_answered(
        self, town: Town
    ) -> None:
        ana, mia = await booked(town)
        field = await asked(mia)
        leo = await town.phone("Leo Brandt")

        await leo.say(Typed("Hello Ana", field.draft_id))
        await town.deliver(mia, ana, leo)

        assert leo.toast.startswith("That is over.")
        assert "Hello Ana" not in ana.text

    async def test_given_an_answered_question_when_its_field_is_used_again_then_it_is_over(
        self, town: Town
    ) -> None:
        ana, mia = await booked(town)
        field = await asked(mia)
        await mia.say(Typed("First", field.draft_id))

        await mia.say(Typed("Second", field.draft_id))
        await town.deliver(mia, ana)

        assert mia.toast.startswith("That is over.")
        assert ana.text.endswith("First")
