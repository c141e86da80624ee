import type { DataNode } from "../../../core/lineage/nodes.ts";
import type { Maker } from "../../../core/why/maker.ts";
import type { Match } from "../../../core/why/same_content.ts";
import type { Why } from "../../../core/why/why.ts";
import type { Json, JsonObject } from "../../output.ts";
import { jsonOf } from "../row_json.ts";

/** What `lamin why --json` prints. */
export function whyJson(asked: string, { content, match, others, story }: Why): JsonObject {
  const { recordedBy } = story;
  return {
    path: asked,
    sha256: content?.sha256 ?? null,
    size: content?.size ?? match.row.size,
    artifact: {
      ...dataJson(story.artifact),
      member: match.member ?? null,
      is_sure: match.isSure,
      current_uid: story.current?.uid ?? story.artifact.uid,
      created_at: story.createdAt,
      created_by: story.createdBy ?? null,
    },
    same_content: others.map(({ row, member }: Match): Json => ({
      uid: row.uid,
      key: row.key,
      member: member ?? null,
    })),
    made_by: story.makers.map(makerJson),
    recorded_by: recordedBy === undefined
      ? null
      : { operation: recordedBy.uid, command: jsonOf(recordedBy.command) },
  };
}

function makerJson(maker: Maker): Json {
  const { run } = maker;
  return {
    run: run.uid,
    name: run.name,
    status: run.status,
    started_at: run.started_at,
    finished_at: run.finished_at,
    created_by: run.created_by,
    made_again: maker.isAgain,
    command: maker.command ?? null,
    cli_args: maker.cliArgs ?? null,
    params: maker.params === undefined ? null : jsonOf(maker.params),
    transform: { ...run.transform, has_source: maker.hasSource },
    report: maker.report ?? null,
    environment: maker.environment ?? null,
    inputs: maker.inputs.map(({ data, current }): Json => ({
      ...dataJson(data),
      current_uid: current?.uid ?? data.uid,
    })),
  };
}

function dataJson({ kind, uid, key, description, version }: DataNode) {
  return { kind, uid, key, description, version };
}
