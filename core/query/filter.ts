import type { Condition, Dialect } from "../../store/database/database.ts";
import type { Registry } from "../registry/registry.ts";
import type { RegistrySet } from "../registry/registry_set.ts";
import { asksForNull, compare } from "./comparison.ts";
import { allOf, unless } from "./condition.ts";
import type { FewRecords } from "./few_records.ts";
import type { Lookup } from "./lookup.ts";
import { compareRecord } from "./record_comparison.ts";
import { leadsAnywhere, leadsTo } from "./semi_join.ts";
import { resolveTarget, type Target } from "./target.ts";

/** What a query is made with. */
export interface QueryScope {
  readonly registries: RegistrySet;
  readonly dialect: Dialect;
  readonly few: FewRecords;
}

/** A lookup that was followed through the definitions, with what remains to be followed. */
interface Pending {
  readonly name: string;
  readonly value: string;
  readonly target: Target;
}

/**
 * What holds for the rows of a registry that all lookups hold for, as SQL after WHERE (COMPAT
 * §8.1). Lookups over the same relation must hold for one and the same related record, as in one
 * call of Python's `filter`; a lookup that is given twice may hold for two. Throws code "usage" for
 * names and values that the definitions do not allow. `isProbe` asks for what is cheap to find out
 * about few rows (see `leadsTo`).
 */
export async function conditionOf(
  scope: QueryScope,
  registry: Registry,
  lookups: readonly Lookup[],
  options: { readonly isProbe: boolean } = { isProbe: false },
): Promise<Condition> {
  const pending = lookups.map(({ name, segments, value }) => ({
    name,
    value,
    target: resolveTarget(scope.registries, registry, segments),
  }));
  return allOf(await conditionsOf(scope, pending, options.isProbe ? registry : undefined));
}

async function conditionsOf(
  scope: QueryScope,
  pending: readonly Pending[],
  owner?: Registry,
): Promise<Condition[]> {
  const { dialect, few } = scope;
  const groups = new Map<string, Pending[][]>();
  const conditions: Condition[] = [];
  for (const one of pending) {
    const [step] = one.target.steps;
    if (step === undefined || one.target.operator === "isnull") {
      conditions.push(step === undefined ? here(dialect, one) : isMissing(dialect, one));
      continue;
    }
    const known = groups.get(step.name) ?? [];
    const group = known.find((members) => members.every(({ name }) => name !== one.name));
    if (group === undefined) groups.set(step.name, [...known, [one]]);
    else group.push(one);
  }
  for (const group of [...groups.values()].flat()) {
    const step = group[0]!.target.steps[0]!;
    const condition = allOf(await conditionsOf(scope, group.map(afterStep)));
    const ids = step.kind === "reverse" ? undefined : await few.idsOf(step.registry, condition);
    conditions.push(leadsTo(step, condition, { owner, ids }));
  }
  return conditions;
}

/** The lookup as seen from the record that its first relation leads to. */
function afterStep(one: Pending): Pending {
  return { ...one, target: { ...one.target, steps: one.target.steps.slice(1) } };
}

function here(dialect: Dialect, { name, target, value }: Pending): Condition {
  const { column, operator, registry } = target;
  if (column !== undefined) return compare(dialect, column, operator, value);
  if (operator === "isnull") {
    throw new Error(`'${name}' ends with no relation`);
  }
  return compareRecord(dialect, registry, operator, value);
}

/** Nothing there, be it that a relation on the way leads nowhere; or something there. */
function isMissing(dialect: Dialect, { name, target, value }: Pending): Condition {
  const asked = asksForNull(name, value);
  const steps = [...target.steps];
  let there = target.column === undefined
    ? leadsAnywhere(steps.pop()!)
    : compare(dialect, target.column, "isnull", "false");
  for (const step of steps.reverse()) there = leadsTo(step, there);
  return asked ? unless(there) : there;
}
