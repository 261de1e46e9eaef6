# Figures: each as .svg, .pdf and .png, with its caption and alternative text as .json.
#
# Reads: runs/, data/<data set>/, the numbers of the paper in resources/report/, tables/.
# Makes: figures/.
# Steps: plot_figure.


wildcard_constraints:
    figure="|".join(FIGURES),


use rule collect_runs as plot_figure with:
    input:
        unpack(figure_inputs),
    output:
        report(
            "<made>/figures/{figure}.svg",
            caption="../captions/figure.rst",
            category="Figures",
            labels=lambda wildcards: labels_of(wildcards.figure, FIGURES),
        ),
        multiext("<made>/figures/{figure}", ".pdf", ".png", ".json", ".svg.sha256"),
    log:
        "<logs>/figures/{figure}.log",
    benchmark:
        "<benchmarks>/figures/{figure}.tsv"
    params:
        code=PATHS.code("runs", "analysis", "training", "labels", "figures"),
        declared=lambda wildcards: PATHS.declared(shown_by(wildcards.figure)),
        caption=lambda wildcards: FIGURES[wildcards.figure].caption,
