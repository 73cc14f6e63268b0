"""Make the bodies of checks over HTTP, and verify that all servers answer them alike."""

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
    """Return a thousand bodies of single checks; one in ten is about a person on the list."""
    return [
        {"channel": "email", "identifier": spelled(recipient)}
        for recipient in recipients(BODIES, listed=listed)
    ]


def batches(on: Ground, listed: int) -> list[list[str]]:
    """Return the identifiers of each batch of a turn; no person is in two batches."""
    sizes = on.sizes
    people = [
        spelled(recipient) for recipient in recipients(sizes.batch * sizes.batches, listed=listed)
    ]
    return [people[start :: sizes.batches] for start in range(sizes.batches)]


def flat(identifiers: list[str]) -> object:
    """Return the body of a flat batch: one channel and a list of identifiers."""
    return {"channel": "email", "identifiers": identifiers}


def mixed(identifiers: list[str]) -> object:
    """Return the body of a mixed batch: a complete check for each identifier."""
    return {"items": [{"channel": "email", "identifier": identifier} for identifier in identifiers]}


def share(listed: int) -> float:
    """Return the share of the single checks that are about people on the list."""
    return stopped(BODIES, listed=listed) / BODIES


def ask(port: int, key: str, path: str, body: object) -> dict[str, Any]:
    """Post a body and return the JSON answer. Raises WrongAnswerError unless the status is 2xx."""
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
    """Check the same people with each server. Raises WrongAnswerError if the answers differ.

    Some of these people are on the list and some are not.
    """
    for number in (*recipients(20, listed=stop_list.size), 0, 7):
        body = {"channel": "email", "identifier": spelled(number)}
        said = {
            name: _essence(ask(port, stop_list.key, "/v1/checks", body))
            for name, port in ports.items()
        }
        if len(set(said.values())) > 1:
            raise WrongAnswerError(f"of person {number} they say {said}")


def compare_batches(stop_list: List, identifiers: list[str], ports: Mapping[str, int]) -> None:
    """Send one batch to each server; the server `naive` gets it as a mixed batch.

    Raises WrongAnswerError if their decisions differ, or if none is allow or none is deny.
    """
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
