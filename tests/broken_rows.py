"""A file of contacts of which one row in a hundred is broken, in ten ways."""

from __future__ import annotations

from collections.abc import Callable

BROKEN: tuple[Callable[[int], bytes], ...] = (
    lambda n: b'n%d,"person%d@example.fr"x,Paris' % (n, n),
    lambda n: b'n%d,person%d@example.fr,"Paris' % (n, n),
    lambda n: b'"n%d,person%d@example.fr,Paris' % (n, n),
    lambda n: b"n%d,person%d@example.fr,Paris,one,too many" % (n, n),
    lambda n: b"n%d,person%d@exa\0mple.fr,Paris" % (n, n),
    lambda n: b"n%d" % n,
    lambda n: b"n%d,,Paris" % n,
    lambda n: b"n%d,nobody at home,Paris" % n,
    lambda n: b"n%d,a%d@example.fr b%d@example.fr,Paris" % (n, n, n),
    lambda n: b"n%d,%s,Paris" % (n, b"x" * 2000),
)
"""Functions from a row number to a broken CSV row.

In order: three kinds of broken quotes, too many cells, NUL, too few cells, an empty address, a text
that is no address, two addresses, an address of 2,000 characters.
"""


def contacts(rows: int, *, stopped: str) -> tuple[bytes, dict[int, str]]:
    """Return a CSV file, and the expected decision of a scrub by the number of each line.

    One row in fifty holds the address `stopped`; one in a hundred is broken.
    """
    lines, expected = [b"name,email,city"], {}
    for number in range(rows):
        line = number + 2
        if number % 100 == 99:
            lines.append(BROKEN[number // 100 % len(BROKEN)](number))
            expected[line] = "unknown"
        elif number % 50 == 7:
            lines.append(b"n%d,%s,Paris" % (number, stopped.encode()))
            expected[line] = "deny"
        else:
            lines.append(b"n%d,person%d@example.fr,Paris" % (number, number))
            expected[line] = "allow"
    return b"\n".join(lines) + b"\n", expected
