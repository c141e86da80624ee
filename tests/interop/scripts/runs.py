"""What Python sees of the runs that lamin recorded."""

import sys

from offline import answer, connect

ln = connect()


def facts(run):
    return {
        "uid": run.uid,
        "name": run.name,
        "status": run.status,
        "params": run.params,
        "cli_args": run.cli_args,
        "finished": run.finished_at is not None and run.finished_at >= run.started_at,
        "inputs": sorted(a.key for a in run.input_artifacts.all()),
        "outputs": sorted(a.key for a in run.output_artifacts.all() if a.key),
        "recreated": sorted(a.key for a in run.recreated_artifacts.all()),
        "transform": [run.transform.key, run.transform.kind, run.transform.source_code],
        "report": None if run.report is None else run.report.path.read_text(),
        "report_of": None if run.report is None else run.report.description,
        "has_environment": run.environment is not None and run.environment.path.exists(),
        "initiated_by": None if run.initiated_by_run is None else run.initiated_by_run.uid,
    }


answer({
    "runs": [facts(run) for run in ln.Run.objects.order_by("id")],
    "graph": ln.Artifact.get(key=sys.argv[1]).view_lineage(return_graph=True).source,
})
