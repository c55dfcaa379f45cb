"""Pydantic's errors in our own words, each with the place in the JSON."""

from collections.abc import Iterable
from typing import Any

from kb.errors import Problem, nearest


def problem_of(detail: Any, known: Iterable[str] = ()) -> Problem:
    """One of pydantic's errors in our own words; `known` holds the names of the fields at that place."""
    field = _json_path(detail["loc"])
    near: tuple[str, ...] = ()
    match detail["type"]:
        case "extra_forbidden":
            near = nearest(str(detail["loc"][-1]), {name: name for name in known})
            message = (
                "onbekend veld; " + (f"bedoelt u {near[0]!r}? " if near else "") + f"Bekend zijn {', '.join(known)}."
            )
        case "missing":
            message = "ontbreekt."
        case "json_invalid":
            message = f"geen geldige JSON: {detail['ctx']['error']}."
        case _:
            wrong = _MESSAGES.get(detail["type"], detail["msg"]).format(**detail.get("ctx", {}))
            message = f"{wrong} (gegeven: {detail['input']!r:.60})."
    return Problem(field, message, near)


_MESSAGES = {
    "int_type": "moet een geheel getal zijn",
    "int_from_float": "moet een geheel getal zijn",
    "int_parsing": "moet een geheel getal zijn",
    "int_parsing_size": "is een te groot getal",
    "literal_error": "moet een van {expected} zijn",
    "bool_parsing": "moet true of false zijn",
    "bool_type": "moet true of false zijn",
    "string_type": "moet tekst zijn",
    "string_too_short": "mag niet leeg zijn",
    "string_pattern_mismatch": "mag geen stuurtekens hebben",
    "string_too_long": "mag ten hoogste {max_length} tekens hebben",
    "string_unicode": "bevat een teken dat geen geldige Unicode is",
    "too_long": "mag ten hoogste {max_length} onderdelen hebben",
    "tuple_type": "moet een lijst zijn",
    "dict_type": "moet een object met namen en waarden zijn",
    "model_type": "moet een object zijn",
    "decimal_type": "moet een getal zijn",
    "decimal_parsing": "moet een getal zijn",
    "finite_number": "moet een eindig getal zijn",
    "greater_than_equal": "moet ten minste {ge} zijn",
    "less_than_equal": "mag ten hoogste {le} zijn",
    "date_from_datetime_inexact": "moet een datum zijn als 2026-11-24",
    "date_from_datetime_parsing": "moet een datum zijn als 2026-11-24",
    "date_parsing": "moet een datum zijn als 2026-11-24",
    "date_type": "moet een datum zijn als 2026-11-24",
    "decimal_max_digits": "mag ten hoogste {max_digits} cijfers hebben",
    "decimal_max_places": "mag ten hoogste {decimal_places} cijfers achter de komma hebben",
    "decimal_whole_digits": "mag ten hoogste {whole_digits} cijfers voor de komma hebben",
}


def _json_path(location: Iterable[int | str]) -> str:
    path = ""
    for part in location:
        if part == "[key]":
            continue
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else str(part)
    return path
