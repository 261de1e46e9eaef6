import pytest
from drawn import DEAD, DIVERGED, MISSING, figure_of, inputs_of, small

import synthetic


@pytest.fixture(scope="session")
def place(tmp_path_factory):
    configurations = small()
    metrics = {name: synthetic.make_metrics(configurations[name]) for name in (DIVERGED, DEAD)}
    metrics[DIVERGED][0] = synthetic.diverge(metrics[DIVERGED][0])
    metrics[DEAD][0]["dead"] = True
    place = synthetic.write_results(
        tmp_path_factory.mktemp("figures"), configurations, unfinished=[MISSING], metrics=metrics
    )
    for name in ("figure7", "figure8"):
        place.shown[name] = ["autoencoder/relu-100"]
    return place


@pytest.fixture(scope="session")
def runs(place):
    runs = {}
    for name in place.shown:
        if name.startswith("figure"):
            runs |= inputs_of(place, name).runs
    return runs


@pytest.fixture(scope="session")
def draw(place):
    return lambda name: figure_of(place, name)
