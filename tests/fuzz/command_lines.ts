import fc from "fast-check";
import { type LoadedVerb, sampleWords, type World } from "../cli/manners_world.ts";
import { hostileNumbers, hostileWord, hostileWords } from "./hostile_words.ts";

interface Flag {
  readonly name: string;
  readonly kind: string;
  readonly values?: readonly string[];
  readonly isNumber: boolean;
}

/** Flags as they are typed. */
export function flagsOf({ definition }: LoadedVerb): Flag[] {
  const flags = Object.entries(definition.flags ?? {}) as [string, Record<string, unknown>][];
  return [
    ...flags.map(([name, { kind, values, parse }]) => ({
      name: `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
      kind: String(kind),
      ...(values === undefined ? {} : { values: values as string[] }),
      isNumber: kind === "parsed" && parse !== String,
    })),
    { name: "--format", kind: "parsed", isNumber: false },
    { name: "--quiet", kind: "boolean", isNumber: false },
    { name: "--verbose", kind: "boolean", isNumber: false },
  ];
}

/**
 * Every hostile word in every place of a verb where there can be a word: as each argument, and as
 * the value of each flag beside arguments that are right.
 */
export function systematicLines(verb: LoadedVerb, world: World): string[][] {
  const good = [...sampleWords(verb, world)];
  const lines: string[][] = hostileWords.flatMap((word) => [
    [word],
    ...good.map((_, index) => good.map((one, at) => at === index ? word : one)),
    [...good, word],
  ]);
  for (const { name, kind, isNumber } of flagsOf(verb)) {
    lines.push([name, name, ...good], [`${name}=`, ...good], [`${name}=x`, ...good], [name]);
    if (kind === "boolean") continue;
    for (const value of isNumber ? hostileNumbers : hostileWords) {
      lines.push([...good, name, value], [`${name}=${value}`, ...good]);
    }
  }
  return lines;
}

/** Command lines of a verb with anything anywhere. */
export function anyLine(verb: LoadedVerb, world: World): fc.Arbitrary<string[]> {
  const good = sampleWords(verb, world);
  const flag = fc.constantFrom(...flagsOf(verb)).chain(({ name, kind, values, isNumber }) => {
    if (kind === "boolean") return fc.constantFrom([name], [name, name], [`${name}=true`]);
    const value = values !== undefined
      ? fc.constantFrom(...values, `${values[0]}x`)
      : isNumber
      ? fc.constantFrom(...hostileNumbers)
      : fc.oneof(hostileWord, fc.constantFrom(world.key, "x"));
    return value.chain((text) => fc.constantFrom([name, text], [`${name}=${text}`], [name]));
  });
  const argument = fc.oneof(
    hostileWord,
    fc.constantFrom(world.key, world.trashedUid, "artifact", ...good),
  ).map((word) => [word]);
  const part = fc.oneof({ weight: 3, arbitrary: argument }, { weight: 2, arbitrary: flag });
  return fc.array(part, { maxLength: 5 }).map((parts) => parts.flat());
}
