import { fitsXml, Xml } from "./s3_xml.ts";

/** The texts of an element by the names of the elements in it; empty for one that is not there. */
export interface Item {
  text(name: string): string;
}

/** A listing: what it says of itself, and its objects. */
export interface ListedPage {
  readonly xml: Xml;
  readonly contents: readonly Item[];
}

const [begin, end] = ["<Contents>", "</Contents>"];

/**
 * The answer to ListObjectsV2. A thousand objects are a thousand times the same few elements, which
 * are read as such where they are no more than that: to make a tree of them takes ten times as
 * long. What else a server writes goes the long way. Throws code "failed" when it is no listing.
 */
export function parseListing(bytes: Uint8Array): ListedPage {
  const root = "ListBucketResult";
  const text = new TextDecoder().decode(bytes);
  const plain = isPlain(text) ? takeItems(text) : undefined;
  if (plain !== undefined) {
    const xml = Xml.parseText(plain.rest, root);
    // Otherwise some of them stand elsewhere, or are written in another way.
    if (xml.all("Contents").length === plain.runs) return { xml, contents: plain.items };
  }
  const xml = Xml.parseText(text, root);
  return { xml, contents: xml.all("Contents") };
}

/** Without comments, quoted sections and what XML does not allow or reads as something else. */
function isPlain(text: string): boolean {
  return !text.includes("<!") && !text.includes("]]>") && !text.includes("\r") && fitsXml(text);
}

interface Taken {
  readonly items: readonly Item[];
  /** The text with one empty element in the place of objects that follow each other. */
  readonly rest: string;
  readonly runs: number;
}

/** Takes the objects out; undefined where one has more than texts in it. */
function takeItems(text: string): Taken | undefined {
  const items: Item[] = [];
  let rest = "";
  let runs = 0;
  let at = 0;
  for (let start = text.indexOf(begin); start >= 0; start = text.indexOf(begin, at)) {
    const finish = text.indexOf(end, start);
    const item = finish < 0 ? undefined : itemOf(text, start + begin.length, finish);
    if (item === undefined) return undefined;
    const between = text.slice(at, start);
    if (items.length === 0 || between.trim() !== "") {
      rest += `${between}<Contents/>`;
      runs++;
    }
    items.push(item);
    at = finish + end.length;
  }
  return { items, rest: rest + text.slice(at), runs };
}

/** An element with a text, and white space before it. */
const leaf = /\s*<([A-Za-z]\w*)>([^<]*)<\/\1>/y;

function itemOf(text: string, start: number, finish: number): Item | undefined {
  const texts = new Map<string, string>();
  leaf.lastIndex = start;
  for (let place = start; place < finish; place = leaf.lastIndex) {
    const found = leaf.exec(text);
    if (found === null) {
      return text.slice(place, finish).trim() === "" ? itemWith(texts) : undefined;
    }
    const value = unescaped(found[2]!);
    if (value === undefined) return undefined;
    if (!texts.has(found[1]!)) texts.set(found[1]!, value);
  }
  return leaf.lastIndex === finish ? itemWith(texts) : undefined;
}

function itemWith(texts: ReadonlyMap<string, string>): Item {
  return { text: (name) => texts.get(name) ?? "" };
}

const signs: Readonly<Record<string, string>> = {
  "&quot;": '"',
  "&apos;": "'",
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&#34;": '"',
  "&#39;": "'",
};

/** Undefined for references to other signs than these. */
function unescaped(text: string): string | undefined {
  if (!text.includes("&")) return text;
  let isKnown = true;
  const plain = text.replace(/&[^;]*;?/g, (reference) => {
    const sign = signs[reference];
    isKnown &&= sign !== undefined;
    return sign ?? reference;
  });
  return isKnown ? plain : undefined;
}
