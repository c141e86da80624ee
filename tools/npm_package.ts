/**
 * Writes the folders that `npm publish` takes into dist/npm:
 *
 *     deno run -A tools/npm_package.ts
 *         lamin, and the part for this computer
 *     deno run -A tools/npm_package.ts linux-arm64=PROGRAM …
 *         lamin, and a part for each program given
 */
import metadata from "../deno.json" with { type: "json" };
import {
  mainManifest,
  partManifest,
  type Platform,
  platformName,
  platforms,
  thisPlatform,
} from "./build/npm_manifest.ts";
import { binary, dist, root } from "./build/paths.ts";

/** A program that goes into the part of a platform. */
interface Part {
  readonly platform: Platform;
  readonly program: string;
}

/** Writes all packages below `folder`; gives the folder of each. */
export async function writePackages(folder: string, parts: readonly Part[]): Promise<string[]> {
  await Deno.remove(folder, { recursive: true }).catch(() => {});
  const main = `${folder}/lamin`;
  await writePackage(main, mainManifest(metadata));
  await placeProgram(`${root}/npm/bin/lamin.js`, `${main}/bin/lamin.js`);
  const written = [main];
  for (const { platform, program } of parts) {
    const part = `${folder}/${platformName(platform)}`;
    await writePackage(part, partManifest(platform, metadata));
    await placeProgram(program, `${part}/bin/lamin${platform.os === "win32" ? ".exe" : ""}`);
    written.push(part);
  }
  return written;
}

async function writePackage(folder: string, manifest: Record<string, unknown>): Promise<void> {
  await Deno.mkdir(`${folder}/bin`, { recursive: true });
  await Deno.writeTextFile(`${folder}/package.json`, JSON.stringify(manifest, null, 2) + "\n");
  await Deno.copyFile(`${root}/LICENSE`, `${folder}/LICENSE`);
}

async function placeProgram(from: string, to: string): Promise<void> {
  await Deno.copyFile(from, to);
  if (Deno.build.os !== "windows") await Deno.chmod(to, 0o755);
}

function parsePart(word: string): Part {
  const [name, ...rest] = word.split("=");
  const platform = platforms.find((platform) => platformName(platform) === name);
  if (platform !== undefined && rest.length > 0) return { platform, program: rest.join("=") };
  const names = platforms.map(platformName).join(", ");
  console.error(`'${word}' is not PLATFORM=PROGRAM with one of ${names}`);
  Deno.exit(2);
}

if (import.meta.main) {
  const given = Deno.args.map(parsePart);
  const parts = given.length > 0 ? given : [{ platform: thisPlatform(), program: binary }];
  for (const folder of await writePackages(`${dist}/npm`, parts)) console.log(folder);
}
