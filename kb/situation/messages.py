"""Pydantic's errors in our own words, each with the place in the JSON."""

from collections.abc import Iterable
from typing import Any

from kb.errors import Problem, nearest
from kb.language import Words


def problem_of(detail: Any, known: Iterable[str] = ()) -> Problem:
    """One of pydantic's errors in our own words; `known` holds the names of the fields at that place."""
    field = _json_path(detail["loc"])
    near: tuple[str, ...] = ()
    match detail["type"]:
        case "extra_forbidden":
            near = nearest(str(detail["loc"][-1]), {name: name for name in known})
            bekend = f"Bekend zijn {', '.join(known)}."
            meant = (f"bedoelt u {near[0]!r}? ", f"do you mean {near[0]!r}? ") if near else ("", "")
            message = Words(
                f"onbekend veld; {meant[0]}{bekend}", f"unknown field; {meant[1]}Known are {', '.join(known)}."
            )
        case "missing":
            message = Words("ontbreekt.", "is missing.")
        case "json_invalid":
            reason = detail["ctx"]["error"]
            message = Words(f"geen geldige JSON: {reason}.", f"no valid JSON: {reason}.")
        case _:
            nl, en = _MESSAGES.get(detail["type"], (detail["msg"], detail["msg"]))
            context, given = detail.get("ctx", {}), f"{detail['input']!r:.60}"
            message = Words(
                f"{nl.format(**context)} (gegeven: {given}).",
                f"{en.format(**context)} (given: {given}).",
            )
    return Problem(field, message, near)


_MESSAGES = {
    "int_type": ("moet een geheel getal zijn", "must be a whole number"),
    "int_from_float": ("moet een geheel getal zijn", "must be a whole number"),
    "int_parsing": ("moet een geheel getal zijn", "must be a whole number"),
    "int_parsing_size": ("is een te groot getal", "is too large a number"),
    "literal_error": ("moet een van {expected} zijn", "must be one of {expected}"),
    "bool_parsing": ("moet true of false zijn", "must be true or false"),
    "bool_type": ("moet true of false zijn", "must be true or false"),
    "string_type": ("moet tekst zijn", "must be text"),
    "string_too_short": ("mag niet leeg zijn", "must not be empty"),
    "string_pattern_mismatch": (
        "heeft niet de goede vorm of bevat stuurtekens",
        "has a wrong form or control characters",
    ),
    "string_too_long": ("mag ten hoogste {max_length} tekens hebben", "must have at most {max_length} characters"),
    "string_unicode": ("bevat een teken dat geen geldige Unicode is", "has a character that is no valid Unicode"),
    "too_long": ("mag ten hoogste {max_length} onderdelen hebben", "must have at most {max_length} items"),
    "tuple_type": ("moet een lijst zijn", "must be a list"),
    "dict_type": ("moet een object met namen en waarden zijn", "must be an object with names and values"),
    "model_type": ("moet een object zijn", "must be an object"),
    "decimal_type": ("moet een getal zijn", "must be a number"),
    "decimal_parsing": ("moet een getal zijn", "must be a number"),
    "float_type": ("moet een getal zijn", "must be a number"),
    "float_parsing": ("moet een getal zijn", "must be a number"),
    "finite_number": ("moet een eindig getal zijn", "must be a finite number"),
    "greater_than_equal": ("moet ten minste {ge} zijn", "must be at least {ge}"),
    "less_than_equal": ("mag ten hoogste {le} zijn", "must be at most {le}"),
    "date_from_datetime_inexact": ("moet een datum zijn als 2026-11-24", "must be a date such as 2026-11-24"),
    "date_from_datetime_parsing": ("moet een datum zijn als 2026-11-24", "must be a date such as 2026-11-24"),
    "date_parsing": ("moet een datum zijn als 2026-11-24", "must be a date such as 2026-11-24"),
    "date_type": ("moet een datum zijn als 2026-11-24", "must be a date such as 2026-11-24"),
    "decimal_max_digits": ("mag ten hoogste {max_digits} cijfers hebben", "must have at most {max_digits} digits"),
    "decimal_max_places": (
        "mag ten hoogste {decimal_places} cijfers achter de komma hebben",
        "must have at most {decimal_places} digits behind the point",
    ),
    "decimal_whole_digits": (
        "mag ten hoogste {whole_digits} cijfers voor de komma hebben",
        "must have at most {whole_digits} digits before the point",
    ),
}


def _json_path(location: Iterable[int | str]) -> str:
    path = ""
    for part in location:
        if part == "[key]":
            continue
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else str(part)
    return path
