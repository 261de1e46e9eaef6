"""Ends a training run whose parent is gone, such as a Snakemake that was killed."""

import os
import signal
import threading
import time

INTERVAL = 0.5  # seconds between two looks
GRACE = 10.0  # seconds in which the main thread may clean up: it may be within a long epoch


def end_with_parent():
    """Start a thread that terminates this process once its parent is another one.

    Whoever is left without a parent gets a new one, at once. The process is asked to terminate, and
    ended if it has not after a while.
    """
    parent = os.getppid()

    def watch():
        while os.getppid() == parent:
            time.sleep(INTERVAL)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(GRACE)
        os._exit(128 + signal.SIGTERM)

    threading.Thread(target=watch, name="parent watch", daemon=True).start()
