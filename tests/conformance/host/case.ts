import assert from "node:assert/strict";
import { FileError, type Host } from "../../../store/host/host.ts";

/** What a case may use: the host under test and an empty folder of its own. */
export interface HostWorld {
  readonly host: Host;
  readonly folder: string;
  /** Path of a name in the folder. */
  at(name: string): string;
  /** Runs a line of `sh` in the folder, where "$@" is the probe program under this host. */
  shell(
    line: string,
    input?: Uint8Array,
  ): Promise<{ code: number; stdout: string; stderr: string }>;
}

/** One thing that every host must do. */
export interface HostCase {
  readonly name: string;
  /** Programs that the case needs beside a POSIX shell; without them it is skipped. */
  readonly programs?: readonly string[];
  /** The case looks at something that only Linux has. */
  readonly linuxOnly?: boolean;
  /** The system must refuse what permission bits forbid, as it does not for root. */
  readonly needsPermissions?: boolean;
  run(world: HostWorld): void | Promise<void>;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Text as UTF-8. */
export const bytes = (text: string): Uint8Array => encoder.encode(text);

/** UTF-8 as text. */
export const text = (content: Uint8Array): string => decoder.decode(content);

/** `size` bytes in which every block differs from the others. */
export function pattern(size: number): Uint8Array {
  const content = new Uint8Array(size);
  for (let index = 0; index < size; index++) content[index] = (index * 31 + (index >> 11)) & 255;
  return content;
}

/** Asserts that the work fails with one of these codes, as a FileError that names its path. */
export function fails(code: string | readonly string[], work: () => unknown): void {
  try {
    work();
  } catch (error) {
    checkFailure(code, error);
    return;
  }
  assert.fail(`should have failed with ${code}`);
}

/** As {@link fails}, for work that gives a promise. */
export async function failsLater(code: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    checkFailure(code, error);
    return;
  }
  assert.fail(`should have failed with ${code}`);
}

function checkFailure(code: string | readonly string[], error: unknown): void {
  assert.ok(error instanceof FileError, `not a FileError: ${error}`);
  assert.ok([code].flat().includes(error.code), `${error.code} instead of ${code}`);
  assert.notEqual(error.operation, "");
  assert.equal(typeof error.path, "string");
}

/** Asserts equal bytes without printing megabytes when they differ. */
export function sameBytes(actual: Uint8Array, expected: Uint8Array): void {
  assert.equal(actual.length, expected.length);
  const difference = actual.findIndex((byte, index) => byte !== expected[index]);
  assert.equal(difference, -1, `bytes differ from ${difference} on`);
}
