import type { Entity } from "./entities.ts";

/** The license of a crate: a URL, an identifier of SPDX, or a text. */
export function licenseEntity(text: string | undefined): Entity {
  if (text === undefined) {
    return {
      "@id": "#license",
      "@type": "CreativeWork",
      name: "No license was stated",
      description: "Ask the people who made the data before you use it.",
    };
  }
  return {
    "@id": licenseId(text),
    "@type": "CreativeWork",
    name: text,
    description: `The license is ${text}.`,
  };
}

function licenseId(text: string): string {
  if (/^https?:\/\//.test(text) && URL.canParse(text)) return new URL(text).href;
  return /^[A-Za-z0-9][A-Za-z0-9.+-]*$/.test(text)
    ? `https://spdx.org/licenses/${text}`
    : "#license";
}
