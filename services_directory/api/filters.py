"""The standard's filters, and our profile's, as conditions on the database. Each must hold."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, false, or_, select, union_all

from services_directory.api.asking import Asked
from services_directory.api.opened import Opening
from services_directory.full_text import MOST_WORDS, holding, words_in
from services_directory.models import (
    Attribute,
    Organization,
    Service,
    ServiceAtLocation,
    ServiceSearch,
    Taxonomy,
    TaxonomyTerm,
    WeeklyHours,
)
from services_directory.taxonomy import categories_for
from services_directory.who import Who, filters

Conditions = list[ColumnElement[bool]]
WHO = ("age", "gender", "with_children", "veteran", "with_pet", "language", "free", "walk_in", "wheelchair")


def of_services(asked: Asked, opening: Opening | None) -> Conditions:
    """Live services, with `opening` those that are open somewhere."""
    found = [Service.retired_on.is_(None), *_of_service(asked)]
    if _terms(asked):
        there = select(ServiceAtLocation.service_id).where(
            _live_at, ServiceAtLocation.id.in_(_classified(asked))
        )
        found.append(or_(Service.id.in_(_classified(asked)), Service.id.in_(there)))
    ids = listings(asked, opening)
    if ids is not None:
        there = select(ServiceAtLocation.service_id).where(_live_at, ServiceAtLocation.id.in_(ids))
        found.append(Service.id.in_(_once(there, "there")))
    return found


def of_service_at_locations(asked: Asked, opening: Opening | None) -> Conditions:
    """Live services at locations, by themselves and by their services."""
    found: Conditions = [_live_at]
    narrowed = _of_service(asked)
    if narrowed:
        services = select(Service.id).where(Service.retired_on.is_(None), *narrowed)
        found.append(ServiceAtLocation.service_id.in_(services))
    if _terms(asked):
        classified = _classified(asked)
        found.append(or_(ServiceAtLocation.id.in_(classified), ServiceAtLocation.service_id.in_(classified)))
    ids = listings(asked, opening)
    if ids is not None:
        found.append(ServiceAtLocation.id.in_(ids))
    return found


def listings(asked: Asked, opening: Opening | None, among: Sequence[str] = ()) -> Select[Any] | None:
    """Ids of the services at locations that our profile's filters leave; None when none is asked for.

    `among`: only of these.
    """
    conditions: Conditions = filters(Who(**{name: asked[name] for name in WHO}))
    if asked["need"] is not None:
        conditions.append(ServiceSearch.category.in_(categories_for(asked["need"])))
    if not conditions and opening is None:
        return None
    own_id = ServiceSearch.service_at_location_id
    found = select(own_id).where(*conditions, *([own_id.in_(among)] if among else []))
    if opening is None:
        return found
    ids = found.join(WeeklyHours, WeeklyHours.service_at_location_id == own_id).where(opening.hours)
    unusual = set(opening.unusual).intersection(among) if among else opening.unusual
    if unusual:
        both = union_all(ids, found.where(own_id.in_(unusual))).subquery()
        ids = select(both.c.service_at_location_id)
    return _once(ids, "open_listings")


def of_organizations(asked: Asked) -> Conditions:
    """Live organizations; a term counts that is their own or one of their services'."""
    found = [Organization.retired_on.is_(None), *_searched("organization", Organization.id, asked)]
    if _terms(asked):
        theirs = select(Service.organization_id).where(
            Service.retired_on.is_(None), Service.id.in_(_classified(asked))
        )
        found.append(or_(Organization.id.in_(_classified(asked)), Organization.id.in_(theirs)))
    return found


def of_taxonomies(asked: Asked) -> Conditions:
    """Live taxonomies."""
    return [Taxonomy.retired_on.is_(None), *_searched("taxonomy", Taxonomy.id, asked)]


def of_taxonomy_terms(asked: Asked) -> Conditions:
    """Live taxonomy terms."""
    found = [TaxonomyTerm.retired_on.is_(None), *_searched("taxonomy_term", TaxonomyTerm.id, asked)]
    for name, column in (("taxonomy_id", TaxonomyTerm.taxonomy_id), ("parent_id", TaxonomyTerm.parent_id)):
        if asked[name] is not None:
            found.append(_is(column, asked[name]))
    if asked["top_only"]:
        found.append(TaxonomyTerm.parent_id.is_(None))
    return found


def is_id(text: str) -> str | None:
    """An id as it would be stored, or None for what can be nobody's."""
    try:
        return str(UUID(text)) if len(text) == 36 else _other_id(text)
    except ValueError:
        return _other_id(text)


def _other_id(text: str) -> str | None:
    # Rows imported by a release that kept ids as they came.
    return text if 0 < len(text) <= 36 and text.isprintable() else None


def _of_service(asked: Asked) -> Conditions:
    found = _searched("service", Service.id, asked)
    if asked["organization_id"] is not None:
        found.append(_is(Service.organization_id, asked["organization_id"]))
    return found


def _searched(entity: str, column: Any, asked: Asked) -> Conditions:
    if asked["search"] is None:
        return []
    words = words_in(asked["search"])[:MOST_WORDS]
    return [column.in_(holding(entity, words))] if words else [false()]


def _terms(asked: Asked) -> bool:
    return asked["taxonomy_term_id"] is not None or asked["taxonomy_id"] is not None


def _classified(asked: Asked) -> Select[Any]:
    """Ids of rows of any table that a term, or a term of a taxonomy, is tied to."""
    found = select(Attribute.link_id).where(Attribute.retired_on.is_(None))
    if asked["taxonomy_term_id"] is not None:
        found = found.where(_is(Attribute.taxonomy_term_id, asked["taxonomy_term_id"]))
    if asked["taxonomy_id"] is not None:
        terms = select(TaxonomyTerm.id).where(
            TaxonomyTerm.retired_on.is_(None), _is(TaxonomyTerm.taxonomy_id, asked["taxonomy_id"])
        )
        found = found.where(Attribute.taxonomy_term_id.in_(terms))
    return found


def _once(ids: Select[Any], name: str) -> Select[Any]:
    """The same ids. PostgreSQL would look for them anew for every row that they are compared with."""
    return select(ids.cte(name).prefix_with("MATERIALIZED", dialect="postgresql"))


def _is(column: Any, given: str) -> ColumnElement[bool]:
    wanted = is_id(given)
    return false() if wanted is None else column == wanted


_live_at = ServiceAtLocation.retired_on.is_(None)
BY_TABLE: dict[str, Callable[[Asked], Conditions]] = {
    "organization": of_organizations,
    "taxonomy": of_taxonomies,
    "taxonomy_term": of_taxonomy_terms,
}
