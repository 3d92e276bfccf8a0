"""Of which kind a service is: by its terms, its name, and what else is said of it."""

import pytest

from services_directory.taxonomy import (
    categories_for,
    every_category,
    kinds_in_description,
    kinds_in_name,
    kinds_of_term,
)
from tests.unit.services_directory.taking_in import Directory, changed, folder, kinds


def term(code, name, **more):
    return {"id": f"t-{code or name}", "code": code, "name": name, **more}


def link(owner, term_id, entity="service"):
    return {"id": f"{owner}-{term_id}", "link_id": owner, "link_entity": entity, "taxonomy_term_id": term_id}


def found(tmp_path, name="Sample Program", **tables):
    directory = Directory()
    report = directory.take_in(
        folder(tmp_path / "package", changed(service={"name": name, **tables.pop("service", {})}, **tables))
    )
    return directory.found().get(name, set()), report


@pytest.mark.parametrize(
    ("code", "name", "category"),
    [
        ("meal", "Whatever they call it", "meal"),
        ("", "Food pantry", "food_pantry"),
        ("Medication_Treatment", "", "medication_treatment"),
        ("BD-1800.2000", "Food Pantries", "food_pantry"),
        ("", "Despensa de alimentos", "food_pantry"),
        ("1131", "Free Meals", "meal"),
        ("102-05", "Comidas gratis", "meal"),
        ("106-01-02", "Desintoxicación", "detox"),
        ("", "Personal Hygiene", "hygiene"),
        ("", "Identification Recovery", "id_documents"),
        ("", "Help Escape Violence", "domestic_violence"),
        ("", "Advocacy & Legal Aid", "legal"),
    ],
)
def test_terms_by_our_key_open_eligibility_and_words(tmp_path, code, name, category):
    one = {**term(code, name or code), "id": "t"}
    assert category in found(tmp_path, taxonomy_term=[one], attribute=[link("s1", "t")])[0]


def test_a_bare_number_is_open_eligibilitys_only_when_it_says_so():
    assert kinds_of_term("1130", "Parking", "Open Eligibility").sure == {"food_pantry"}
    assert kinds_of_term("1130", "Parking", "Our own list").sure == frozenset()
    assert kinds_of_term("1130", None).sure == {"food_pantry"}


@pytest.mark.parametrize(
    ("entity", "owner"),
    [("service", "s1"), ("service_at_location", "a1"), ("Services", "s1"), ("", "s1"), ("nonsense", "s1")],
)
def test_attributes_of_the_service_and_of_the_service_at_the_location(tmp_path, entity, owner):
    rows = {"taxonomy_term": [term("x", "Soup Kitchens")], "attribute": [link(owner, "t-x", entity)]}
    assert found(tmp_path, **rows)[0] == {"meal"}


@pytest.mark.parametrize(("entity", "owner"), [("program", "g1"), ("organization", "o1"), ("location", "l1")])
def test_attributes_of_what_is_around_a_service_that_says_nothing_itself(tmp_path, entity, owner):
    rows = {
        "program": [{"id": "g1", "organization_id": "o1", "name": "Samples"}],
        "service": {"program_id": "g1"},
        "taxonomy_term": [term("x", "Soup Kitchens")],
        "attribute": [link(owner, "t-x", entity)],
    }
    assert found(tmp_path, **rows)[0] == {"meal"}
    # What the service says itself goes before it.
    assert found(tmp_path / "own", "Night Shelter", **rows)[0] == {"shelter"}


def test_an_organization_that_does_many_things_says_nothing_of_one_service(tmp_path):
    terms = [term(name, name) for name in ("Soup Kitchens", "Emergency Shelter", "Legal Aid")]
    rows = {"taxonomy_term": terms, "attribute": [link("o1", one["id"], "organization") for one in terms]}
    categories, report = found(tmp_path, **rows)
    assert categories == set()
    assert "it is of no kind we know: it cannot be found by need" in kinds(report.warnings)


def test_a_term_that_says_nothing_means_what_the_one_above_it_does(tmp_path):
    terms = [
        term("a", "Food Pantries"),
        term("b", "Ethnic", parent_id="t-a"),
        term("c", "Kosher", parent_id="t-b"),
    ]
    assert found(tmp_path, taxonomy_term=terms, attribute=[link("s1", "t-c")])[0] == {"food_pantry"}
    # A branch's broad name is too little, and a circle is no way up.
    terms = [term("a", "Food"), term("b", "Community Gardens", parent_id="t-a")]
    terms += [term("c", "One", parent_id="t-d"), term("d", "Other", parent_id="t-c")]
    rows = {"taxonomy_term": terms, "attribute": [link("s1", "t-b"), link("s1", "t-c")]}
    assert found(tmp_path / "broad", **rows)[0] == set()


def test_a_term_pointed_at_by_its_code_or_name_or_not_there_at_all(tmp_path):
    rows = {
        "taxonomy_term": [{"id": "1", "code": "BD-5000", "name": "Meals"}],
        "attribute": [link("s1", "BD-5000")],
    }
    assert found(tmp_path / "code", **rows)[0] == {"meal"}
    rows["attribute"] = [link("s1", "Meals")]
    assert found(tmp_path / "name", **rows)[0] == {"meal"}
    assert found(tmp_path / "gone", attribute=[link("s1", "Food Pantry")])[0] == {"food_pantry"}
    assert found(tmp_path / "ohana", attribute=[link("s1", "102-05")])[0] == {"meal"}
    labelled = [{**link("s1", "gone"), "label": "Emergency Shelter"}]
    assert found(tmp_path / "label", attribute=labelled)[0] == {"shelter"}


def test_our_own_terms_are_the_last_word(tmp_path):
    rows = {"taxonomy_term": [term("meal", "Meals")], "attribute": [link("s1", "t-meal")]}
    assert found(tmp_path, "Shelter Kitchen", **rows)[0] == {"meal"}


def test_other_terms_and_the_name_add_up(tmp_path):
    rows = {
        "taxonomy_term": [term("x", "Residential Substance Use Treatment")],
        "attribute": [link("s1", "t-x")],
    }
    assert found(tmp_path, "Harbor Detox", **rows)[0] == {"detox", "residential_treatment"}


def test_a_description_counts_only_for_what_it_says_a_service_does(tmp_path):
    said = {"description": "Serves hot meals every evening. We refer to a night shelter and a clinic."}
    assert found(tmp_path, "The Open Table", service=said)[0] == {"meal"}
    said = {"description": "A choir. Rehearsals in the shelter's dining room."}
    assert found(tmp_path / "choir", "Sample Choir", service=said)[0] == set()


@pytest.mark.parametrize(
    ("name", "categories"),
    [
        ("Emergency food and shelter", {"food_pantry", "shelter"}),
        ("Methadone Clinic", {"medication_treatment"}),
        ("Men's Health Clinic", {"health_care"}),
        ("Mental Health Clinic", {"mental_health"}),
        ("Legal Clinic", {"legal"}),
        ("Domestic Violence Shelter", {"domestic_violence", "shelter"}),
        ("Day shelter", {"day_center"}),
        ("Warming Center", {"shelter"}),
        ("Food Stamps", {"benefits"}),
        ("Narcan distribution", {"naloxone"}),
        ("Syringe Services (SSP)", {"syringes"}),
        ("Recovery House", {"sober_living"}),
        ("Drug Rehab Center", {"residential_treatment"}),
        ("Intensive Outpatient Program", {"outpatient_treatment"}),
        ("Suicide prevention hotline", {"crisis"}),
        ("Birth certificate help", {"id_documents"}),
        ("Bus passes", {"transport"}),
        ("Duchas y lavandería", {"hygiene"}),
        ("Albergue", {"shelter"}),
        ("Comedor comunitario", {"meal"}),
        ("Phone charging", {"phone_charging"}),
        ("food handlers permit class", set()),
        ("Food Safety Program", set()),
        ("Grocery Tax Break Donation", set()),
        ("Animal shelter", set()),
        ("Shelter Animals Count", set()),
        ("Shelter in place", set()),
        ("Tax Shelter", set()),
        ("Bus shelter", set()),
        ("Pet food pantry", set()),
        ("Detoxification of soil", set()),
        ("Disaster Recovery", set()),
        ("Physical rehab center", set()),
        ("Veterinary clinic", set()),
        ("Credit counseling", set()),
        ("Baby shower", set()),
        ("EV charging station", set()),
        ("Drug free zone", set()),
        ("Food bank volunteer opportunities", set()),
        ("Bike rides", set()),
        ("St. Vincent de Paul", set()),
        ("", set()),
    ],
)
def test_words_of_a_name(name, categories):
    assert kinds_in_name(name).sure == categories


@pytest.mark.parametrize(
    "text", ["No food or meals served", "does not provide shelter", "Volunteer opportunities: serve meals"]
)
def test_what_a_text_says_is_not_to_be_had(text):
    assert kinds_in_description(text) == frozenset()


def test_every_category_answers_its_own_name_and_every_need_has_categories():
    for category in every_category():
        assert kinds_of_term(category, None).sure == {category}
        assert categories_for(category)
    assert set(categories_for("food")) == {"meal", "food_pantry"}
    assert categories_for("nonsense") == ()
