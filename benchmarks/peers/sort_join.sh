#!/bin/sh
# sort | join, in the clear: the recipients of a CSV file who are not on a sorted list.
#
#   sort_join.sh SORTED_LIST RECIPIENTS.csv TARGET
#
# The address is the second column, as in our files; a quoted comma would be too much for it, and
# it knows no mailbox whose provider ignores dots.
set -eu
export LC_ALL=C
tail -n +2 "$2" | tr '[:upper:]' '[:lower:]' | sort -t , -k 2,2 --parallel=2 |
    join -t , -1 2 -2 1 -v 1 - "$1" >"$3"
