/** A computer that packages are made for: npm's names, and Deno's for the same. */
export interface Platform {
  readonly os: "linux" | "darwin" | "win32";
  readonly cpu: "x64" | "arm64";
}

/** Every platform that a release has a program for. */
export const platforms: readonly Platform[] = [
  { os: "linux", cpu: "x64" },
  { os: "linux", cpu: "arm64" },
  { os: "darwin", cpu: "x64" },
  { os: "darwin", cpu: "arm64" },
  { os: "win32", cpu: "x64" },
];

/** The platform's name in packages and release files: `linux-x64`. */
export function platformName({ os, cpu }: Platform): string {
  return `${os}-${cpu}`;
}

/** The platform of this computer. */
export function thisPlatform(): Platform {
  const os = Deno.build.os === "windows" ? "win32" : Deno.build.os;
  const cpu = Deno.build.arch === "aarch64" ? "arm64" : "x64";
  const found = platforms.find((platform) => platform.os === os && platform.cpu === cpu);
  if (found === undefined) throw new Error(`no package is made for ${os}-${cpu}`);
  return found;
}

/** What all packages say of themselves. */
export interface Common {
  readonly version: string;
  readonly license: string;
}

const description = "Git for biological data";

/** package.json of `lamin`, which people install: npm adds the one part that fits the computer. */
export function mainManifest({ version, license }: Common): Record<string, unknown> {
  const parts = platforms.map((platform) => [`@lamin/${platformName(platform)}`, version]);
  return {
    name: "lamin",
    version,
    description,
    license,
    bin: { lamin: "bin/lamin.js" },
    files: ["bin", "LICENSE"],
    engines: { node: ">=18" },
    optionalDependencies: Object.fromEntries(parts),
  };
}

/** package.json of the part for one platform, which holds the program. */
export function partManifest(platform: Platform, { version, license }: Common) {
  return {
    name: `@lamin/${platformName(platform)}`,
    version,
    description: `${description}: the program for ${platformName(platform)}`,
    license,
    files: ["bin", "LICENSE"],
    os: [platform.os],
    cpu: [platform.cpu],
    // The programs are linked with glibc: they do not start where there is only musl.
    ...(platform.os === "linux" ? { libc: ["glibc"] } : {}),
    publishConfig: { access: "public" },
  };
}
