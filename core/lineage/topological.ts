/**
 * The names in an order in which each comes after those that it has to; otherwise as they are
 * given. A circle is broken at the name that was given first. Takes time in proportion to names and
 * requirements, and no stack, however long a chain is.
 */
export function inOrder(
  names: readonly string[],
  afterOf: (name: string) => readonly string[],
): string[] {
  const ordered = new Set<string>();
  const waiting = new Set<string>();
  for (const name of names) {
    const path: { name: string; after: Iterator<string> }[] = [];
    const enter = (one: string) => {
      if (ordered.has(one) || waiting.has(one)) return;
      waiting.add(one);
      path.push({ name: one, after: afterOf(one)[Symbol.iterator]() });
    };
    enter(name);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const next = top.after.next();
      if (!next.done) {
        enter(next.value);
        continue;
      }
      ordered.add(top.name);
      path.pop();
    }
  }
  return [...ordered];
}
