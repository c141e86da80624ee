import { LaminError } from "../../store/errors.ts";
import { nearest } from "../text/nearest.ts";
import type { Registry } from "./registry.ts";
import { type Relation, type RelationIndex, relationsBetween } from "./relation.ts";
import { plural, snakeCase, spelling } from "./words.ts";

/**
 * All registries of an instance: found by any of their names, and with what leads from one to
 * another.
 */
export class RegistrySet {
  readonly all: readonly Registry[];
  readonly #byTable: ReadonlyMap<string, Registry>;
  readonly #bySpelling = new Map<string, Registry[]>();
  #relations: RelationIndex | undefined;

  /** `switchedOff` are the registries of modules that the instance could have but has not. */
  constructor(
    registries: readonly Registry[],
    private readonly switchedOff: readonly Registry[] = [],
  ) {
    this.all = registries;
    this.#byTable = new Map(registries.map((registry) => [registry.name, registry]));
    for (const registry of registries) {
      for (const form of new Set(formsOf(registry))) {
        const known = this.#bySpelling.get(form);
        if (known === undefined) this.#bySpelling.set(form, [registry]);
        else known.push(registry);
      }
    }
  }

  /** The registry with this table, if there is one. */
  byTable(table: string): Registry | undefined {
    return this.#byTable.get(table);
  }

  /**
   * The registry that a person means: `artifact`, `Artifact`, `cell_types`, `bionty.CellType`,
   * `bionty_celltype`. Throws code "not_found" with the nearest names, "ambiguous" when several
   * modules have one of that name.
   */
  find(word: string): Registry {
    const [found, ...more] = this.#bySpelling.get(spelling(word)) ?? [];
    if (found !== undefined && more.length === 0) return found;
    if (found === undefined) throw this.#notFound(word);
    const names = [found, ...more].map(qualifiedName);
    throw new LaminError("ambiguous", `several registries are called '${word}'`, {
      hint: `say which: ${names.join(" or ")}`,
      data: { registry: word, candidates: names },
    });
  }

  /** What people call the registries that are not links, as `cell_type`; sorted. */
  names(): string[] {
    return this.all.filter(({ isLink }) => !isLink).map(({ model }) => snakeCase(model)).sort();
  }

  /** All that leads from records of `registry`, by name. */
  relations(registry: Registry): ReadonlyMap<string, Relation> {
    this.#relations ??= relationsBetween(this.#byTable);
    return this.#relations.get(registry.name) ?? new Map();
  }

  /** What `name` leads to from records of `registry`, if it is a relation. */
  relation(registry: Registry, name: string): Relation | undefined {
    return this.relations(registry).get(name);
  }

  #notFound(word: string): LaminError {
    const names = this.names();
    const near = nearest(word, names);
    const off = this.switchedOff.find((registry) => formsOf(registry).includes(spelling(word)));
    if (off !== undefined) {
      return new LaminError("not_found", `the module ${off.module} of '${word}' is switched off`, {
        hint: `'lamin config set modules ${off.module}' switches it on`,
        data: { registry: word, module: off.module },
      });
    }
    return new LaminError("not_found", `there is no registry '${word}'`, {
      hint: near.length > 0
        ? `did you mean ${near.map((name) => `'${name}'`).join(" or ")}?`
        : `registries: ${names.join(", ")}`,
      data: { registry: word, suggestions: near },
    });
  }
}

/** `bionty.CellType` */
export function qualifiedName({ module, model }: Registry): string {
  return `${module}.${model}`;
}

function formsOf(registry: Registry): string[] {
  const singular = spelling(registry.model);
  const several = spelling(plural(snakeCase(registry.model)));
  return [
    singular,
    several,
    `${registry.module}.${singular}`,
    `${registry.module}.${several}`,
    spelling(registry.name),
  ];
}
