/** Signals that are passed on, as far as the system knows them. */
const forwarded = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2"] as const;

type Forwarded = typeof forwarded[number];

/** Those that a terminal sends to all programs in its foreground by itself. */
const fromTerminal: ReadonlySet<string> = new Set(["SIGINT", "SIGQUIT"]);

/** The signals that this process gets from now on. */
export interface ForwardedSignals {
  /** The last one that came. */
  readonly last: string | undefined;
  /** From now on they do again what they would do by themselves. */
  stop(): void;
}

/** Gives the signals to this process to `send`, but for those that a terminal sends as well. */
export function forwardSignals(send: (signal: Forwarded) => void): ForwardedSignals {
  const { process } = globalThis;
  let last: string | undefined;
  const removals = forwarded.map((signal) => {
    const listener = () => {
      last = signal;
      if (!(fromTerminal.has(signal) && isInForeground())) send(signal);
    };
    try {
      process.on(signal, listener);
    } catch {
      return () => {}; // not a signal of this system
    }
    return () => void process.removeListener(signal, listener);
  });
  return {
    get last() {
      return last;
    },
    stop: () => removals.forEach((remove) => remove()),
  };
}

/**
 * Whether this process is among those that its terminal sends the signals of its keys to. Where the
 * system does not tell, whether its input is a terminal.
 */
function isInForeground(): boolean {
  const { process } = globalThis;
  try {
    const text = process.getBuiltinModule("node:fs").readFileSync("/proc/self/stat", "utf8");
    // After the name in parentheses: state, parent, group, session, terminal, its foreground group.
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return fields[2] === fields[5];
  } catch {
    return process.getBuiltinModule("node:tty").isatty(0);
  }
}
