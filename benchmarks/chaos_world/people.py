"""People who text the line without waiting for one another, or for an answer."""

import random
from collections.abc import Iterator

from tests.e2e.running_line import Phone, RunningLine

WORDS = (
    "hi",
    "im hungry",
    "98104",
    "food near 98104",
    "treatment near 98104",
    "need detox today",
    "is there a shelter near capitol hill",
    "tengo hambre",
    "what time does it open",
    "1",
    "2",
    "thanks",
    "more",
    "a place to sleep tonight",
    "where can i get food in ballard",
)
#: One of each at most from one phone, so that its words at the phone belong to this text and no other.
EMERGENCIES = (
    "i want to kill myself",
    "my friend wont wake up hes blue",
    "he hit me and he wont let me leave",
)
#: One text in so many is an emergency, while there is a phone that has not sent it.
EMERGENCY_EVERY = 15
#: One phone in so many tells of emergencies. The others stay with the dialogue.
IN_DANGER_EVERY = 3


class People:
    """So many phones, and what they text next."""

    def __init__(self, line: RunningLine, phones: int, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311
        self._phones = [Phone(line) for _ in range(phones)]
        in_danger = self._phones[::IN_DANGER_EVERY]
        self._emergencies = [(phone, words) for words in EMERGENCIES for phone in in_danger]
        self._random.shuffle(self._emergencies)

    def texts(self, count: int) -> Iterator[str]:
        """Send so many texts, one at each step; gives what was sent."""
        for number in range(count):
            phone, words = self._random.choice(self._phones), self._random.choice(WORDS)
            if number % EMERGENCY_EVERY == EMERGENCY_EVERY // 2 and self._emergencies:
                phone, words = self._emergencies.pop()
            phone.send(words, wait=False)
            yield words
