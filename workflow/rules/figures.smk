# Figures: each as .svg, .pdf and .png, with its caption and alternative text as .json.
#
# Reads: runs/, data/<data set>/, the numbers of the paper in resources/report/, tables/.
# Makes: figures/.
# Steps: plot_figure.


wildcard_constraints:
    figure="|".join([*FIGURES, *OWN_FIGURES, *TABULATED]),


use rule collect_runs as plot_figure with:
    """Plot a figure as .svg, .pdf and .png, with its caption as .json."""
    input:
        unpack(figure_inputs),
    output:
        report(
            "<made>/figures/{figure}.svg",
            caption="../captions/figure.rst",
            category="Figures",
            labels=lambda wildcards: {
                "name": numbered(wildcards.figure),
                "shows": entry_of_figure(wildcards.figure).caption,
            },
        ),
        multiext("<made>/figures/{figure}", ".pdf", ".png", ".json", ".svg.sha256"),
    log:
        "<logs>/figures/{figure}.log",
    benchmark:
        "<benchmarks>/figures/{figure}.tsv"
    params:
        code=PATHS.code("runs", "analysis", "training", "labels", "figures"),
        declared=lambda wildcards: PATHS.declared(
            [] if wildcards.figure in TABULATED else shown_by(wildcards.figure),
            entry=own_figure(wildcards.figure),
        ),
        caption=lambda wildcards: entry_of_figure(wildcards.figure).caption,
