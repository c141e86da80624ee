/** Two labs, of which one reads in place what the other one has. */

import { type Lab, withLabs } from "../core/sync/two_labs.ts";
import { storageOf } from "../test_database.ts";

/**
 * Runs `work` with a lab that has files, a folder and two versions, one that reads them, and the
 * folder of a third.
 */
export async function withReader(
  work: (alpha: Lab, beta: Lab, gamma: Lab) => Promise<void>,
): Promise<void> {
  await withLabs(["alpha", "beta", "gamma"], async (alpha, beta, gamma) => {
    await alpha.lamin("init", "--name", "alpha");
    await beta.lamin("init", "--name", "beta");
    alpha.write("raw/a.csv", "x\n1\n");
    alpha.write("raw/b.csv", "x\n2\n");
    alpha.write("raw/scan.zarr/0", "zero");
    alpha.write("raw/scan.zarr/deep/1", "one");
    await alpha.lamin("add", "raw");
    alpha.write("raw/a.csv", "x\n11\n");
    await alpha.lamin("add", "raw");
    await beta.lamin("remote", "add", "lab", alpha.root);
    await beta.lamin("pull", "lab", "--zero-copy");
    await work(alpha, beta, gamma);
  });
}

/** What `verify` says of each version: its status by key, the older one of two with `@0`. */
export async function verdicts(
  lab: Lab,
  ...words: readonly string[]
): Promise<Record<string, string>> {
  const { stdout } = await lab.say("verify", "--json", ...words);
  const found: Record<string, string> = {};
  for (const line of stdout.split("\n").filter(Boolean)) {
    const { key, uid, status } = JSON.parse(line);
    found[key === "raw/a.csv" && uid.endsWith("0000") ? `${key}@0` : key] = status;
  }
  return found;
}

/** The stored file of an artifact of a lab; with a path, one of a folder. */
export async function storedPath(lab: Lab, reference: string, path = ""): Promise<string> {
  const [shown] = await lab.json("list", "artifact", `key=${reference}`);
  return `${storageOf(lab.root)}/${shown._real_key}${path}`;
}

/** Lets a stored file be other bytes. */
export function overwrite(path: string, text: string): void {
  Deno.chmodSync(path, 0o644);
  Deno.writeTextFileSync(path, text);
}

/** Every object of a lab, by name. */
export function objectsOf({ root }: Lab): string[] {
  const found: string[] = [];
  const walk = (folder: string) => {
    for (const { name, isDirectory } of Deno.readDirSync(folder)) {
      if (isDirectory) walk(`${folder}/${name}`);
      else found.push(`${folder}/${name}`);
    }
  };
  try {
    walk(`${storageOf(root)}/.lamindb/objects`);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return found.sort();
}
