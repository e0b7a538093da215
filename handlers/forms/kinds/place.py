"""Where something is: an address or a postcode typed, or a shared location; the district always confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from casework.places import district_near, find_district
from casework.postcodes import DistrictHint, HintKind, district_hint, find_postcode
from handlers.forms.kinds.choice import find_choice, fold, typed_words
from handlers.forms.kinds.kind import Asking, Option, Outcome, Partial, Problem, Screen, Taken
from handlers.forms.kinds.text import SHORT, clean
from handlers.incoming import Incoming
from handlers.keyboards import ReplyKeyboard

LOCATE, YES, OTHER, UNKNOWN = "locate", "yes", "other", "unknown"
LONGEST = 2 * SHORT


@dataclass(frozen=True, slots=True)
class Place:
    """Kept as typed, with the postcode and the point where known, and the district that was confirmed.

    A district nobody knows is None: such a case goes to the queue that all officers share.
    """

    locate: bool = True

    def screen(self, asking: Asking) -> Screen:
        """The question itself; then the district that we think it is, or the list of all."""
        state = asking.partial or {}
        if not state.get("text") and not state.get("location"):
            locate = ((Option(LOCATE, asking.words.plain("kit.place.locate")),),) if self.locate else ()
            return Screen(options=locate)
        if suggested := state.get("suggest"):
            name = asking.policy.district(suggested).name
            text = asking.words("kit.place.confirm", place=self._known_as(asking, state), district=name)
            return Screen(
                text=text,
                options=(
                    (Option(YES, asking.words.plain("kit.place.yes", district=name)),),
                    (Option(OTHER, asking.words.plain("kit.place.other")),),
                ),
            )
        return self._districts(asking, state)

    def _districts(self, asking: Asking, state: dict[str, Any]) -> Screen:
        key = "kit.place.outside" if state.get("served_by") else "kit.place.which"
        text = asking.words(key, served_by=state.get("served_by") or "")
        options = tuple((Option(d.key, d.name),) for d in asking.policy.districts)
        return Screen(
            text=text, options=(*options, (Option(UNKNOWN, asking.words.plain("kit.place.unknown")),))
        )

    def press(self, asking: Asking, value: str) -> Outcome:
        """Confirm the district, choose another, or bring up Telegram's location button."""
        state = asking.partial or {}
        if value == LOCATE and self.locate:
            return Partial({}, ReplyKeyboard("location", "kit.place.keyboard", "kit.place.send"), keep=False)
        if not state.get("text") and not state.get("location"):
            return Problem("kit.problem.place")
        if value == YES and state.get("suggest"):
            return self._taken(state, state["suggest"])
        if value == OTHER:
            return Partial({**state, "suggest": None}, keep=False)
        if value == UNKNOWN:
            return self._taken(state, None)
        if value in {district.key for district in asking.policy.districts}:
            return self._taken(state, value)
        return Problem("kit.problem.choice")

    def take(self, asking: Asking, incoming: Incoming) -> Outcome:
        """The place; or, once it is known, the district in words."""
        if incoming.location is not None:
            latitude, longitude = incoming.location
            hint = district_near(latitude, longitude, asking.policy)
            return Partial({"text": None, "location": [latitude, longitude], **self._from(hint)})
        text = clean(incoming.text or "")
        if asking.partial and (asking.partial.get("text") or asking.partial.get("location")):
            found = self._district_typed(asking, text)
            if found is not None:
                return self.press(asking, found)
        if not text or not any(c.isalnum() for c in text):
            return Problem("kit.problem.place")
        if len(text) > LONGEST:
            return Problem("kit.problem.long", {"most": str(LONGEST)})
        return self._typed(asking, text)

    def _typed(self, asking: Asking, text: str) -> Outcome:
        postcode = find_postcode(text)
        hint = district_hint(postcode.outward, asking.policy) if postcode else DistrictHint(HintKind.UNKNOWN)
        named = find_district(text, asking.policy)
        if named is not None and hint.district is None:
            hint = DistrictHint(HintKind.SUGGEST, named.key)
        return Partial({"text": text, "postcode": postcode.text if postcode else None, **self._from(hint)})

    def _district_typed(self, asking: Asking, text: str) -> str | None:
        folded = fold(text)
        keys = (*(district.key for district in asking.policy.districts), UNKNOWN)
        if suggested := (asking.partial or {}).get("suggest"):
            if folded in typed_words(asking.words, "yes") or folded in {"1", suggested}:
                return YES
            if folded in typed_words(asking.words, "no") or folded == "2":
                return OTHER
            if folded.isdigit():  # no list is shown whose number it could be
                return None
        return find_choice(asking, text, keys, self._district_label)

    def _district_label(self, asking: Asking, key: str) -> str:
        return asking.words.plain("kit.place.unknown") if key == UNKNOWN else asking.policy.district(key).name

    @staticmethod
    def _from(hint: DistrictHint) -> dict[str, Any]:
        return {"suggest": hint.district, "served_by": hint.served_by}

    @staticmethod
    def _taken(state: dict[str, Any], district: str | None) -> Taken:
        return Taken(
            {
                "text": state.get("text"),
                "postcode": state.get("postcode"),
                "location": state.get("location"),
                "district": district,
            }
        )

    def _known_as(self, asking: Asking, state: dict[str, Any]) -> str:
        known = state.get("postcode") or state.get("text")
        return str(known) if known else asking.words.plain("kit.place.shared")

    def reopen(self, value: Any) -> None:
        """A place is simply given again."""

    def settle(self, partial: dict[str, Any]) -> None:
        """Back from the district goes to the place itself: it may be that one that has to be put right."""

    def branch(self, value: Any) -> str:
        """The district; ``unknown`` where nobody knows it."""
        return str(value["district"] or UNKNOWN)

    def show(self, asking: Asking, value: Any) -> str:
        """As it was typed, with the district."""
        known = value["text"] or asking.words.plain("kit.place.shared")
        if value["district"] is None:
            return asking.words.plain("kit.place.shown_unknown", place=known)
        district = asking.policy.district(value["district"]).name
        return asking.words.plain("kit.place.shown", place=known, district=district)
