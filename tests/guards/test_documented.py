"""The documentation lists exactly the settings, commands, metrics and problems that exist."""

import os
import re
import runpy
from collections.abc import Iterator, Mapping
from pathlib import Path

import click
import pytest

from suppression.domain.vocabulary import Reason
from suppression.web.http.problems import PROBLEMS
from suppression.wiring.whole import create_app
from tests.databases import settings_for

PROJECT = Path(__file__).parents[2]
README = PROJECT / "README.md"
INTEGRATORS = PROJECT / "docs" / "for-integrators.md"
PAGES = [README, *sorted((PROJECT / "docs").rglob("*.md"))]
METRIC = re.compile(r"(Counter|Histogram|GaugeMetricFamily)\w*\(\s*\"(suppression_[a-z_]+)\"")
ENVIRON = {
    "DATABASE_URL": "postgresql://",
    "MASTER_KEYS": "1:" + "A" * 43,
    "SIGNING_KEYS": "1:" + "A" * 43,
    "CASE_KEYS": "1:" + "A" * 43,
    "PUBLIC_URL": "https://stop.example.fr",
}
READ_THE_ENVIRONMENT = {
    "suppression/settings.py",
    "suppression/cli/local/main.py",
    "suppression/cli/serve.py",  # to hand it on
}


class Environment(Mapping[str, str]):
    """An environment that records the names of the variables that are read."""

    def __init__(self) -> None:
        self.read_names: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.read_names.add(name)
        return ENVIRON[name]

    def __iter__(self) -> Iterator[str]:
        raise NotImplementedError("settings are asked for by name")

    def __len__(self) -> int:
        return len(ENVIRON)


def test_the_metrics_that_are_counted_are_those_of_the_operators_table() -> None:
    source = (PROJECT / "suppression" / "adapters" / "observability" / "metrics.py").read_text()
    counted = {
        name + "_total" * kind.startswith("Counter") for kind, name in METRIC.findall(source)
    }
    page = (PROJECT / "docs" / "for-operators.md").read_text()
    assert counted == set(re.findall(r"^\| `(suppression_[a-z_]+)` \|", page, re.MULTILINE))


def test_the_settings_that_are_read_are_those_of_the_readme(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    environment = Environment()
    monkeypatch.setitem(ENVIRON, "PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    with monkeypatch.context() as patched:
        patched.setattr(os, "environ", environment)
        runpy.run_path(str(PROJECT / "gunicorn.conf.py"))
    assert {"PORT", "WEB_CONCURRENCY"} <= environment.read_names
    settings = environment.read_names - {"GUNICORN_PID"}  # gunicorn sets it, for an upgrade
    assert set(first_cells(README, "Settings")) == settings


def test_the_package_reads_the_environment_nowhere_else() -> None:
    files = sorted((PROJECT / "suppression").rglob("*.py"))
    reading = {
        str(file.relative_to(PROJECT))
        for file in files
        if re.search(r"\bos\.environ|\bgetenv\(|\bfrom_environ\(", file.read_text())
    }
    assert reading == READ_THE_ENVIRONMENT


def test_every_command_of_ours_stands_in_the_readme() -> None:
    ours = {name for name, command in registered_commands().items() if is_ours(command)}
    assert len(ours) > 10
    assert ours - documented_commands() == set()


def test_every_command_in_the_readme_is_registered() -> None:
    assert documented_commands() - set(registered_commands()) == set()


def test_migrating_is_documented_although_the_command_is_not_ours() -> None:
    assert "db upgrade" in documented_commands()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT)))
def test_every_relative_link_leads_to_a_file(page: Path) -> None:
    assert [link for link in relative_links(page) if not (page.parent / link).is_file()] == []


def test_the_guard_sees_links() -> None:
    assert "docs/for-integrators.md" in relative_links(README)


def test_the_problem_types_are_those_that_integrators_read_of() -> None:
    slugs = {problem.slug for problem in PROBLEMS.values()} | {"internal"}
    assert set(first_cells(INTEGRATORS, "Problems")) == slugs


def test_integrators_read_the_status_of_every_problem() -> None:
    page = INTEGRATORS.read_text()
    assert [
        problem.slug
        for problem in PROBLEMS.values()
        if f"\n| `{problem.slug}` | {problem.status.value} |" not in page
    ] == []


def test_every_reason_of_a_suppression_stands_among_the_reason_codes() -> None:
    assert {str(reason) for reason in Reason} - set(first_cells(INTEGRATORS, "Reason codes")) == (
        set()
    )


def first_cells(page: Path, heading: str) -> list[str]:
    """Return the code words in the first column of the tables under a heading of a page."""
    section = page.read_text().split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return re.findall(r"^\| `([^`]+)` \|", section, re.MULTILINE)


def documented_commands() -> set[str]:
    """Return the commands of the README's table, without `flask` and without arguments."""
    words = (
        re.match(r"flask((?: [a-z][a-z-]*)+)", cell) for cell in first_cells(README, "Commands")
    )
    return {match[1].strip() for match in words if match}


def registered_commands() -> dict[str, click.Command]:
    """Return every command of the application by its full name, without groups."""
    settings = settings_for("postgresql+psycopg2://")
    return dict(leaves(create_app(settings).cli, ()))


def leaves(group: click.Group, path: tuple[str, ...]) -> Iterator[tuple[str, click.Command]]:
    """Yield the full name and the object of each command under a group, at any depth."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command
        if isinstance(command, click.Group):
            yield from leaves(command, (*path, name))
        else:
            yield " ".join((*path, name)), command


def is_ours(command: click.Command) -> bool:
    """Return whether the service, and not Flask or Flask-Migrate, defines the command."""
    return getattr(command.callback, "__module__", "").startswith("suppression.")


def relative_links(page: Path) -> list[str]:
    """Return the relative paths that a page links to, without anchors."""
    links = re.findall(r"\]\(([^)\s]+)\)", page.read_text())
    return [link.partition("#")[0] for link in links if not re.match(r"[a-z]+:|#", link)]
