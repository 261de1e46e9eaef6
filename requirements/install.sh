#!/bin/sh
# Installs one of the hashed lists beside this file into .venv at the root of the repository, and
# makes .venv first where there is none that works. Does nothing where all that was done before.
#
# usage: sh requirements/install.sh LIST [PYTHON]
#   LIST    all: the whole workflow on one machine
#           development: the same with all that the tests and `make lock` need
#           slurm, slurm-gpu: the same for a cluster, on its CPUs or on its GPUs (CUDA)
#           data, training, training-gpu, report: what the rules of one stage import
#           none: a .venv without packages
#   PYTHON  the interpreter to make .venv with, instead of the first that fits
set -eu
cd "$(dirname "$0")/.."
list=$1
wanted=${2:-}

# Whether a command is a Python that TensorFlow has wheels for and that can make environments.
# A version manager's shim may exist and yet not run.
fits() {
    "$1" -c '
import sys, ensurepip, venv
cpython = sys.implementation.name == "cpython"
sys.exit(not (cpython and (3, 11) <= sys.version_info[:2] <= (3, 13)))
' </dev/null >/dev/null 2>&1
}

pick() {
    for candidate in ${wanted:+"$wanted"} $([ -n "$wanted" ] || echo python3 python3.13 python3.12 python3.11 python); do
        if fits "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    echo "error: Python 3.11, 3.12 or 3.13 with its venv module is needed${wanted:+, and $wanted is not one}; install it or name it: make demo PYTHON=/path/to/python3.12" >&2
    return 1
}

# Whether .venv was finished here (a moved or copied one has scripts that call the old place), still
# runs, and is of the version of the interpreter that was asked for, if any was.
sound() {
    [ ! -e .venv/incomplete ] && .venv/bin/python -c '
import pathlib, sys
import pip
version = "%d.%d" % sys.version_info[:2]
lines = pathlib.Path(sys.prefix, "pyvenv.cfg").read_text().splitlines()
here = any(line.startswith("command = ") and line.endswith(" " + sys.prefix) for line in lines)
sys.exit(not (here and version in ("3.11", "3.12", "3.13") and sys.argv[1] in ("", version)))
' "$1" </dev/null >/dev/null 2>&1
}

version=
if [ -n "$wanted" ]; then
    python=$(pick)
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
fi

# An interruption leaves .venv/incomplete behind, and with it the next call starts afresh. Where pip
# fails by itself, say for want of a network, .venv stays as it was: other lists in it still serve.
trap 'exit 130' HUP INT TERM

if ! sound "$version"; then
    python=$(pick)
    [ ! -e .venv ] || echo ".venv is unfinished, was moved, does not run or is of another Python than asked for: making it anew."
    echo "Making the virtual environment .venv with $("$python" --version) ($python)."
    rm -rf .venv
    mkdir .venv
    touch .venv/incomplete
    "$python" -m venv .venv
    rm .venv/incomplete
fi

# There Snakemake finds its plugin, and Python the library.
for packages in .venv/lib/python*/site-packages; do
    echo "$PWD/workflow" >"$packages/checkout.pth"
done
printf '#!/bin/sh\nexec "%s/.venv/bin/python" -m autoencoders.commands "$@"\n' "$PWD" >.venv/bin/autoencoders
chmod +x .venv/bin/autoencoders

if [ "$list" = none ]; then
    exit
fi

# The builds of TensorFlow for CPUs and for GPUs (CUDA) write the same files: the later one would win.
case $list in
    *-gpu) other_build='tensorflow_cpu-*' ;;
    data | report) other_build= ;;
    *) other_build='nvidia_cudnn_*' ;;
esac
if [ "$other_build" ] && ls -d .venv/lib/python*/site-packages/$other_build >/dev/null 2>&1; then
    echo "error: .venv holds another build of TensorFlow than requirements/$list.txt names, and both have no room in one environment; remove it (make clean-environment) or work in another checkout" >&2
    exit 1
fi

# A list that has changed may have moved packages that it shares with the others: trust no mark then.
for mark in .venv/installed-*.txt; do
    cmp -s "$mark" "requirements/${mark#.venv/installed-}" || rm -f .venv/installed-*.txt
done

if [ ! -e ".venv/installed-$list.txt" ]; then
    echo "Installing requirements/$list.txt into .venv: one to five minutes, mostly downloads; later calls skip it."
    touch .venv/incomplete
    status=0
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes \
        --requirement "requirements/$list.txt" || status=$?
    if [ "$status" -eq 0 ]; then
        cp "requirements/$list.txt" ".venv/installed-$list.txt"
    else
        echo "error: requirements/$list.txt could not be installed; pip's message above says why" >&2
    fi
    rm .venv/incomplete
    exit "$status"
fi
