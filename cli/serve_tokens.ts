import { identityOf } from "../core/instance/identity.ts";
import { addToken, removeToken, type Token, tokensOf } from "../core/sync/serve/tokens.ts";
import { LaminError } from "../store/errors.ts";
import type { Context } from "./context.ts";
import { exitCode } from "./exit.ts";
import type { JsonObject } from "./output.ts";

/** What `--json` prints. */
export const tokenFields = ["name", "scope", "created_at", "token"];

/** Lists, makes and removes the tokens of an instance. */
export async function tokens(
  context: Context,
  [action = "list", name, more]: readonly string[],
  canWrite: boolean,
): Promise<number> {
  const { host, output } = context;
  const instance = await context.instance({ readOnly: true });
  const { id } = await identityOf(instance);
  if (canWrite && action !== "add") {
    throw new LaminError("usage", "--write is for 'serve token add'");
  }
  if (action === "list" && name === undefined) {
    const all = tokensOf(host, id);
    output.results(
      all.map(tokenJson),
      () =>
        all.length === 0
          ? output.paint.dim("no tokens: 'lamin serve token add NAME' makes one")
          : all.map(({ name, canWrite }) => `${name}  ${scopeOf(canWrite)}`).join("\n"),
    );
  } else if (action === "add" && name !== undefined && more === undefined) {
    const token = await addToken(host, id, name, canWrite);
    output.result({ name, scope: scopeOf(canWrite), token }, () => token);
    output.note(`It is shown only now; it may ${canWrite ? "read and push" : "read"}.`);
  } else if (action === "remove" && name !== undefined && more === undefined) {
    removeToken(host, id, name);
    output.result({ name }, () => `${output.safe(name)} is let in no more`);
  } else {
    throw new LaminError("usage", `'lamin serve token' takes other words`, {
      hint: "see: lamin serve --help",
    });
  }
  return exitCode.ok;
}

function tokenJson({ name, canWrite, createdAt }: Token): JsonObject {
  return { name, scope: scopeOf(canWrite), created_at: createdAt };
}

function scopeOf(canWrite: boolean): string {
  return canWrite ? "write" : "read";
}
