import type { BisectProgress } from "../../core/bisect/bisect.ts";
import type { Tested } from "../../core/bisect/run_bisect.ts";
import type { Json, JsonObject, Output } from "../output.ts";
import { plural } from "./quantity.ts";

/** How far a search is, and what to do next. `nameOf` gives the name of a path in the work tree. */
export function renderBisect(
  { state, next, path }: BisectProgress,
  { safe, paint }: Output,
  nameOf: (path: string) => string,
): string {
  const key = safe(state.key);
  const nameAt = (place: number) => safe(state.versions[place]!.version);
  if (next.kind === "test") {
    const where = state.to === undefined ? nameOf(state.key) : path!;
    const count = plural(state.bad - state.good, "version");
    return [
      `${safe(where)} is version ${paint.bold(nameAt(next.place))} of ${key} now`,
      paint.dim(
        `  ${count} left, at most ${plural(next.probesLeft, "test")}: ` +
          "'lamin bisect good', 'bad' or 'skip' goes on",
      ),
    ].join("\n");
  }
  const end = paint.dim("  'lamin bisect reset' brings back what was there before");
  if (next.kind === "suspects") {
    const names = next.places.map(nameAt).join(", ");
    return [`The first bad version of ${key} is one of ${names}: the others were skipped`, end]
      .join("\n");
  }
  const { uid } = state.versions[next.place]!;
  const before = next.place === 0 ? "" : `, ${nameAt(next.place - 1)} was good`;
  return [
    `${paint.bold(nameAt(next.place))} is the first bad version of ${key}${before}`,
    paint.dim(`  'lamin why ${uid}' tells where it came from`),
    end,
  ].join("\n");
}

/** A line for a version that was tested. */
export function renderTested(
  { version, verdict, code, fault }: Tested,
  { safe }: Output,
): string {
  const how = code === undefined
    ? `, as it cannot be written: ${safe(fault!.message)}`
    : ` (exit code ${code})`;
  return `${safe(version)}: ${verdict === "skip" ? "skipped" : verdict}${how}`;
}

/** The fields of {@link bisectJson}. */
export const bisectFields = [
  "key",
  "versions",
  "left",
  "good",
  "bad",
  "skipped",
  "test",
  "path",
  "tests_left",
  "first_bad",
  "suspects",
];

/** How far a search is as JSON. */
export function bisectJson({ state, next, path }: BisectProgress): JsonObject {
  const named = (place: number): Json => ({ ...state.versions[place]! });
  return {
    key: state.key,
    versions: state.versions.length,
    left: state.bad - state.good,
    good: state.good < 0 ? null : named(state.good),
    bad: named(state.bad),
    skipped: state.skipped.map(named),
    test: next.kind === "test" ? named(next.place) : null,
    path: path ?? null,
    tests_left: next.kind === "test" ? next.probesLeft : 0,
    first_bad: next.kind === "found" ? named(next.place) : null,
    suspects: next.kind === "suspects" ? next.places.map(named) : [],
  };
}
