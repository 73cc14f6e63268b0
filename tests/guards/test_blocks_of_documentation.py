"""Each code block of README and docs/ is run by tests/docs, or has a comment that says why not."""

from __future__ import annotations

import pytest

from tests.docs.pages import (
    LANGUAGES,
    PLACES,
    PROGRAMS,
    SHELL,
    PageError,
    all_blocks,
    blocks_in,
)

SHELL_BLOCK = "```sh\nflask reviews list acme\n```\n"


def test_every_block_is_run_somewhere_or_says_why_not() -> None:
    assert [block.place for block in all_blocks() if not block.places and not block.reason] == []


def test_every_block_that_is_run_is_in_a_language_that_can_be() -> None:
    assert [
        f"{block.place}: {block.language or 'no language'}"
        for block in all_blocks()
        if block.places and block.language not in LANGUAGES
    ] == []


def test_both_set_ups_have_their_blocks() -> None:
    for place in PLACES:
        setting_up = [block for block in all_blocks() if place in block.sets_up]
        assert any(block.keeps_running for block in setting_up), place
        assert sum(place in block.places for block in all_blocks()) > 30, place


def test_a_saved_program_is_run_by_a_block_of_its_page() -> None:
    saved = [block for block in all_blocks() if "saved as" in block.markers]
    shells = [block for block in all_blocks() if block.language == SHELL and block.places]
    assert [
        block.place
        for block in saved
        if not any(
            shell.page == block.page
            and shell.line > block.line
            and f"python3 {block.markers['saved as']}" in shell.text
            for shell in shells
        )
    ] == []


def test_comments_stand_before_what_they_are_made_for() -> None:
    blocks = all_blocks()
    assert [
        block.place
        for block in blocks
        if ({"goes on", "saved as"} & block.markers.keys() and block.language not in PROGRAMS)
        or ("answer" in block.markers and block.language != "json")
        or ("sets up" in block.markers and block.language != SHELL)
    ] == []


def test_a_block_without_a_word_is_run_on_both() -> None:
    (block,) = blocks_in("page", SHELL_BLOCK)
    assert block.places == PLACES


def test_a_block_without_a_fence_is_a_shells() -> None:
    (block,) = blocks_in("page", "words\n\n    ./run\n")
    assert (block.language, block.text) == (SHELL, "./run\n")


@pytest.mark.parametrize(
    "comment",
    [
        "<!-- not run: -->",
        "<!-- not run:   -->",
        "<!-- not run -->",
        "<!-- only on production -->",
        "<!-- only on Mars: there is water -->",
        "<!-- sets up: Mars -->",
        "<!-- ends with: joy -->",
        "<!-- goes on: and on -->",
        "<!-- TODO -->",
    ],
)
def test_a_comment_without_its_reason_or_of_no_kind_is_refused(comment: str) -> None:
    with pytest.raises(PageError, match="page:1"):
        list(blocks_in("page", f"{comment}\n\n{SHELL_BLOCK}"))


def test_a_comment_that_stands_before_no_block_is_refused() -> None:
    with pytest.raises(PageError, match="no block"):
        list(blocks_in("page", f"<!-- not run: later -->\n\nwords\n\n{SHELL_BLOCK}"))
    with pytest.raises(PageError, match="no block"):
        list(blocks_in("page", "<!-- not run: later -->\n"))
