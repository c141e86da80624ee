/** Where --install-peers puts what it installs; nothing outside of it is touched. */
export const peersFolder = `${
  Deno.env.get("XDG_CACHE_HOME") ?? `${Deno.env.get("HOME") ?? "."}/.cache`
}/lamin-bench/peers`;

/** Packages for Python, each in an environment of its own, or with what it needs on the PATH. */
export const pythonPeers: Readonly<Record<string, readonly string[]>> = {
  dvc: ["dvc[s3]"],
  datalad: ["datalad", "git-annex"],
  oxen: ["oxenai"],
  lamindb: ["lamindb==2.12.1", "bionty==2.5.2"],
};

/** Packages of Debian that are unpacked, not installed: the system stays as it is. */
export const debianPeers = [
  "git-lfs",
  "restic",
  "borgbackup",
  "python3-msgpack",
  "python3-packaging",
] as const;
export const packagesOfDebian = `${peersFolder}/debian`;

/** Programs that Go builds, each in a folder of its own. */
export const goPeers: Readonly<Record<string, string>> = {
  versitygw: "github.com/versity/versitygw/cmd/versitygw@v1.8.0",
  rclone: "github.com/rclone/rclone@v1.76.0",
};

/** Folders with programs, to look in after those of the user. */
export const peerFolders: readonly string[] = [
  ...["dvc", "datalad"].map((name) => `${peersFolder}/${name}/bin`),
  ...Object.keys(goPeers).map((name) => `${peersFolder}/${name}/bin`),
  `${packagesOfDebian}/usr/bin`,
];
