import type { Module } from "../../core/module.ts";
import { biontyRegistries } from "./registries.ts";
import { source } from "./source.ts";

/** Ontologies and reference tables of biology, as Python's bionty 2.5 keeps them (COMPAT §11). */
export const bionty: Module = {
  name: "bionty",
  registries: biontyRegistries,
  migrations: ["0064_squashed", "0065_lamindb_v2_2", "0065_squashed"]
    .map((name) => ({ app: "bionty", name })),
  async defaultRows() {
    const { default: rows } = await import("./default_sources.json", { with: { type: "json" } });
    return [{ registry: source, rows }];
  },
};
