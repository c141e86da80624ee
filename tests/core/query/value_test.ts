import assert from "node:assert/strict";
import fc from "fast-check";
import { parseTimeSpan } from "../../../core/query/instant.ts";
import { splitList } from "../../../core/query/text_list.ts";
import { parseValue } from "../../../core/query/value.ts";
import { boolean, datetime, integer, smallint, varchar } from "../../../core/registry/columns.ts";
import type { ColumnTarget } from "../../../core/query/target.ts";
import type { Column } from "../../../store/database/table.ts";
import { LaminError } from "../../../store/errors.ts";

function target(definition: Column, words?: ColumnTarget["words"]): ColumnTarget {
  return { name: "field", definition, keys: [], words };
}

function refuses(definition: Column, text: string, words?: ColumnTarget["words"]): void {
  assert.throws(
    () => parseValue(target(definition, words), text),
    (error) => error instanceof LaminError && error.code === "usage",
    text,
  );
}

Deno.test("values: truth is true, false, 1 or 0", () => {
  for (const text of ["true", "True", "TRUE", "1"]) {
    assert.equal(parseValue(target(boolean()), text), 1);
  }
  for (const text of ["false", "False", "0"]) {
    assert.equal(parseValue(target(boolean()), text), 0);
  }
  for (const text of ["", "yes", "2", " true"]) refuses(boolean(), text);
});

Deno.test("values: numbers as people write them, exact to 64 bits", () => {
  const number = (text: string) => parseValue(target(integer()), text);
  assert.equal(number("1e6"), 1_000_000);
  assert.equal(number(" 42 "), 42);
  assert.equal(number("-7"), -7);
  assert.equal(number("1.5"), 1.5);
  assert.equal(number("9223372036854775807"), 9223372036854775807n);
  for (
    const text of ["", "abc", "0x10", "1e999", "NaN", "Infinity", "9223372036854775808", "1 2"]
  ) {
    refuses(integer(), text);
  }
  fc.assert(fc.property(fc.maxSafeInteger(), (value) => number(String(value)) === value));
  fc.assert(
    fc.property(
      fc.double({ min: -1e15, max: 1e15, noNaN: true }),
      (value) => number(String(value)) === value || Object.is(value, -0),
    ),
  );
});

Deno.test("values: states by their words, or as numbers", () => {
  const words = { started: -1, completed: 0 };
  assert.equal(parseValue(target(smallint(), words), "completed"), 0);
  assert.equal(parseValue(target(smallint(), words), "Started"), -1);
  assert.equal(parseValue(target(smallint(), words), "-1"), -1);
  refuses(smallint(), "finished", words);
});

Deno.test("values: text stays as it is", () => {
  fc.assert(fc.property(fc.string(), (text) => parseValue(target(varchar(10)), text) === text));
});

Deno.test("times: a text means the span that it leaves open, in UTC", () => {
  const spans: Record<string, [string, string]> = {
    "2026": ["2026-01-01 00:00:00", "2027-01-01 00:00:00"],
    "2026-02": ["2026-02-01 00:00:00", "2026-03-01 00:00:00"],
    "2026-12": ["2026-12-01 00:00:00", "2027-01-01 00:00:00"],
    "2024-02-29": ["2024-02-29 00:00:00", "2024-03-01 00:00:00"],
    "2026-11-24 13:45": ["2026-11-24 13:45:00", "2026-11-24 13:46:00"],
    "2026-11-24T13:45:59Z": ["2026-11-24 13:45:59", "2026-11-24 13:46:00"],
    "2026-11-24T13:45:59.25": ["2026-11-24 13:45:59.25", "2026-11-24 13:45:59.26"],
    "2026-11-24 13:45:59.250000": ["2026-11-24 13:45:59.25", "2026-11-24 13:45:59.250001"],
    "2026-11-24 13:45:59.999": ["2026-11-24 13:45:59.999", "2026-11-24 13:46:00"],
    "2026-11-24T00:30+01:00": ["2026-11-23 23:30:00", "2026-11-23 23:31:00"],
    "2026-11-24T23:30:00-0130": ["2026-11-25 01:00:00", "2026-11-25 01:00:01"],
  };
  for (const [text, [start, end]] of Object.entries(spans)) {
    assert.deepEqual(parseTimeSpan(text), { start, end }, text);
  }
  for (
    const text of ["", "24", "2026-13", "2026-02-30", "2026-11-24 25:00", "2026-11-24 13:60", "x"]
  ) {
    assert.equal(parseTimeSpan(text), undefined, text);
    refuses(datetime(), text);
  }
});

Deno.test("times: every instant lies in the span of its text, whatever part is given", () => {
  const instants = fc.date({
    min: new Date("1970-01-01T00:00:00Z"),
    max: new Date("2199-12-31T23:59:59Z"),
    noInvalidDate: true,
  });
  fc.assert(fc.property(instants, fc.constantFrom(4, 7, 10, 16, 19, 23), (instant, length) => {
    const text = instant.toISOString().replace("T", " ").replace("Z", "");
    const { start, end } = parseTimeSpan(text.slice(0, length))!;
    return start <= text && text < end;
  }));
});

Deno.test("lists: commas part values, quotes keep them together", () => {
  assert.deepEqual(splitList("a,b"), ["a", "b"]);
  assert.deepEqual(splitList('"a, b",c, d '), ["a, b", "c", "d"]);
  assert.deepEqual(splitList('"say ""yes""",x'), ['say "yes"', "x"]);
  assert.deepEqual(splitList("a,,b"), ["a", "", "b"]);
  assert.deepEqual(splitList(""), [""]);
  assert.throws(() => splitList('"open'), { code: "usage" });
  const value = fc.string();
  fc.assert(fc.property(fc.array(value, { minLength: 1 }), (values) => {
    const typed = values.map((one) => `"${one.replaceAll('"', '""')}"`).join(",");
    assert.deepEqual(splitList(typed), values);
  }));
});
