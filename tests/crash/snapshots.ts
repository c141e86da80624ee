import type { DiskModel } from "./disk_model.ts";
import { type DiskState, stateKey, writeState } from "./disk_state.ts";
import { powerLoss } from "./fate.ts";

/** A state of the disk that was written down. */
export interface Snapshot {
  /** Folder that it is in. */
  readonly name: string;
  /** What was about to be done, and what became of that which was not flushed. */
  readonly moment: string;
  /** Whether the command had told of its success. */
  readonly isTold: boolean;
  /** Whether it was through. */
  readonly isOver: boolean;
}

interface Taken extends Omit<Snapshot, "name"> {
  readonly state: DiskState;
}

const indexFile = /(^|\/)work_index\.db[^/]*$/;

/** What is left on the disk when a command ends before its steps, each different state once. */
export class Snapshots {
  steps = 0;
  /** Whether the command has told of its success. */
  isTold = false;
  /** Whether it is through. */
  isOver = false;
  readonly #deaths = new Map<string, Taken>();
  readonly #losses = new Map<string, Taken>();
  readonly #first: DiskState;

  constructor(
    readonly model: DiskModel,
    private readonly random: () => number,
    private readonly losses: number,
  ) {
    this.#first = model.state();
  }

  /** Notes what is there before a step. */
  step(what: string): void {
    const moment = `step ${this.steps++}, ${what}`;
    const { isTold, isOver, model } = this;
    note(this.#deaths, { moment, isTold, isOver, state: model.state() });
    for (let loss = 0; loss < this.losses; loss++) {
      const fate = powerLoss(this.random);
      const state = this.#withoutCaches(model.state(fate));
      note(this.#losses, { moment: `${moment}; ${fate.name}`, isTold, isOver, state });
    }
  }

  /**
   * Writes states down; of more than `most` of a kind some by chance, and as many of those in which
   * success was told.
   */
  write(into: string, most: number): Snapshot[] {
    const chosen = [this.#deaths, this.#losses].flatMap((all) =>
      [false, true].flatMap((isTold) => {
        const some = [...all.values()].filter((one) => one.isTold === isTold);
        while (some.length > most) some.splice(Math.floor(this.random() * some.length), 1);
        return some;
      })
    );
    return chosen.map(({ state, ...taken }, index) => {
      writeState(state, `${into}/${index}`);
      return { name: String(index), ...taken };
    });
  }

  /** SQLite's shared memory never outlives the power; the index is flushed only now and then. */
  #withoutCaches(state: DiskState): DiskState {
    const kept = state.filter(({ path }) => !path.endsWith("-shm"));
    if (this.random() < 0.5) return kept;
    const folders = new Set(kept.filter(({ kind }) => kind === "folder").map(({ path }) => path));
    return [
      ...kept.filter(({ path }) => !indexFile.test(path)),
      ...this.#first.filter(({ path }) =>
        indexFile.test(path) && !path.endsWith("-shm") &&
        folders.has(path.slice(0, path.lastIndexOf("/")))
      ),
    ];
  }
}

/** The last moment of a state counts: what was told by then has to hold. */
function note(known: Map<string, Taken>, taken: Taken): void {
  const key = stateKey(taken.state);
  if (taken.isTold || !known.has(key)) known.set(key, taken);
}
