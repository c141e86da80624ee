import { LaminError } from "../../store/errors.ts";
import { type AttachedEnd, FileError } from "../../store/host/host.ts";
import type { Instance } from "../instance/instance.ts";
import { type BisectProgress, bisectProgress, markBisect, type Verdict } from "./bisect.ts";
import { nextOf } from "./search.ts";
import { requireState } from "./state.ts";

/** One version that was tested, or could not be. */
export interface Tested {
  readonly version: string;
  readonly uid: string;
  readonly verdict: Verdict;
  /** Exit code of the command; undefined when the version could not be written. */
  readonly code: number | undefined;
  /** Why it could not be. */
  readonly fault: LaminError | undefined;
}

export interface BisectTools {
  /** Told of each version that was tested. */
  readonly onTested: (tested: Tested) => void;
  /** Called with what the command prints. */
  readonly onOutput: (bytes: Uint8Array) => void;
}

/** The exit code of a command for a version that it cannot test, as in git. */
const skipCode = 125;

/**
 * Tests one version after the other by a command: it ends with 0 for a good one, 125 for one that
 * cannot be tested, another code below 126 for a bad one. It gets the path of the version in
 * LAMIN_BISECT_PATH and its uid in LAMIN_BISECT_UID. Versions whose bytes are gone are skipped.
 * The end of the search is returned.
 *
 * Throws code "failed" when the command could not be run, ends with another code or somebody ends
 * it by a signal to this process; what was found until then stays noted.
 */
export async function runBisect(
  instance: Instance,
  words: readonly string[],
  tools: BisectTools,
): Promise<BisectProgress> {
  const { onTested } = tools;
  let progress = await skippingGone(instance, onTested, () => bisectProgress(instance));
  while (progress.next.kind === "test") {
    const { version, uid } = progress.state.versions[progress.next.place]!;
    const end = await run(instance, words, tools, {
      LAMIN_BISECT_PATH: progress.path!,
      LAMIN_BISECT_UID: uid,
    });
    const verdict = verdictOf(words, end);
    onTested({ version, uid, verdict, code: end.code, fault: undefined });
    progress = await skippingGone(
      instance,
      onTested,
      () => markBisect(instance, verdict, uid),
    );
  }
  return progress;
}

const gone: ReadonlySet<string> = new Set(["damaged", "not_fetched", "not_found"]);

/** Does a step; versions that cannot be written after it are skipped until one can. */
async function skippingGone(
  instance: Instance,
  onTested: (tested: Tested) => void,
  step: () => Promise<BisectProgress>,
): Promise<BisectProgress> {
  for (let next = step;;) {
    try {
      return await next();
    } catch (error) {
      if (!(error instanceof LaminError) || !gone.has(error.code)) throw error;
      const state = requireState(instance);
      const wanted = nextOf({ ...state, count: state.versions.length });
      if (wanted.kind !== "test") throw error;
      const { version, uid } = state.versions[wanted.place]!;
      onTested({ version, uid, verdict: "skip", code: undefined, fault: error });
      next = () => markBisect(instance, "skip", uid);
    }
  }
}

async function run(
  { host }: Instance,
  [program, ...args]: readonly string[],
  { onOutput }: BisectTools,
  environment: Readonly<Record<string, string>>,
): Promise<AttachedEnd> {
  try {
    return await host.runAttached(program!, args, {
      environment,
      onOutput: (_, bytes) => onOutput(bytes),
    });
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw new LaminError("failed", `${program} cannot be run: ${error.code}`, {
      hint: "the bisect is as it was; say it again with a command that can be run",
      data: { program },
      cause: error,
    });
  }
}

/** Of 126 and 127 a shell means that there is no such command: that says nothing of a version. */
function verdictOf(words: readonly string[], { code, interruptedBy }: AttachedEnd): Verdict {
  if (interruptedBy !== undefined) {
    throw new LaminError("failed", `${words[0]} was interrupted`, {
      hint: "the bisect is as it was; 'lamin bisect run' goes on",
      data: { program: words[0], signal: interruptedBy },
    });
  }
  if (code === 0) return "good";
  if (code === skipCode) return "skip";
  if (code < 126) return "bad";
  throw new LaminError("failed", `${words[0]} ended with ${code}, which is no verdict`, {
    hint:
      "0 is good, 125 skips, 1 to 124 are bad; the bisect is as it was, 'lamin bisect' shows it",
    data: { program: words[0], code },
  });
}
