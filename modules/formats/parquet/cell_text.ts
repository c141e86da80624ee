import type { Cell } from "../../../core/format/change.ts";
import type { Field } from "./schema.ts";
import { isBareInJson, type PlainValue, valueText } from "./value_text.ts";

/**
 * How to write the cells of a column as text: plain values as {@link valueText} does, nested ones
 * as JSON without spaces, with the fields in the order of the schema and all keys of a map.
 */
export function cellText(field: Field): (value: unknown) => Cell {
  if (field.shape === "value" && !field.isRepeated) {
    const text = valueText(field.element);
    return (value) => isNothing(value) ? null : text(value as PlainValue);
  }
  const json = jsonText(field);
  return (value) => isNothing(value) ? null : json(value);
}

type JsonText = (value: unknown) => string;

function jsonText(field: Field): JsonText {
  const own = ownJson(field);
  const orNull: JsonText = (value) => isNothing(value) ? "null" : own(value);
  return field.isRepeated
    ? (value) => `[${Array.from(value as unknown[], orNull).join(",")}]`
    : orNull;
}

function ownJson({ shape, element, children }: Field): JsonText {
  if (shape === "value") {
    const text = valueText(element);
    return isBareInJson(element)
      ? (value) => text(value as PlainValue)
      : (value) => JSON.stringify(text(value as PlainValue));
  }
  const [first, second] = children.map(jsonText);
  if (shape === "list") {
    return (value) => `[${Array.from(value as unknown[], (item) => first!(item)).join(",")}]`;
  }
  if (shape === "map") return (value) => mapJson(value, first!, second!);
  const texts = children.map((child) => {
    const json = jsonText(child);
    const [name, property] = [JSON.stringify(child.element.name), child.plain.element.name];
    return (value: Record<string, unknown>) => `${name}:${json(value[property])}`;
  });
  return (value) => {
    const fields = texts.map((text) => text(value as Record<string, unknown>));
    return `{${fields.join(",")}}`;
  };
}

/** The entries in their order; a key that is no text is shown as one. */
function mapJson(value: unknown, key: JsonText, item: JsonText): string {
  const { c0: entries } = value as { c0?: { c0: unknown; c1: unknown }[] };
  const shown = (entries ?? []).map((entry) => {
    const name = key(entry.c0);
    return `${name.startsWith('"') ? name : JSON.stringify(name)}:${item(entry.c1)}`;
  });
  return `{${shown.join(",")}}`;
}

function isNothing(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}
