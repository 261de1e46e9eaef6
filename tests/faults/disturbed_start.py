"""One start of Snakemake, and the ways to kill it or its jobs."""

import os
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass

import psutil

# What is killed and by which signal, and how often in comparison with the others.
VICTIMS = {"child": 2, "snakemake": 1, "group": 1}
SIGNALS = {"SIGKILL": 3, "SIGTERM": 1, "SIGINT": 1}
PATIENCE = 300  # seconds until what has not ended counts as hanging


@dataclass
class Kill:
    """A kill, and what came of it."""

    victim: str
    signal: str
    offset: int = 0  # length of Snakemake's output at the moment of the kill
    survived: bool = True  # what was started next went on as it should
    told: bool = False  # Snakemake said in a message what had happened
    tracebacks: int = 0  # of this project
    hangs: int = 0

    @classmethod
    def drawn(cls, chance):
        """Draw a victim and a signal."""
        [victim] = chance.choices(list(VICTIMS), VICTIMS.values())
        [name] = chance.choices(list(SIGNALS), SIGNALS.values())
        return cls(victim, name)


def is_alive(process):
    """Tell whether a process runs, which one that nobody has waited for does not."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def none_within(seconds, found):
    """Wait until a function returns nothing; return whether it came to that."""
    end = time.monotonic() + seconds
    while found():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


class DisturbedStart:
    """A start of Snakemake in a session of its own, whose processes can be killed.

    Parameters
    ----------
    checkout : snakemake_runs.Checkout
    output : pathlib.Path
        The file for what Snakemake says.
    chance : random.Random
        Which of several processes a kill hits.
    """

    def __init__(self, checkout, output, chance):
        self.path = output
        self.chance = chance
        self.kills = []
        with open(output, "wb") as file:
            self.process = checkout.start(output=file)

    @property
    def output(self):
        """What Snakemake and its jobs have said."""
        return self.path.read_text(encoding="utf-8", errors="replace")

    @property
    def status(self):
        """Snakemake's exit status, negative if a signal ended it."""
        return self.process.returncode

    def ended_within(self, seconds):
        """Wait for Snakemake's end; return whether it came."""
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def apply(self, kill):
        """Kill, and wait until the victim has ended; without a job there is no child to kill."""
        children = psutil.Process(self.process.pid).children(recursive=True)
        if kill.victim == "child" and not children:
            return
        number = getattr(signal, kill.signal)
        kill.offset = self.path.stat().st_size
        self.kills.append(kill)
        if kill.victim == "child":
            self._kill_child(kill, self.chance.choice(children), number)
            return
        if kill.victim == "group":
            os.killpg(self.process.pid, number)
        else:
            self.process.send_signal(number)
        self.finish(kill)

    def _kill_child(self, kill, child, number):
        with suppress(psutil.NoSuchProcess):
            child.send_signal(number)
        if not none_within(PATIENCE, lambda: is_alive(child)):
            kill.hangs += 1

    def finish(self, kill):
        """Wait until Snakemake and all training runs have ended; what hangs is killed."""
        if not self.ended_within(PATIENCE):
            kill.hangs += 1
            self.stop()
        if not none_within(PATIENCE, self._trainings):
            kill.hangs += 1
            self.stop()

    def stop(self):
        """Kill whatever is left of the session."""
        for each in self._session():
            with suppress(psutil.NoSuchProcess):
                each.kill()
        self.process.wait()

    def _session(self):
        """Return the processes that Snakemake's session still has."""
        found = []
        for each in psutil.process_iter():
            with suppress(ProcessLookupError, PermissionError):
                if os.getsid(each.pid) == self.process.pid:
                    found.append(each)
        return found

    def _trainings(self):
        """Return the training runs among them."""
        found = []
        for each in self._session():
            with suppress(psutil.Error):
                if "train.py" in " ".join(each.cmdline()):
                    found.append(each)
        return found
