"""A setting that is wrong is told in one plain message, before anything starts."""

import pytest
from typer.testing import CliRunner

from api.cli import app
from api.http.settings import PREFIX, Settings, read_settings
from kb.errors import WijkaanpakError
from kb.language import spoken

TEXTS = {name for name, field in Settings.model_fields.items() if not field.metadata}
LIMITED = sorted(Settings.model_fields.keys() - TEXTS)


@pytest.mark.parametrize(
    ("name", "value", "right"),
    [
        ("PORT", "abc", "een geheel getal van ten minste 1 en ten hoogste 65535"),
        ("PORT", "70000", "een geheel getal van ten minste 1 en ten hoogste 65535"),
        ("MAX_BODY", "100", "een geheel getal van ten minste 1024"),
        ("ANSWER_SECONDS", "0", "een getal boven 0"),
        ("TURNS", "", "een geheel getal van ten minste 1"),
        ("STORE_QUERY", "ftp://opslag", "een adres dat met http:// of https:// begint"),
        (
            "PUBLIC_BASE",
            "https://wijk.nl/",
            "een adres dat met http:// of https:// begint, zonder vraagteken, hekje of schuine streep aan het eind",
        ),
    ],
)
def test_dienst_with_a_wrong_setting_says_what_would_be_right(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, right: str
) -> None:
    monkeypatch.setenv(PREFIX + name, value)
    result = CliRunner().invoke(app, ["serve"])
    assert result.exit_code == 2
    assert result.stderr.splitlines() == [
        "Fout: de instellingen van de dienst kloppen niet:",
        f"  {PREFIX}{name} is {value!r}; geef {right}.",
    ]


@pytest.mark.parametrize("name", LIMITED)
def test_every_setting_with_a_limit_can_be_told(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(PREFIX + name.upper(), "-1 ")
    with pytest.raises(WijkaanpakError) as caught:
        read_settings()
    for language in ("nl", "en"):
        assert f"{PREFIX}{name.upper()} is '-1 '" in spoken(caught.value.args[0], language)


def test_all_wrong_settings_are_told_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIJKAANPAK_PORT", "abc")
    monkeypatch.setenv("WIJKAANPAK_QUEUE", "-1")
    with pytest.raises(WijkaanpakError, match=r"(?s)WIJKAANPAK_PORT is 'abc'.*WIJKAANPAK_QUEUE is '-1'"):
        read_settings()


def test_option_of_the_command_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[dict[str, object]] = []
    monkeypatch.setattr("uvicorn.run", lambda *_, **options: started.append(options))
    monkeypatch.setenv("WIJKAANPAK_PORT", "9001")
    monkeypatch.setenv("WIJKAANPAK_HOST", "0.0.0.0")
    CliRunner().invoke(app, ["serve", "--port", "9002"])
    assert [(one["host"], one["port"], one["workers"]) for one in started] == [("0.0.0.0", 9002, 1)]
