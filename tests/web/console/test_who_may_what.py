"""The console's routes and the roles that may use them agree with a table written by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from suppression.domain.controllers.model import Controller
from suppression.domain.users.roles import Role
from suppression.usecases.users.manage import create_user
from tests.importing import emails
from tests.web.console.browser import STOP, Browser, signed_in, upload

ALL, DPO, KEYS = "intake dpo auditor operator", "dpo", "operator"
LOOKING, READING, RECORDING = "intake dpo auditor", "dpo auditor", "intake dpo"
TABLE = f"""
GET  /                                          {ALL}
GET  /access                                    {DPO}
POST /access                                    {DPO}
GET  /answers                                   {DPO}
POST /answers                                   {DPO}
GET  /cases/<reference>                         {READING}
POST /cases/<reference>/answered                {DPO}
GET  /cases/<reference>/answers/<answer>/<language> {DPO}
POST /cases/<reference>/ask                     {DPO}
POST /cases/<reference>/close                   {DPO}
POST /cases/<reference>/extend                  {DPO}
POST /cases/<reference>/identity                {DPO}
POST /cases/<reference>/keep                    {DPO}
POST /cases/<reference>/lift                    {DPO}
POST /cases/<reference>/note                    {DPO}
POST /cases/<reference>/nothing-found           {DPO}
POST /cases/<reference>/proof-destroyed         {DPO}
POST /cases/<reference>/proof-seen              {DPO}
POST /cases/<reference>/recipients              {DPO}
POST /cases/<reference>/refuse                  {DPO}
POST /cases/<reference>/resume                  {DPO}
POST /cases/<reference>/stop                    {DPO}
POST /cases/<reference>/undo                    {DPO}
GET  /closed                                    {READING}
GET  /domains                                   {DPO}
POST /domains                                   {DPO}
GET  /health                                    {KEYS}
GET  /imports                                   {RECORDING}
POST /imports                                   {RECORDING}
GET  /imports/<import_id>                       {RECORDING}
POST /imports/<import_id>/apply                 {RECORDING}
POST /imports/<import_id>/discard               {RECORDING}
GET  /imports/<import_id>/errors                {RECORDING}
POST /imports/<import_id>/undo                  {DPO}
GET  /keys                                      {KEYS}
POST /keys                                      {KEYS}
POST /keys/revoke                               {KEYS}
GET  /log                                       {READING}
GET  /look                                      {DPO}
POST /look                                      {DPO}
GET  /look-up                                   {LOOKING}
POST /look-up                                   {LOOKING}
GET  /messages                                  {DPO}
POST /messages                                  {DPO}
GET  /policies                                  {DPO}
POST /policies                                  {DPO}
GET  /record                                    {RECORDING}
POST /record                                    {RECORDING}
POST /record/<reference>                        {RECORDING}
GET  /reopenings                                {READING}
GET  /register                                  {DPO}
POST /register                                  {DPO}
POST /release                                   {DPO}
POST /reviews                                   {DPO}
GET  /today                                     {READING}
GET  /topics                                    {DPO}
POST /topics                                    {DPO}
GET  /users                                     {DPO}
POST /users                                     {DPO}
POST /users/disable                             {DPO}
POST /users/invitations                         {DPO}
POST /users/enable                              {DPO}
POST /users/reset                               {DPO}
POST /users/role                                {DPO}
"""
OPEN = {
    "GET /",
    "GET /assets/<filename>",
    "GET /code",
    "POST /code",
    "POST /first-time",
    "GET /invitation",
    "POST /invitation",
    "GET /sign-in",
    "POST /sign-in",
    "POST /sign-out",
}


def table() -> dict[tuple[str, str], set[Role]]:
    """Return the roles that may use each method and rule, from the table."""
    roles_of_page = {}
    for line in TABLE.strip().splitlines():
        method, rule, *roles = line.split()
        roles_of_page[method, rule] = {Role(role) for role in roles}
    return roles_of_page


def routes(app: Flask) -> Iterator[tuple[str, str]]:
    """Yield each method and rule under /console."""
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/console"):
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
                yield method, rule.rule.removeprefix("/console")


def test_every_route_stands_in_the_table(app: Flask) -> None:
    of_desks = {(m, r.removeprefix("/<slug>")) for m, r in routes(app) if r.startswith("/<slug>")}
    assert of_desks == set(table()), "say in the table who may"
    assert {f"{m} {r}" for m, r in routes(app) if not r.startswith("/<slug>")} == OPEN


@pytest.mark.parametrize("role", [*Role, None])
def test_what_a_role_may_not_is_refused_by_every_method(
    app: Flask,
    browser_as: Callable[[Role], Browser],
    okwind: Controller,
    okonect: Controller,
    role: Role | None,
) -> None:
    """The role None is that of a DPO of another company, without a role here."""
    writer = browser_as(Role.DPO if role is not Role.DPO else Role.INTAKE)
    writer.post("/okwind/record", STOP)
    names = {"<reference>": writer.reference(), "<answer>": "received", "<language>": "fr"}
    names["<import_id>"] = upload(writer, emails([1]))
    if role is None:
        browser = signed_in(app, writer.clock, writer.seen, {okonect: Role.DPO}, login="other")
    else:
        browser = browser_as(role)
    browser.get("/")
    token = browser.token()
    for rule in {rule for _, rule in table()}:
        path = f"/{okwind.slug}{rule}"
        for name, value in names.items():
            path = path.replace(name, value)
        for method in ("GET", "POST", "PUT", "DELETE"):
            answer = browser.client.open(
                f"/console{path}",
                method=method,
                base_url="https://localhost",
                data={"csrf_token": token},
                headers={"X-HTTP-Method-Override": "POST"},
            )
            told = refusal(method, rule, role)
            assert told in {0, answer.status_code}, (method, path, answer.status_code)
            assert told or answer.status_code not in {403, 405, 500}, (method, path)


def refusal(method: str, rule: str, role: Role | None) -> int:
    """Return the status that refuses a role, 0 if the route accepts the role."""
    if (method, rule) not in table():
        return 405
    if role is None:
        return 404
    return 0 if role in table()[method, rule] else 403


def test_a_role_that_was_taken_away_opens_nothing_from_then_on(
    app: Flask, dpo: Browser, okwind: Controller
) -> None:
    with app.app_context():
        create_user(app.extensions["suppression"], okwind, "b.dpo", Role.DPO, now=dpo.clock.now)
    dpo.get("/okwind/users")
    assert dpo.post("/okwind/users/role", {"login": "a.dpo", "role": "operator"}).status_code == 403
    assert dpo.get("/okwind/keys").status_code == 403
