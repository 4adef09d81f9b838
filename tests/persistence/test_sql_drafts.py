"""Drafts: choices that outlive a restart, and one winner when two presses meet."""

import asyncio
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from builders.people import a_recipient
from builders.scheduling import STUDENT
from builders.times import at, minutes
from persistence.database import Database
from scheduling.ids import DEFAULT_ORGANIZATION, DraftId, OrganizationId, new_id
from scheduling.ports import Draft, DraftChanged

NINE: datetime = at("2030-01-07 09:00")


def a_draft(**changes: Any) -> Draft:
    draft = Draft(
        organization_id=DEFAULT_ORGANIZATION,
        id=DraftId(new_id()),
        person_id=STUDENT,
        chat=a_recipient(),
        flow="booking",
        data={"type": "t", "week": 2, "answers": ["Zoë 🎹"], "open": None, "sure": True},
    )
    return replace(draft, **changes)


async def get(database: Database, draft: Draft) -> Draft | None:
    return await database.drafts.get(draft.organization_id, draft.id)


class TestHushing:
    async def test_given_an_open_question_when_hushed_then_it_waits_no_longer_at_its_revision(
        self, database: Database
    ) -> None:
        asked = await database.drafts.save(a_draft(awaits="note"), NINE)

        await database.drafts.hush(asked)

        assert await get(database, asked) == replace(asked, awaits="")
        assert await database.drafts.awaiting(asked.organization_id, asked.chat) is None


class TestSaving:
    async def test_given_a_draft_when_saved_then_it_is_read_back_as_it_was(
        self, database: Database
    ) -> None:
        draft = a_draft(awaits="note", message_id="55")

        saved = await database.drafts.save(draft, NINE)

        assert saved == draft
        assert await get(database, draft) == draft

    async def test_given_a_stored_one_when_saved_then_the_revision_rises(
        self, database: Database
    ) -> None:
        first = await database.drafts.save(a_draft(), NINE)

        second = await database.drafts.save(replace(first, data={"week": 3}), NINE)

        assert second.revision == 2
        assert await get(database, first) == replace(first, data={"week": 3}, revision=2)

    async def test_given_a_changed_one_when_saved_from_an_old_copy_then_it_is_refused(
        self, database: Database
    ) -> None:
        old = await database.drafts.save(a_draft(), NINE)
        new = await database.drafts.save(replace(old, data={"week": 3}), NINE)

        with pytest.raises(DraftChanged):
            await database.drafts.save(replace(old, data={"week": 9}), NINE)

        assert await get(database, old) == new

    async def test_given_a_forgotten_one_when_saved_then_it_does_not_come_back(
        self, database: Database
    ) -> None:
        first = await database.drafts.save(a_draft(), NINE)
        second = await database.drafts.save(first, NINE)
        await database.drafts.forget(NINE + minutes(1))

        with pytest.raises(DraftChanged):
            await database.drafts.save(second, NINE)

        assert await get(database, first) is None

    async def test_given_two_presses_when_both_save_then_one_is_told_to_read_again(
        self, database: Database
    ) -> None:
        draft = await database.drafts.save(a_draft(), NINE)

        ends = await asyncio.gather(
            *(database.drafts.save(replace(draft, data={"week": week}), NINE) for week in range(6)),
            return_exceptions=True,
        )

        assert sum(isinstance(end, Draft) for end in ends) == 1
        assert sum(isinstance(end, DraftChanged) for end in ends) == 5

    async def test_given_another_organization_when_read_then_it_is_not_there(
        self, database: Database
    ) -> None:
        draft = await database.drafts.save(a_draft(), NINE)

        assert await database.drafts.get(OrganizationId("other"), draft.id) is None


class TestAttaching:
    async def test_given_a_card_when_attached_then_the_revision_stays(
        self, database: Database
    ) -> None:
        draft = await database.drafts.save(a_draft(), NINE)

        await database.drafts.attach(draft, "77")

        assert await get(database, draft) == replace(draft, message_id="77")


class TestAwaiting:
    async def test_given_two_questions_when_text_comes_then_the_later_one_is_meant(
        self, database: Database
    ) -> None:
        await database.drafts.save(a_draft(awaits="note"), NINE)
        later = await database.drafts.save(a_draft(awaits="phone"), NINE)

        awaiting = await database.drafts.awaiting(DEFAULT_ORGANIZATION, a_recipient())

        assert awaiting == later

    async def test_given_an_older_question_when_asked_again_then_it_is_the_later_one(
        self, database: Database
    ) -> None:
        first = await database.drafts.save(a_draft(awaits="note"), NINE)
        await database.drafts.save(a_draft(awaits="phone"), NINE)

        again = await database.drafts.save(first, NINE)

        assert await database.drafts.awaiting(DEFAULT_ORGANIZATION, a_recipient()) == again

    async def test_given_an_answered_question_when_text_comes_then_the_earlier_one_is_meant(
        self, database: Database
    ) -> None:
        first = await database.drafts.save(a_draft(awaits="note"), NINE)
        second = await database.drafts.save(a_draft(awaits="phone"), NINE)

        await database.drafts.save(replace(second, awaits=""), NINE)

        assert await database.drafts.awaiting(DEFAULT_ORGANIZATION, a_recipient()) == first

    async def test_given_another_chat_when_text_comes_then_nothing_was_asked_there(
        self, database: Database
    ) -> None:
        await database.drafts.save(a_draft(awaits="note"), NINE)

        elsewhere = await database.drafts.awaiting(DEFAULT_ORGANIZATION, a_recipient("2002"))

        assert elsewhere is None


class TestForgetting:
    async def test_given_old_and_new_when_forgotten_then_the_new_one_stays(
        self, database: Database
    ) -> None:
        old = await database.drafts.save(a_draft(), NINE)
        new = await database.drafts.save(a_draft(), NINE + minutes(5))

        gone = await database.drafts.forget(NINE + minutes(5))

        assert gone == 1
        assert await get(database, old) is None
        assert await get(database, new) == new
