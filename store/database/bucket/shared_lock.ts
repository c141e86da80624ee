import { LaminError } from "../../errors.ts";
import { pauseFor } from "../../pause.ts";
import type { VersionedBlobs } from "../../objects/versioned_blobs.ts";

/** After so long a lock of a session of Python counts as forgotten, as it does for Python. */
const sessionMs = 7 * 24 * 3_600_000;
/** After so long a lock of a command of ours does: one that still runs finds out when it writes. */
const commandMs = 10 * 60_000;

/** How long to wait, in milliseconds, for a command of ours elsewhere, and for a session. */
const patienceMs = { command: 60_000, session: 3_000 };
const pollMs = 200;

const ownPrefix = "lamin-";

/** Who takes part, each known by a name. */
interface Rival {
  readonly name: string;
  readonly position: number;
}

/**
 * The lock by which LaminDB keeps sessions apart that work on a database in a bucket: Lamport's
 * bakery in small objects below `.lamindb/_exclusion/<instance id>/` (COMPAT §14.9). Python holds
 * it from `ln.connect` to `lamin disconnect` and then writes its copy over whatever is there, so
 * nothing may be written meanwhile. Here a machine takes part under one name.
 */
export class SharedLock {
  readonly #folder: string;
  readonly #name: string;

  /** `instanceId` is the instance's id in hex; `machine` a name without `*` and `/`. */
  constructor(private readonly blobs: VersionedBlobs, instanceId: string, machine: string) {
    this.#folder = `.lamindb/_exclusion/${instanceId}`;
    this.#name = ownPrefix + machine;
  }

  /**
   * Runs `work` while nobody else holds the lock. Throws code "busy" with who holds it all the
   * while, "denied" where this user may not write.
   */
  async holding<T>(work: () => Promise<T>): Promise<T> {
    const names = await this.#join();
    try {
      await this.#acquire(names);
      return await work();
    } finally {
      await this.#set("numbers", "0").catch(() => {
        // It counts as forgotten in a while, and the next command of this machine takes it back.
      });
    }
  }

  /** The names of all who take part, in their order, with ours. */
  async #join(): Promise<string[]> {
    for (;;) {
      const list = await this.blobs.readVersion(`${this.#folder}/priorities`);
      const names = list === undefined ? [] : textOf(list.bytes).split("*").filter(Boolean);
      if (names.includes(this.#name)) return names;
      names.push(this.#name);
      const bytes = new TextEncoder().encode(names.join("*"));
      const etag = list?.etag ?? null;
      if (await this.blobs.replace(`${this.#folder}/priorities`, bytes, etag) !== undefined) {
        // Before anybody sees the name, Python would find no number of it.
        await this.#set("entering", "0");
        await this.#set("numbers", "0");
        return names;
      }
    }
  }

  async #acquire(names: readonly string[]): Promise<void> {
    await this.#set("entering", "1");
    const numbers = await Promise.all(names.map((name) => this.#number("numbers", name)));
    const own = 1 + Math.max(...numbers);
    await this.#set("numbers", String(own));
    await this.#set("entering", "0");
    const nowMs = (await this.blobs.look(this.#path("numbers", this.#name)))?.writtenAt.getTime();
    const position = names.indexOf(this.#name);
    for (const [at, name] of names.entries()) {
      if (at === position) continue;
      await this.#waitFor({ name, position: at }, { own, position, nowMs: nowMs ?? 0 });
    }
  }

  async #waitFor(
    rival: Rival,
    { own, position, nowMs }: { own: number; position: number; nowMs: number },
  ): Promise<void> {
    const isCommand = rival.name.startsWith(ownPrefix);
    const { command, session } = patienceMs;
    for (let waitedMs = 0;; waitedMs += pollMs) {
      const isEntering = await this.#number("entering", rival.name, nowMs) !== 0;
      const theirs = await this.#number("numbers", rival.name, nowMs);
      const isFirst = theirs !== 0 &&
        (theirs < own || theirs === own && rival.position < position);
      if (!isEntering && !isFirst) return;
      if (waitedMs >= (isCommand ? command : session)) throw held(rival.name, isCommand);
      await pauseFor(pollMs);
    }
  }

  /** 0 where there is none, or one that was forgotten, by the clock of the server. */
  async #number(kind: Kind, name: string, nowMs?: number): Promise<number> {
    const path = this.#path(kind, name);
    const found = await this.blobs.readVersion(path);
    const number = found === undefined ? 0 : Number(textOf(found.bytes));
    if (!Number.isSafeInteger(number) || number === 0 || nowMs === undefined) {
      return Number.isSafeInteger(number) ? number : 0;
    }
    const writtenAt = (await this.blobs.look(path))?.writtenAt.getTime() ?? nowMs;
    const isOwn = name.startsWith(ownPrefix);
    return nowMs - writtenAt > (isOwn ? commandMs : sessionMs) ? 0 : number;
  }

  async #set(kind: Kind, text: string): Promise<void> {
    const path = this.#path(kind, this.#name);
    const bytes = new TextEncoder().encode(text);
    for (;;) {
      const there = await this.blobs.look(path);
      if (await this.blobs.replace(path, bytes, there?.etag ?? null) !== undefined) return;
    }
  }

  #path(kind: Kind, name: string): string {
    return `${this.#folder}/${kind}/${name}`;
  }
}

type Kind = "numbers" | "entering";

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

function held(name: string, isCommand: boolean): LaminError {
  const who = isCommand ? "a command on another machine" : `Python's user ${name}`;
  return new LaminError("busy", `${who} is working on this instance`, {
    hint: isCommand
      ? "run the command again when it is done"
      : "Python lets go of it at 'lamin disconnect' or 'ln.setup.disconnect()', or after 7 days",
    data: { holder: name },
  });
}
