"""The jobs of the tests' small sweep, `snakemake_runs.TINY`, by what they make."""

FIGURES = {f"figure{number}.svg" for number in range(1, 11)}
WITH_PUBLISHED = {"figure1.svg", "figure3.svg", "figure10.svg"}
KINDS = ("images", "principal_subspace", "robustness", "layer_probes")
MEASUREMENTS = {f"measure {kind}" for kind in KINDS}
ANALYSES = {"collect_runs", "compute_table1", "compute_table2", "compare", "count_plateaus"}
CLAIMS = {"judge_claims", "claims.html"}
TABLES = {f"{name}.html" for name in ("table1", "table2", "comparison", "plateau", "claims")}
PAGE = {"write_page"}
AUTOENCODERS = {
    "autoencoder/relu-16/seed-0",
    "autoencoder/relu-16/seed-1",
    "autoencoder/sigmoid-16/seed-0",
    "autoencoder/sigmoid-16/seed-1",
    "autoencoder/relu-24-l1-1e-05/seed-0",
    "autoencoder/sigmoid-24-l1-1e-05/seed-0",
    "autoencoder/relu-24-noise-0.1/seed-0",
    "autoencoder/sigmoid-24-noise-0.1/seed-0",
    "autoencoder/relu-24/seed-0",
    "autoencoder/tanh-24-log-0.5/seed-0",
    "autoencoder/elu-24-log-0.5/seed-0",
}
CLASSIFIERS = {
    "classifier/relu-16/seeds-0-1",
    "classifier/sigmoid-16/seeds-0-1",
    "classifier/relu-16-9-9/seeds-0-1",
    "classifier/sigmoid-16-9-9/seeds-0-1",
    "classifier/no-hidden/seeds-0-1",
}
TRAININGS = AUTOENCODERS | CLASSIFIERS
DRAWN = ANALYSES | CLAIMS | TABLES | FIGURES | PAGE
RENDERED = TABLES | PAGE
ALL = TRAININGS | ANALYSES | MEASUREMENTS | CLAIMS | TABLES | FIGURES | PAGE
# What shows classifiers that the claims do not name.
OF_CLASSIFIERS = {"collect_runs", "compute_table2", "table2.html", "figure10.svg"} | PAGE
OF_SIGMOIDS = {"count_plateaus", "plateau.html"}
# What shows autoencoders.
OF_AUTOENCODERS = {"collect_runs", "compute_table1", "table1.html"} | CLAIMS | PAGE
OF_AUTOENCODERS |= {"measure principal_subspace", "measure robustness"}
OF_AUTOENCODERS |= {f"figure{number}.svg" for number in range(1, 9)}
