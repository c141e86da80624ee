import type { Instance } from "../core/instance/instance.ts";
import { shortened } from "../core/text/shorten.ts";
import { withoutPassword } from "../store/without_password.ts";
import { LaminError } from "../store/errors.ts";
import type { BlobStore } from "../store/objects/blob_store.ts";
import { fileFailure } from "../store/host/file_failure.ts";
import { FileError, type Host } from "../store/host/host.ts";
import type { OperationName } from "../core/operation/mutate.ts";
import { exitCode, exitCodeFor } from "./exit.ts";
import { Output } from "./output.ts";
import type { RemoteStores } from "./remote_stores.ts";
import type { CommonFlags } from "./verb.ts";

/**
 * What a verb has to work with: the machine, where to print, and the instance once it asks for it.
 */
export class Context {
  output: Output;
  #instance: Instance | undefined;

  constructor(
    readonly host: Host,
    /** The whole command line, for the operation log. */
    readonly words: readonly string[],
    /** Instance named with `-C`: a folder or a slug. */
    readonly wanted: string | undefined,
    private stores?: RemoteStores,
  ) {
    // Before the flags are parsed, so that a command line that is off fails in JSON too.
    this.output = new Output(host, { json: words.includes("--json") });
  }

  /** Whether help is coloured. */
  get color(): boolean {
    return this.output.paint.enabled;
  }

  /** Opens the instance, once: the one that is found, or the `wanted` one. */
  async instance(options: { readOnly?: boolean; wanted?: string } = {}): Promise<Instance> {
    if (this.#instance === undefined) {
      const { openInstance } = await import("../core/instance/open.ts");
      const openRemote = await this.remotes();
      this.#instance = await openInstance(this.host, {
        wanted: options.wanted ?? this.wanted,
        readOnly: options.readOnly ?? false,
        loadRegistries: async () => (await import("./modules.ts")).allRegistries(),
        openRemote,
      });
    }
    return this.#instance;
  }

  /** Closes the instance, so that nothing is held while another program runs; it opens anew. */
  async closeInstance(): Promise<void> {
    await this.#instance?.close();
    this.#instance = undefined;
  }

  /** Opens the store at a URL that the user named; asks it nothing yet. */
  async remotes(): Promise<(root: string) => BlobStore> {
    const stores = this.stores ??= (await import("./remote_stores.ts")).remoteStores;
    return (root) => stores(this.host, root);
  }

  /** As `remotes`, once the instance is open. */
  openRemote(root: string): BlobStore {
    return this.stores!(this.host, root);
  }

  /** How the operation of this command is called in the log. */
  operation(verb: string): OperationName {
    return { verb, command: this.words.map(withoutPassword) };
  }

  /**
   * Runs a verb: sets the output up, prints its failure, closes the instance; gives the exit code.
   */
  async guard(flags: CommonFlags, work: () => Promise<number>): Promise<number> {
    try {
      this.output = new Output(this.host, flags);
      return await work();
    } catch (error) {
      return this.fail(await this.#explained(error));
    } finally {
      await this.closeInstance();
    }
  }

  /**
   * A failure that nobody thought of, as what a damaged database made of it, if that is why: rows
   * are read as the definitions have them, and only then is it worth to look at every value.
   */
  async #explained(error: unknown): Promise<unknown> {
    if (this.#instance === undefined || asLaminError(error) !== undefined) return error;
    const { explained } = await import("../core/fsck/explained.ts");
    const { allRegistries } = await import("./modules.ts");
    return await explained(this.#instance, allRegistries(), error);
  }

  /** Prints a failure; returns its exit code. */
  fail(error: unknown): number {
    // The reader of a pipe has left: nothing is wrong.
    if (error instanceof FileError && error.code === "EPIPE") return exitCode.ok;
    const known = asLaminError(error);
    if (known === undefined) {
      const text = error instanceof Error ? error.stack ?? error.message : String(error);
      this.output.error(`lamin: this should not happen, please report it:\n${text}`);
      return exitCode.failed;
    }
    if (this.output.mode === "json") this.output.failure(known.toJSON());
    else {
      const { red, dim } = this.output.paintError;
      const { safe } = this.output;
      this.output.error(`${red("✗")} ${safe(shortened(known.message))}`);
      if (known.hint !== undefined) this.output.error(dim(`  ${safe(shortened(known.hint))}`));
    }
    return exitCodeFor(known.code);
  }

  /** Prints the help of a verb, whatever the shape of results. */
  help(text: string): void {
    this.host.terminal.writeOutput(new TextEncoder().encode(`${text.trimEnd()}\n`));
  }

  /** What the parser of command lines prints is collected, to be printed as all else is. */
  stricliProcess() {
    const help: string[] = [];
    const errors: string[] = [];
    return {
      stdout: { write: (text: string) => void help.push(text) },
      stderr: { write: (text: string) => void errors.push(text) },
      help,
      errors,
      exitCode: null as number | string | null,
    };
  }
}

function asLaminError(error: unknown): LaminError | undefined {
  if (error instanceof LaminError) return error;
  return error instanceof FileError ? fileFailure(error) : undefined;
}
