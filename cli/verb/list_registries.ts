import type { Registry } from "../../core/registry/registry.ts";
import type { RegistrySet } from "../../core/registry/registry_set.ts";
import { snakeCase } from "../../core/registry/words.ts";
import { quote } from "../../store/database/sql.ts";
import type { Context } from "../context.ts";
import { renderTable } from "../render/table.ts";

/** Prints the registries with how many records each has: all versions, on all branches. */
export async function listRegistries(context: Context, registries: RegistrySet): Promise<void> {
  const instance = await context.instance();
  const listed = registries.all.filter(({ isLink, name }) =>
    !isLink && name !== "django_migrations"
  );
  const counts = await instance.database.read(async (reader) =>
    await reader.all<{ name: string; records: number }>(
      listed.map(({ name }) => `SELECT '${name}' AS name, count(*) AS records FROM ${quote(name)}`)
        .join(" UNION ALL "),
    )
  );
  const recordsOf = new Map(counts.map(({ name, records }) => [name, Number(records)]));
  // Texts about records are listed once there are some.
  const rows = listed
    .map((registry) => ({ registry, records: recordsOf.get(registry.name) ?? 0 }))
    .filter(({ registry, records }) => records > 0 || !isBlock(registry));
  const { output } = context;
  output.results(
    rows.map(({ registry: { module, model, name }, records }) => ({
      registry: snakeCase(model),
      module,
      model,
      table: name,
      records,
    })),
    () =>
      renderTable(
        [{ title: "registry" }, { title: "records", align: "right" }, { title: "module" }],
        rows.map(({ registry, records }) => [
          snakeCase(registry.model),
          String(records),
          registry.module,
        ]),
        { width: output.width, paint: output.paint },
      ),
  );
}

function isBlock({ model }: Registry): boolean {
  return model.endsWith("Block");
}
