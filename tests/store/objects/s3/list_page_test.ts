import assert from "node:assert/strict";
import fc from "fast-check";
import { parseListing } from "../../../../store/objects/s3/s3_list_page.ts";
import { Xml } from "../../../../store/objects/s3/s3_xml.ts";

const names = ["Key", "Size", "ETag", "Owner", "ID", "IsTruncated"];

/** What is said of objects, and of the listing; a message where it is no listing. */
function told(read: (bytes: Uint8Array) => ReturnType<typeof parseListing>, page: string) {
  try {
    const { xml, contents } = read(new TextEncoder().encode(page));
    return [xml, ...contents].map((item) => names.map((name) => item.text(name)));
  } catch (error) {
    return String(error);
  }
}

/** As the library reads all of it. */
function byTree(bytes: Uint8Array): ReturnType<typeof parseListing> {
  const xml = Xml.parse(bytes, "ListBucketResult");
  return { xml, contents: xml.all("Contents") };
}

function same(page: string): void {
  assert.deepEqual(told(parseListing, page), told(byTree, page), page);
}

const listing = (inside: string) =>
  `<?xml version="1.0"?>\n<ListBucketResult>${inside}</ListBucketResult>`;

Deno.test("a listing: whatever is in it is read as the library for XML reads it", () => {
  const text = fc.constantFrom(
    ...[
      "",
      "a/b%20c",
      "12",
      "ä🧬",
      "&quot;e&quot;",
      "&#34;",
      "&#x41;",
      "&amp;lt;",
      "&odd;",
      "&",
      " x ",
    ],
    ...["<![CDATA[<Key>z</Key>]]>", "<!-- <Contents> -->", "\r\n", "]]>", "\u0001", "<ID>7</ID>"],
  );
  const name = fc.constantFrom(...names, "Contents", "Key x='1'", "a:Key");
  const leaf = fc.tuple(name, text).map(([name, text]) =>
    `<${name}>${text}</${name.split(" ")[0]}>`
  );
  const space = fc.constantFrom("", "", "\n  ");
  const object = fc.tuple(fc.array(fc.tuple(space, leaf), { maxLength: 4 }), space).map(
    ([leaves, after]) => `<Contents>${leaves.flat().join("")}${after}</Contents>`,
  );
  const odd = fc.constantFrom(
    "<Contents/>",
    "<Contents a='1'><Key>q</Key></Contents>",
    "</Contents>",
  );
  const any = fc.oneof({ weight: 8, arbitrary: object }, leaf, odd, space);
  fc.assert(
    fc.property(fc.array(any, { maxLength: 5 }), (inside) => same(listing(inside.join("")))),
  );
});

Deno.test("a listing: what is none is refused, what is cut off too", () => {
  const page = listing(
    "<Contents><Key>a</Key><Size>1</Size></Contents><IsTruncated>false</IsTruncated>",
  );
  for (let length = 0; length <= page.length; length++) same(page.slice(0, length));
  same(page.replaceAll("ListBucketResult", "Other"));
  same(`${page}<Contents></Contents>`);
});
