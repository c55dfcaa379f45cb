"""The parameters by which the list of a collection is narrowed down: those that the ontology gives it."""

from collections.abc import Callable
from typing import Annotated, Any

from pydantic import Field, create_model
from pyoxigraph import NamedNode

from api.v1.collections import Collection, Collections
from api.v1.models import LijstParameters
from kb.knowledge.knowledge import KORT
from kb.language import catalogue
from kb.names import local_name
from kb.search.facets import NO, YES, Facets, key_of

# A longer list of values would make the document unreadable; a wrong value is answered with what looks like it.
MOST_VALUES = 100
MOST_LETTERS = 200


def filter_parameters(collections: Collections, facets: Facets, collection: Collection) -> type[LijstParameters]:
    """The parameters of a list, one for each property that its members can be chosen on."""
    fields: dict[str, Any] = {
        key: (Annotated[str | None, _field(collections, facets, collection, key, prop)], None)
        for key, prop in facets.properties(collection.cls).items()
    }
    if not fields:
        return LijstParameters
    return create_model(f"{local_name(collection.cls)}Parameters", __base__=LijstParameters, **fields)


def _field(collections: Collections, facets: Facets, collection: Collection, key: str, prop: NamedNode | None) -> Any:
    return Field(
        max_length=MOST_LETTERS,
        description=f"Alleen wat dit heeft: {_label(collections, prop)}.",
        json_schema_extra=_with_values(collections, facets, collection, key),
    )


def _label(collections: Collections, prop: NamedNode | None) -> str:
    knowledge = collections.knowledge
    if prop is None:
        return catalogue("nl")("lijst.leidt_af").lower()
    return knowledge.text(prop, KORT, "nl") or (knowledge.label(prop) if prop in knowledge.labels else key_of(prop))


def _with_values(
    collections: Collections, facets: Facets, collection: Collection, key: str
) -> Callable[[dict[str, Any]], None]:
    """Completes a schema with the values there are; not before the document is made, as it looks at every member."""

    def complete(schema: dict[str, Any]) -> None:
        found = facets.of(collection.cls, collections.members(collection))
        facet = next(facet for facet in found if facet.key == key)
        values = [YES, NO] if facet.concluded else list(facet.known)
        text = next(option for option in schema["anyOf"] if option.get("type") == "string")
        if values and len(values) <= MOST_VALUES:
            text["enum"] = values
        elif values:
            schema["examples"] = values[:1]

    return complete
