import type { Level } from "../../core/verify/level.ts";
import type { Verified, VerifyResult } from "../../core/verify/verify.ts";
import { withoutPassword } from "../../store/without_password.ts";
import type { JsonObject, Output } from "../output.ts";
import { plural } from "./quantity.ts";

/** What `--json` prints of each artifact. */
export const verifiedFields: readonly string[] = [
  "status",
  "uid",
  "key",
  "storage",
  "name",
  "checked",
  "detail",
  "moved_to",
  "corrected",
];

export interface VerifiedShown extends VerifyResult {
  readonly update: boolean;
  readonly level: Level;
}

/** Whether something is to be done about an artifact still. */
export function isLeft({ state }: Verified, update: boolean): boolean {
  return state !== "ok" && !(state === "moved" && update);
}

export function verifiedJson(one: Verified, { update }: VerifiedShown): JsonObject {
  return {
    status: one.state,
    uid: one.row.uid,
    key: one.row.key,
    storage: one.root,
    name: one.name,
    checked: one.checked,
    detail: one.detail ?? null,
    moved_to: movedTo(one) ?? null,
    corrected: one.state === "moved" && update,
  };
}

/** How many artifacts of a kind are listed before the rest is only counted. */
const listedMax = 20;

/** What is not ok, and what was compared of the rest, for people. */
export function renderVerified(shown: VerifiedShown, output: Output): string {
  const { artifacts, update, level } = shown;
  if (artifacts.length === 0) return "nothing lies in a storage that this instance does not manage";
  const lines: string[] = [];
  const listed = output.verbose ? artifacts : artifacts.filter(({ state }) => state !== "ok");
  const max = output.verbose ? Infinity : listedMax;
  for (const [state, own] of Map.groupBy(listed, (one) => one.state)) {
    lines.push(...own.slice(0, max).map((one) => line(one, output)));
    if (own.length > max) lines.push(`  … and ${own.length - max} more: ${state} (-v lists all)`);
  }
  for (const [checked, own] of Map.groupBy(artifacts.filter(isOk), (one) => one.checked)) {
    lines.push(`${plural(own.length, "artifact")} ok, compared: ${checked}`);
  }
  const moved = artifacts.filter(({ state }) => state === "moved");
  if (moved.length > 0) {
    const what = plural(moved.length, "place");
    lines.push(update ? `corrected ${what}` : `'lamin verify --update' corrects ${what}`);
  }
  if (level !== "full" && artifacts.some(isOk)) {
    lines.push(output.paint.dim("only --full compares every byte"));
  }
  return lines.join("\n");
}

function isOk({ state }: Verified): boolean {
  return state === "ok";
}

function line(one: Verified, { paint, safe }: Output): string {
  const { state, row, root, name, detail } = one;
  const style = state === "ok" ? paint.green : state === "moved" ? paint.yellow : paint.red;
  const about = row.key === null ? row.uid : `${row.key} ${row.uid}`;
  const to = movedTo(one);
  const why = to !== undefined ? `: it is in ${to}` : detail === undefined ? "" : `: ${detail}`;
  const place = paint.dim(`(${safe(`${root} ${name}`)})`);
  return `  ${style(state.padEnd(11))} ${safe(about)}${safe(why)} ${place}`;
}

function movedTo({ movedTo }: Verified): string | undefined {
  return movedTo && `${withoutPassword(movedTo.storage.root)} ${movedTo.name}`;
}
