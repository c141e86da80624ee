/** Something that the other engine cannot hold, or that nobody here knows how to carry. */
export interface MoveFault {
  readonly table: string;
  readonly row: number | null;
  readonly column: string | null;
  /** Goes on after what the place is called: `is no time`. */
  readonly problem: string;
  readonly remedy: string;
}

/** Most faults that are told. */
const toldMax = 100;

/** Collects faults: all are counted, the first ones kept. */
export class MoveFaults {
  readonly #told: MoveFault[] = [];
  #count = 0;

  add(fault: MoveFault): void {
    this.#count++;
    if (this.#told.length < toldMax) this.#told.push(fault);
  }

  get told(): readonly MoveFault[] {
    return this.#told;
  }

  get count(): number {
    return this.#count;
  }
}

/** A fault as a clause: `description of row 7 of lamindb_artifact has a NUL character`. */
export function faultText({ table, row, column, problem }: MoveFault): string {
  const place = row === null ? table : `row ${row} of ${table}`;
  return `${column === null ? place : `${column} of ${place}`} ${problem}`;
}
