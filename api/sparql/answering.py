"""From a query to an answer: the checks before it runs, the pool that runs it, and the memory of earlier answers."""

import re
from dataclasses import dataclass
from hashlib import blake2b

from pyoxigraph import Store

from api.errors import NotAcceptableError
from api.sparql.cache import ByteCache
from api.sparql.data import Data
from api.sparql.errors import MalformedError, RefusedError
from api.sparql.federation import Reach, reach
from api.sparql.formats import SOLUTIONS, TRIPLES, Forms
from api.sparql.pool import Pool, Reply
from api.sparql.protocol import Query
from api.sparql.settings import SparqlSettings
from api.sparql.syntax import explain_syntax
from api.sparql.worker import Limits
from kb.names import BASE

# Functions whose outcome differs from one run to the next, so that their answers are not kept.
_FICKLE = re.compile(r"\b(?:NOW|RAND|UUID|STRUUID|BNODE)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Answer:
    """What a query gives; `tag` is empty when the same query may give something else next time."""

    content: bytes
    media_type: str
    tag: str = ""

    @property
    def size(self) -> int:
        """The bytes to count in a cache."""
        return len(self.content) + 512


@dataclass(frozen=True)
class Job:
    """A query with the forms its asker accepts: all that the answer depends on."""

    query: Query
    forms: Forms

    def request(self) -> dict[str, object]:
        """The same for a worker."""
        dataset = self.query.dataset
        return {
            "query": self.query.text,
            "default": dataset.default,
            "named": dataset.named,
            "solutions": _form(self.forms.solutions, SOLUTIONS),
            "triples": _form(self.forms.triples, TRIPLES),
        }


def _form(media_type, known):
    return None if media_type is None else (media_type, known[media_type])
