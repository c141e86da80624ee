/** The type of a feature's values, as its text in the database says (COMPAT §7.2). */
export interface Dtype {
  /** Whether a value is a list of such values. */
  readonly isList: boolean;
  /** `int`, `str`, `date` …; undefined for values that are records. */
  readonly simple: string | undefined;
  /** Whose records the values are; several for a union. */
  readonly records: readonly RecordType[];
}

/** Records as values: `bionty.Gene.ensembl_gene_id`, `ULabel[GDR7Y8k8]`. */
export interface RecordType {
  /** `ULabel`, `bionty.CellType` */
  readonly registry: string;
  /** The field that values are written by; undefined for the registry's name field. */
  readonly field: string | undefined;
  /** The uid of the type that records must have. */
  readonly typeUid: string | undefined;
  /** Further conditions, as they stand between the brackets. */
  readonly conditions: string;
}

/** Reads a dtype; what is not understood is taken for a simple type. */
export function parseDtype(text: string): Dtype {
  const inList = inside(text, "list");
  const inner = inList ?? text;
  const categories = inside(inner, "cat");
  return {
    isList: inList !== undefined,
    simple: categories === undefined ? inner : undefined,
    records: categories ? splitOutside(categories, "|").map(parseRecordType) : [],
  };
}

/** What stands in `word[…]`, if the whole text is that. */
function inside(text: string, word: string): string | undefined {
  return text.startsWith(`${word}[`) && text.endsWith("]")
    ? text.slice(word.length + 1, -1)
    : undefined;
}

function parseRecordType(text: string): RecordType {
  const open = text.indexOf("[");
  const close = text.lastIndexOf("]");
  const hasBrackets = open >= 0 && close > open;
  const outside = hasBrackets ? text.slice(0, open) : text;
  const after = hasBrackets ? text.slice(close + 1).replace(/^\./, "") : "";
  const { registry, field } = splitField(outside);
  const parts = hasBrackets ? splitOutside(text.slice(open + 1, close), ",") : [];
  const typeUid = parts[0] !== undefined && !parts[0].includes("=") ? parts[0].trim() : undefined;
  return {
    registry,
    field: after || field,
    typeUid,
    conditions: parts.slice(typeUid === undefined ? 0 : 1).join(",").trim(),
  };
}

/** Classes start with a capital letter, fields do not. */
function splitField(text: string): { registry: string; field: string | undefined } {
  const last = text.lastIndexOf(".");
  const isField = last >= 0 && !/^[A-Z]/.test(text.slice(last + 1));
  return isField
    ? { registry: text.slice(0, last), field: text.slice(last + 1) }
    : { registry: text, field: undefined };
}

/** Splits at a character that stands in no brackets. */
function splitOutside(text: string, separator: string): string[] {
  const parts = [""];
  let depth = 0;
  for (const character of text) {
    if (character === "[") depth++;
    if (character === "]") depth--;
    if (character === separator && depth === 0) parts.push("");
    else parts[parts.length - 1] += character;
  }
  return parts;
}
