import type { Host } from "./host/host.ts";
import { isProcessAlive, processMark } from "./objects/process_mark.ts";

/**
 * Names of what lasts no longer than the process that made it: 16 random hex digits and, where the
 * system tells, the mark of the process. So whose it is, is known from the moment it is there.
 */
const pattern = /^[0-9a-f]{16}(?:-([0-9a-f-]+))?$/;

/** What has the name of no process that is known is left over once it rested this long. */
const restMs = 24 * 60 * 60 * 1000;

const ownMarks = new WeakMap<Host, string>();

/** A new name that says which process it belongs to. */
export function nameOfProcess(host: Host): string {
  const mark = ownMarks.get(host) ?? processMark(host);
  ownMarks.set(host, mark);
  const random = host.randomBytes(8).toHex();
  return mark === "" ? random : `${random}-${mark}`;
}

/** Whether a name was made by `nameOfProcess`. */
export function isNameOfProcess(name: string): boolean {
  return pattern.test(name);
}

/**
 * Whether what has this name is left over: its process is known to be dead, or nothing is known of
 * it and nothing was done to it, as `touchedMs` tells, for a day.
 */
export function isLeftOver(host: Host, name: string, touchedMs: () => number): boolean {
  const mark = pattern.exec(name)?.[1];
  const isAlive = mark === undefined ? undefined : isProcessAlive(host, mark);
  return isAlive === undefined ? host.now().getTime() - touchedMs() > restMs : !isAlive;
}

/** Whether the process of a name is known to be dead. */
export function isOfDeadProcess(host: Host, name: string): boolean {
  return isLeftOver(host, name, () => Infinity);
}
