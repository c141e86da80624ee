import { LaminError } from "../../../../store/errors.ts";

/** A program with its arguments. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
}

/**
 * How `ssh://user@host:port/path` is reached: `/~/path` lies in the home there. `LAMIN_SSH` names
 * another program than ssh, with arguments, separated by spaces; `LAMIN_SSH_LAMIN` the program
 * there. Nothing in the URL can become an option of ssh, or a word of the shell there. Throws code
 * "usage".
 */
export function sshCommand(
  url: string,
  environment: (name: string) => string | undefined,
): Command {
  const parsed = URL.parse(url);
  if (parsed === null || parsed.search !== "" || parsed.hash !== "" || parsed.password !== "") {
    throw unusable(url);
  }
  const user = decoded(url, parsed.username);
  const host = decoded(url, parsed.hostname).replace(/^\[(.*)\]$/, "$1");
  const path = decoded(url, parsed.pathname);
  if (!/^(?!-)[A-Za-z0-9_.:%-]+$/.test(host)) throw unusable(url);
  if (!/^([A-Za-z0-9_][A-Za-z0-9_.@\\-]*)?$/.test(user)) throw unusable(url);
  if (path.length < 2 || hasControl(path)) throw unusable(url);
  // A path that begins with a slash is no option.
  const place = path.startsWith("/~/") ? `./${path.slice(3)}` : path;
  const [program = "ssh", ...more] = (environment("LAMIN_SSH") ?? "ssh").split(" ").filter(Boolean);
  const lamin = environment("LAMIN_SSH_LAMIN") ?? "lamin";
  if (lamin.startsWith("-") || hasControl(lamin)) {
    throw new LaminError("usage", "LAMIN_SSH_LAMIN names no program");
  }
  const port = parsed.port === "" ? [] : ["-p", parsed.port];
  const name = user === "" ? host : `${user}@${host}`;
  return {
    program,
    args: [...more, "-T", ...port, "--", name, `${quoted(lamin)} serve --stdio ${quoted(place)}`],
  };
}

/** A word as every shell there takes it. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

function decoded(url: string, text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw unusable(url);
  }
}

function hasControl(text: string): boolean {
  // deno-lint-ignore no-control-regex
  return /[\x00-\x1f\x7f]/.test(text);
}

function unusable(url: string): LaminError {
  return new LaminError("usage", "the address is none that ssh can be told", {
    hint: "write ssh://user@host/folder, or ssh://host/~/folder for one in the home there",
    data: { url },
  });
}
