import { LaminError } from "../../store/errors.ts";
import { configKeys, findConfigKey } from "../config_keys.ts";
import type { Context } from "../context.ts";
import { exitCode } from "../exit.ts";
import type { JsonObject } from "../output.ts";
import { verb } from "../verb.ts";

const actions = ["get", "set", "unset", "list"] as const;
type Action = typeof actions[number];

export default verb({
  description: [
    "Shows and sets settings: of you on this machine, or of the instance. They lie in LaminDB's own",
    "settings files, so that Python has the same, but for what it does not know (storages, cache.*).",
    "Python's order of words is understood too.",
  ].join("\n"),
  examples: [
    ["lamin config", "all settings"],
    ["lamin config get branch", "one of them"],
    ["lamin config set modules bionty", "switch a module on"],
    ["lamin config modules get", "as Python's 'lamin settings' has it"],
  ],
  exitCodes: [exitCode.noInstance, exitCode.denied, exitCode.schemaUnknown],
  arguments: {
    brief: "get KEY, set KEY VALUE, unset KEY or list",
    placeholder: "word",
    maximum: 3,
    completes: "setting",
  },
  async run(context, _flags, words) {
    const { action, rest } = actionOf(words);
    const [name, value] = rest;
    if (action === "list") return await list(context);
    if (name === undefined) throw wrong(`'config ${action}' needs the name of a setting`);
    if ((value !== undefined) !== (action === "set")) {
      throw wrong(action === "set" ? `'${name}' is to be set to what?` : `what is '${value}' for?`);
    }
    if (action === "get") return await get(context, name);
    // Python's word for nothing.
    await set(context, name, value?.toLowerCase() === "none" ? null : value ?? null);
  },
});

/** `get KEY` and Python's `KEY get` alike; a key alone is to be shown, no word at all lists. */
function actionOf(words: readonly string[]): { action: Action; rest: readonly string[] } {
  const isAction = (word: string | undefined): word is Action => actions.includes(word as Action);
  const [first, second, ...more] = words;
  if (first === undefined) return { action: "list", rest: [] };
  if (isAction(first)) return { action: first, rest: words.slice(1) };
  if (isAction(second)) return { action: second, rest: [first, ...more] };
  return { action: "get", rest: words };
}

function wrong(message: string): LaminError {
  return new LaminError("usage", message, { hint: "see: lamin config --help" });
}

async function list(context: Context): Promise<void> {
  const { output } = context;
  const rows: (JsonObject & { key: string; value: string | null; about: string })[] = [];
  for (const [name, key] of Object.entries(configKeys)) {
    const value = await valueIfThere(context, () => key.get(context));
    if (value === undefined) continue;
    const { scope, about } = key;
    rows.push({ key: name, value, scope, writable: key.set !== undefined, about });
  }
  output.results(
    rows,
    () =>
      rows.map(({ key, value, about }) =>
        `${key.padEnd(12)}${output.safe(value ?? "").padEnd(24)} ${output.paint.dim(about)}`
      ).join("\n"),
  );
}

/** Outside of an instance the user's settings are listed alone. */
async function valueIfThere(
  context: Context,
  get: () => Promise<string | null>,
): Promise<string | null | undefined> {
  try {
    return await get();
  } catch (error) {
    const isNone = error instanceof LaminError && error.code === "no_instance";
    if (isNone && context.wanted === undefined) return undefined;
    throw error;
  }
}

async function get(context: Context, word: string): Promise<void> {
  const { name, key } = findConfigKey(word);
  const value = await key.get(context);
  context.output.result({ key: name, value }, () => context.output.safe(value ?? ""));
}

async function set(context: Context, word: string, value: string | null): Promise<void> {
  context.output.requireFields(["key", "value"]);
  const { name, key } = findConfigKey(word);
  if (key.set === undefined) {
    throw new LaminError("usage", `'${name}' is not set here`, {
      ...(key.instead === undefined ? {} : { hint: key.instead }),
      data: { key: name },
    });
  }
  await key.set(context, value);
  context.output.result({ key: name, value }, () => "");
}
