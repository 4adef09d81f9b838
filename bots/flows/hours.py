"""A coach's weekly hours: shown, typed, looked at, saved, taken back."""

from dataclasses import replace
from datetime import timedelta

from bots.chat import Turn
from bots.flows.desk import Desk
from bots.flows.hosting_parts import (
    HostingParts,
    coaches_only,
    drawn,
    request_of,
    target_of,
)
from bots.flows.lengths import read_length
from bots.flows.link import link_message, share_in_slack
from bots.flows.turns import press_of, reader_of, typed_line, typed_text
from bots.flows.week_draft import AWAITS_LENGTH, AWAITS_LINE, FLOW, Step, WeekDraft
from bots.router import Audience, Router
from scheduling.errors import CoachSignUpClosed
from scheduling.grammar.hours_line import (
    HoursLine,
    HoursNotUnderstood,
    format_hours_line,
    parse_hours_line,
)
from scheduling.ids import EventTypeId
from scheduling.messages import ChatMessage, Picture
from scheduling.opening_hours import HoursPreview
from scheduling.people import Platform
from scheduling.ports import Draft, HoursOverview
from wording import hosting as hosting_words
from wording import hours as words
from wording import time_off as time_off_words
from wording.refusals import not_understood
from wording.times import Reader
from wording.zones import Target

_USUAL_MINUTES = 60
_LEAST, _MOST = timedelta(minutes=5), timedelta(hours=12)


class HoursFlow:
    """From a line to a week: one draft, one card."""

    def __init__(self, parts: HostingParts) -> None:
        self._parts = parts
        self._desk: Desk = parts.desk

    def register(self, router: Router) -> None:
        """Register what this flow answers."""
        router.command(
            "availability", self.on_availability, audience=Audience.COACH, aliases=("hours",)
        )
        self._parts.zones.continue_with("hours", self.go_on)
        router.press("hours", self.on_hours)
        router.press("chghrs", self.on_change)
        router.press("hrsback", self.on_back)
        router.press("dur", self.on_length)
        router.press("savehrs", self.on_save)
        router.press("hrspic", self.on_picture)
        router.press("undohrs", self.on_undo)
        router.text(AWAITS_LINE, self.on_line)
        router.text(AWAITS_LENGTH, self.on_length_typed)

    # --- ways in ---

    async def on_availability(self, turn: Turn) -> None:
        """Show the hours, or look at the week a line would make.

        Who types hours without offering time yet begins with them: nothing typed is lost.
        """
        line = typed_line(turn)
        begins = bool(line) and not turn.incoming.person.is_coach and await self._may_begin(turn)
        if not begins and not await coaches_only(turn, self._parts):
            return
        if await self._parts.zones.known(turn, then="hours", text=line):
            await self.go_on(turn, line)

    async def _may_begin(self, turn: Turn) -> bool:
        return await self._parts.hosting.sign_up(turn.incoming.actor) in ("open", "approval")

    async def go_on(self, turn: Turn, line: str) -> None:
        """Show the hours, or look at a line, now that the zone is known."""
        overview = await self._overview(turn)
        if not line and overview is None:
            await self.begin(turn, new=True)
        elif not line:
            await self.show_week(turn)
        else:
            # Who typed the whole week at once sees it at once; the length can be changed there.
            minutes = _USUAL_MINUTES if overview is None else 0
            week = WeekDraft(Step.HOURS, new=overview is None, minutes=minutes)
            draft = await self._desk.open(turn, FLOW, week.data, awaits=AWAITS_LINE)
            await self._take(turn, draft, line)

    async def begin(self, turn: Turn, *, new: bool) -> None:
        """Ask for the week."""
        week = WeekDraft(Step.HOURS, new=new)
        draft = await self._desk.open(turn, FLOW, week.data, awaits=AWAITS_LINE)
        await self._present(turn, draft)

    async def show_week(self, turn: Turn) -> None:
        """Show the hours as they stand."""
        await self._desk.hush(turn)
        overview = await self._overview(turn)
        if overview is None:
            await self.begin(turn, new=True)
            return
        await turn.show(words.present_week(self._reader(turn), overview))

    async def on_hours(self, turn: Turn) -> None:
        """Begin to edit, show, or take a ready-made line."""
        press = press_of(turn)
        if not press.subject:
            if await coaches_only(turn, self._parts):
                new = await self._overview(turn) is None
                show = press.argument == "show" and not new
                await (self.show_week(turn) if show else self.begin(turn, new=new))
            return
        draft = await self._fresh(turn)
        if draft is None:
            return
        line = self._ready_made(WeekDraft.of(draft), press.argument)
        if line is None:
            await self._present(turn, draft)
            return
        await self._take(turn, draft, line)

    @staticmethod
    def _ready_made(week: WeekDraft, argument: str) -> str | None:
        if week.step is not Step.HOURS:
            return None
        if argument == "use":
            return week.suggestion or None
        lines = {f"p{index}": line for index, (_, line) in enumerate(words.PRESETS)}
        return lines.get(argument)

    # --- the line ---

    async def on_line(self, turn: Turn, draft: Draft) -> None:
        """Read the week as typed."""
        await self._take(turn, draft, typed_text(turn))

    async def _take(self, turn: Turn, draft: Draft, text: str) -> None:
        week = WeekDraft.of(draft)
        reader = self._reader(turn)
        try:
            line = _not_over(parse_hours_line(text, today=reader.today), reader)
        except HoursNotUnderstood as error:
            week = replace(week, step=Step.HOURS, suggestion=error.suggestion)
            draft = await self._desk.save(draft, week.data, awaits=AWAITS_LINE)
            label = words.use_label(reader, error.suggestion)
            use = target_of(draft).button(label, "hours", "use")
            await self._desk.show(turn, draft, not_understood(error, reader, use=use))
            return
        week = replace(week, line=format_hours_line(line), suggestion="")
        asks = week.new and not week.minutes
        week = replace(week, step=Step.LENGTH if asks else Step.PREVIEW)
        draft = await self._store(draft, week)
        await self._present(turn, draft)

    async def _store(self, draft: Draft, week: WeekDraft) -> Draft:
        # A line may be typed over a preview as well: what was meant is clear, and nothing lost.
        awaits = {
            Step.HOURS: AWAITS_LINE,
            Step.LENGTH: AWAITS_LENGTH,
            Step.PREVIEW: AWAITS_LINE,
        }
        return await self._desk.save(draft, week.data, awaits=awaits.get(week.step, ""))

    async def on_change(self, turn: Turn) -> None:
        """Ask for the week again."""
        if draft := await self._fresh(turn):
            week = replace(WeekDraft.of(draft), step=Step.HOURS, suggestion="")
            draft = await self._store(draft, week)
            await self._present(turn, draft)

    async def on_back(self, turn: Turn) -> None:
        """Leave the question; the hours stay as they are."""
        if draft := await self._fresh(turn):
            if WeekDraft.of(draft).new:
                await self._desk.hush(turn)
                await turn.show(hosting_words.left(self._reader(turn)))
            else:
                await self.show_week(turn)

    # --- the length ---

    async def on_length(self, turn: Turn) -> None:
        """Take a ready-made length; without one, ask."""
        if draft := await self._fresh(turn):
            if argument := press_of(turn).argument:
                await self._take_length(turn, draft, argument)
                return
            week = replace(WeekDraft.of(draft), step=Step.LENGTH)
            await self._present(turn, await self._store(draft, week))

    async def on_length_typed(self, turn: Turn, draft: Draft) -> None:
        """Read the length as typed."""
        await self._take_length(turn, draft, typed_text(turn))

    async def _take_length(self, turn: Turn, draft: Draft, text: str) -> None:
        reader = self._reader(turn)
        length = read_length(text)
        if length is None or not _LEAST <= length <= _MOST:
            key = "hours.length_out_of_range" if length else "hours.length_not_understood"
            problem = reader.say(key, text=text[:40])
            message = words.ask_length(reader, target_of(draft), problem)
            await self._desk.show(turn, draft, message)
            return
        minutes = length // timedelta(minutes=1)
        week = replace(WeekDraft.of(draft), minutes=minutes, step=Step.PREVIEW)
        draft = await self._store(draft, week)
        await self._present(turn, draft)

    # --- saving ---

    async def on_save(self, turn: Turn) -> None:
        """Make the week count."""
        draft = await self._fresh(turn)
        if draft is None:
            return
        week = WeekDraft.of(draft)
        if week.step not in (Step.PREVIEW, Step.ASKED):
            await self._present(turn, draft)
        elif week.new:
            await self._become_coach(turn, draft, week)
        else:
            actor = turn.incoming.actor
            line = week.hours(self._reader(turn).today)
            saved = await self._parts.hours.save(actor, line, request_of(turn, draft))
            week = replace(week, step=Step.SAVED, undo_id=saved.undo_id)
            await self._present(turn, await self._store(draft, week))

    async def _become_coach(self, turn: Turn, draft: Draft, week: WeekDraft) -> None:
        line = week.hours(self._reader(turn).today)
        try:
            kind = await self._parts.hosting.become_coach(
                turn.incoming.actor, line, week.duration, request_of(turn, draft)
            )
        except CoachSignUpClosed as closed:
            if closed.mode != "approval":
                raise
            week = replace(week, step=Step.ASKED)
        else:
            week = replace(week, step=Step.SAVED, event_type_id=kind.id)
        await self._present(turn, await self._store(draft, week))

    async def on_picture(self, turn: Turn) -> None:
        """Send the week as a picture, below its text."""
        if draft := await self._fresh(turn):
            reader = self._reader(turn)
            preview = await self._preview(turn, WeekDraft.of(draft))
            picture = await self._picture(reader, preview, "")
            await turn.say(ChatMessage((), picture=picture))

    async def on_undo(self, turn: Turn) -> None:
        """Take saved hours, or time off, back."""
        reader = self._reader(turn)
        if await self._parts.hours.undo(turn.incoming.actor, press_of(turn).subject):
            await turn.show(time_off_words.undone(reader))
        else:
            await turn.toast(reader.say("hours.undo_gone"))

    # --- showing ---

    async def _fresh(self, turn: Turn) -> Draft | None:
        """Return the draft of the press; an old button shows how things stand instead."""
        draft = await self._desk.pressed(turn, FLOW)
        if draft is None or press_of(turn).revision == draft.revision:
            return draft
        if WeekDraft.of(draft).step is Step.SAVED:
            await turn.toast(self._reader(turn).say("hours.already_saved"))
        await self._present(turn, draft)
        return None

    async def _present(self, turn: Turn, draft: Draft) -> None:
        await self._desk.show(turn, draft, await self._card(turn, draft))

    async def _card(self, turn: Turn, draft: Draft) -> ChatMessage:
        week, reader, target = WeekDraft.of(draft), self._reader(turn), target_of(draft)
        match week.step:
            case Step.HOURS:
                return words.ask_hours(reader, target)
            case Step.LENGTH:
                return words.ask_length(reader, target)
            case Step.PREVIEW:
                return await self._preview_card(turn, week, target)
            case Step.ASKED:
                return hosting_words.asked_admins(reader, target)
            case Step.SAVED if week.new:
                kind = await self._parts.queries.event_type(
                    draft.organization_id, EventTypeId(week.event_type_id)
                )
                person = turn.incoming.person
                in_slack = turn.incoming.chat.platform is Platform.SLACK
                share = share_in_slack(reader, kind) if in_slack else None
                return link_message(self._parts, reader, kind, person, fresh=True, share=share)
            case Step.SAVED:
                return words.saved(reader, week.undo_id)

    async def _preview_card(self, turn: Turn, week: WeekDraft, target: Target) -> ChatMessage:
        reader = self._reader(turn)
        preview = await self._preview(turn, week)
        if not week.new:
            until = week.hours(reader.today).until
            return words.changed_week(reader, preview, until, target)
        facts = words.sessions_text(reader, preview, week.duration).rstrip(".")
        # Slack shows pictures in messages of their own: there it waits behind a button.
        in_slack = turn.incoming.chat.platform is Platform.SLACK
        picture = None if in_slack else await self._picture(reader, preview, facts)
        return words.first_week(reader, preview, week.duration, target, picture)

    async def _preview(self, turn: Turn, week: WeekDraft) -> HoursPreview:
        line = week.hours(self._reader(turn).today)
        duration = week.duration if week.new else await self._usual_length(turn)
        return await self._parts.hours.preview(turn.incoming.actor, line, duration=duration)

    async def _usual_length(self, turn: Turn) -> timedelta | None:
        """Return the length the first free time is looked for with: the oldest type's."""
        person = turn.incoming.person
        kinds = await self._parts.queries.event_types_of(person.organization_id, person.id)
        return kinds[0].duration if kinds else None

    async def _picture(self, reader: Reader, preview: HoursPreview, facts: str) -> Picture:
        grid = words.week_grid(reader, preview.schedule, facts)
        return await drawn(grid, words.picture_alt(reader, preview.schedule))

    async def _overview(self, turn: Turn) -> HoursOverview | None:
        return await self._parts.hours.overview(turn.incoming.actor)

    def _reader(self, turn: Turn) -> Reader:
        return reader_of(turn, self._parts.clock)


def _not_over(line: HoursLine, reader: Reader) -> HoursLine:
    """Return the line; hours that would have ended before today are a slip.

    Raises:
        HoursNotUnderstood: with the same line without its end to try.
    """
    if line.until is None or line.until >= reader.today:
        return line
    endless = format_hours_line(replace(line, until=None))
    over = reader.say("hours.until_over", day=reader.date_name(line.until))
    raise HoursNotUnderstood(endless, over, endless)
