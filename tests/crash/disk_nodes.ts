/** What names on a disk lead to, and what of it a power loss could take. */

/** What a file had when it was looked at. */
export interface Content {
  readonly bytes: Uint8Array;
  readonly mode: number;
  readonly modified: Date | null;
}

export class FileNode {
  readonly kind = "file";
  /** What is on the disk for certain, when bytes were written that are not flushed. */
  durable: Uint8Array | undefined;
  /** The mode that is on the disk for certain, when it was changed since. */
  durableMode: number | undefined;
  /** What it had when it was read last: before it lost its name, or SQLite worked on it. */
  last: Content | undefined;

  /** Files of SQLite are flushed by SQLite, by its own rules. */
  constructor(readonly isDatabase: boolean) {}

  flush(): void {
    this.durable = undefined;
    this.durableMode = undefined;
  }
}

export class FolderNode {
  readonly kind = "folder";
  /** Names as programs see them. */
  readonly names = new Map<string, Node>();
  /** Names that are on the disk for certain; changes since then are pending. */
  readonly durableNames = new Map<string, Node>();

  constructor(readonly mode: number) {}
}

export type Node = FileNode | FolderNode;

/** A name of a folder that got another meaning, or none. */
export interface NameChange {
  readonly folder: FolderNode;
  readonly name: string;
  readonly node: Node | undefined;
}

/**
 * One call of the system: one change of a name, or for renaming two, the new name first. Those that
 * were flushed are no longer in it.
 */
export interface Pending {
  changes: NameChange[];
}

export function setName(names: Map<string, Node>, { name, node }: NameChange): void {
  if (node === undefined) names.delete(name);
  else names.set(name, node);
}
