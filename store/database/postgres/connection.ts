import postgres from "postgres";
import { LaminError } from "../../errors.ts";
import type { Host } from "../../host/host.ts";
import type { SqlRow, SqlValue } from "../database.ts";
import { connectFailure } from "./connect_failure.ts";
import { CopyQueue } from "./copy_queue.ts";
import { lostConnection, serverFailure } from "./failure.ts";
import { passwordFor } from "./pgpass.ts";
import { numbered } from "./placeholders.ts";
import type { ServerAddress } from "./server_address.ts";
import { openSocket } from "./socket.ts";
import { libraryTypes, parameter, typeNumber } from "./values.ts";

/** What one statement gave. */
export interface Answer {
  readonly rows: SqlRow[];
  /** How many rows it gave or changed. */
  readonly count: number;
}

/** Settings of the session that a proxy in between knows as well. */
const sessionSettings = {
  application_name: "lamin",
  TimeZone: "UTC",
  DateStyle: "ISO, YMD",
};

/**
 * The one connection to a server. Once it is lost it is never made again: what was being done in a
 * transaction must not go on outside of one.
 */
export class Connection {
  #isLost = false;
  #isClosing = false;
  readonly #copies = new CopyQueue((sql, texts) => this.#send(sql, texts));
  /** Why there is no password for a server that wants one. */
  #whyNoPassword: unknown;
  readonly #library: ReturnType<typeof postgres>;

  constructor(host: Host, readonly address: ServerAddress) {
    let isOpened = false;
    const user = address.user ?? host.userName() ?? "postgres";
    this.#library = postgres({
      host: address.host,
      port: address.port,
      database: address.database,
      user,
      password: () => this.#password(host, user),
      max: 1,
      connection: sessionSettings,
      fetch_types: false,
      idle_timeout: 0,
      max_lifetime: null,
      connect_timeout: address.timeoutSeconds,
      ssl: false,
      // Remarks of the server are not for people who did not write the statements.
      onnotice: () => {},
      onclose: () => this.#isLost = true,
      // deno-lint-ignore no-explicit-any
      types: libraryTypes as any,
      // Not in the library's types, but in its manual.
      ...{
        socket: async () => {
          if (isOpened) throw lostConnection(address, "run the command again");
          isOpened = true;
          return await openSocket(host, address);
        },
      },
    });
  }

  /** The library cannot bear that this fails: the server then refuses the empty one. */
  #password(host: Host, user: string): string {
    try {
      return passwordFor(host, this.address, user) ?? noPassword(this.address, user);
    } catch (error) {
      this.#whyNoPassword = error;
      return "";
    }
  }

  /** Runs one statement with `?` for its parameters. Throws the program's errors. */
  async run(sql: string, parameters: readonly SqlValue[] = []): Promise<Answer> {
    await this.settle();
    const sent = parameters.map((value) => this.#typed(value));
    // Not as the library's "simple" query, which it would choose for one without parameters.
    const options = { prepare: true, simple: false };
    try {
      const rows = await this.#library.unsafe(numbered(sql), sent, options);
      return { rows: [...rows] as unknown as SqlRow[], count: rows.count };
    } catch (error) {
      throw this.#failure(error);
    }
  }

  /**
   * The server takes a parameter for what stands beside it; a number that would not fit there says
   * what it is, so that it is compared and not refused.
   */
  #typed(value: SqlValue) {
    const text = parameter(value);
    if (typeof value !== "number" && typeof value !== "bigint") return text;
    const isWhole = typeof value === "bigint" || Number.isInteger(value);
    if (isWhole && BigInt.asIntN(32, BigInt(value)) === BigInt(value)) return text;
    const isLong = isWhole && BigInt.asIntN(64, BigInt(value)) === BigInt(value);
    return this.#library.typed(text, isLong ? typeNumber.bigint : typeNumber.double);
  }

  /** Runs statements without parameters in one round trip. Throws the program's errors. */
  async script(statements: readonly string[]): Promise<void> {
    await this.settle();
    if (statements.length === 0) return;
    try {
      await this.#library.unsafe(statements.join(";\n"), []);
    } catch (error) {
      throw this.#failure(error);
    }
  }

  /**
   * Takes a text for a `COPY … FROM STDIN`; texts for the same one go together. The server takes
   * them in while the caller goes on: what it says of them shows with a later text or the next
   * statement. Throws the program's errors.
   */
  async copy(sql: string, text: string): Promise<void> {
    this.#requireOpen();
    await this.#copies.push(sql, text);
  }

  async #send(sql: string, texts: readonly Uint8Array[]): Promise<void> {
    try {
      const query = this.#library.unsafe(sql);
      const stream = await query.writable();
      const outcome = outcomeOf(query);
      stream.on("error", () => {}); // the query tells of it, too
      for (const text of texts) stream.write(text);
      stream.end();
      await outcome;
    } catch (error) {
      throw this.#failure(error);
    }
  }

  /** Waits for the copies that are under way, if any. Throws why one failed. */
  async settle(): Promise<void> {
    this.#requireOpen();
    await this.#copies.settle();
  }

  /** Lets copies go that were not sent, and waits for the others, however they end. */
  async dropCopies(): Promise<void> {
    await this.#copies.drop();
  }

  get isLost(): boolean {
    return this.#isLost;
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    if (!this.#isLost) await this.#library.end({ timeout: 5 });
  }

  #requireOpen(): void {
    if (!this.#isLost && !this.#isClosing) return;
    throw lostConnection(this.address, "nothing was changed; run the command again");
  }

  #failure(error: unknown): unknown {
    if (this.#whyNoPassword !== undefined) return this.#whyNoPassword;
    const made = serverFailure(error, this.address);
    if (made instanceof LaminError) return made;
    const { code } = (error ?? {}) as { code?: unknown };
    return code === "CONNECT_TIMEOUT"
      ? connectFailure(Object.assign(new Error("no answer"), { code: "ETIMEDOUT" }), this.address)
      : error;
  }
}

/**
 * How a copy ends once its stream was given. The library forgets its stream when all of it was
 * sent, so that a server which refuses afterwards would be waited for without end; to the query it
 * still tells how it ended.
 */
function outcomeOf(query: object): Promise<void> {
  return new Promise((resolve, reject) => void Object.assign(query, { resolve, reject }));
}

function noPassword({ shown }: ServerAddress, user: string): never {
  throw new LaminError("denied", `the server wants a password of '${user}' at ${shown}`, {
    hint: "give it in PGPASSWORD or in the file ~/.pgpass",
  });
}
