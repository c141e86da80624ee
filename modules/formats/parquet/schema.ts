import type { FileMetaData, SchemaElement, SchemaTree } from "hyparquet";

/** A column or a field within one, as the file declares it. */
export interface Field {
  readonly element: SchemaElement;
  readonly shape: "value" | "list" | "map" | "struct";
  /** Set when the field itself repeats, without a list around it. */
  readonly isRepeated: boolean;
  /** The item of a list, the key and the value of a map, the fields of a structure. */
  readonly children: readonly Field[];
  /**
   * The field for the decoding library, without what would make it convert values (times to
   * milliseconds, decimals to binary fractions, maps to objects) and with names that are unique and
   * harmless as properties of objects.
   */
  readonly plain: SchemaTree;
}

/** A path from a column to where its values are. */
export interface Leaf {
  readonly element: SchemaElement;
  /** Names as the file has them. */
  readonly path: readonly string[];
  /** From the root of the file's schema to the leaf, plain. */
  readonly plainPath: readonly SchemaTree[];
}

export interface Column {
  readonly field: Field;
  readonly leaves: readonly Leaf[];
}

/** Deepest nesting of fields. */
const depthMax = 64;

/** Most digits of a decimal after its point; Arrow has 76 digits in all. */
const scaleMax = 100;

/**
 * The columns of a file.
 *
 * @throws Error when the schema contradicts itself.
 */
export function columnsOf(metadata: FileMetaData): Column[] {
  const elements = metadata.schema;
  const root = elements[0];
  if (root === undefined) throw new Error("it has no schema");
  const plainRoot: SchemaTree = { count: 0, element: { name: "" }, children: [], path: [] };
  const columns: Column[] = [];
  let at = 1;
  for (let index = 0; index < (root.num_children ?? 0); index++) {
    const built = new ColumnBuilder(elements, at, plainRoot);
    const field = built.field([`c${index}`], [], [plainRoot]);
    columns.push({ field, leaves: built.leaves });
    at = built.at;
  }
  if (at !== elements.length) throw new Error("its schema has fields that belong to no column");
  return columns;
}

class ColumnBuilder {
  readonly leaves: Leaf[] = [];

  constructor(
    private readonly elements: readonly SchemaElement[],
    public at: number,
    private readonly root: SchemaTree,
  ) {}

  field(plainName: string[], above: readonly string[], plainAbove: readonly SchemaTree[]): Field {
    const element = this.elements[this.at++];
    if (element === undefined) throw new Error("its schema ends early");
    if (plainName.length > depthMax) throw new Error("its schema is nested too deeply");
    checkElement(element);
    const path = [...above, element.name];
    const plain: SchemaTree = {
      count: 1,
      element: plainElement(element, plainName.at(-1)!),
      children: [],
      path: plainName,
    };
    const plainPath = [...plainAbove, plain];
    const children: Field[] = [];
    for (let index = 0; index < (element.num_children ?? 0); index++) {
      children.push(this.field([...plainName, `c${index}`], path, plainPath));
    }
    plain.children.push(...children.map((child) => child.plain));
    if (element.type !== undefined && children.length > 0) {
      throw new Error(`its field ${element.name} has both values and fields`);
    }
    if (element.type === undefined && children.length === 0) {
      throw new Error(`its field ${element.name} has no type`);
    }
    if (children.length === 0) this.leaves.push({ element, path, plainPath });
    const own = structure(element, children);
    if (own.shape === "list") plain.element.converted_type = "LIST";
    return { element, plain, ...own };
  }
}

/** Checks what later work relies on; what should be a number or text may be anything so far. */
function checkElement({ name, scale, logical_type: logical }: SchemaElement): void {
  if (typeof name !== "string") throw new Error("its schema has a field without a name");
  const scales = [scale, logical?.type === "DECIMAL" ? logical.scale : undefined];
  for (const one of scales) {
    if (one !== undefined && !(Number.isInteger(one) && one >= 0 && one <= scaleMax)) {
      throw new Error(`its field ${name} has an impossible number of digits`);
    }
  }
}

function structure(
  element: SchemaElement,
  children: readonly Field[],
): Pick<Field, "shape" | "children" | "isRepeated"> {
  const isRepeated = element.repetition_type === "REPEATED";
  const [only] = children;
  if (only === undefined) return { shape: "value", children, isRepeated };
  const isWrapped = children.length === 1 && only.isRepeated;
  if (isWrapped && isList(element)) {
    // With three levels the item stands in a group of its own, with two it repeats itself.
    if (only.shape === "value") {
      return { shape: "list", children: [{ ...only, isRepeated: false }], isRepeated };
    }
    if (only.shape === "struct" && only.children.length === 1) {
      return { shape: "list", children: only.children, isRepeated };
    }
  }
  if (isWrapped && isMap(element) && only.children.length === 2) {
    return { shape: "map", children: only.children, isRepeated };
  }
  return { shape: "struct", children, isRepeated };
}

function isList({ converted_type, logical_type }: SchemaElement): boolean {
  return converted_type === "LIST" || logical_type?.type === "LIST";
}

function isMap({ converted_type, logical_type }: SchemaElement): boolean {
  return converted_type === "MAP" || converted_type === "MAP_KEY_VALUE" ||
    logical_type?.type === "MAP";
}

/** True for bytes that are text. */
export function isText({ type, converted_type, logical_type }: SchemaElement): boolean {
  const names = [converted_type, logical_type?.type];
  return type === "BYTE_ARRAY" &&
    names.some((name) =>
      name === "UTF8" || name === "STRING" || name === "ENUM" || name === "JSON"
    );
}

function plainElement(element: SchemaElement, name: string): SchemaElement {
  const { type, type_length, repetition_type, num_children } = element;
  const plain: SchemaElement = { name };
  if (type !== undefined) plain.type = type;
  if (type_length !== undefined) plain.type_length = type_length;
  if (repetition_type !== undefined) plain.repetition_type = repetition_type;
  if (num_children !== undefined) plain.num_children = num_children;
  if (isText(element)) plain.converted_type = "UTF8";
  return plain;
}
