import { bytes, fails, type HostCase } from "./case.ts";

/** What permission bits forbid. */
export const permissionCases: readonly HostCase[] = [
  {
    name: "a file without permission is denied",
    needsPermissions: true,
    run({ host: { files }, at }) {
      files.writeFile(at("file"), bytes("x"));
      files.setMode(at("file"), 0o444);
      fails("EACCES", () => files.open(at("file"), { write: true }));
      fails("EACCES", () => files.writeFile(at("file"), bytes("y")));
      files.setMode(at("file"), 0);
      fails("EACCES", () => files.open(at("file"), { read: true }));
      fails("EACCES", () => files.readFile(at("file")));
      fails("EACCES", () => files.copyFile(at("file"), at("copy")));
    },
  },
  {
    name: "a directory without permission is denied",
    needsPermissions: true,
    run({ host: { files }, at }) {
      files.makeDirectory(at("folder"));
      files.writeFile(at("folder/file"), bytes("x"));
      files.setMode(at("folder"), 0o500);
      fails("EACCES", () => files.writeFile(at("folder/new"), bytes("y"), { createNew: true }));
      fails("EACCES", () => files.makeDirectory(at("folder/new")));
      fails("EACCES", () => files.remove(at("folder/file")));
      fails("EACCES", () => files.rename(at("folder/file"), at("moved")));
      fails("EACCES", () => files.removeTree(at("folder")));
      files.setMode(at("folder"), 0);
      fails("EACCES", () => files.readDirectory(at("folder")));
      fails("EACCES", () => files.lstat(at("folder/file")));
      fails("EACCES", () => files.stat(at("folder/file")));
      files.setMode(at("folder"), 0o700);
    },
  },
];
