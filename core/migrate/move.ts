import { shownAddress } from "../../store/database/address.ts";
import type { Reader, Writer } from "../../store/database/database.ts";
import { type Moving, movingOf } from "../../store/database/moving/moving.ts";
import { LaminError } from "../../store/errors.ts";
import { enabledModules } from "../instance/enabled_modules.ts";
import type { Instance } from "../instance/instance.ts";
import type { Module } from "../module.ts";
import type { MoveFault } from "./faults/fault.ts";
import { tryIndexes } from "./faults/index_trial.ts";
import type { Phase } from "./copy.ts";
import { fill, requireCopy } from "./fill.ts";
import { type MovePlan, planMove } from "./plan.ts";
import { openReceiver, type Receiver } from "./receiver.ts";
import { unknownOf } from "./tables.ts";
import { removeNewDatabases } from "../instance/unfinished.ts";
import { isUnfinished, rehearse, settingsFor, switchOver } from "./switch_over.ts";
import { isOfInstances, type MoveTarget, sealSentence, targetOf } from "./target.ts";

/** What `lamin migrate-db` can be told. */
export interface MoveRequest {
  /** `sqlite`, or the URL of an empty database of a server. */
  readonly wanted: string;
  readonly isDryRun: boolean;
  /** True to leave behind what no registry knows. */
  readonly leaveUnknown: boolean;
  readonly knownModules: readonly Module[];
  /** Hears what is done now, and for how many rows. */
  readonly onPhase: (phase: Phase) => void;
  readonly onRows: (count: number) => void;
}

/** What was done, or would be. */
export interface Moved {
  /**
   * `planned` and `refused` changed nothing; `finished` did what an earlier call left undone;
   * `unchanged` found the rows there already.
   */
  readonly state: "planned" | "refused" | "moved" | "finished" | "unchanged";
  /** Addresses without passwords. */
  readonly from: string;
  readonly to: string;
  readonly tables: readonly { readonly table: string; readonly rows: number }[];
  /** The first of what stands in the way, and how much that is. */
  readonly faults: readonly MoveFault[];
  readonly faultCount: number;
  /** What the SQLite file is called now that its rows are elsewhere. */
  readonly keptAt: string | undefined;
}

/**
 * Moves the rows of an instance to another database, all or none: they are copied in one
 * transaction, compared, and only then the former database is sealed and the settings are switched.
 * Nobody can write to the former one from the first row that is read. Whatever call died in between
 * can be made again.
 *
 * Throws code "usage" for what is no place for rows, "conflict" when the place is taken, "denied"
 * where it may not be written.
 */
export async function moveDatabase(instance: Instance, request: MoveRequest): Promise<Moved> {
  instance.requireWritable();
  const target = targetOf(instance, request.wanted);
  const from = instance.location.database;
  if (shownAddress(from) === shownAddress(target)) return await finish(instance, target, request);
  return request.isDryRun
    ? await rehearseMove(instance, target, request)
    : await move(instance, target, request);
}

/** For rows that are there already. */
async function finish(
  instance: Instance,
  target: MoveTarget,
  { knownModules, isDryRun }: MoveRequest,
): Promise<Moved> {
  const modules = await instance.database.read((r) => enabledModules(instance, r, knownModules));
  const settings = await settingsFor(instance, target, modules);
  const isLeft = isUnfinished(instance, settings);
  const { host, location: { root } } = instance;
  if (target.kind === "sqlite" && !isDryRun) removeNewDatabases(host, root);
  const keptAt = isLeft && !isDryRun ? await switchOver(instance, settings) : undefined;
  return { ...resultOf(instance, target, isLeft ? "finished" : "unchanged"), keptAt };
}

function resultOf(
  instance: Instance,
  target: MoveTarget,
  state: Moved["state"],
  plan?: MovePlan,
): Moved {
  return {
    state,
    from: shownAddress(instance.location.database),
    to: shownAddress(target),
    tables: plan?.tables.filter(({ rows }) => rows > 0)
      .map(({ carrier, rows }) => ({ table: carrier.table.name, rows })) ?? [],
    faults: plan?.faults.told ?? [],
    faultCount: plan?.faults.count ?? 0,
    keptAt: undefined,
  };
}

/** Looks at everything and changes nothing. */
async function rehearseMove(
  instance: Instance,
  target: MoveTarget,
  request: MoveRequest,
): Promise<Moved> {
  const moving = await movingOf(instance.database.dialect.name);
  // A file is not made to be looked at.
  const receiver = target.kind === "postgres" ? await openReceiver(instance, target) : undefined;
  try {
    return await instance.database.read(async (reader) => {
      const present = await moving.tableNames(reader);
      const plan = await lookAt(instance, reader, present, target, request, receiver);
      return resultOf(instance, target, plan.faults.count > 0 ? "refused" : "planned", plan);
    });
  } finally {
    await receiver?.close();
  }
}

async function lookAt(
  instance: Instance,
  reader: Reader,
  present: readonly string[],
  target: MoveTarget,
  request: MoveRequest,
  receiver: Receiver | undefined,
): Promise<MovePlan> {
  request.onPhase("reading");
  const plan = await planMove(instance, reader, present, { to: target.kind, ...request });
  const long = plan.tables.filter(({ longTexts }) => longTexts.length > 0);
  if (receiver === undefined || receiver.state !== "empty" || long.length === 0) return plan;
  const { faults } = plan;
  const hashing = await instance.host.hashing();
  await receiver.database.write(async (writer) => {
    for (const { carrier, longTexts } of long) {
      await tryIndexes(reader, writer, carrier, longTexts, { hashing, faults });
    }
  });
  return plan;
}

async function move(
  instance: Instance,
  target: MoveTarget,
  request: MoveRequest,
): Promise<Moved> {
  const moving = await movingOf(instance.database.dialect.name);
  const { present, own } = await instance.database.read(async (reader) => {
    const present = await moving.tableNames(reader);
    const unknown = await unknownOf(reader, request.knownModules);
    const own = [...present.filter(isOfInstances), ...unknown.map(({ name }) => name)];
    return { present, own };
  });
  const receiver = await openReceiver(instance, target);
  try {
    const modules = await instance.database.read((reader) =>
      enabledModules(instance, reader, request.knownModules)
    );
    const settings = await settingsFor(instance, target, modules);
    rehearse(instance, settings);
    const result = await instance.database.write((writer) =>
      carryOver(instance, { writer, moving, present, own }, receiver, target, request)
    );
    if (result.state === "refused") return result;
    // The file below it is about to get another name.
    await instance.close();
    receiver.place();
    return { ...result, keptAt: await switchOver(instance, settings) };
  } finally {
    await receiver.close();
  }
}

/** Under the lock of the former database; its end seals it. */
async function carryOver(
  instance: Instance,
  from: {
    readonly writer: Writer;
    readonly moving: Moving;
    readonly present: readonly string[];
    /** Those of the instance. */
    readonly own: readonly string[];
  },
  receiver: Receiver,
  target: MoveTarget,
  request: MoveRequest,
): Promise<Moved> {
  const { writer, moving, present, own } = from;
  await moving.lock(writer, own);
  const sentence = sealSentence(target);
  const seal = await moving.sealOf(writer);
  if (seal !== undefined && receiver.state === "ours") {
    return resultOf(instance, target, "finished");
  }
  if (seal !== undefined && seal !== sentence) throw movedElsewhere(seal);
  const plan = await lookAt(instance, writer, present, target, request, receiver);
  if (plan.faults.count > 0) return resultOf(instance, target, "refused", plan);
  const { host } = instance;
  const options = { host, hashing: await host.hashing(), ...request };
  if (receiver.state === "ours") {
    await receiver.database.read((there) => requireCopy(plan, writer, there, target, options));
  } else {
    const to = { moving: receiver.moving };
    await receiver.database.write((there) =>
      fill(plan, { reader: writer, moving }, { ...to, writer: there }, options)
    );
  }
  await receiver.settle();
  if (seal === undefined) await moving.seal(writer, own, sentence);
  return resultOf(instance, target, receiver.state === "ours" ? "finished" : "moved", plan);
}

function movedElsewhere(seal: string): LaminError {
  return new LaminError("conflict", seal, {
    hint: "give that address, so that what was begun is ended",
  });
}
