import { mustRun, run } from "../build/run.ts";
import {
  debianPeers,
  goPeers,
  packagesOfDebian,
  peersFolder,
  pythonPeers,
} from "./peer_folders.ts";

/**
 * Installs the neighbours that are not there yet, below the user's cache, by pip and from the
 * packages of Debian; says what could not be had and why.
 */
export async function installPeers(): Promise<void> {
  await Deno.mkdir(peersFolder, { recursive: true });
  for (const [name, packages] of Object.entries(pythonPeers)) {
    if (name === "lamindb" && Deno.env.get("LAMIN_TEST_PYTHON") !== undefined) continue;
    await attempt(name, () => installPython(`${peersFolder}/${name}`, packages));
  }
  for (const [name, source] of Object.entries(goPeers)) {
    await attempt(name, () => installGo(`${peersFolder}/${name}`, source));
  }
  for (const name of debianPeers) await attempt(name, () => unpack(name));
}

async function attempt(name: string, install: () => Promise<void>): Promise<void> {
  try {
    console.error(`installing ${name}`);
    await install();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    console.error(`  ${name} could not be installed: ${error.message.trim().slice(-400)}`);
  }
}

/** A virtual environment that is complete or not there. */
async function installPython(folder: string, packages: readonly string[]): Promise<void> {
  if (await isComplete(folder, packages.join("\n"))) return;
  await Deno.remove(folder, { recursive: true }).catch(() => {});
  await mustRun("python3", ["-m", "venv", folder]);
  await mustRun(`${folder}/bin/python`, ["-m", "pip", "install", "-q", ...packages]);
  await Deno.writeTextFile(`${folder}/complete`, packages.join("\n"));
}

/** A program built from its sources; what it took to build it goes again. */
async function installGo(folder: string, source: string): Promise<void> {
  if (await isComplete(folder, source)) return;
  const here = await run("go", ["version"]);
  const go = here.ok ? "go" : "/usr/local/go/bin/go";
  await Deno.remove(folder, { recursive: true }).catch(() => {});
  await mustRun(go, ["install", source], {
    env: { GOBIN: `${folder}/bin`, GOPATH: `${folder}/build`, GOFLAGS: "-modcacherw" },
  });
  await Deno.remove(`${folder}/build`, { recursive: true });
  await Deno.writeTextFile(`${folder}/complete`, source);
}

/** Whether exactly this was installed, to the end. */
async function isComplete(folder: string, what: string): Promise<boolean> {
  return await Deno.readTextFile(`${folder}/complete`).then((text) => text === what, () => false);
}

async function unpack(name: string): Promise<void> {
  const done = `${packagesOfDebian}/${name}.complete`;
  if (await Deno.stat(done).then(() => true, () => false)) return;
  await Deno.mkdir(packagesOfDebian, { recursive: true });
  if (!(await run("apt-get", ["--version"])).ok) throw new Error("this is no Debian");
  await mustRun("apt-get", ["download", "-q", name], { cwd: packagesOfDebian });
  const [archive] = [...Deno.readDirSync(packagesOfDebian)]
    .filter((entry) => entry.name.startsWith(`${name}_`)).map((entry) => entry.name);
  await mustRun("dpkg-deb", ["-x", `${packagesOfDebian}/${archive}`, packagesOfDebian]);
  await Deno.writeTextFile(done, archive!);
}
