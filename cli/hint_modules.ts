import { enabledModules, notedModules } from "../core/instance/enabled_modules.ts";
import type { Instance } from "../core/instance/instance.ts";
import type { Context } from "./context.ts";
import { modules } from "./modules.ts";

/** Says how Python comes to see records of modules that came along and that this program lacks. */
export async function hintModules({ output }: Context, instance: Instance): Promise<void> {
  const { on, noted } = await instance.database.read(async (reader) => ({
    on: await enabledModules(instance, reader, modules),
    noted: await notedModules(reader, modules),
  }));
  const off = noted.filter((name) => !on.includes(name));
  if (off.length === 0) return;
  const all = [...on, ...off].join(",");
  output.note(
    `Python sees the records of ${output.safe(off.join(", "))} ` +
      `after 'lamin config set modules ${output.safe(all)}' in the clone`,
  );
}
