import { LaminError } from "../../../store/errors.ts";
import type { Host } from "../../../store/host/host.ts";
import { replaceFile } from "../../../store/host/replace_file.ts";
import { dirname, join } from "../../../store/path.ts";
import { readAllowedText, SettingsFolder } from "../../instance/settings.ts";

/**
 * The token that a server at a URL is told: `LAMIN_TOKEN`, or what was noted for its origin; never
 * another server's. Throws code "denied" where anybody on the way could read it.
 */
export function tokenForServer(host: Host, url: string): string | undefined {
  const { origin, protocol, hostname } = new URL(url);
  const token = host.environment("LAMIN_TOKEN") ?? read(host)[origin];
  if (token === undefined) return undefined;
  requireToken(token);
  const isPlain = protocol === "http:" && !isThisMachine(hostname);
  if (!isPlain || host.environment("LAMIN_PLAIN_HTTP") === "1") return token;
  throw new LaminError("denied", `a token is not sent to ${origin}, as it would be readable`, {
    hint: "use https:// or ssh://; LAMIN_PLAIN_HTTP=1 allows it where the network is your own",
    data: { origin },
  });
}

/** Notes the token for the server of a URL, where only this user can read it. */
export function noteServerToken(host: Host, url: string, token: string): void {
  requireToken(token);
  const path = pathOf(host);
  host.files.makeDirectory(dirname(path), { recursive: true });
  const all = { ...read(host), [new URL(url).origin]: token };
  replaceFile(host, path, new TextEncoder().encode(`${JSON.stringify(all, null, 2)}\n`), 0o600);
}

function requireToken(token: string): void {
  if (/^[\x21-\x7e]{1,200}$/.test(token)) return;
  throw new LaminError("usage", "the token has characters that no token has", {
    hint: "it is one word, as 'lamin serve token add' printed it",
  });
}

function isThisMachine(hostname: string): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}

function read(host: Host): Readonly<Record<string, string>> {
  const path = pathOf(host);
  const text = readAllowedText(host, path);
  if (text === undefined) return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) {
      return Object.fromEntries(
        Object.entries(value).filter((entry): entry is [string, string] =>
          typeof entry[1] === "string"
        ),
      );
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new LaminError("failed", `${path} cannot be read`, {
    hint: "correct it, or remove it and note the tokens anew",
    data: { path },
  });
}

function pathOf(host: Host): string {
  return join(new SettingsFolder(host).path, "lamin_tokens.json");
}
