"""Where the runs come from: the commit, the code, the data, the software and the machine."""

from collections import Counter


def provenance(jobs, sources):
    """Return lists of texts by their headings, from provenance.csv and the manifest's sources.

    A text that is not the same for all jobs comes with their number.
    """
    counts = {}
    for job in jobs:
        changes = " with uncommitted changes" if job["dirty"] == "True" else ""
        texts = {"Commit": job["commit"] + changes}
        texts |= {"Code": f"sha256 {job['code']}", "Data": f"sha256 {job['data']}"}
        for heading in ("Versions", "CPU", "Device", "Threads", "Host"):
            texts[heading] = job[heading.lower()]
        for heading, text in texts.items():
            counts.setdefault(heading, Counter())[text] += 1

    told = {
        "Jobs": [f"{len(jobs):,}"],
        "First start": [_minute(min(job["start"] for job in jobs))],
        "Last end": [_minute(max(job["end"] for job in jobs))],
    }
    for heading, texts in counts.items():
        if len(texts) > 1:
            told[heading] = []
            for text, n in texts.most_common():
                told[heading].append(f"{text or 'unknown'} ({n} job{'s' if n > 1 else ''})")
        elif any(texts):
            told[heading] = list(texts)
    for source in sources:
        told[source["name"]] = [f"sha256 {source['sha256']}"]
    return told


def _minute(moment):
    """Return a moment in ISO 8601 (UTC) to the minute: `2019-02-27 12:00 UTC`."""
    return f"{moment[:16].replace('T', ' ')} UTC"
