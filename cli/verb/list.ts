import { mainBranch, trashBranch } from "../../core/version/branch_ids.ts";
import { branchId, currentBranchId } from "../../core/instance/user.ts";
import { parseLookup } from "../../core/query/lookup.ts";
import { compileQuery } from "../../core/query/query.ts";
import type { Reader } from "../../store/database/database.ts";
import type { Context } from "../context.ts";
import { exitCode } from "../exit.ts";
import { count, text, toggle } from "../flags.ts";
import { registriesOf } from "../registries.ts";
import { settleLeft } from "../run/settle_left.ts";
import { type CommonFlags, verb } from "../verb.ts";
import { listAsData, listForPeople } from "./list_records.ts";

interface Flags {
  readonly allVersions?: boolean;
  readonly branch?: string;
  readonly trash?: boolean;
  readonly hidden?: boolean;
  readonly limit?: number;
  readonly order?: string;
  readonly columns?: string;
}

export default verb<Flags>({
  description: [
    "Lists the records of a registry that meet all conditions; without a registry, the registries.",
    "A condition is field=value or field__operator=value; a field may lead over relations, in either",
    "direction: run__transform__key=qc.py. Artifacts, runs and records can be asked for the values of",
    "their features as well. Operators: exact, contains, startswith, endswith, iexact, icontains,",
    "istartswith, iendswith, regex, iregex, gt, gte, lt, lte, in, range, isnull. 'null' is no value.",
    "Shown are latest versions on the current branch and on main.",
  ].join("\n"),
  examples: [
    ["lamin list", "the registries, with how many records each has"],
    ["lamin list artifact key__startswith=raw/ size__gt=1e6", "by key and size"],
    ['lamin list artifact ulabels__name="T cell" --columns key,size', "by label"],
    ["lamin list artifact suffix__in=.csv,.tsv --order size --json", "as one JSON object a line"],
    ["lamin list run status=errored started_at__gte=2026-11-01", "by state and time"],
    ["lamin list artifact temperature__gt=21", "by the value of a feature"],
  ],
  exitCodes: [exitCode.noInstance],
  flags: {
    allVersions: toggle("Earlier versions too"),
    branch: text(
      "name",
      "Only what is on this branch; 'all' for every branch, trash and archive too",
    ),
    trash: toggle("Only what is in the trash"),
    hidden: toggle("Also what LaminDB keeps for itself: logs and environments of runs"),
    limit: count("n", "How many at most, 0 for all; people are shown 20 unless this says more"),
    order: text("fields", "Fields to order by, as -size,key; newest first unless given"),
    columns: text("fields", "What to show, as uid,key,run__transform__key; features too"),
  },
  aliases: { n: "limit", a: "allVersions" },
  dashedValues: ["order"],
  arguments: {
    brief: "A registry, then conditions",
    placeholder: "registry|field=value",
    completes: "registry",
  },
  run,
});

async function run(context: Context, flags: Flags & CommonFlags, args: readonly string[]) {
  const instance = await context.instance();
  await settleLeft(instance);
  const registries = await registriesOf(instance);
  if (args.length === 0) {
    const { listRegistries } = await import("./list_registries.ts");
    return await listRegistries(context, registries);
  }
  // A condition without a registry is about artifacts.
  const [word, conditions] = args[0]!.includes("=")
    ? ["artifact", args]
    : [args[0]!, args.slice(1)];
  const registry = registries.find(word);
  await instance.database.read(async (reader) => {
    const usual = [...new Set([await currentBranchId(instance, reader), mainBranch])];
    const query = await compileQuery(reader, registries, registry, {
      lookups: conditions.map(parseLookup),
      branches: await branchesOf(reader, flags, usual),
      allVersions: flags.allVersions ?? false,
      hidden: flags.hidden ?? false,
      order: flags.order?.split(",").filter(Boolean) ?? [],
    });
    const scope = { output: context.output, reader, registries, query, branches: usual };
    const columns = flags.columns?.split(",").map((name) => name.trim()).filter(Boolean);
    const list = context.output.mode === "human" ? listForPeople : listAsData;
    await list(scope, {
      ...(columns === undefined ? {} : { columns }),
      ...(flags.limit === undefined ? {} : { limit: flags.limit }),
      allVersions: flags.allVersions ?? false,
    });
  });
}

async function branchesOf(
  reader: Reader,
  flags: Flags,
  usual: readonly number[],
): Promise<readonly number[] | "all"> {
  if (flags.trash) return [trashBranch];
  if (flags.branch === "all") return "all";
  return flags.branch === undefined ? usual : [await branchId(reader, flags.branch)];
}
