"""Every block of README and docs/ runs as printed, page by page, on both set-ups."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.docs.deployments import Deployment, deployment
from tests.docs.pages import CONSOLE, DATA, PLACES, Block, all_blocks, blocks_in, blocks_of
from tests.docs.pages import pages as all_pages
from tests.docs.plugin import COUNTS
from tests.docs.promises import answers, check_promises
from tests.docs.scripts import BlockResult, Session, commands_in, run_blocks
from tests.docs.strict_json import read_json
from tests.programs import program
from tests.strict_yaml import read_yaml

Record = Callable[[str, object], None]
INTERPRETERS = {"php": ("php-cli php-curl", "php"), "js": ("nodejs", "node")}


@pytest.mark.parametrize("language", INTERPRETERS)
def test_the_interpreter_of_the_programs_is_there(language: str) -> None:
    assert program(*INTERPRETERS[language])


@pytest.mark.timeout(600)
@pytest.mark.parametrize("place", PLACES)
def test_every_page_runs_as_it_is_printed(
    place: str,
    tmp_path: Path,
    pytestconfig: pytest.Config,
    record_property: Record,
    subtests: pytest.Subtests,
) -> None:
    missing, chosen = missing_languages(), str(pytestconfig.getoption("page"))
    done = sum(place in block.sets_up for block in all_blocks())
    with deployment(place, tmp_path) as service:
        for page in (page for page in all_pages() if chosen in page):
            blocks = [block for block in with_page(place, page) if block.language not in missing]
            if blocks:
                with subtests.test(page=page):
                    done += run_page(service, page, blocks)
    record_property(COUNTS, counts(place, done, missing))


def missing_languages() -> set[str]:
    """Return the languages whose interpreter is not installed here."""
    return {language for language, (_, name) in INTERPRETERS.items() if shutil.which(name) is None}


def with_page(place: str, page: str) -> list[Block]:
    """Return the blocks of a page that run on `place`, without those that set up the service."""
    return [block for block in blocks_of(page) if place in block.places and not block.sets_up]


def run_page(service: Deployment, page: str, blocks: list[Block]) -> int:
    """Run the blocks of a page, check what they print, and return how many ran."""
    results = service.run(page, blocks)
    assert [result.block for result in results] == blocks
    for at, result in enumerate(results):
        if result.block.language == CONSOLE:
            assert result.stdout == commands_in(result.block.text)[1], result.block.place
        if result.block.language in DATA:
            check_data(result.block, results[at - 1])
    check_promises(page, results)
    return len(results)


def check_data(block: Block, before: BlockResult) -> None:
    """Parse a data block strictly; compare an answer's shape with the block before it."""
    shown = (read_json if block.language == "json" else read_yaml)(block.text)
    if "answer" in block.markers:
        assert shape_of(answers(before)[-1]) == shape_of(shown), block.place


def shape_of(value: object) -> object:
    """Return the names and types of a JSON value, without its values."""
    if isinstance(value, dict):
        return {name: shape_of(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [shape_of(inner) for inner in value]
    return type(value).__name__


def counts(place: str, done: int, missing: set[str]) -> str:
    """Return a line that tells how many blocks ran on `place`, and how many did not, by cause."""
    blocks = all_blocks()
    reasons = sum(block.reason is not None for block in blocks)
    elsewhere = sum(block.reason is None and place not in block.places for block in blocks)
    left_out = sum(block.language in missing and place in block.places for block in blocks)
    line = (
        f"documentation on {place}: {done} blocks ran, {reasons} carry a reason, "
        f"{elsewhere} run on the other set-up alone"
    )
    return f"{line}, {left_out} lack their interpreter" if left_out else line


def test_a_block_that_fails_is_named_with_what_it_said(session: Session, notes: Path) -> None:
    blocks = blocks_of_text("```sh\necho fine\n```\n\n```sh\necho so far\nfalse\necho on\n```\n")
    with pytest.raises(AssertionError, match=r"(?s)page:5 failed.*so far") as failure:
        run_blocks(blocks, session, notes)
    assert "fine" not in str(failure.value)


def test_a_block_ends_with_the_status_that_the_page_says(session: Session, notes: Path) -> None:
    denied = "```sh\n(exit 10)\n```\n"
    run_blocks(blocks_of_text(f"<!-- ends with: 10 -->\n\n{denied}"), session, notes)
    for text in (denied, f"<!-- ends with: 3 -->\n\n{denied}"):
        with pytest.raises(AssertionError, match="failed"):
            run_blocks(blocks_of_text(text), session, notes.with_name(f"notes{len(text)}"))


def test_variables_and_functions_live_from_block_to_block(session: Session, notes: Path) -> None:
    text = (
        '```sh\nsay() { echo "$1 $WORD"; }\nWORD=here\n```\n\n```sh\nsay hello\n```\n\n'
        "```python\nword = 'first'\n```\n\n<!-- goes on -->\n\n```python\nprint(word)\n```\n"
    )
    results, _ = run_blocks(blocks_of_text(text), session, notes)
    assert [result.stdout for result in results] == ["", "hello here\n", "", "first\n"]


def test_a_name_that_json_holds_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        read_json('{"a": 1, "a": 2}')


def blocks_of_text(text: str) -> list[Block]:
    """Return the blocks of a Markdown text of this test."""
    return list(blocks_in("page", text))


@pytest.fixture
def session(tmp_path: Path) -> Session:
    return Session(folder=tmp_path, environ={"PATH": "/usr/bin:/bin"}, substitutions={})


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    return tmp_path / "notes"
