"""Kill Snakemake and its jobs at random moments, and compare the results with undisturbed ones.

    python tests/faults/random_kills.py --kills 200

One checkout of a small sweep runs undisturbed. In a copy of it, results are removed at random, as
often as all are there, and Snakemake is started again and again; at random moments a job,
Snakemake, or both with all their processes are killed. At last the run is completed: its results
must be those of the undisturbed one. Exits with 1 if they are not, if something hung, or if there
was a traceback of this project.
"""

import argparse
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "helpers"))

from disturbed_start import SIGNALS, VICTIMS, DisturbedStart, Kill
from tracebacks import kind_of, new_tracebacks

from same_results import differences, files_of, leftovers_in
from snakemake_runs import Checkout

# Snakemake's words for a failed job, and for its own end before everything was made.
MESSAGE = ("Error in rule", "Exiting because", "Will exit after", "Terminating processes")
LOCKED = "--unlock"
RUN_FILES = {"history.csv", "weights.npz", "run.json"}
# What shows times must show those of the final runs: made again, it must be the same.
SHOWING_TIMES = ("collect_runs", "compute_table2")


def small_checkout(folder):
    """Make a checkout with a sweep of four training runs, three figures and every table."""
    checkout = Checkout.copy(folder)
    config = checkout.config()
    experiments = config["experiments"]
    for name in ("other-activations", "no-hidden"):
        del experiments[name]
    experiments["under-complete"] |= {"activations": ["relu"], "seeds": 1}
    for name, kept in (("over-complete", 0), ("stacked", 1)):
        configurations = [experiments[name]["configurations"][kept]]
        experiments[name] |= {"activations": ["relu"], "configurations": configurations}
    config["tables"] = {"table1": ["over-complete"], "table2": ["stacked"]}
    shown = ("figure1", "figure6", "figure9")
    config["figures"] = {name: config["figures"][name] for name in shown}
    checkout.configure(config)
    return checkout


class RandomKills:
    """Starts of Snakemake that are killed at random moments.

    Parameters
    ----------
    checkout : snakemake_runs.Checkout
        In which everything has run.
    outputs : pathlib.Path
        A folder for what each start says.
    every : float
        Mean time from one kill to the next within a start, in seconds.
    seed : int
        Of victims, signals, moments and of what is removed.
    """

    def __init__(self, checkout, outputs, every, seed):
        self.checkout = checkout
        self.results = checkout.folder / "results"
        self.outputs = outputs
        self.outputs.mkdir()
        self.every = every
        self.chance = random.Random(seed)
        self.kills = []
        self.starts = 0
        self.unlocked = 0
        self.completed = 0  # starts that made all that was left
        self.faults = []  # sentences
        self.tracebacks = Counter()  # by kind
        self.unexpected = []  # tracebacks

    def remove_some(self):
        """Remove all results; some runs and what is made of them; all tables; or all figures.

        Whatever is removed goes with all that is made of it, or Snakemake would not miss it.
        """
        runs = sorted(path.parent for path in self.results.glob("runs/*/*/[!.]*/run.json"))
        some_runs = self.chance.sample(runs, self.chance.randint(1, len(runs)))
        tables, figures = made = [self.results / name for name in ("tables", "figures")]
        removed = self.chance.choice(([self.results], some_runs + made, [tables], [figures]))
        for path in removed:
            shutil.rmtree(path)
        (self.results / "report.html").unlink(missing_ok=True)

    def kill(self, number):
        """Kill so many times."""
        while len(self.kills) < number:
            moment = time.time()
            start = self._start(number - len(self.kills))
            self.kills += start.kills
            self._count_tracebacks(start, moment)
            for folder in self._torn_runs():
                self._blame(f"{folder} is there in part, see {start.path}.")
            self._judge(start)

    def complete(self):
        """Make what is left, undisturbed."""
        done = self.checkout.snakemake()
        if done.returncode != 0 and LOCKED in done.stdout:
            self._unlock()
            done = self.checkout.snakemake()
        if done.returncode != 0:
            self.faults.append(f"The last start failed:\n{done.stdout}")

    def check(self, undisturbed):
        """Compare the results with undisturbed ones, and with what was recorded of them."""
        self.faults += differences(undisturbed, self.results)
        script = "workflow/scripts/check_results.py"
        done = subprocess.run(
            [sys.executable, script], cwd=self.checkout.folder, capture_output=True, text=True
        )
        if done.returncode != 0:
            self.faults.append(f"{script} says: {done.stdout}{done.stderr}")
        for name in self.undocumented():
            self.faults.append(f"{name} was left behind.")
        before = files_of(self.results)
        self.checkout.run("--forcerun", *SHOWING_TIMES)
        for name, content in files_of(self.results).items():
            if before[name] != content:
                self.faults.append(f"{name} was not made from the runs that are there.")

    def undocumented(self):
        """Return what was left behind and has not the name of a result with a dot before it."""
        found = []
        for name in leftovers_in(self.results):
            path = self.results / name
            siblings = [each.name for each in path.parent.iterdir()]
            if not any(path.name.startswith(f".{sibling}.") for sibling in siblings):
                found.append(name)
        return found

    def _start(self, left):
        """Start Snakemake, kill at most `left` times, and wait for the end."""
        self.starts += 1
        output = self.outputs / f"{self.starts:04}.txt"
        start = DisturbedStart(self.checkout, output, self.chance)
        try:
            while len(start.kills) < left:
                if start.ended_within(self.chance.expovariate(1 / self.every)):
                    break
                start.apply(Kill.drawn(self.chance))
            if start.status is None:
                start.finish(start.kills[-1])
        finally:
            if start.status is None:
                start.stop()
        return start

    def _judge(self, start):
        """Note how a start ended, and prepare the next one."""
        output = start.output
        for kill in start.kills:
            kill.told = any(message in output[kill.offset :] for message in MESSAGE)
        if start.status == 0:
            self.completed += 1
            self.remove_some()
        elif LOCKED in output:
            self._unlock()
        elif not start.kills:
            self._blame(f"A start that met no kill failed, see {start.path}.")
        elif start.status > 0 and not any(message in output for message in MESSAGE):
            self._blame(f"Snakemake ended with {start.status} and no message, see {start.path}.")

    def _torn_runs(self):
        """Return the run folders that are neither whole nor empty or not there."""
        found = []
        for folder in self.results.glob("runs/*/*/[!.]*"):
            names = {path.name for path in folder.iterdir()}
            if names and names != RUN_FILES:
                found.append(folder)
        return found

    def _blame(self, sentence):
        """Note a fault, of which the last kill is thought to be the cause."""
        self.faults.append(sentence)
        if self.kills:
            self.kills[-1].survived = False

    def _count_tracebacks(self, start, moment):
        """Count the tracebacks of a start to its last kill, or to the last one before it."""
        for traceback in new_tracebacks(start.output, self.results / "logs", moment):
            kind = kind_of(traceback, self.checkout.folder)
            self.tracebacks[kind] += 1
            if kind != "interrupted":
                self.unexpected.append(f"{kind}, see {start.path}: {traceback}")
            if kind == "ours" and self.kills:
                self.kills[-1].tracebacks += 1

    def _unlock(self):
        self.unlocked += 1
        self.checkout.run("--unlock")


def table_of(kills):
    """Return the table of what was killed and what came of it, as lines of Markdown."""
    columns = ("killed", "signal", "kills", "survived", "clean errors", "tracebacks", "hangs")
    lines = [f"| {' | '.join(columns)} |", "|---|---|" + "---:|" * 5]
    for victim in VICTIMS:
        for signal_name in SIGNALS:
            some = [kill for kill in kills if (kill.victim, kill.signal) == (victim, signal_name)]
            if some:
                lines.append(row_of(victim, signal_name, some))
    return [*lines, row_of("all", "", kills)]


def row_of(victim, signal_name, kills):
    """Return a row of the table."""
    numbers = [
        len(kills),
        sum(kill.survived for kill in kills),
        sum(kill.told for kill in kills),
        sum(kill.tracebacks for kill in kills),
        sum(kill.hangs for kill in kills),
    ]
    return f"| {victim} | {signal_name} | {' | '.join(map(str, numbers))} |"


def carried_out(folder, kills, seed, every, undisturbed=None):
    """Run undisturbed, kill at random, complete and compare; return the `RandomKills`.

    A checkout in which this sweep has run already, `undisturbed`, saves its run.
    """
    # A shell in the background lets its programs ignore SIGINT, and they all that they start.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if undisturbed is None:
        undisturbed = small_checkout(folder / "undisturbed")
        undisturbed.run()
    undisturbed.copy_to(folder / "disturbed")
    disturbed = RandomKills(Checkout(folder / "disturbed"), folder / "outputs", every, seed)
    disturbed.remove_some()
    disturbed.kill(kills)
    disturbed.complete()
    disturbed.check(undisturbed.folder / "results")
    return disturbed


def report(done):
    """Print what was counted; return whether all went well."""
    print("\n".join(table_of(done.kills)))
    print(
        f"{done.starts} starts, {done.completed} of them to the end, "
        f"{done.unlocked} times unlocked, "
        f"{len(leftovers_in(done.results))} hidden folders left behind, "
        f"{done.tracebacks['interrupted']} times a KeyboardInterrupt before any script ran."
    )
    for text in done.unexpected:
        print(f"\n{text}\n")
    for sentence in done.faults:
        print(f"fault: {sentence}")
    hangs = sum(kill.hangs for kill in done.kills)
    return not done.faults and not done.tracebacks["ours"] and not hangs


def main():
    """Kill as often as the command line says, and exit with 1 if something went wrong."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("--kills", type=int, default=200, help="how many (default: %(default)s)")
    add("--seed", type=int, default=0, help="of all that is random (default: %(default)s)")
    add("--every", type=float, default=8.0, help="mean seconds between kills (%(default)s)")
    add("--undisturbed", type=Path, help="the undisturbed checkout of an earlier --folder")
    add("--folder", type=Path, help="a new folder, to keep both checkouts and all outputs")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary, "kills")
        folder.mkdir(parents=True)
        undisturbed = options.undisturbed and Checkout(options.undisturbed.resolve())
        done = carried_out(
            folder.resolve(), options.kills, options.seed, options.every, undisturbed
        )
        good = report(done)
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
