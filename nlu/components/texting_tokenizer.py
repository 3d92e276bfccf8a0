"""Words as they are meant: "heeelp", "f00d", "2nite" and "q" reach the classifier as plain words.

Only the lemma of a token is changed, which Rasa's CountVectorsFeaturizer and our sentence encoder read; the
text, and so everything the actions find in it, stays as the person wrote it.
"""

import re
import unicodedata
from pathlib import Path
from typing import Any, Dict, List, Text

import yaml
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Token
from rasa.nlu.tokenizers.whitespace_tokenizer import WhitespaceTokenizer
from rasa.shared.nlu.training_data.message import Message

NORMAL = yaml.safe_load((Path(__file__).parent / "normal_words.yml").read_text(encoding="utf-8"))
WORDS: Dict[Text, Text] = NORMAL["words"]
PAIRS = {tuple(pair.split()): tuple(words) for pair, words in NORMAL["pairs"].items()}
DOUBLED: Dict[Text, Text] = NORMAL["doubled"]
FACES: Dict[Text, Text] = NORMAL["faces"]
ANY_FACE = re.compile("|".join(map(re.escape, FACES)))

DRAWN_OUT = re.compile(r"([a-z])\1{2,}")
#: A letter, one or two digits, a letter: not 2nd, 9am, b4 or a telephone number.
DIGITS_FOR_LETTERS = re.compile(r"[a-z]+(?:[013457@$]{1,2}[a-z]+)+")
LETTERS = str.maketrans("013457@$", "oieastas")


def folded(word: Text) -> Text:
    """Lower case, straight quotes, no accents; ñ becomes n, as people without a Spanish keyboard type."""
    plain = unicodedata.normalize("NFKD", word.lower().replace("’", "'"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def meant(word: Text) -> Text:
    """The word a typed word stands for; itself when nothing is known of it."""
    word = folded(word)
    if word in WORDS:
        return WORDS[word]
    if DRAWN_OUT.search(word):
        once = DRAWN_OUT.sub(r"\1", word)
        word = DOUBLED.get(once, once)
    elif DIGITS_FOR_LETTERS.fullmatch(word):
        word = word.translate(LETTERS)
    return WORDS.get(word, word)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class TextingTokenizer(WhitespaceTokenizer):
    """Rasa's WhitespaceTokenizer with each token's lemma set to the word that is meant.

    Emoji that say something by themselves, which Rasa drops, are tokens too.
    """

    def tokenize(self, message: Message, attribute: Text) -> List[Token]:
        text = message.get(attribute)
        faces = [
            Token(face.group(), face.start(), lemma=FACES[face.group()]) for face in ANY_FACE.finditer(text)
        ]
        words: List[Token] = super().tokenize(message, attribute)
        if faces:
            words = [word for word in words if not ANY_FACE.search(word.text)]
        plain = [folded(word.text) for word in words]
        for word in words:
            word.lemma = meant(word.text) or word.text
        for place in range(len(words) - 1):
            pair: Any = PAIRS.get((plain[place], plain[place + 1]))
            if pair:
                words[place].lemma, words[place + 1].lemma = pair
        return sorted([*words, *faces], key=lambda token: token.start)
