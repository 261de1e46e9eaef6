"""One epoch of this project's training compared with other engines, and with the least time.

Trains the paper's autoencoder (784-units-784, ReLU, sigmoid outputs, squared error, momentum) on
8000 random 0/1 images of MNIST's density: with this project's engine, with Keras' `fit`, with
PyTorch and with JAX, each written the way its users write a fast loop (peers.py). All have the same
images, initial weights, order and number of steps, and each epoch's error must agree with ours. The
limit is the five matrix products of a step alone, of NumPy (OpenBLAS) and of TensorFlow (oneDNN);
another one adds the update's unavoidable traffic, a pass over weights, momentum and gradients.

Each engine is a process of its own, held to as many CPUs as threads are asked for. They take turns,
one epoch each, so that a busy machine disturbs all alike; a ratio is the median over the rounds of
the ratio within a round. The table goes to results/benchmarks/engines.md, the rounds to .csv.

    python benchmarks/epoch/engines.py --make FOLDER
    python benchmarks/epoch/engines.py --python PYTHON --units 128 --threads 1 --check
    python benchmarks/epoch/engines.py --python PYTHON --engines "this project" --against CHECKOUT

`--make` builds the environment from requirements/peers.txt in FOLDER where it is not there yet (on
Linux 6 GB, as PyTorch comes with CUDA's libraries); otherwise name an interpreter that has
TensorFlow, Keras, PyTorch and JAX. `--against` adds the training of another checkout, as its own
peers.py runs it. To be run from `.venv`.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from shared import environment, keep, machine, median_ratio, ratios, spread

PEERS = Path(__file__).resolve().parent / "peers.py"
OURS, OTHER = "this project", "other checkout"
LIMITS = ("NumPy's products", "TensorFlow's products", "TensorFlow's products + update")
ENGINES = (OURS, "Keras", "PyTorch", "JAX", *LIMITS)
# The same arithmetic in another order: float32 has 7 digits, and some hundred steps lose some.
TOLERANCE = 1e-3
# A difference from JAX within these few per cent is noise: the same engine against itself shows it.
NOISE = 0.05
SHARES = {128: 0.90, 1024: 0.85}  # of NumPy's products that an epoch must reach, on one thread


class Worker:
    """An engine in a process of its own, which trains one epoch whenever it is told to.

    Parameters
    ----------
    python : str
        Interpreter with the engines' packages.
    engine : str
        One of `ENGINES`.
    threads : int
        Its threads, and the CPUs that it may use.
    checkout : pathlib.Path, optional
        Another checkout, whose training is the engine.
    """

    def __init__(self, python, engine, threads, checkout=None):
        self.engine, peers = engine, PEERS
        if checkout:
            (peers,) = checkout.glob("benchmarks/**/peers.py")
        cpus = sorted(os.sched_getaffinity(0))[-threads:]
        variables = {"OPENBLAS_NUM_THREADS": str(threads), "OMP_NUM_THREADS": str(threads)}
        quiet = {"TF_CPP_MIN_LOG_LEVEL": "2", "CUDA_VISIBLE_DEVICES": "", "JAX_PLATFORMS": "cpu"}
        self.process = subprocess.Popen(
            [python, peers, OURS if checkout else engine, str(threads)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=os.environ | variables | quiet,
            preexec_fn=lambda: os.sched_setaffinity(0, cpus),
        )
        self.versions = self._answer()

    def _answer(self):
        line = self.process.stdout.readline()
        if not line:
            sys.exit(
                f"error: the engine {self.engine} ended; run it by hand to see why: "
                f"{' '.join(map(str, self.process.args))}"
            )
        return json.loads(line)

    def ask(self, **task):
        """Send a task and return the answer."""
        print(json.dumps(task), file=self.process.stdin, flush=True)
        return self._answer()

    def stop(self):
        """End the process."""
        self.process.stdin.close()
        self.process.wait()


def main():
    """Time every engine, print and store the table; with `--check` exit with 1 over a target."""
    arguments = parse_arguments()
    python = arguments.python or environment(arguments.make / "peers", "peers")
    rows, versions = [], {}
    for threads in arguments.threads:
        workers = [Worker(python, engine, threads) for engine in arguments.engines]
        if arguments.against:
            workers.append(Worker(python, OTHER, threads, arguments.against))
        for worker in workers:
            versions |= worker.versions
        for units in arguments.units:
            for batch in arguments.batches:
                print(f"{threads} threads, {units} units, batch {batch}", file=sys.stderr)
                rows += measure(workers, threads, units, batch, arguments.rounds)
        for worker in workers:
            worker.stop()
    packages = ", ".join(f"{name} {version}" for name, version in sorted(versions.items()))
    note = (
        f"Seconds per epoch and, bold, their ratio to this project's: {arguments.rounds} rounds, "
        f"medians (smallest to largest). A share is the limit's time in ours. {machine()}; "
        f"{packages}."
    )
    keep("engines", f"{table(rows, [worker.engine for worker in workers])}\n{note}", rows)
    missed = shortfalls(rows) if arguments.check else []
    if missed:
        sys.exit("error: " + "; ".join(missed))


def parse_arguments():
    """Return the command line's arguments."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    place = parser.add_mutually_exclusive_group(required=True)
    place.add_argument("--make", type=Path, metavar="FOLDER", help="folder of the environment")
    place.add_argument("--python", metavar="PYTHON", help="interpreter that has all engines")
    add = parser.add_argument
    add("--units", type=int, nargs="+", default=[128, 512, 1024], help="hidden units")
    add("--batches", type=int, nargs="+", default=[50, 128], help="images per batch")
    add("--threads", type=int, nargs="+", default=[1, 2], help="threads of each engine")
    add("--rounds", type=int, default=9, help="rounds for each (9)")
    add("--engines", nargs="+", default=list(ENGINES), choices=ENGINES, metavar="ENGINE")
    add("--against", type=Path, metavar="CHECKOUT", help="also another checkout's training")
    add("--check", action="store_true", help="exit with 1 where a target is missed")
    arguments = parser.parse_args()
    if OURS not in arguments.engines:
        parser.error(f"--engines needs {OURS}, with which the others are compared")
    return arguments


def measure(workers, threads, units, batch, rounds):
    """Return one row for every engine and round; exit if an error differs from ours."""
    for worker in workers:
        worker.ask(units=units, batch=batch)
    rows = []
    for k in range(rounds):
        order = workers if k % 2 == 0 else workers[::-1]
        answers = {worker.engine: worker.ask(epoch=k) for worker in order}
        expected = answers[OURS]["error"]
        for engine, answer in answers.items():
            error = answer["error"]
            if error is not None and abs(error - expected) > TOLERANCE * expected:
                sys.exit(
                    f"error: {engine} has the error {error:.6g} in round {k + 1} ({units} units, "
                    f"batch {batch}), and {OURS} {expected:.6g}: they do not train the same."
                )
            facts = {"threads": threads, "units": units, "batch": batch, "round": k}
            rows.append({**facts, "engine": engine, **answer})
    return rows


def seconds_of(rows):
    """Return the seconds of every round by (threads, units, batch) and engine."""
    cases = {}
    for row in rows:
        case = cases.setdefault((row["threads"], row["units"], row["batch"]), {})
        case.setdefault(row["engine"], []).append(row["seconds"])
    return cases


def table(rows, engines):
    """Return the Markdown table: a row for every case, a column for every engine and limit."""
    peers = [name for name in engines if name not in (OURS, *LIMITS)]
    limits = [name for name in LIMITS if name in engines]
    heads = ["threads", "units", "batch", f"{OURS}, s", *[f"{name}, s" for name in peers]]
    lines = [heads + [f"share of {name}" for name in limits], ["---:"] * (4 + len(engines) - 1)]
    for case, seconds in seconds_of(rows).items():
        ours = seconds[OURS]
        cells = [spread(ours, 3)]
        for name in peers:
            times = ratios(seconds[name], ours)
            found = f"**{statistics.median(times):.2f}** ({min(times):.2f}-{max(times):.2f})"
            cells.append(f"{statistics.median(seconds[name]):.3f}, {found}")
        for limit in limits:
            cells.append(f"{100 * median_ratio(seconds[limit], ours):.0f} %")
        lines.append([*map(str, case), *cells])
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def shortfalls(rows):
    """Return a sentence for every case in which a target is missed."""
    found = []
    for (threads, units, batch), seconds in seconds_of(rows).items():
        case = f"{units} units, batch {batch}, {threads} threads"
        for engine, least in (("Keras", 1.0), ("PyTorch", 1.0), ("JAX", 1.0 - NOISE)):
            if engine in seconds:
                times = median_ratio(seconds[engine], seconds[OURS])
                if times < least:
                    found.append(f"{engine} takes {times:.2f} of our time ({case})")
        if LIMITS[0] in seconds and threads == 1:
            share = median_ratio(seconds[LIMITS[0]], seconds[OURS])
            if share < SHARES.get(units, 0.0):
                found.append(f"an epoch reaches {share:.2f} of {LIMITS[0]} ({case})")
    return found


if __name__ == "__main__":
    main()
