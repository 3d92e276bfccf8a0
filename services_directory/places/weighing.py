"""How much a name in a text weighs as the place of the person who wrote it."""

from collections.abc import Sequence

from services_directory.places.context import Said, context_of
from services_directory.places.mention import Mention
from services_directory.places.tokens import BREAK, COMMA
from services_directory.places.wording import wording

#: A name must weigh this much to be taken for a place.
ENOUGH = 2
WITH_STATE = 3
ALONE = 2
#: Asked where they are, "from tacoma" or "my moms in kent" is an answer.
ELSEWHERE_WHEN_ASKED = -1


def weight_of(mention: Mention, names: Sequence[str], expected: bool) -> int:
    """The weight of a mention: by itself, by the words before it, and more when it is the whole text."""
    led_by_on = mention.places[0].kind != "city"
    context = context_of(names, mention.start, mention.end, street=led_by_on)
    said = int(context.said)
    elsewhere = context.said in {Said.AWAY, Said.NAMED} or (
        context.said is Said.OTHERS and not wording().contact & set(names)
    )
    if expected and elsewhere:
        said = ELSEWHERE_WHEN_ASKED
    alone = _alone(mention, names, expected)
    answer = expected and (alone or mention.strength > 0)
    return mention.strength + said + WITH_STATE * mention.with_state + ALONE * alone + answer


def _alone(mention: Mention, names: Sequence[str], expected: bool) -> bool:
    """Whether a text is the name and little else: "um tacoma pls", "food tacoma"."""
    if mention.common and not expected and not mention.with_state:
        # "need the id" asks for a card.
        return False
    small = wording().fillers | wording().needs | wording().me | {COMMA, BREAK}
    if expected:
        small |= wording().others
    if mention.person and (mention.common or not expected):
        # "im alex", "its jackson"
        small -= wording().naming
    return all(word in small for word in (*names[: mention.start], *names[mention.end :]))
