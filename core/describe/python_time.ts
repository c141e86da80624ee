/**
 * What Python's `str()` gives of a time in ISO form: a space instead of `T`, six digits of a
 * fraction.
 */
export function pythonTime(iso: string): string {
  const found = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)?$/.exec(
    iso,
  );
  if (found === null) return iso;
  const [, date, time, fraction = "", zone = ""] = found;
  const micros = fraction.padEnd(6, "0").slice(0, 6);
  return `${date} ${time}${/[1-9]/.test(micros) ? `.${micros}` : ""}${
    zone === "Z" ? "+00:00" : zone
  }`;
}

/** The same of a time as rows hold it, which is UTC. */
export function pythonUtcTime(text: string): string {
  return `${pythonTime(text)}+00:00`;
}
