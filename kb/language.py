"""The languages of what people read: Dutch first, English beside it."""

from typing import Literal, TypeAlias, get_args

Taal: TypeAlias = Literal["nl", "en"]
LANGUAGES: tuple[Taal, ...] = get_args(Taal)
