import type { Host } from "../../store/host/host.ts";

/** Styles text for a terminal, or leaves it as it is. */
export interface Paint {
  readonly enabled: boolean;
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  blue(text: string): string;
  cyan(text: string): string;
  magenta(text: string): string;
}

/** Start and end codes of ECMA-48 "select graphic rendition". */
const codes = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
  magenta: [35, 39],
  cyan: [36, 39],
} as const;

/** Styles when a terminal reads and NO_COLOR is not set; FORCE_COLOR styles always. */
export function paintFor(host: Host, isTerminal: boolean): Paint {
  const forced = host.environment("FORCE_COLOR") !== undefined;
  return paint(forced || (isTerminal && host.environment("NO_COLOR") === undefined));
}

export function paint(enabled: boolean): Paint {
  const style = (name: keyof typeof codes) => (text: string) =>
    enabled ? `\x1b[${codes[name][0]}m${text}\x1b[${codes[name][1]}m` : text;
  return {
    enabled,
    bold: style("bold"),
    dim: style("dim"),
    red: style("red"),
    green: style("green"),
    yellow: style("yellow"),
    blue: style("blue"),
    cyan: style("cyan"),
    magenta: style("magenta"),
  };
}
