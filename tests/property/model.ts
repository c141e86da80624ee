/** LaminDB's versions and trash in memory: what the program is held against. */

/** One version of an artifact; states are lists of these and are never changed in place. */
export interface Version {
  readonly family: number;
  /** Number in the family: the end of the uid. */
  readonly sequence: number;
  readonly key: string;
  readonly content: string;
  /** Whether its hash is the one that stands in where key and hash are taken. */
  readonly standIn: boolean;
  readonly inTrash: boolean;
  readonly isLatest: boolean;
  /** Order of creation. */
  readonly made: number;
}

export type State = readonly Version[];

/** Thrown for what the program must refuse. */
export class Refusal extends Error {}

export interface Logged {
  readonly kind: "change" | "undo" | "gc";
  readonly before: State;
  readonly undoes: Logged | undefined;
}

/** An instance in memory with its operation log. */
export class Model {
  state: State = [];
  readonly log: Logged[] = [];
  /** Contents whose bytes are in the store. */
  readonly stored = new Set<string>();
  /** The work tree. */
  readonly files = new Map<string, string>();
  /** The last number that was given in each family: none is given twice. */
  readonly #given = new Map<number, number>();
  #families = 0;
  #made = 0;

  /** Whether an operation is undone by one that stands. */
  isUndone(operation: Logged): boolean {
    return this.log.some((other) => other.undoes === operation && !this.isUndone(other));
  }

  add(key: string, content: string): void {
    this.stored.add(content);
    const families = new Set(this.state.filter((one) => one.key === key).map((one) => one.family));
    const rows = this.state.filter((one) => families.has(one.family));
    const live = rows.filter((one) => !one.inTrash);
    const revises = newest(live.filter((one) => one.isLatest)) ?? newest(live);
    const same = rows.filter((one) => one.content === content);
    const sameAlive = same.filter((one) => !one.inTrash);
    const found = newest(sameAlive.filter((one) => one.isLatest)) ?? newest(sameAlive);
    if (found?.isLatest) return;
    const back = found ??
      newest(same.filter((one) => revises === undefined || one.family === revises.family));
    if (back !== undefined) return this.#lift(back);
    if (revises === undefined) return this.#insert(this.#families++, 0, key, content);
    if (new Set(same.map((one) => one.standIn)).size > 1) throw new Refusal("in the trash twice");
    this.#insert(revises.family, this.#given.get(revises.family)! + 1, key, content);
  }

  /** Makes a version the latest, wherever it is. */
  #lift(version: Version): void {
    this.#change((one) => {
      if (one === version) return { ...one, inTrash: false, isLatest: true };
      const isHead = one.family === version.family && one.isLatest && !one.inTrash;
      return isHead ? { ...one, isLatest: false } : one;
    });
  }

  #insert(family: number, sequence: number, key: string, content: string): void {
    const standIn = this.state.some((one) => one.key === key && one.content === content);
    const made = this.#made++;
    this.#given.set(family, sequence);
    const version = { family, sequence, key, content, standIn, made, inTrash: false };
    const demoted = this.state.map((one) =>
      one.family === family && !one.inTrash && one.isLatest ? { ...one, isLatest: false } : one
    );
    this.#commit("change", [...demoted, { ...version, isLatest: true }]);
  }

  /** A key to the trash with all its versions. */
  remove(key: string): void {
    const going = this.#liveFamilies(key);
    if (going.length === 0) throw new Refusal("not there");
    const families = new Set(going.map((one) => one.family));
    this.#change((one) => {
      if (going.includes(one)) return { ...one, inTrash: true };
      // A head that went before gives way to the one that goes now.
      const gives = families.has(one.family) && one.isLatest &&
        going.some((other) => other.family === one.family && other.isLatest);
      return gives ? { ...one, isLatest: false } : one;
    });
  }

  /** One version to the trash. */
  removeVersion(version: Version): void {
    if (version.inTrash) throw new Refusal("in the trash already");
    const family = this.#familyOf(version);
    const next = newest(family.filter((one) => !one.inTrash && one !== version));
    const hands = version.isLatest && next !== undefined;
    this.#change((one) => {
      if (one === version) return { ...one, inTrash: true, isLatest: one.isLatest && !hands };
      if (one === next && hands) return { ...one, isLatest: true };
      const gives = one.family === version.family && one.inTrash && version.isLatest && !hands;
      return gives ? { ...one, isLatest: false } : one;
    });
  }

  /** A key back from the trash with all its versions. */
  restore(key: string): void {
    const trashed = this.state.filter((one) => one.inTrash && one.key === key);
    const named = newest(trashed.filter((one) => one.isLatest)) ?? newest(trashed);
    if (named === undefined) throw new Refusal("not in the trash");
    const family = this.#familyOf(named);
    const coming = family.filter((one) => one.inTrash);
    const taken = this.state.some((one) =>
      !one.inTrash && one.family !== named.family && coming.some((other) => other.key === one.key)
    );
    if (taken) throw new Refusal("the key is taken");
    const there = family.filter((one) => !one.inTrash);
    const heads = there.filter((one) => one.isLatest);
    const top = newest(family)!;
    const former = coming.filter((one) => one.isLatest);
    const head = heads.length > 0
      ? coming.includes(top) ? top : heads[0]!
      : former.length === 1
      ? former[0]!
      : top;
    this.#change((one) => {
      if (one.family !== named.family) return one;
      return { ...one, inTrash: false, isLatest: one === head };
    });
  }

  /** Rows of a key away for good: those in use, else those in the trash. */
  purge(key: string): void {
    const live = this.#liveFamilies(key);
    const trashed = this.state.filter((one) => one.inTrash && one.key === key);
    const named = newest(trashed.filter((one) => one.isLatest)) ?? newest(trashed);
    if (live.length === 0 && named === undefined) throw new Refusal("not there");
    const going = live.length > 0 ? live : this.#familyOf(named!).filter((one) => one.inTrash);
    this.#commit("change", this.state.filter((one) => !going.includes(one)));
  }

  /** Another key for an artifact, whose file goes along. */
  move(from: string, to: string): void {
    const named = this.heads.find((one) => one.key === from);
    if (named === undefined) throw new Refusal("not there");
    const going = this.#familyOf(named).filter((one) => one.key !== to);
    const there = this.state.filter((one) => one.key === to && one.family !== named.family);
    const isTaken = there.some((one) =>
      !one.inTrash ||
      going.some(({ content, standIn }) => content === one.content && standIn === one.standIn)
    );
    if (going.length === 0 || isTaken) throw new Refusal("the key is taken");
    this.#moveFile(named, to);
    this.#change((one) => going.includes(one) ? { ...one, key: to } : one);
  }

  /** The file of an artifact to another path; what lies there may only be its content already. */
  #moveFile(head: Version, to: string): void {
    const here = this.files.get(head.key);
    const there = this.files.get(to);
    const isDone = here === undefined && there === head.content;
    if (there !== undefined && !isDone) throw new Refusal("a file is in the way");
    if (here === undefined) return;
    this.files.delete(head.key);
    this.files.set(to, here);
  }

  /** The operation that `undo` without a name takes. */
  get last(): Logged | undefined {
    return this.log.findLast((one) => one.undoes === undefined && !this.isUndone(one));
  }

  undo(target: Logged | undefined): void {
    if (target === undefined) throw new Refusal("nothing to undo");
    if (target.kind === "gc") throw new Refusal("bytes are gone");
    const missing = target.before.some((one) =>
      !this.stored.has(one.content) && !this.state.some((other) => isSame(one, other))
    );
    if (missing) throw new Refusal("bytes are gone");
    const changed = this.state.flatMap((now) => {
      const then = target.before.find((one) => isSame(one, now));
      return then === undefined || then.key === now.key ? [] : [{ now, key: then.key }];
    });
    for (const own of Map.groupBy(changed, ({ now }) => now.family).values()) {
      const { now, key } = own.find((one) => one.now.isLatest && !one.now.inTrash) ?? own.at(-1)!;
      const then = target.before.find((one) => isSame(one, now))!;
      const isInUse = !now.inTrash && !then.inTrash;
      if (isInUse && this.files.has(now.key)) this.#moveFile(now, key);
    }
    this.#commit("undo", target.before, target);
  }

  /** Deletes the bytes that no version has; true when there were some. */
  collect(): boolean {
    const used = new Set(this.state.map((one) => one.content));
    const dead = [...this.stored].filter((content) => !used.has(content));
    for (const content of dead) this.stored.delete(content);
    if (dead.length > 0) this.#commit("gc", this.state);
    return dead.length > 0;
  }

  /** What keys mean: the latest version of each that is in use. */
  get heads(): State {
    return this.state.filter((one) => one.isLatest && !one.inTrash);
  }

  #familyOf(version: Version): State {
    return this.state.filter((one) => one.family === version.family);
  }

  #liveFamilies(key: string): State {
    const live = this.state.filter((one) => !one.inTrash);
    const families = new Set(live.filter((one) => one.key === key).map((one) => one.family));
    return live.filter((one) => families.has(one.family));
  }

  #change(change: (version: Version) => Version): void {
    this.#commit("change", this.state.map(change));
  }

  #commit(kind: Logged["kind"], state: State, undoes?: Logged): void {
    this.log.push({ kind, before: this.state, undoes });
    this.state = state;
  }
}

function isSame(a: Version, b: Version): boolean {
  return a.family === b.family && a.sequence === b.sequence;
}

function newest(versions: State): Version | undefined {
  return versions.reduce<Version | undefined>(
    (best, one) => best === undefined || one.made > best.made ? one : best,
    undefined,
  );
}
