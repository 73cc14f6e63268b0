# shellcheck shell=bash
# Makes the virtual environments that ./run, ./test and benchmarks/run use. Source it with what is
# needed:
#
#   source scripts/environment.sh runtime       what the service needs
#   source scripts/environment.sh dev           that, and what the tests need
#   source scripts/environment.sh benchmarks    the first, and the peers; an environment of its own
#
# Sets $project and $venv. Writes to standard error alone: the caller's standard output
# belongs to the caller's own answer. Does nothing but one quick look when all is in place.

project="$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)"
venv="$project/.venv"
if [ "$1" = benchmarks ]; then venv="$project/.venv-benchmarks"; fi

# What takes long runs in a process group of its own: a Ctrl-C reaches this script alone, which
# ends the whole group without a word of theirs. The next start makes the environment anew.
environment_apart() { # a command
    local outcome=0
    set -m
    "$@" </dev/null &
    set +m
    wait "$!" || outcome=$?
    return "$outcome"
}

environment_interrupted() { # the exit status
    local group patience
    trap '' INT TERM HUP
    for group in $(jobs -p); do
        for patience in TERM 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 KILL; do
            kill -"$patience" -- "-$group" || break
            sleep 0.1
        done
    done 2>/dev/null
    wait 2>/dev/null || true
    environment_unlock
    environment_say "interrupted: nothing is running. Start again to begin anew."
    exit "$1"
}

environment_say() { printf '%s\n' "suppression: $*" >&2; }

# What a finished install looks like, as one line. The path stands in it because the programs
# in .venv/bin name their interpreter by its full path: a moved environment is made again.
environment_wanted() { # runtime | dev | benchmarks
    "$venv/bin/python" -I - "$1" "$project" 2>/dev/null <<'PYTHON'
import hashlib, pathlib, sys
kind, project = sys.argv[1:]
further = {"dev": ["requirements-dev.txt"], "benchmarks": ["benchmarks/requirements.txt"]}
names = ["requirements.txt"] + further.get(kind, [])
digest = hashlib.sha256()
for name in names:
    digest.update(pathlib.Path(project, name).read_bytes())
print(digest.hexdigest(), sys.version.split()[0], project)
PYTHON
}

environment_is_ready() { # runtime | dev | benchmarks
    local wanted stamp="$venv/installed-$1"
    [ -r "$stamp" ] && [ -x "$venv/bin/python" ] || return 1
    wanted="$(environment_wanted "$1")" && [ "$wanted" = "$(<"$stamp")" ]
}

# The first Python that is new enough and can run $1. Each is tried, not only looked for: a
# version manager leaves names on the PATH behind which no Python stands.
environment_find_python() { # an import statement
    local name
    for name in python3.11 python3.12 python3.13 python3.14 python3; do
        if "$name" -I -c "import sys; $1; sys.exit(sys.version_info < (3, 11))" 2>/dev/null; then
            printf '%s\n' "$name"
            return
        fi
    done
    return 1
}

environment_create() {
    local python
    if [ -L "$venv" ]; then
        environment_say "$venv is a link to somebody else's environment: remove the link."
        return 1
    fi
    if python="$(environment_find_python 'import ensurepip, venv')"; then
        environment_apart "$python" -m venv --clear "$venv" >&2
    elif command -v uv >/dev/null; then
        python="$(environment_find_python pass)" || python=3.11
        environment_apart uv venv --quiet --clear --python "$python" "$venv" >&2
    elif python="$(environment_find_python pass)"; then
        environment_say "$python has no venv module; install it (on Debian: apt-get install" \
            "python3-venv) or uv, and start again"
        return 1
    else
        environment_say "install Python 3.11 or newer with its venv module (on Debian:" \
            "apt-get install python3-venv) or uv, and start again"
        return 1
    fi
}

# The files are complete, so nothing is resolved (--no-deps): an older pip would look for the newest
# release of whatever a package asks for with an extra, and refuse the file once there is one that
# is not pinned. Whether the pins fit each other is checked afterwards.
environment_install() { # a requirements file
    if [ -x "$venv/bin/pip" ]; then
        # What pip was unpacking when it was ended goes with the environment.
        mkdir -p "$venv/tmp"
        # As with uv, a module is compiled when it is first imported: to compile all takes a quarter
        # of the install.
        TMPDIR="$venv/tmp" PIP_USER=0 environment_apart "$venv/bin/python" -m pip install --quiet \
            --quiet --no-input --no-deps --no-compile --disable-pip-version-check --require-hashes \
            --requirement "$1" >&2 &&
            environment_pins_fit
    else
        environment_apart uv pip install --quiet --python "$venv/bin/python" --no-deps --require-hashes \
            --requirement "$1" >&2 &&
            environment_apart uv pip check --quiet --python "$venv/bin/python" >&2
    fi
}

environment_pins_fit() {
    local faults="$venv/tmp/faults"
    environment_apart "$venv/bin/python" -m pip --disable-pip-version-check check >"$faults" &&
        rm -rf "$venv/tmp" && return
    environment_say "$(<"$faults")"
    return 1
}

environment_stamp() { # runtime | dev | benchmarks; by rename, so that no stamp is ever half written
    environment_wanted "$1" >"$venv/installed.new" && mv "$venv/installed.new" "$venv/installed-$1"
}

# No stamp stands while packages are being changed, and only on a stamped environment is
# anything added: one whose making was interrupted, or whose pins are old, is made from nothing.
environment_build() { # runtime | dev | benchmarks
    local keep=no file=requirements.txt
    if environment_is_ready runtime; then keep=yes; fi
    if [ "$1" = dev ]; then file=requirements-dev.txt; fi
    if [ "$1" = benchmarks ]; then file=benchmarks/requirements.txt; fi
    rm -f "$venv"/installed-*
    if [ "$keep" = no ]; then environment_create || return 1; fi
    environment_say "installing $file into ${venv#"$project/"} (once; it takes a minute)"
    if ! environment_install "$project/$file"; then
        environment_say "installing $file failed, see above; start again to try again"
        return 1
    fi
    environment_stamp runtime || return 1
    if [ "$1" != runtime ]; then environment_stamp "$1"; fi
}

# One start installs, the others wait for it. flock goes with its holder, however that dies;
# where it is missing, a link that names its holder serves.
environment_lock() {
    if command -v flock >/dev/null; then
        exec 9<"$project/requirements.txt"
        environment_apart flock 9
        return
    fi
    until ln -s "$$" "$project/.venv.lock" 2>/dev/null; do
        sleep 1
        if ! kill -0 "$(readlink "$project/.venv.lock")" 2>/dev/null; then
            rm -f "$project/.venv.lock"
        fi
    done
}

environment_unlock() {
    exec 9<&-
    if [ "$(readlink "$project/.venv.lock")" = "$$" ]; then rm -f "$project/.venv.lock"; fi
}

environment_prepare() { # runtime | dev | benchmarks
    local outcome=0
    environment_is_ready "$1" && return
    environment_lock
    environment_is_ready "$1" || environment_build "$1" || outcome=1
    environment_unlock
    return "$outcome"
}

trap 'environment_interrupted 130' INT
trap 'environment_interrupted 143' TERM
trap 'environment_interrupted 129' HUP
environment_prepare "$1" || exit 1
trap - TERM HUP  # INT stays the caller's too: no moment of its start ends without a line
