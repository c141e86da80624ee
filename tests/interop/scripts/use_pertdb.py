"""A module that lamin does not know: `make` its tables and some rows, or `read` them and add one."""

import sys

from offline import answer, connect

ln = connect()

import pertdb  # noqa: E402


def make():
    from django.core.management import call_command

    call_command("migrate", "pertdb", verbosity=0)
    parent = pertdb.Compound(name="salicin", molweight=286.28).save()
    compound = pertdb.Compound(name="aspirin", molweight=180.159).save()
    compound.parents.add(parent)
    perturbation = pertdb.CompoundPerturbation(
        name="aspirin 1.5 uM", compound=compound, concentration=1.5, concentration_unit="uM"
    ).save()
    compound.targets.add(pertdb.PerturbationTarget(name="PTGS2").save())
    artifact = ln.Artifact.get(key="a.txt")
    artifact.compounds.add(compound)
    artifact.compound_perturbations.add(perturbation)


def facts():
    artifact = ln.Artifact.get(key="a.txt")
    compound = artifact.compounds.get()
    perturbation = artifact.compound_perturbations.get()
    return {
        "compound": [compound.uid, compound.name, compound.molweight],
        "parents": [parent.name for parent in compound.parents.all()],
        "targets": [target.name for target in compound.targets.all()],
        "perturbation": [perturbation.name, perturbation.concentration, perturbation.compound.uid],
        "all": sorted(pertdb.Compound.filter().values_list("name", flat=True)),
    }


if sys.argv[1] == "make":
    make()
value = facts()
if sys.argv[1] == "read":
    pertdb.Compound(name="made on the clone").save()
answer(value)
