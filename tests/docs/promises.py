"""Verify that the blocks of each page print what the page says."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tests.docs.pages import PROJECT
from tests.docs.scripts import BlockResult

Json = dict[str, Any]


def answers(result: BlockResult) -> list[Json]:
    """Return the JSON objects that a block printed, without the text between them."""
    return list(_objects(result.stdout))


def check_promises(page: str, results: list[BlockResult]) -> None:
    """Raise AssertionError if the blocks of a page printed something the page does not say."""
    promise = PROMISES.get(page)
    if promise:
        promise(results)


def containing(results: list[BlockResult], text: str) -> BlockResult:
    """Return the result of the only block that contains this text."""
    (block_result,) = [result for result in results if text in result.block.text]
    return block_result


def readme(results: list[BlockResult]) -> None:
    """Verify README: after a stop, each spelling of the identifier is denied."""
    demo, stop, after = answers(containing(results, "this demo person has objected"))
    assert codes(demo)[0] == "objection"
    assert stop["reference"]
    assert codes(after)[0] == "objection"
    (link,) = answers(containing(results, "/v1/links"))
    assert "One-Click" in link["headers"]["List-Unsubscribe-Post"]


def for_dialers(results: list[BlockResult]) -> None:
    """Verify docs/for-dialers.md: each line of its loop, at any time of the week."""
    without, consent, with_consent, refused, stopped, after = answers(
        containing(results, "# Without a consent on record")
    )
    assert "no_consent" in codes(without)
    assert [result["outcome"] for result in consent["results"]] == ["created"]
    assert with_consent["decision"] == "allow" or "retry_at" in with_consent
    assert ("attempt_id" in with_consent) == (with_consent["decision"] == "allow")
    assert refused["reference"]
    assert {result["channel"] for result in stopped["results"]} == {"sms", "telephone"}
    assert codes(after)[0] == "objection"
    said = containing(results, "def may_call").stdout.splitlines()
    assert len(said) == 2
    assert all("no_consent" in line for line in said)


def for_email(results: list[BlockResult]) -> None:
    """Verify docs/for-email.md: its message passes the page's test, and a click denies."""
    link = answers(results[0])[0]
    trap = containing(results, '"A" * 54')
    printed = [line for line in trap.stdout.splitlines() if line]
    assert printed == comments(trap.block.text)
    told = containing(results, "python3 check.py").stdout.splitlines()
    # Without TLS here; a link that begins with https is whole in tests/e2e/test_links_in_email.py.
    assert "['<http://127.0.0.1:" in told[0]
    assert [line.split(": ")[1].split()[0] for line in told[1:]] == ["True"] * 2
    click = containing(results, 'List-Unsubscribe=One-Click\' "$LINK"').stdout
    assert click.startswith("HTTP/1.1 200 ")
    assert codes(list(_objects(click))[-1])[0] == "unsubscribe"
    for program in (result for result in results if result.block.language == "js"):
        (message,) = answers(program)
        assert {header["key"] for header in message["headers"]} == link["headers"].keys()
        assert all(header["value"]["prepared"] is True for header in message["headers"])


def for_integrators(results: list[BlockResult]) -> None:
    """Verify docs/for-integrators.md: its programs print one line in all languages."""
    asking = [result for result in results if "'ana.silva@" in result.block.text.replace('"', "'")]
    said = {
        result.stdout.splitlines()[0] for result in asking if "goes on" not in result.block.markers
    }
    assert said == {"do not send"}
    assert "'outcome': 'created'" in containing(results, "consent = {").stdout


def for_marketing(results: list[BlockResult]) -> None:
    """Verify docs/for-marketing.md: every row of the file is counted."""
    assert containing(results, "python3 keep.py").stdout.startswith("3 rows as of ")
    (scrub,) = answers(containing(results, "--data-binary @recipients.csv"))
    assert scrub["rows"] == 3


def for_operators(results: list[BlockResult]) -> None:
    """Verify docs/for-operators.md: its alerts name metrics that the service has."""
    rules = containing(results, "alert: UnsubscribeIsBroken").block.text
    metrics = (PROJECT / "suppression" / "adapters" / "observability" / "metrics.py").read_text(
        "utf-8"
    )
    named = {name.removesuffix("_total") for name in re.findall(r"suppression_\w+", rules)}
    assert {name for name in named if f'"{name}"' not in metrics} == set()


def imports(results: list[BlockResult]) -> None:
    """Verify docs/imports.md: an applied import is undone, and can be applied again."""
    assert "state\tundone" in containing(results, "flask imports undo").stdout
    first, shown = answers(containing(results, "/apply"))[:2]
    assert first["import_id"] == shown["import_id"]
    assert first["stops"] == 2


def policies(results: list[BlockResult]) -> None:
    """Verify docs/policies.md: its commands make the versions 2 and 3."""
    (block,) = results
    assert [line for line in block.stdout.splitlines() if line.isdecimal()] == ["2", "3"]


PROMISES: Mapping[str, Callable[[list[BlockResult]], None]] = {
    "README.md": readme,
    "docs/for-dialers.md": for_dialers,
    "docs/for-email.md": for_email,
    "docs/for-integrators.md": for_integrators,
    "docs/for-marketing.md": for_marketing,
    "docs/for-operators.md": for_operators,
    "docs/imports.md": imports,
    "docs/policies.md": policies,
}


def codes(answer: Json) -> list[str]:
    """Return the codes of an answer's reasons."""
    return [reason["code"] for reason in answer["reasons"]]


def comments(text: str) -> list[str]:
    """Return the texts of a program's comments that have a line of their own."""
    return [line.removeprefix("# ") for line in text.splitlines() if line.startswith("#")]


def _objects(text: str) -> Iterator[Json]:
    decoder, at = json.JSONDecoder(), text.find("{")
    while at >= 0:
        value, end = decoder.raw_decode(text, at)
        yield value
        at = text.find("{", end)
