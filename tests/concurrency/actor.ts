import { random } from "../seed.ts";
import { folderSha256, sha256Of } from "./content.ts";

/** One command of a process, and what has to be there before it. */
export interface Step {
  readonly words: readonly string[];
  /** Files to write first: labels of contents by path in the work tree. */
  readonly files: Readonly<Record<string, string>>;
  /** Label of what is piped in. */
  readonly input?: string;
  /** SHA-256 of what is added, by key. */
  readonly adds: Readonly<Record<string, string>>;
  /** True when standard output is the bytes of an artifact. */
  readonly prints?: true;
  /** A pause before it, in milliseconds. */
  readonly pauseMs: number;
}

/** The key that all processes fight for. */
export const hotKey = "shared/hot.txt";

/** What one of `count` processes does, wholly told by the seed. */
export function stepsOf(seed: number, worker: number, count: number, length: number): Step[] {
  const actor = new Actor(random(seed * 1000 + worker), worker, count);
  return Array.from({ length }, (_, step) => actor.next(step));
}

type Kind = keyof typeof weights;

/** How often each kind of step comes. */
const weights = {
  "add own": 6,
  "add hot": 6,
  "add hot from a file": 3,
  "add the same": 4,
  "add a folder": 4,
  "add again": 3,
  "remove own": 3,
  "restore own": 2,
  "purge own": 3,
  "move own": 2,
  "remove hot": 1,
  "restore hot": 1,
  "undo": 3,
  "collect": 6,
  "check": 2,
  "check deeply": 1,
  "print hot": 3,
  "print another's": 2,
  "get hot": 2,
  "get another's folder": 2,
  "look": 5,
};

const looks = [
  ["list", "artifact"],
  ["log"],
  ["log", hotKey],
  ["status"],
  ["op", "log"],
  ["show", hotKey],
  ["info"],
];

class Actor {
  /** Keys that were added, with the label of each. */
  readonly #own = new Map<string, string>();

  constructor(
    private readonly next01: () => number,
    private readonly worker: number,
    private readonly count: number,
  ) {}

  next(step: number): Step {
    // A process that has nothing yet begins with something.
    const kind = step === 0 && this.next01() < 0.5 ? "add own" : this.#kind();
    const pauseMs = this.next01() < 0.3 ? Math.trunc(this.next01() * 40) : 0;
    return { files: {}, adds: {}, pauseMs, ...this.#make(kind, step) };
  }

  #kind(): Kind {
    const total = Object.values(weights).reduce((sum, weight) => sum + weight, 0);
    let left = this.next01() * total;
    for (const [kind, weight] of Object.entries(weights)) {
      left -= weight;
      if (left < 0) return kind as Kind;
    }
    return "look";
  }

  #make(kind: Kind, step: number): Partial<Step> & Pick<Step, "words"> {
    const label = `${this.worker}.${step}${this.next01() < 0.05 ? ".large" : ""}`;
    const mine = `w${this.worker}`;
    const own = this.#pick([...this.#own.keys()]) ?? `${mine}/none.txt`;
    const other = `w${Math.trunc(this.next01() * this.count)}`;
    switch (kind) {
      case "add own":
        return this.#add(`${mine}/${step}.txt`, label);
      case "add the same":
        return this.#add(`${mine}/same${step}.txt`, `same.${step % 2}`);
      case "add again":
        return this.#own.has(own) ? this.#add(own, this.#own.get(own)!) : { words: ["status"] };
      case "add hot":
        return {
          words: ["add", "-", "--key", hotKey],
          input: label,
          adds: { [hotKey]: sha256Of(label) },
        };
      case "add hot from a file":
        return {
          words: ["add", `${mine}/hot${step}.txt`, "--key", hotKey],
          files: { [`${mine}/hot${step}.txt`]: label },
          adds: { [hotKey]: sha256Of(label) },
        };
      case "add a folder":
        return this.#addFolder(`${mine}/set`, label);
      case "remove own":
        return { words: ["rm", own] };
      case "restore own":
        return { words: ["restore", own] };
      case "purge own":
        return { words: ["rm", "--permanent", "--force", own] };
      case "move own":
        return { words: ["mv", own, `${mine}/moved${step}.txt`] };
      case "remove hot":
        return { words: ["rm", hotKey] };
      case "restore hot":
        return { words: ["restore", hotKey] };
      case "undo":
        return { words: ["undo"] };
      case "collect":
        return { words: ["gc", "--grace", "0", "--apply"] };
      case "check":
        return { words: ["fsck"] };
      case "check deeply":
        return { words: ["fsck", "--deep"] };
      case "print hot":
        return { words: ["cat", hotKey], prints: true };
      case "print another's":
        return { words: ["cat", `${other}/0.txt`], prints: true };
      case "get hot":
        return { words: ["get", hotKey, "--to", `${mine}/got${step}.txt`] };
      case "get another's folder":
        return { words: ["get", `${other}/set`, "--to", `${mine}/got${step}`] };
      case "look":
        return { words: this.#pick(looks)! };
    }
  }

  #add(path: string, label: string): Partial<Step> & Pick<Step, "words"> {
    this.#own.set(path, label);
    return { words: ["add", path], files: { [path]: label }, adds: { [path]: sha256Of(label) } };
  }

  /** One file of each version is new, one is the same in all folders, one is everybody's. */
  #addFolder(path: string, label: string): Partial<Step> & Pick<Step, "words"> {
    const files = {
      "a/new.txt": label,
      "everybody.txt": "same.0",
      "mine.txt": `${this.worker}.set`,
    };
    return {
      words: ["add", path, "--as", "folder"],
      files: Object.fromEntries(
        Object.entries(files).map(([name, one]) => [`${path}/${name}`, one]),
      ),
      adds: { [path]: folderSha256(files) },
    };
  }

  #pick<T>(list: readonly T[]): T | undefined {
    return list[Math.trunc(this.next01() * list.length)];
  }
}
