import { LaminError } from "../../../store/errors.ts";
import type { Hashing, Host } from "../../../store/host/host.ts";
import { replaceFile } from "../../../store/host/replace_file.ts";
import { dirname, join } from "../../../store/path.ts";
import { hex } from "../../identity/hex.ts";
import { readAllowedText, SettingsFolder } from "../../instance/settings.ts";

/** A token that a server lets in, as it is kept: what it is cannot be told from that. */
export interface Token {
  readonly name: string;
  /** SHA-256 of the token: it is random, so that nobody finds it by trying. */
  readonly sha256: string;
  /** Whether it may push. */
  readonly canWrite: boolean;
  /** ISO 8601. */
  readonly createdAt: string;
}

/** All tokens by the id of the instance that they are for. */
type Tokens = Readonly<Record<string, readonly Token[]>>;

const randomLength = 32;

/**
 * Makes a token for an instance and gives it: it is not kept, only what it is recognized by, in the
 * settings of this user. Throws code "usage" for a name that can be none, "conflict".
 */
export async function addToken(
  host: Host,
  instanceId: string,
  name: string,
  canWrite: boolean,
): Promise<string> {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name)) {
    throw new LaminError("usage", `'${name}' cannot be the name of a token`, {
      hint: "use letters, digits, '-', '_' and '.', for example the name of who gets it",
    });
  }
  const tokens = tokensOf(host, instanceId);
  if (tokens.some((token) => token.name === name)) {
    throw new LaminError("conflict", `there is a token '${name}' already`, {
      hint: `'lamin serve token remove ${name}' takes it back`,
    });
  }
  const random = host.randomBytes(randomLength).toBase64({
    alphabet: "base64url",
    omitPadding: true,
  });
  const token = `lamin_${random}`;
  const sha256 = digestOf(await host.hashing(), token);
  const createdAt = host.now().toISOString();
  write(host, instanceId, [...tokens, { name, sha256, canWrite, createdAt }]);
  return token;
}

/** Takes a token back, at once. Throws code "not_found". */
export function removeToken(host: Host, instanceId: string, name: string): void {
  const tokens = tokensOf(host, instanceId);
  const rest = tokens.filter((token) => token.name !== name);
  if (rest.length === tokens.length) {
    throw new LaminError("not_found", `there is no token '${name}'`, {
      hint: "'lamin serve token list' lists them",
    });
  }
  write(host, instanceId, rest);
}

/** The tokens of an instance. Throws code "failed" where they cannot be read. */
export function tokensOf(host: Host, instanceId: string): readonly Token[] {
  return read(host)[instanceId] ?? [];
}

/** The token of an instance that a text is; it takes as long whichever it is, or none. */
export function tokenFor(
  tokens: readonly Token[],
  hashing: Hashing,
  text: string,
): Token | undefined {
  const sha256 = digestOf(hashing, text);
  let found: Token | undefined;
  for (const token of tokens) if (isSame(token.sha256, sha256)) found = token;
  return found;
}

/** Compares all characters, whether they differ or not. */
function isSame(a: string, b: string): boolean {
  let difference = a.length ^ b.length;
  for (let at = 0; at < b.length; at++) difference |= a.charCodeAt(at) ^ b.charCodeAt(at);
  return difference === 0;
}

function digestOf(hashing: Hashing, token: string): string {
  return hex(hashing.digest("sha256", new TextEncoder().encode(token)));
}

function read(host: Host): Tokens {
  const text = readAllowedText(host, pathOf(host));
  if (text === undefined) return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) {
      return Object.fromEntries(
        Object.entries(value).map(([id, tokens]) => [
          id,
          Array.isArray(tokens) ? tokens.filter(isToken) : [],
        ]),
      );
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new LaminError("failed", `${pathOf(host)} cannot be read`, {
    hint: "correct it, or remove it and make the tokens anew",
  });
}

function isToken(value: unknown): value is Token {
  const { name, sha256, canWrite, createdAt } = (value ?? {}) as Record<string, unknown>;
  return typeof name === "string" && typeof createdAt === "string" &&
    typeof canWrite === "boolean" && typeof sha256 === "string" && /^[0-9a-f]{64}$/.test(sha256);
}

function write(host: Host, instanceId: string, tokens: readonly Token[]): void {
  const path = pathOf(host);
  host.files.makeDirectory(dirname(path), { recursive: true });
  const all = { ...read(host), [instanceId]: tokens };
  replaceFile(host, path, new TextEncoder().encode(`${JSON.stringify(all, null, 2)}\n`), 0o600);
}

function pathOf(host: Host): string {
  return join(new SettingsFolder(host).path, "lamin_serve.json");
}
