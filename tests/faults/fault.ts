/** What goes wrong, and when: the plan of one fault, and the account of the calls that met it. */

/** Calls of the system, of the database and of the store of blobs. */
export type CallKind =
  | "stat"
  | "readDirectory"
  | "readLink"
  | "realPath"
  | "open"
  | "read"
  | "write"
  | "makeDirectory"
  | "copyFile"
  | "rename"
  | "hardLink"
  | "remove"
  | "setMode"
  | "flush"
  | "statement"
  | "blob"
  | "blobRead";

/** A call fails with a code, or gives other bytes than there are. */
export type Effect =
  | { readonly fails: string }
  /** One bit is another; it ends early; fewer bytes come than were asked for, which is no fault. */
  | { readonly gives: "flipped bit" | "early end" | "short read" };

export interface Fault {
  /** What happens to the call that is struck first, and to those after it. */
  readonly effect: (call: Call) => Effect;
  /** The call that it strikes first, from 0, among those that it can strike. */
  readonly at: number;
  /** Whether it strikes every later call of that kind too. */
  readonly lasts: boolean;
  /** Which calls it can strike; all without it. */
  readonly strikes?: (call: Call) => boolean;
  /** For choices such as which bit. */
  readonly random?: () => number;
}

export interface Call {
  readonly kind: CallKind;
  readonly path: string;
}

/** Counts calls and says which of them go wrong. */
export class FaultyCalls {
  /** All calls that the fault could strike, in order. */
  readonly calls: Call[] = [];
  /** The calls that were struck, and what happened to them. */
  readonly struck: Call[] = [];
  effect: Effect | undefined;

  constructor(private readonly fault?: Fault) {}

  /** Notes a call; gives what goes wrong with it, if anything does. */
  meet(kind: CallKind, path: string): Effect | undefined {
    const { fault } = this;
    const call = { kind, path };
    if (fault?.strikes?.(call) === false) return undefined;
    this.calls.push(call);
    const index = this.calls.length - 1;
    if (fault === undefined || index < fault.at) return undefined;
    if (index === fault.at) this.effect = fault.effect(call);
    else if (!fault.lasts || kind !== this.struck[0]?.kind) return undefined;
    this.struck.push(call);
    return this.effect;
  }

  /** A number from 0 up to, but not with, `end`. */
  choose(end: number): number {
    return Math.floor((this.fault?.random?.() ?? 0) * end);
  }
}

/** What was struck, in words, for a test that fails. */
export function describe({ struck: [first], effect, calls }: FaultyCalls): string {
  if (first === undefined || effect === undefined) return "nothing was struck";
  const what = "fails" in effect ? effect.fails : effect.gives;
  return `${what} at call ${calls.indexOf(first)}: ${first.kind} ${first.path}`;
}
