import metadata from "../../deno.json" with { type: "json" };

/** The version that is built. */
export const version: string = metadata.version;

/** Absolute path of the checkout. */
export const root = Deno.realPathSync(new URL("../..", import.meta.url));

/** Where everything that is built lies; git ignores it. */
export const dist = `${root}/dist`;

/** How a program's file name ends on this system. */
export const programSuffix = Deno.build.os === "windows" ? ".exe" : "";

/** The executable that `deno task build` makes. */
export const binary = `${dist}/lamin${programSuffix}`;
