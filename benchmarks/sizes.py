"""The sizes of a run: its lists and files, its rounds, and how long each turn lasts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Sizes:
    """The sizes of one kind of run. Lists and files count people; a turn lasts `seconds`."""

    name: str
    single_list: int
    """The size of the list for single checks, links, stops on PostgreSQL, and disk."""
    small_list: int
    """The size of the list whose latency is compared with that of `large_list`."""
    batch_small_list: int
    """The size of the list whose time of a batch is compared with that of `large_list`."""
    large_list: int
    rounds: int
    seconds: float
    batch: int
    batches: int
    """How many batches are sent in one turn."""
    scrub: int
    memory: tuple[int, int]
    """The numbers of rows of two files whose scrubs are compared in peak memory."""
    links: int
    tokens: int
    imported: int
    clients: tuple[int, ...] = (1, 8, 32)

    @property
    def lists(self) -> tuple[int, ...]:
        """Return the size of every list that is filled, the smallest first."""
        wanted = {self.single_list, self.small_list, self.batch_small_list, self.large_list}
        return tuple(sorted(wanted))


TINY = Sizes(
    name="tiny",
    single_list=200,
    small_list=100,
    batch_small_list=100,
    large_list=200,
    rounds=1,
    seconds=0.1,
    batch=100,
    batches=1,
    scrub=100,
    memory=(50, 100),
    links=50,
    tokens=100,
    imported=50,
    clients=(1,),
)
QUICK = Sizes(
    name="quick",
    single_list=100_000,
    small_list=10_000,
    batch_small_list=10_000,
    large_list=100_000,
    rounds=5,
    seconds=0.25,
    batch=10_000,
    batches=1,
    scrub=20_000,
    memory=(2_000, 20_000),
    links=5_000,
    tokens=5_000,
    imported=5_000,
    clients=(1, 8, 32),
)
FULL = Sizes(
    name="full",
    single_list=1_000_000,
    small_list=100_000,
    batch_small_list=1_000_000,
    large_list=10_000_000,
    rounds=5,
    seconds=4.0,
    batch=10_000,
    batches=4,
    scrub=1_000_000,
    memory=(1_000_000, 10_000_000),
    links=1_000_000,
    tokens=100_000,
    imported=1_000_000,
)
