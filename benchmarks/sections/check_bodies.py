"""What is asked over HTTP, and that everybody gives the same answer to it."""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping
from typing import Any

from benchmarks.ground import Ground, List
from benchmarks.load import WrongAnswerError
from benchmarks.people import recipients, spelled, stopped

BODIES = 1_000


def single_bodies(listed: int) -> list[object]:
    """A thousand single checks, one in ten of somebody on the list."""
    return [
        {"channel": "email", "identifier": spelled(recipient)}
        for recipient in recipients(BODIES, listed=listed)
    ]


def batches(on: Ground, listed: int) -> list[list[str]]:
    """The identifiers of some batches, other people in each."""
    sizes = on.sizes
    people = [
        spelled(recipient) for recipient in recipients(sizes.batch * sizes.batches, listed=listed)
    ]
    return [people[start :: sizes.batches] for start in range(sizes.batches)]


def flat(identifiers: list[str]) -> object:
    """A flat batch."""
    return {"channel": "email", "identifiers": identifiers}


def mixed(identifiers: list[str]) -> object:
    """A mixed batch: a check each."""
    return {"items": [{"channel": "email", "identifier": identifier} for identifier in identifiers]}


def share(listed: int) -> float:
    """How many of the single checks are of somebody on the list."""
    return stopped(BODIES, listed=listed) / BODIES


def ask(port: int, key: str, path: str, body: object) -> dict[str, Any]:
    """One answer; WrongAnswerError unless it is a 2xx."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    try:
        connection.request("POST", path, json.dumps(body), headers)
        response = connection.getresponse()
        text = response.read()
    finally:
        connection.close()
    if response.status // 100 != 2:  # noqa: PLR2004 - any success
        raise WrongAnswerError(f"{path} was answered {response.status}: {text[:200]!r}")
    answer: dict[str, Any] = json.loads(text)
    return answer


def compare_singles(stop_list: List, ports: Mapping[str, int]) -> None:
    """Ask each of somebody who stopped and of somebody who did not: all must say the same."""
    for number in (*recipients(20, listed=stop_list.size), 0, 7):
        body = {"channel": "email", "identifier": spelled(number)}
        said = {
            name: _essence(ask(port, stop_list.key, "/v1/checks", body))
            for name, port in ports.items()
        }
        if len(set(said.values())) > 1:
            raise WrongAnswerError(f"of person {number} they say {said}")


def compare_batches(stop_list: List, identifiers: list[str], ports: Mapping[str, int]) -> None:
    """Send a batch to each service, a mixed one to `naive`; raise if their decisions differ."""
    said = {}
    for name, port in ports.items():
        body = mixed(identifiers) if name == "naive" else flat(identifiers)
        answer = ask(port, stop_list.key, "/v1/checks/batch", body)
        said[name] = answer.get("decisions") or "".join(
            each["decision"][0].upper() for each in answer["results"]
        )
    if len(set(said.values())) > 1 or "D" not in said["ours"] or "A" not in said["ours"]:
        raise WrongAnswerError(f"of a batch they say {[answer[:40] for answer in said.values()]}")


def _essence(answer: dict[str, Any]) -> str:
    codes = sorted(reason["code"] for reason in answer["reasons"])
    return f"{answer['decision']} {answer.get('basis')} {codes} {'valid_until' in answer}"
