import type { Instance } from "../../instance/instance.ts";
import type { Changes } from "../../operation/changes.ts";
import { mutate, type OperationName } from "../../operation/mutate.ts";
import type { Finding, FoundContent, Mend } from "../finding.ts";
import type { FsckResult } from "../fsck.ts";
import { endUploads } from "./end_uploads.ts";
import { noteContents } from "./note_contents.ts";
import { Restorer } from "./restore.ts";
import { setHeads } from "./set_heads.ts";
import { mendsTo, tidyNotes } from "./tidy_notes.ts";

/**
 * Mends what findings tell how to, as one operation, and notes the contents of artifacts that
 * nothing was noted of. Copies are made and hashed before the lock is taken; under it they replace
 * what is there, which is kept aside. A process that dies in between leaves files that are right or
 * missing, never wrong ones, and the repair can be run again.
 */
export async function repair(
  instance: Instance,
  operation: OperationName,
  findings: readonly Finding[],
  adoptable: readonly FoundContent[],
): Promise<Omit<FsckResult, "artifacts">> {
  const restorer = await Restorer.prepare(instance, findings);
  try {
    const mendable = new Set(findings.filter((finding) => isMendable(finding, restorer)));
    if (mendable.size + adoptable.length === 0) {
      return { findings: marked(findings, mendable), adopted: 0, operation: undefined };
    }
    const mends = [...mendable].flatMap(({ mend }) => mend ?? []);
    const { operation: uid } = await mutate(instance, operation, async (changes) => {
      await restorer.publish();
      for (const { storageId, name } of mendsTo(mends, "set aside")) {
        await restorer.setAside(storageId, name);
      }
      await changeRows(instance, changes, mends, adoptable);
      const movesBytes = restorer.count + mendsTo(mends, "set aside").length > 0;
      const summary = summaryOf(mendable.size, findings.length, adoptable.length);
      return { result: undefined, summary, isLogged: movesBytes };
    });
    return { findings: marked(findings, mendable), adopted: adoptable.length, operation: uid };
  } finally {
    restorer.discard();
  }
}

function isMendable(finding: Finding, restorer: Restorer): boolean {
  if (finding.mend === undefined) return false;
  return finding.mend.do !== "restore" || restorer.restores(finding);
}

function marked(
  findings: readonly Finding[],
  mended: ReadonlySet<Finding>,
): FsckResult["findings"] {
  return findings.map((finding) => ({ ...finding, isRepaired: mended.has(finding) }));
}

async function changeRows(
  instance: Instance,
  changes: Changes,
  mends: readonly Mend[],
  adoptable: readonly FoundContent[],
): Promise<void> {
  const noted = mendsTo(mends, "note content").map(({ content }) => content);
  await noteContents(await instance.host.hashing(), changes, [...noted, ...adoptable]);
  await tidyNotes(instance, changes, mends);
  await setHeads(changes, mends);
  await endUploads(changes, mends);
}

function summaryOf(mended: number, found: number, adopted: number): string {
  const parts: string[] = [];
  if (found > 0) parts.push(`repaired ${mended} of ${found} findings`);
  if (adopted > 0) parts.push(`noted the content of ${adopted} artifacts`);
  return parts.join(", ");
}
