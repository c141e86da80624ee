import { TableLedger } from "../../ledger/ledger.ts";
import type { Past } from "../../ledger/past.ts";
import { familiesLedger } from "../../plan/families.ts";
import type { RowSource, RowState } from "../../rows/row_source.ts";
import { type FoundTables, nothingFound } from "../../unknown/found_tables.ts";
import type { Answer } from "../channel.ts";
import { notSpoken } from "../frame.ts";
import {
  countIn,
  identityIn,
  jsonLines,
  type JsonObject,
  listIn,
  orNull,
  textIn,
  wholeIn,
} from "../json.ts";
import { noTable, unknownIn } from "../unknown_json.ts";

/** The most that is held of what a source says of its rows: some ten million of them. */
const bytesMax = 1 << 30;

const sections = ["rows", "families", "pasts", "family_pasts", "unknown"] as const;
type Section = typeof sections[number];

/** One state of an instance behind a connection: which rows it has, and what they are. */
export class Snapshot {
  /** As they came, since texts of their own would take four times the memory. */
  readonly #frames = new Map<string, Uint8Array[]>();
  readonly #byId = new Map<string, ReadonlyMap<number, RowState>>();

  private constructor(
    readonly engine: RowSource["engine"],
    readonly managed: ReadonlySet<string>,
    /** Whether it keeps notes itself of what its rows were. */
    readonly keepsNotes: boolean,
  ) {}

  /** Reads it. Throws code "failed" for what cannot be one. */
  static async read(answer: Answer): Promise<Snapshot> {
    const first = await answer.next();
    if (first === undefined || !("mark" in first)) throw notSpoken();
    const snapshot = fromHead(first.mark);
    let frames: Uint8Array[] | undefined;
    let size = 0;
    for (let part = await answer.next(); part !== undefined; part = await answer.next()) {
      if ("mark" in part) frames = snapshot.#section(part.mark);
      else {
        size += part.data.length;
        if (frames === undefined || size > bytesMax) throw notSpoken();
        frames.push(part.data.slice());
      }
    }
    return snapshot;

    function fromHead({ engine, managed, keepsNotes }: JsonObject): Snapshot {
      if (engine !== "sqlite" && engine !== "postgres") throw notSpoken();
      const identities = listIn(managed, 100_000).map(identityIn);
      return new Snapshot(engine, new Set(identities), keepsNotes === true);
    }
  }

  #section({ table, what }: JsonObject): Uint8Array[] {
    const section = textIn(what) as Section;
    if (!sections.includes(section)) throw notSpoken();
    const frames: Uint8Array[] = [];
    this.#frames.set(`${section} ${textIn(table)}`, frames);
    return frames;
  }

  /** Tables that it has besides those that registries define. */
  unknown(): FoundTables {
    const frames = this.#frames.get(`unknown ${noTable}`);
    return frames === undefined
      ? nothingFound
      : unknownIn(frames.flatMap((one) => [...jsonLines(one)]));
  }

  /** The tables that have rows. */
  filled(): ReadonlySet<string> {
    const [rows, start] = [[...this.#frames], "rows "];
    const filled = rows.filter(([key, frames]) => key.startsWith(start) && frames.length > 0);
    return new Set(filled.map(([key]) => key.slice(start.length)));
  }

  /** The states of a table, as many at a time as came in a frame. */
  *states(table: string, section: "rows" | "families" = "rows"): Generator<RowState[]> {
    for (const frame of this.#frames.get(`${section} ${table}`) ?? []) {
      yield Array.from(jsonLines(frame), stateIn);
    }
  }

  /** The states of a table by their ids. */
  byId(table: string, section: "rows" | "families" = "rows"): ReadonlyMap<number, RowState> {
    const key = `${section} ${table}`;
    let states = this.#byId.get(key);
    if (states === undefined) {
      states = new Map([...this.states(table, section)].flat().map((state) => [state.id, state]));
      this.#byId.set(key, states);
    }
    return states;
  }

  /** The states of a table by their identities. */
  byIdentity(table: string, section: "rows" | "families"): ReadonlyMap<string, RowState> {
    return new Map([...this.byId(table, section).values()].map((one) => [one.identity, one]));
  }

  /** What it noted of the past of a table's rows, or of `familiesLedger` of a table. */
  ledger(name: string): TableLedger {
    const families = familiesLedger("");
    const key = name.endsWith(families)
      ? `family_pasts ${name.slice(0, -families.length)}`
      : `pasts ${name}`;
    const pasts = new Map<string, Past>();
    for (const frame of this.#frames.get(key) ?? []) {
      for (const line of jsonLines(frame)) {
        const [identity, digest, revision, past] = listIn(line, 4);
        pasts.set(identityIn(identity), {
          digest: orNull(digest, digestIn),
          revision: countIn(revision),
          past: listIn(past, 64).map((one) => textIn(one, 20)),
        });
      }
    }
    return TableLedger.ofPasts(pasts);
  }
}

function stateIn(line: unknown): RowState {
  const [id, identity, digest] = listIn(line, 3);
  return { id: wholeIn(id), identity: identityIn(identity), digest: digestIn(digest) };
}

function digestIn(value: unknown): string {
  const text = textIn(value, 20);
  if (/^[0-9a-f]{20}$/.test(text)) return text;
  throw notSpoken();
}
