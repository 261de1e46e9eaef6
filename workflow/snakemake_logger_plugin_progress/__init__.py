"""A logger for Snakemake, one line for each job that ends: `snakemake --cores 8 --logger progress`.

After a training the line says how much of the work is done, and about how long the rest takes. All
that Snakemake says of each job is in its log, whose path it prints at the end.

Snakemake imports its plugins before it reads its command line, and so this one tells what is wrong
with it, whichever logger is asked for. It imports nothing of the workflow's library: Snakemake may
run the workflow of another checkout.
"""

import sys
import time
from pathlib import Path

from snakemake_interface_logger_plugins.base import LogHandlerBase
from snakemake_interface_logger_plugins.common import LogEvent

from .command_line import fault_of

ABOUT_JOBS = (
    LogEvent.JOB_INFO,
    LogEvent.JOB_STARTED,
    LogEvent.JOB_FINISHED,
    LogEvent.GROUP_INFO,
    LogEvent.SHELLCMD,
    LogEvent.PROGRESS,
    LogEvent.RESOURCES_INFO,
)

if Path(sys.argv[0]).name == "snakemake" and (fault := fault_of(sys.argv[1:])):
    sys.exit(f"error: {fault}")


class LogHandler(LogHandlerBase):
    """Prints what Snakemake says of the whole, and one line for each job that ends."""

    writes_to_stream = True
    writes_to_file = False
    has_filter = False  # Snakemake sets both as for its own handler
    has_formatter = False
    needs_rulegraph = False

    def __post_init__(self):
        """Start with no job seen."""
        self.outputs = {}  # by number of the job
        self.seconds_left = {}  # expected, by file that a training writes
        self.seconds_done = 0
        self.start = None

    def emit(self, record):
        """Print a record of Snakemake's, or keep what it says of a job until the job ends."""
        event = getattr(record, "event", None)
        if hasattr(record, "expected_seconds"):
            self.seconds_left = record.expected_seconds  # Snakemake fills it as it finds its jobs
        if record.msg == "Select jobs to execute...":
            return
        if event not in ABOUT_JOBS or self.common_settings.dryrun:
            text = self.format(record)
        elif event == LogEvent.JOB_INFO:
            self.start = self.start or time.monotonic()
            self.outputs[record.jobid] = record.output
            return
        elif event == LogEvent.JOB_FINISHED:
            text = self.ended(self.outputs.pop(record.job_id, []))
        else:
            return
        if text:
            print(text, file=sys.stdout if self.common_settings.stdout else sys.stderr, flush=True)

    def ended(self, outputs):
        """Return the line for a job that has ended; nothing if it was a target without files."""
        if not outputs:
            return ""
        clock = time.strftime("%H:%M:%S")
        trained = [path for path in outputs if path in self.seconds_left]
        if not trained:
            return f"{clock}  {outputs[0]}"
        self.seconds_done += self.seconds_left.pop(trained[0])
        left = sum(self.seconds_left.values())
        share = self.seconds_done / (self.seconds_done + left)
        line = f"{clock}  {Path(trained[0]).parent} trained; {share:.0%} of the training done"
        if not left:
            return line
        elapsed = time.monotonic() - self.start
        return f"{line}, {in_words(elapsed * left / self.seconds_done)} left"


def in_words(seconds):
    """Return about how long something takes."""
    if seconds < 90:
        return f"about {10 * round(seconds / 10)} s"
    if seconds < 5400:
        return f"about {seconds / 60:.0f} min"
    return f"about {seconds / 3600:.1f} h"
