import { type ExportedData, type ExportedRun, isoTime, type Person } from "./provenance.ts";
import { type Provenance, titleOf } from "./provenance.ts";

type Fields = Readonly<Record<string, unknown>>;

/**
 * Provenance as a document of W3C PROV in its JSON form (the PROV-JSON submission of 2013): data
 * are entities, runs activities, people agents, and the version of a transform that ran is the plan
 * of its association.
 */
export function provJson(provenance: Provenance): Fields {
  const { data, runs } = provenance;
  const document = new Document();
  for (const [name, one] of data) document.addData(idOf(provenance, name), one);
  for (const [name, one] of runs) document.addRun(idOf(provenance, name), one);
  for (const { from, to, role } of provenance.links) {
    const [source, target] = [idOf(provenance, from), idOf(provenance, to)];
    if (role === "input") {
      document.relate("used", { "prov:activity": target, "prov:entity": source });
    } else {
      document.relate("wasGeneratedBy", {
        "prov:entity": target,
        "prov:activity": source,
        ...(role === "recreated" ? { "lamin:recreated": boolean(true) } : {}),
      });
    }
  }
  for (const [name, one] of data) {
    if (one.kind !== "collection") continue;
    for (const member of one.members) {
      document.relate("hadMember", {
        "prov:collection": idOf(provenance, name),
        "prov:entity": idOf(provenance, member),
      });
    }
  }
  relateVersions(document, provenance);
  return document.json();
}

/** Of two versions of one thing that are both told of, the later one is a revision of the other. */
function relateVersions(document: Document, { data }: Provenance): void {
  const families = Map.groupBy(data.values(), ({ kind, row }) => `${kind} ${row.uid.slice(0, -4)}`);
  for (const versions of families.values()) {
    versions.sort((a, b) => a.row.uid < b.row.uid ? -1 : 1);
    versions.slice(1).forEach((later, index) =>
      document.relate("wasDerivedFrom", {
        "prov:generatedEntity": nameOf(later.kind, later.row.uid),
        "prov:usedEntity": nameOf(versions[index]!.kind, versions[index]!.row.uid),
        "prov:type": qualified("prov:Revision"),
      })
    );
  }
}

class Document {
  readonly #sections = new Map<string, Map<string, Fields>>();
  #relations = 0;

  addData(id: string, one: ExportedData): void {
    const { row } = one;
    this.#put("entity", id, {
      ...(one.kind === "collection" ? { "prov:type": qualified("prov:Collection") } : {}),
      "prov:label": titleOf(one),
      "lamin:uid": row.uid,
      "lamin:version": one.version,
      "lamin:createdAt": dateTime(row.created_at),
      ...optional("lamin:key", row.key),
      ...optional("lamin:description", row.description),
      ...optional("lamin:hash", row.hash),
      ...(one.kind === "artifact"
        ? {
          "prov:location": one.url,
          ...optional("lamin:sha256", one.sha256),
          ...(one.row.size === null ? {} : { "lamin:size": long(one.row.size) }),
          ...optional("lamin:kind", one.row.kind),
        }
        : {}),
    });
    this.relate("wasAttributedTo", {
      "prov:entity": id,
      "prov:agent": this.#person(one.createdBy),
    });
  }

  addRun(id: string, one: ExportedRun): void {
    const { row, transform, parameters } = one;
    const source = transform.row;
    const plan = nameOf("transform", source.uid);
    this.#put("activity", id, {
      "prov:startTime": isoTime(row.started_at),
      ...(row.finished_at === null ? {} : { "prov:endTime": isoTime(row.finished_at) }),
      "prov:label": row.name ?? source.key,
      "lamin:uid": row.uid,
      "lamin:status": one.status,
      ...optional("lamin:entrypoint", row.entrypoint),
      ...optional("lamin:cliArgs", row.cli_args),
      ...optional("lamin:reference", row.reference),
      ...(parameters.length === 0
        ? {}
        : { "lamin:parameter": parameters.map(({ name, value }) => `${name}=${value}`) }),
    });
    this.#put("entity", plan, {
      "prov:type": qualified("prov:Plan"),
      "prov:label": source.key,
      "lamin:uid": source.uid,
      "lamin:version": transform.version,
      "lamin:kind": source.kind,
      ...optional("lamin:hash", source.hash),
      ...optional("lamin:sourceCode", source.source_code),
      ...optional("lamin:reference", source.reference),
    });
    this.relate("wasAssociatedWith", {
      "prov:activity": id,
      "prov:agent": this.#person(one.createdBy),
      "prov:plan": plan,
    });
    if (one.initiatedBy === undefined) return;
    const informant = nameOf("run", one.initiatedBy.uid);
    if (!this.#sections.get("activity")?.has(informant)) this.#put("activity", informant, {});
    this.relate("wasInformedBy", { "prov:informed": id, "prov:informant": informant });
  }

  relate(kind: string, fields: Fields): void {
    this.#put(kind, `_:r${++this.#relations}`, fields);
  }

  json(): Fields {
    const sections = [...this.#sections].map(([kind, records]) => [
      kind,
      Object.fromEntries(records),
    ]);
    return { prefix: { lamin: "https://lamin.ai/ns#" }, ...Object.fromEntries(sections) };
  }

  #person({ uid, handle, name }: Person): string {
    const id = nameOf("user", uid);
    this.#put("agent", id, {
      "prov:type": qualified("prov:Person"),
      "prov:label": name ?? handle,
      "lamin:handle": handle,
    });
    return id;
  }

  #put(section: string, id: string, fields: Fields): void {
    const records = this.#sections.get(section) ?? new Map();
    this.#sections.set(section, records.set(id, fields));
  }
}

function idOf({ data, runs }: Provenance, name: string): string {
  const one = data.get(name);
  if (one !== undefined) return nameOf(one.kind, one.row.uid);
  const uid = runs.get(name)?.row.uid;
  return nameOf(uid === undefined ? "unknown" : "run", uid ?? name);
}

/** Names are made of uids, which others may have written: they have to stay names. */
function nameOf(kind: string, uid: string): string {
  return `lamin:${kind}_${encodeURIComponent(uid.toWellFormed())}`;
}

function optional(name: string, value: string | null | undefined): Fields {
  return value === null || value === undefined || value === "" ? {} : { [name]: value };
}

function qualified(name: string): Fields {
  return { $: name, type: "prov:QUALIFIED_NAME" };
}

function boolean(value: boolean): Fields {
  return { $: String(value), type: "xsd:boolean" };
}

function long(value: number): Fields {
  return { $: String(value), type: "xsd:long" };
}

function dateTime(text: string): Fields {
  return { $: isoTime(text), type: "xsd:dateTime" };
}
