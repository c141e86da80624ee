/** One test, or one step of a test, as the runner's JUnit file has it. */
export interface TestCase {
  readonly file: string;
  readonly name: string;
  readonly failure: string | undefined;
  readonly skipped: boolean;
}

/** What is told at the end. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: readonly TestCase[];
}

const casePattern = /<testcase ([^>]*?)(\/>|>([\s\S]*?)<\/testcase>)/g;

/** The cases in a JUnit file, as `deno test` writes it. */
export function parseJunit(xml: string): TestCase[] {
  return [...xml.matchAll(casePattern)].map(([, attributes, , body = ""]) => ({
    file: attribute(attributes!, "classname"),
    name: attribute(attributes!, "name"),
    failure: /<(?:failure|error)\b/.test(body) ? attribute(body, "message") : undefined,
    skipped: /<skipped\b/.test(body),
  }));
}

function attribute(text: string, name: string): string {
  const value = text.match(new RegExp(`\\b${name}="([^"]*)"`))?.[1] ?? "";
  const entities: Readonly<Record<string, string>> = {
    lt: "<",
    gt: ">",
    quot: '"',
    apos: "'",
    amp: "&",
  };
  return value.replace(/&(lt|gt|quot|apos|amp|#x?[0-9a-fA-F]+);/g, (whole, entity: string) => {
    if (!entity.startsWith("#")) return entities[entity] ?? whole;
    const code = entity.startsWith("#x") ? parseInt(entity.slice(2), 16) : Number(entity.slice(1));
    return String.fromCodePoint(code);
  });
}

/** A test that fails by its steps alone. */
const stepsFailed = /^\d+ test steps? failed/;

/**
 * Counts tests without steps, and steps instead of the tests that hold them; a test that fails by
 * itself counts even so.
 */
export function tally(cases: readonly TestCase[]): Tally {
  const holdsSteps = withSteps(cases);
  const counted = cases.filter((one) =>
    !holdsSteps(one) || (one.failure !== undefined && !stepsFailed.test(one.failure))
  );
  return {
    passed: counted.filter(({ failure, skipped }) => failure === undefined && !skipped).length,
    failed: counted.filter(({ failure }) => failure !== undefined).length,
    skipped: counted.filter(({ skipped }) => skipped),
  };
}

/** Tells whether a case is a test that has steps, which are cases too: `test > step`. */
function withSteps(cases: readonly TestCase[]): (one: TestCase) => boolean {
  const parents = new Set<string>();
  for (const { file, name } of cases) {
    for (let at = name.indexOf(" > "); at >= 0; at = name.indexOf(" > ", at + 1)) {
      parents.add(name.slice(0, at)).add(`${file}\n${name.slice(0, at)}`);
    }
  }
  return ({ file, name }) => parents.has(ofTests(file) ? `${file}\n${name}` : name);
}

/**
 * A test that a function of another file registered is said to be in that file; its steps are not.
 */
function ofTests(file: string): boolean {
  return file.endsWith("_test.ts");
}

const reasonInName = / \(skipped: (.*)\)$/s;

/**
 * Whether a skipped test says why, as all do but those that a filter of the command line left out.
 */
export function hasReason({ name }: TestCase): boolean {
  return reasonInName.test(name);
}

/** The skipped tests with their reasons, one line for each reason and its tests. */
export function skippedLines(skipped: readonly TestCase[]): string[] {
  const byReason = new Map<string, string[]>();
  for (const { file, name } of skipped) {
    const reason = name.match(reasonInName)?.[1] ?? "no reason given";
    const tests = byReason.get(reason) ?? [];
    const place = ofTests(file) ? `${file}: ` : "";
    tests.push(`${place}${name.replace(reasonInName, "")}`);
    byReason.set(reason, tests);
  }
  return [...byReason].flatMap(([reason, tests]) => [
    `skipped, ${reason}:`,
    ...tests.map((test) => `  ${test}`),
  ]);
}
