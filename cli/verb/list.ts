import { mainBranch, trashBranch } from "../../core/artifact/add/decide.ts";
import { branchId, currentBranchId } from "../../core/instance/user.ts";
import type { Instance } from "../../core/instance/instance.ts";
import { parseLookup } from "../../core/query/lookup.ts";
import {
  type CompiledQuery,
  compileQuery,
  countRows,
  findBatches,
  findRows,
} from "../../core/query/query.ts";
import type { RegistrySet } from "../../core/registry/registry_set.ts";
import { plural as pluralOf, snakeCase } from "../../core/registry/words.ts";
import type { Reader } from "../../store/database/database.ts";
import type { Context } from "../context.ts";
import { exitCode } from "../exit.ts";
import { count, text, toggle } from "../flags.ts";
import type { JsonObject } from "../output.ts";
import { registriesOf } from "../registries.ts";
import { columnJson, columnsNamed, columnValues } from "../render/columns.ts";
import { renderList } from "../render/list.ts";
import { listColumns } from "../render/list_columns.ts";
import { rowJson } from "../render/row_json.ts";
import { type CommonFlags, verb } from "../verb.ts";

interface Flags {
  readonly allVersions?: boolean;
  readonly branch?: string;
  readonly trash?: boolean;
  readonly hidden?: boolean;
  readonly limit?: number;
  readonly order?: string;
  readonly columns?: string;
}

/** How many records a person is shown unless more are asked for. */
const shownMax = 20;

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
    order: text("fields", "Fields to order by, as --order=-size,key; newest first unless given"),
    columns: text("fields", "What to show, as uid,key,run__transform__key"),
  },
  aliases: { n: "limit", a: "allVersions" },
  arguments: {
    brief: "A registry, then conditions",
    placeholder: "registry|field=value",
    completes: "registry",
  },
  run,
});

async function run(context: Context, flags: Flags & CommonFlags, args: readonly string[]) {
  const instance = await context.instance();
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
    const query = await compileQuery(reader, registries, registry, {
      lookups: conditions.map(parseLookup),
      branches: await branchesOf(instance, reader, flags),
      allVersions: flags.allVersions ?? false,
      hidden: flags.hidden ?? false,
      order: flags.order?.split(",").filter(Boolean) ?? [],
    });
    if (context.output.mode === "human") {
      await listForPeople(context, flags, reader, registries, query);
    } else await listAsData(context, flags, reader, registries, query);
  });
}

async function branchesOf(
  instance: Instance,
  reader: Reader,
  flags: Flags,
): Promise<readonly number[] | "all"> {
  if (flags.trash) return [trashBranch];
  if (flags.branch === "all") return "all";
  if (flags.branch !== undefined) return [await branchId(reader, flags.branch)];
  return [...new Set([await currentBranchId(instance, reader), mainBranch])];
}

async function listForPeople(
  { output }: Context,
  flags: Flags,
  reader: Reader,
  registries: RegistrySet,
  query: CompiledQuery,
): Promise<void> {
  const { registry } = query;
  const limit = flags.limit === 0 ? undefined : flags.limit ?? shownMax;
  const found = await findRows(reader, query, limit === undefined ? undefined : limit + 1);
  const rows = found.slice(0, limit);
  if (rows.length === 0) {
    output.note(`no ${pluralOf(snakeCase(registry.model))} found`);
    return;
  }
  const names = wantedColumns(flags);
  const columns = columnsNamed(
    registries,
    registry,
    names ?? listColumns(registry, flags.allVersions ?? false),
  );
  const values = await columnValues(reader, registry, columns, rows);
  output.text(renderList(columns, values, output, names !== undefined));
  if (found.length > rows.length) {
    const more = await countRows(reader, query) - rows.length;
    output.note(`… and ${more} more; --limit 0 shows all`);
  }
}

async function listAsData(
  { output }: Context,
  flags: Flags,
  reader: Reader,
  registries: RegistrySet,
  query: CompiledQuery,
): Promise<void> {
  const { registry } = query;
  const names = wantedColumns(flags);
  const columns = names === undefined ? undefined : columnsNamed(registries, registry, names);
  const batches = flags.limit
    ? [await findRows(reader, query, flags.limit)]
    : findBatches(reader, query);
  for await (const rows of batches) {
    if (columns === undefined) {
      output.results(rows.map((row) => rowJson(registry, row)), () => "");
      continue;
    }
    const values = await columnValues(reader, registry, columns, rows);
    output.results(
      values.map((row): JsonObject =>
        Object.fromEntries(
          columns.map((column, index) => [column.name, columnJson(column, row[index]!)]),
        )
      ),
      () => "",
    );
  }
}

function wantedColumns({ columns }: Flags): string[] | undefined {
  return columns?.split(",").map((name) => name.trim()).filter(Boolean);
}
