"""The office's own log-in against a provider that signs for itself: who may come in by it, and what does not work."""

import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import uvicorn
from joserfc.jwk import ECKey
from sqlalchemy import func, select, update
from typer.testing import CliRunner

from eligibility_audit.cli import app
from eligibility_audit.domain.review.people import Role
from eligibility_audit.errors import UsageError
from eligibility_audit.settings import load_settings
from eligibility_audit.store import ledger
from eligibility_audit.store.accounts import add_account, log_in_as
from eligibility_audit.store.office import open_office
from eligibility_audit.store.tables import LedgerRow, SessionRow, UserRow
from eligibility_audit.web.single_sign_on import SingleSignOn, single_sign_on
from tests.servers import free_port
from tests.web.conftest import Served
from tests.web.provider import CLIENT, Provider

BOUND = {"sub": "4711"}


@pytest.fixture(scope="module")
def provider_made() -> Iterator[Provider]:
    port = free_port()
    made = Provider(f"http://127.0.0.1:{port}")
    server = uvicorn.Server(uvicorn.Config(made.app(), port=port, log_level="critical", access_log=False))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield made
    server.should_exit = True
    thread.join(10)


@pytest.fixture
def provider(provider_made: Provider, served: Served, web_server: tuple[str, object]) -> Iterator[Provider]:
    """The provider, and accounts bound to it: by a subject, by an address, and one that is no longer in use."""
    made, app = provider_made, web_server[1]
    made.claims, made.said, made.signs_with = dict(BOUND), {}, None
    told = {"role": Role.OFFICER, "unit": "Phòng huyện B", "districts": ["Huyện B"], "password": ""}
    add_account(served.office, login="chung", name="Người Chung", oidc_subject="4711", **told)  # type: ignore[arg-type]
    add_account(served.office, login="thu", name="Người Thư", oidc_subject="Thu@So.example", **told)  # type: ignore[arg-type]
    add_account(served.office, login="nghi", name="Người Nghỉ", oidc_subject="4712", **told)  # type: ignore[arg-type]
    with served.office.cases.writing() as connection:
        connection.execute(update(UserRow).where(UserRow.login == "nghi").values(is_active=False))
    app.state.single_sign_on = SingleSignOn(made.url, *CLIENT)  # type: ignore[attr-defined]
    yield made
    app.state.single_sign_on = None  # type: ignore[attr-defined]


def sent(client: httpx.Client) -> str:
    """The address at which the provider sends the browser back."""
    asked = client.get("/login/oidc")
    assert asked.status_code == 302, asked.text
    back = httpx.get(asked.headers["location"])
    assert back.status_code == 302, back.text
    return str(back.headers["location"])


def sessions(served: Served) -> int:
    with served.office.cases.reading() as connection:
        return int(connection.scalar(select(func.count()).select_from(SessionRow)) or 0)


def test_who_is_bound_comes_in_as_themselves(served: Served, provider: Provider) -> None:
    client = served.client()
    assert "/login/oidc" in client.get("/login").text
    answer = client.get(sent(client))
    assert answer.status_code == 200
    assert 'content="0;url=/"' in answer.text, "not a redirect: the strict cookie would stay behind"
    cookie = next(c for c in answer.headers.get_list("set-cookie") if c.startswith("ea_session"))
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "Người Chung" in client.get("/").text
    assert client.get("/cases/c-6").status_code == 404, "the area is the account's"
    with served.office.cases.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(LedgerRow).where(LedgerRow.act == "log_in")) == 1
        assert ledger.faults(connection) == []


def test_state_nonce_and_proof_of_the_code_are_asked_for_anew(served: Served, provider: Provider) -> None:
    asked = [parse_qs(urlsplit(served.client().get("/login/oidc").headers["location"]).query) for _ in range(2)]
    for name in ("state", "nonce", "code_challenge"):
        assert len({one[name][0] for one in asked}) == 2, name
        assert all(len(one[name][0]) >= 20 for one in asked)
    assert {one["code_challenge_method"][0] for one in asked} == {"S256"}


@pytest.mark.parametrize(
    ("claims", "enters"),
    [
        pytest.param({"sub": "4711"}, True, id="a bound subject"),
        pytest.param({"sub": "x", "email": "thu@so.example", "email_verified": True}, True, id="a verified address"),
        pytest.param({"sub": "x", "email": "thu@so.example", "email_verified": False}, False, id="not verified"),
        pytest.param({"sub": "x", "email": "thu@so.example", "email_verified": "true"}, False, id="a word is no yes"),
        pytest.param({"sub": "x", "email": "thu@so.example"}, False, id="nothing said of it"),
        pytest.param({"sub": "thu@so.example"}, False, id="an address as a subject"),
        pytest.param({"sub": "canbo"}, False, id="a login is no subject"),
        pytest.param({"sub": "471"}, False, id="a part of a subject"),
        pytest.param({"sub": "4712"}, False, id="an account that is not in use"),
        pytest.param({"sub": "4711", "email": "thu@so.example", "email_verified": True}, False, id="two accounts"),
        pytest.param({"sub": "9", "role": "administrator"}, False, id="a stranger: no account is made"),
    ],
)
def test_whom_an_account_is_found_for(
    served: Served, provider: Provider, claims: dict[str, object], enters: bool
) -> None:
    provider.claims = claims
    client = served.client()
    answer = client.get(sent(client))
    assert (answer.status_code, sessions(served)) == ((200, 1) if enters else (401, 0))
    with served.office.cases.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(UserRow).where(UserRow.role != "system")) == 9


@pytest.mark.parametrize(
    "said",
    [
        pytest.param({"nonce": "another"}, id="of another log-in"),
        pytest.param({"aud": "another-client"}, id="for another client"),
        pytest.param({"iss": "http://evil.example"}, id="of another issuer"),
        pytest.param({"exp": 1}, id="long over"),
        pytest.param({"sub": None}, id="of nobody"),
    ],
)
def test_a_token_that_is_not_for_this_log_in_opens_nothing(
    served: Served, provider: Provider, said: dict[str, object]
) -> None:
    provider.said = said
    client = served.client()
    assert client.get(sent(client)).status_code == 401
    assert sessions(served) == 0


def test_a_token_of_another_s_key_opens_nothing(served: Served, provider: Provider) -> None:
    provider.signs_with = ECKey.generate_key("P-256", {"kid": "k1"})
    client = served.client()
    assert client.get(sent(client)).status_code == 401
    assert sessions(served) == 0


def test_a_way_back_works_once_and_in_its_own_browser(served: Served, provider: Provider) -> None:
    client, victim = served.client(), served.client()
    back = sent(client)
    assert victim.get(back).status_code == 401, "nobody is logged in as somebody else by a link"
    sent(victim)
    assert victim.get(back).status_code == 401, "nor with a log-in of one's own under way"
    assert client.get(back).status_code == 200
    assert client.get(back).status_code == 401, "once"
    begun = client.get("/login/oidc").headers["location"]
    state = parse_qs(urlsplit(begun).query)["state"][0]
    assert client.get(f"/login/oidc/back?error=access_denied&state={state}").status_code == 401
    assert sessions(served) == 1


def test_where_none_is_set_there_is_none(served: Served) -> None:
    client = served.client()
    assert "/login/oidc" not in client.get("/login").text
    assert client.get("/login/oidc").status_code == client.get("/login/oidc/back").status_code == 404


def test_a_provider_that_is_not_there_is_a_sentence(served: Served, provider: Provider, web_server: object) -> None:
    app = web_server[1]  # type: ignore[index]
    app.state.single_sign_on = SingleSignOn(f"http://127.0.0.1:{free_port()}", *CLIENT)
    answer = served.client().get("/login/oidc")
    assert answer.status_code == 503
    assert "Không gặp được" in answer.text


def test_a_subject_belongs_to_one_account_and_a_bound_account_has_no_password(
    served: Served, provider: Provider
) -> None:
    told = {"name": "Ai", "role": Role.VIEWER, "unit": "Sở"}
    with pytest.raises(UsageError, match="OIDC"):
        add_account(served.office, login="hai", password="", oidc_subject="thu@SO.example", **told)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="Mật khẩu"):
        add_account(served.office, login="hai", password="", **told)  # type: ignore[arg-type]
    assert served.client().post("/login", data={"login": "chung", "password": ""}).status_code in (401, 422)


def test_the_settings_are_all_there_or_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert single_sign_on(load_settings()) is None
    monkeypatch.setenv("EA_OIDC_ISSUER", "https://id.example/realms/so")
    with pytest.raises(UsageError, match="EA_OIDC_CLIENT_ID"):
        load_settings()
    monkeypatch.setenv("EA_OIDC_CLIENT_ID", "a")
    monkeypatch.setenv("EA_OIDC_CLIENT_SECRET", "b")
    assert single_sign_on(load_settings()) is not None
    monkeypatch.setenv("EA_OIDC_ISSUER", "http://id.example")
    with pytest.raises(UsageError, match="EA_OIDC_ISSUER"):
        load_settings()


def test_an_account_is_bound_from_the_command_line_without_a_password(
    monkeypatch: pytest.MonkeyPatch, migrated_store: Path, tmp_path: Path
) -> None:
    shutil.copy(migrated_store, tmp_path / "store.sqlite")
    monkeypatch.setenv("EA_HOME", str(tmp_path))
    told = ["--name", "Người Gắn", "--role", "viewer", "--unit", "Sở", "--oidc-subject", "Gan@So.example"]
    done = CliRunner().invoke(app, ["accounts", "add", "gan", *told])
    assert done.exit_code == 0, done.output
    office = open_office(load_settings())
    assert log_in_as(office, "x", "gan@so.example") is not None
    office.close()
