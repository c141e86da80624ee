import type { Row, TableReader } from "./table_reader.ts";

/** The rows of a table one after the other, without a promise for each. */
export class RowCursor {
  readonly #batches: AsyncIterator<readonly Row[]>;
  #batch: readonly Row[] = [];
  #index = 0;
  #row = 0;

  constructor(reader: TableReader) {
    this.#batches = reader.batches()[Symbol.asyncIterator]();
  }

  /** Makes {@link take} possible; false when there are no more rows. */
  async ready(): Promise<boolean> {
    while (this.#index >= this.#batch.length) {
      const { done, value } = await this.#batches.next();
      if (done) return false;
      this.#batch = value;
      this.#index = 0;
    }
    return true;
  }

  /** Rows that can be taken without waiting. */
  get left(): number {
    return this.#batch.length - this.#index;
  }

  /** The next row; there must be one left. */
  take(): Row {
    this.#row++;
    return this.#batch[this.#index++]!;
  }

  /** Number of the row taken last, from 1. */
  get row(): number {
    return this.#row;
  }

  /** Lets go of what the reader holds open. */
  async close(): Promise<void> {
    await this.#batches.return?.();
  }
}
