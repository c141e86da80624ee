import { parseXml, XmlElement } from "@rgrove/parse-xml";
import { LaminError } from "../../errors.ts";

/** An element of an answer, by the names of the elements in it. */
export class Xml {
  private constructor(private readonly element: XmlElement) {}

  /** Throws code "failed" when it is not XML with the given element as root. */
  static parse(bytes: Uint8Array, root: string): Xml {
    return Xml.parseText(new TextDecoder().decode(bytes), root);
  }

  /** As {@link parse}, of the text of an answer. */
  static parseText(text: string, root: string): Xml {
    const found = Xml.#parseAny(text);
    if (found?.name === root) return found;
    throw new LaminError("failed", "the server answers what no S3 server does", {
      hint: "check the address of the storage",
    });
  }

  /** Undefined when it is not XML. */
  static parseAny(bytes: Uint8Array): Xml | undefined {
    return Xml.#parseAny(new TextDecoder().decode(bytes));
  }

  static #parseAny(text: string): Xml | undefined {
    try {
      const { root } = parseXml(text);
      return root === null ? undefined : new Xml(root);
    } catch {
      return undefined;
    }
  }

  get name(): string {
    return this.element.name;
  }

  /** The text of the first element of this name; empty where there is none. */
  text(name: string): string {
    for (const child of this.element.children) {
      if (child instanceof XmlElement && child.name === name) return child.text;
    }
    return "";
  }

  /** All elements of this name. */
  all(name: string): Xml[] {
    return this.element.children.flatMap((child) =>
      child instanceof XmlElement && child.name === name ? [new Xml(child)] : []
    );
  }
}

/** A text as it may stand in an element. Throws where XML cannot hold it. */
export function escapeXml(text: string): string {
  return text.replace(/[&<>"'\r\n\t]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** Whether XML 1.0 can hold a text at all. */
export function fitsXml(text: string): boolean {
  // deno-lint-ignore no-control-regex
  return !/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/.test(text);
}
