import { LaminError } from "../../store/errors.ts";
import type { Changes } from "../operation/changes.ts";
import { mutate, type OperationName } from "../operation/mutate.ts";
import type { Module } from "../module.ts";
import { nearest } from "../text/nearest.ts";
import { notedModules } from "./enabled_modules.ts";
import { identityOf } from "./identity.ts";
import type { Instance } from "./instance.ts";
import { readText, slugOf } from "./settings.ts";
import { makeModuleTables } from "./module_tables.ts";
import { currentUserId } from "./user.ts";

/**
 * Switches modules on for an instance in its settings on this machine, where Python looks for them,
 * and all others off. A module that is new to the instance gets the rows that it starts with, as
 * one operation. No rows are removed.
 *
 * Throws code "not_found" for a module that is not known, "conflict" when the instance has no
 * settings here.
 */
export async function setModules(
  instance: Instance,
  names: readonly string[],
  known: readonly Module[],
  operation: OperationName,
): Promise<void> {
  const { owner, name } = await identityOf(instance);
  const { root } = instance.location;
  const settings = instance.settings.instance(owner, name, readText);
  if (settings?.storageRoot !== root) {
    throw new LaminError("conflict", "Python does not find this instance, so it has no settings", {
      hint: `run 'lamin connect ${root}' first`,
    });
  }
  // What Python switched on without this program's knowledge may stay on, and what came with rows
  // of another instance may be switched on for Python.
  const noted = await instance.database.read((reader) => notedModules(reader, known));
  const switchable = new Set([
    ...known.map((module) => module.name),
    ...settings.modules,
    ...noted,
  ]);
  const unknown = names.find((one) => !switchable.has(one));
  if (unknown !== undefined) throw unknownModule(unknown, [...switchable]);
  await fillTables(instance, known.filter((module) => names.includes(module.name)), operation);
  const changed = { ...settings, modules: [...new Set(names)] };
  instance.settings.writeInstance(changed);
  const current = instance.settings.currentInstance();
  if (current !== undefined && slugOf(current) === slugOf(changed)) {
    instance.settings.writeCurrentInstance(changed);
  }
}

function unknownModule(name: string, known: readonly string[]): LaminError {
  const [near] = nearest(name, known);
  return new LaminError("not_found", `there is no module '${name}'`, {
    hint: near === undefined ? `modules: ${known.join(", ")}` : `did you mean '${near}'?`,
    data: { module: name },
  });
}

async function fillTables(
  instance: Instance,
  modules: readonly Module[],
  operation: OperationName,
): Promise<void> {
  await makeModuleTables(instance, modules);
  const missing = await instance.database.read(async (reader) => {
    const rows = (await Promise.all(modules.map((module) => module.defaultRows?.() ?? []))).flat();
    const empty = [];
    for (const one of rows) {
      if ((await reader.select(one.registry, "TRUE LIMIT 1")).length === 0) empty.push(one);
    }
    return empty;
  });
  if (missing.length === 0) return;
  await mutate(instance, operation, async (changes: Changes) => {
    const created_by_id = await currentUserId(instance, changes);
    for (const { registry, rows } of missing) {
      await changes.insert(registry, rows.map((row) => ({ ...row, created_by_id })));
    }
    const names = modules.map((module) => module.name).join(", ");
    return { result: undefined, summary: `switch on ${names}` };
  });
}
