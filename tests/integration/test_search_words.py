"""Words found again in sealed texts; what lies in the index tells little. On SQLite and on PostgreSQL."""

import pytest
from sqlalchemy import func, select, text

from bot import marks, search
from bot.db import reading, writing
from bot.models import SearchPending, SearchWord
from tests.integration.joining_world import JoiningWorld

OTHER = "+12065553001"


@pytest.fixture
def world(engine, clock, work, dialogue, messenger):
    return JoiningWorld(engine, clock, work, dialogue, messenger)


def index(world):
    while search.index_new(world.engine):
        pass


def found(world, words, **more):
    with reading(world.engine) as session:
        return search.search(session, words, **more)


def bodies(world, words):
    return [hit.body for one in found(world, words).found for hit in one.hits]


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("they closed the shelter on Pine", "shelter"),
        ("they closed the shleter on Pine", "Shelter"),
        ("necesito la clínica de metadona", "clinica"),
        ("necesito la clinica", "CLÍNICA"),
        ("got narkan from the van", "narcan"),
        ("vivienda para mis hijos", "bibienda"),
        ("meet me at 98104", "98104"),
        ("my worker is Marigold", "marigold worker"),
    ],
)
def test_a_word_is_found_also_misspelt_or_without_its_accents(world, written, wanted):
    world.says("something else")
    world.says(written)
    index(world)
    assert bodies(world, wanted) == [written]


@pytest.mark.parametrize("wanted", ["sheriff", "the", "", "   ", "2065550142", "marigold sheriff"])
def test_what_nobody_wrote_and_what_everybody_writes_is_not_found(world, wanted):
    world.says("my worker is Marigold, her number is 2065550142")
    index(world)
    assert bodies(world, wanted) == []


def test_texts_of_case_workers_and_notes_are_found_and_the_lines_own_are_not(world):
    world.take_over()
    world.write("The pantry on Alder has diapers.")
    with writing(world.engine) as session:
        marks.add_note(session, world.conversation_id, world.heron, "Afraid of dogs.", "d1", world.clock())
    index(world)
    assert bodies(world, "diapers") == ["The pantry on Alder has diapers."]
    assert bodies(world, "dogs") == ["Afraid of dogs."]
    assert bodies(world, "automated") == []


def test_the_newest_conversation_comes_first_and_pages_go_on(world):
    phones = [f"+1206555{3000 + at}" for at in range(5)]
    for phone in phones:
        world.text("looking for a marigold", phone)
    index(world)
    first = found(world, "marigold", how_many=2)
    second = found(world, "marigold", how_many=2, cursor=first.next_cursor)
    third = found(world, "marigold", how_many=2, cursor=second.next_cursor)
    rows = [one.conversation_id for page in (first, second, third) for one in page.found]
    assert rows == [world.conversation(phone).id for phone in reversed(phones)]
    assert third.next_cursor is None


def test_nothing_of_a_text_lies_readable_in_the_index_and_no_phone_number_at_all(world):
    world.says("marigold 2065550142")
    world.says("marigold again marigold")
    index(world)
    with reading(world.engine) as session:
        rows = session.execute(text("SELECT * FROM search_word")).all()
        # One row, however often it was said: a word's frequency within a talk is not told.
        assert len([row for row in rows if row.conversation_id == world.conversation_id]) == 2
        assert all(0 <= row.digest < 2**16 for row in rows)


def test_it_is_indexed_once_however_many_clocks_and_a_deleted_text_is_forgotten(world):
    world.says("marigold")
    index(world)
    with writing(world.engine) as session:
        assert session.scalar(select(func.count()).select_from(SearchPending)) == 0
        before = session.scalar(select(func.count()).select_from(SearchWord))
        search.reindex(session, world.conversation_id)
        session.flush()
        assert session.scalar(select(func.count()).select_from(SearchPending)) > 0
    index(world)
    with reading(world.engine) as session:
        assert session.scalar(select(func.count()).select_from(SearchWord)) == before
