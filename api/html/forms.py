"""What a form sends: its fields as bytes, from `multipart/form-data` as a browser makes it."""

from collections.abc import Mapping
from email.parser import BytesParser
from email.policy import HTTP
from urllib.parse import parse_qsl

URL_ENCODED = "application/x-www-form-urlencoded"


def sent_fields(content_type: str, body: bytes) -> Mapping[str, bytes]:
    """The fields of a form by name, files by their content; the last of several, and none for what is no form."""
    if content_type.partition(";")[0].strip().lower() == URL_ENCODED:
        return {
            name: value.encode("utf-8", "surrogateescape")
            for name, value in parse_qsl(body.decode("latin-1"), errors="surrogateescape", max_num_fields=100)
        }
    header = b"Content-Type: " + content_type.encode("latin-1") + b"\r\n\r\n"
    message = BytesParser(policy=HTTP).parsebytes(header + body)
    found: dict[str, bytes] = {}
    for part in message.iter_parts() if message.is_multipart() else ():
        name, content = part.get_param("name", header="content-disposition"), part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(content, bytes):
            found[name] = content
    return found
