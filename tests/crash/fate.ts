import type { Content, FileNode, NameChange, Pending } from "./disk_nodes.ts";

/** What becomes of that which is not flushed when the power goes. */
export interface Fate {
  readonly name: string;
  /** The changes of names, in order, that were on the disk already. */
  kept(pending: readonly Pending[]): readonly NameChange[];
  content(file: FileNode, now: Content): Content;
}

/** The process dies and the system lives: everything is as programs saw it. */
export const nothingLost: Fate = {
  name: "the process died",
  kept: (pending) => pending.flatMap(({ changes }) => changes),
  content: (_, now) => now,
};

/**
 * One of the ways in which the power can go. Names: all lost, all kept, kept up to a moment as on a
 * disk with a journal, or each by itself, where of a renaming also both names can be there. Bytes:
 * kept, lost, zeros, anything at all, or the start of them.
 */
export function powerLoss(random: () => number): Fate {
  const pick = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)]!;
  const names = pick(["no names", "all names", "the first names", "some names"] as const);
  const sure = pick([undefined, undefined, "lost", "garbage"] as const);
  const fates = new Map<FileNode, Content>();
  return {
    name: `the power went: ${names} kept, bytes ${sure ?? "by chance"}`,
    kept: (pending) => {
      const count = names === "no names" ? 0 : Math.floor(random() * (pending.length + 1));
      if (names === "all names") return pending.flatMap(({ changes }) => changes);
      if (names !== "some names") return pending.slice(0, count).flatMap(({ changes }) => changes);
      return pending.flatMap(({ changes }) => {
        const isFolder = changes[0]!.node?.kind === "folder";
        return pick([[], changes, changes.length > 1 && isFolder ? changes : changes.slice(0, 1)]);
      });
    },
    content: (file, now) => {
      if (!fates.has(file)) fates.set(file, contentAfter(file, now, sure, random));
      return fates.get(file)!;
    },
  };
}

const byteFates = ["kept", "lost", "zeros", "garbage", "torn"] as const;

function contentAfter(
  file: FileNode,
  now: Content,
  sure: "lost" | "garbage" | undefined,
  random: () => number,
): Content {
  if (file.isDatabase) return now;
  const { durableMode } = file;
  const mode = durableMode !== undefined && random() < 0.5 ? durableMode : now.mode;
  if (file.durable === undefined) return { ...now, mode };
  const size = now.bytes.length;
  const cut = Math.floor(random() * size);
  switch (sure ?? byteFates[Math.floor(random() * byteFates.length)]!) {
    case "kept":
      return { ...now, mode };
    case "lost":
      return { ...now, mode, bytes: file.durable };
    case "zeros":
      return { ...now, mode, bytes: new Uint8Array(size) };
    case "garbage":
      return { ...now, mode, bytes: now.bytes.map(() => Math.floor(random() * 256)) };
    case "torn":
      return { ...now, mode, bytes: now.bytes.map((byte, at) => at < cut ? byte : 0) };
  }
}
