"""From a text as typed to a reading that patterns can be matched against."""

from itertools import accumulate

from bot.triage.normalising import read
from bot.triage.reading import Reading
from bot.triage.rules import RuleBook
from bot.triage.spelling import corrected

#: What patterns call the edges of a text.
BEGINS, ENDS = EDGES = "^", "$"
#: Longer than any text a phone sends in one piece (ten joined messages); more is not read.
LONGEST = 4000


def reading_of(text: str, book: RuleBook) -> Reading:
    """The words of a text between its edges, as the rules know them."""
    typed = corrected(read(text[:LONGEST]), book.vocabulary)
    ended = (at in typed.ends for at in range(len(typed.words) - 1))
    # The edges belong to the sentences beside them.
    sentence_of = [0, *accumulate(ended, initial=0)]
    return Reading([BEGINS, *typed.words, ENDS], [*sentence_of, sentence_of[-1]], book.lexicon)
