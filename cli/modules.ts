import type { Module } from "../core/module.ts";
import { lamindbRegistries } from "../core/registry/lamindb/index.ts";
import type { Registry } from "../core/registry/registry.ts";
import { bionty } from "../modules/bionty/module.ts";

/** The modules that are plugged in. */
export const modules: readonly Module[] = [bionty];

/** All registries: LaminDB's own and those of the modules. */
export function allRegistries(): readonly Registry[] {
  return [...lamindbRegistries, ...modules.flatMap((module) => module.registries)];
}
