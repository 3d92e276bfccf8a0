"""What a text names comes out of the model as Rasa's entities, in English and Spanish."""

import pytest

NAMED = [
    ("hungry near 98104", "zip", "98104", "98104"),
    ("estoy en el 98122 con hambre", "zip", "98122", "98122"),
    ("98118-1234", "zip", "98118-1234", "98118"),
    ("im at 3rd and pike", "place", "3rd and pike", "3rd and pike"),
    ("anything near cap hill", "place", "cap hill", "Capitol Hill"),
    ("ando por Capitol Hill", "place", "Capitol Hill", "Capitol Hill"),
    ("estoy en boise idaho", "place", "boise idaho", "boise idaho"),
    ("call my mom 206 555 0187", "phone_number", "206 555 0187", "+12065550187"),
    ("su numero es el (415) 555-0122", "phone_number", "(415) 555-0122", "+14155550122"),
    ("llama a mi jefa al +52 55 1234 5678", "phone_number", "+52 55 1234 5678", "+525512345678"),
    ("check on me tmrw at 9", "time", "tmrw at 9", "tmrw at 9"),
    ("text me friday mornin", "time", "friday mornin", "friday mornin"),
    ("in half an hour", "time", "in half an hour", "in half an hour"),
    ("escribeme en 2 horas", "time", "en 2 horas", "en 2 horas"),
    ("mañana a las 9 de la mañana", "time", "mañana a las 9 de la mañana", "manana a las 9 de la manana"),
    ("el lunes a las 3", "time", "el lunes a las 3", "el lunes a las 3"),
    ("the 2nd one", "choice", "2nd", 2),
    ("the last one", "choice", "last", -1),
    ("2", "choice", "2", 2),
    ("la segunda", "choice", "segunda", 2),
    ("quiero la primera", "choice", "primera", 1),
    ("me and my 2 kids need shelter", "number", "2", 3),
    ("somos 4 personas", "number", "4", 4),
    ("im 17 yo", "age", "17", 17),
    ("tengo 34 años", "age", "34", 34),
    ("hungry and need a place 2 sleep", "need", "hungry", "food"),
    ("tengo hambre y ocupo donde dormir", "need", "dormir", "shelter"),
    ("need detox", "need_detail", "detox", "detox"),
    ("busco desintoxicación", "need_detail", "desintoxicación", "detox"),
    ("methadone clinic", "need_detail", "methadone", "methadone"),
    ("donde hay metadona", "need_detail", "metadona", "methadone"),
    ("shelter thats women only", "need_detail", "women only", "women"),
    ("refugio para mujeres", "need_detail", "para mujeres", "women"),
    ("its me and my kids", "need_detail", "me and my kids", "with_children"),
    ("ando con mis hijos", "need_detail", "con mis hijos", "with_children"),
    ("I’ve got a dog", "need_detail", "got a dog", "dog"),
    ("voy con mi perro", "need_detail", "con mi perro", "dog"),
]
NOT_NAMED = [
    ("call 206-555-0187", "zip"),
    ("12345 aurora ave n", "zip"),
    ("havent eaten in 2 days", "time"),
    ("good morning", "time"),
    ("buenas noches", "time"),
    ("i sat down", "time"),
    ("llevo sin comer 2 dias", "time"),
    ("el lunes a las 3", "choice"),
    ("the first time i used", "choice"),
    ("take the 7 bus", "choice"),
    ("ill be there in 20 minutes", "age"),
    ("not hungry just tired", "need"),
    ("do they take dogs", "need_detail"),
]


@pytest.mark.parametrize(("text", "entity", "words", "value"), NAMED)
def test_what_a_text_names_is_found_where_it_stands(rasa, text, entity, words, value):
    start = text.index(words)
    expected = {
        "entity": entity,
        "start": start,
        "end": start + len(words),
        "value": value,
        "extractor": "PlainWordsExtractor",
    }
    assert expected in rasa.parse(text)["entities"]


@pytest.mark.parametrize(("text", "entity"), NOT_NAMED)
def test_what_only_looks_like_it_is_not(rasa, text, entity):
    assert entity not in {one["entity"] for one in rasa.parse(text)["entities"]}


def test_a_text_may_name_many_things_and_they_come_in_its_order(rasa):
    found = [
        (one["entity"], one["value"])
        for one in rasa.parse("im 22 n got a dog, need detox in Ballard tmrw")["entities"]
    ]
    assert found == [
        ("age", 22),
        ("need_detail", "dog"),
        ("need_detail", "detox"),
        ("place", "Ballard"),
        ("time", "tmrw"),
    ]


def test_a_text_that_names_nothing_has_no_entities(rasa):
    assert rasa.parse("thanks")["entities"] == []
