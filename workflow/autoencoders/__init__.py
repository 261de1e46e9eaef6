"""The library behind the workflow's scripts; no module of it knows Snakemake."""
