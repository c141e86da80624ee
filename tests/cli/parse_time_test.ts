import assert from "node:assert/strict";
import { parseTime } from "../../cli/parse_time.ts";
import { LaminError } from "../../store/errors.ts";

const now = new Date("2026-03-01T12:30:00Z");
const from = (text: string) => parseTime(text, now, "start");
const to = (text: string) => parseTime(text, now, "end");

Deno.test("time: dates are their start or their end, in UTC", () => {
  assert.equal(from("2026-11-24"), "2026-11-24 00:00:00.000000");
  assert.equal(to("2026-11-24"), "2026-11-24 23:59:59.999999");
  assert.equal(from("2026-02"), "2026-02-01 00:00:00.000000");
  assert.equal(to("2026-02"), "2026-02-28 23:59:59.999999");
  assert.equal(from("today"), "2026-03-01 00:00:00.000000");
  assert.equal(to("Yesterday"), "2026-02-28 23:59:59.999999");
});

Deno.test("time: moments with and without a zone", () => {
  assert.equal(from("2026-11-24 13:45"), "2026-11-24 13:45:00.000000");
  assert.equal(to("2026-11-24T13:45:10.5Z"), "2026-11-24 13:45:10.500000");
  assert.equal(from("2026-11-24 13:45 +02:00"), "2026-11-24 11:45:00.000000");
  assert.equal(from("now"), "2026-03-01 12:30:00.000000");
});

Deno.test("time: ages", () => {
  assert.equal(from("2 days"), "2026-02-27 12:30:00.000000");
  assert.equal(from("2 days ago"), from("2 days"));
  assert.equal(from("an hour ago"), "2026-03-01 11:30:00.000000");
  assert.equal(from("90 minutes"), "2026-03-01 11:00:00.000000");
  assert.equal(from("1week"), "2026-02-22 12:30:00.000000");
});

Deno.test("time: what is none is refused with examples", () => {
  const words = [
    "",
    "soon",
    "3 fortnights",
    "2026-13-01",
    "2026-02-30",
    "99999999999 years",
    "24.11.2026",
  ];
  for (const text of words) {
    assert.throws(
      () => from(text),
      (error) => error instanceof LaminError && error.code === "usage" && error.hint !== undefined,
      text,
    );
  }
});
