import { quote } from "../../store/database/sql.ts";
import type { Registry } from "../registry/registry.ts";

/**
 * Comments of LaminDB 2.12's triggers: hashes of its own text of them, by which it tells whether a
 * trigger is the one that it knows.
 */
const comments: Readonly<Record<string, string>> = {
  pgtrigger_prevent_feature_type_cycle_04c90: "be9a630e2ee899846cfe5fcabd64234be4e301db",
  pgtrigger_prevent_project_type_cycle_e2567: "b5b62fdec9b222bc152c2b9937a2676fb653696f",
  pgtrigger_prevent_record_type_cycle_56c18: "4f692c1cc71b0554090ffd4642811a52c6b9941e",
  pgtrigger_prevent_reference_type_cycle_3d37c: "94bc5e7968664022914905d7390a6935b66b3402",
  pgtrigger_prevent_schema_type_cycle_b403c: "7f860952cef18f2151e46d0120b5aafdebdbd2be",
  pgtrigger_prevent_ulabel_type_cycle_863ae: "13b2acbebf74a7e04a66723a353d1ab7a2c4c1ad",
  pgtrigger_update_feature_on_name_change_6c32d: "5f2e7a65e42c34b0455f0840def52f078726e401",
};

/**
 * Statements that make LaminDB's functions and triggers on a Postgres server, and the checks that
 * call such functions, under the names that Python gives them: later versions drop them by these
 * (COMPAT §2.2). The tables are there.
 */
export function serverRules(registries: readonly Registry[]): string[] {
  const guarded = registries.filter(({ postgresTriggers }) => postgresTriggers.length > 0);
  return [
    shouldIgnore,
    ...guarded.map((registry) => isValidType(kindOf(registry))),
    ...guarded.flatMap(checks),
    ...guarded.flatMap((registry) =>
      registry.postgresTriggers.flatMap((name) => trigger(kindOf(registry), name))
    ),
  ];
}

/** `feature` of the table `lamindb_feature`, as it stands in the names of its rules. */
function kindOf({ name }: Registry): string {
  return name.slice(name.indexOf("_") + 1);
}

/** Lets a session switch off triggers by their names, as `pgtrigger.ignore` of Python does. */
const shouldIgnore = `CREATE FUNCTION _pgtrigger_should_ignore(trigger_name name)
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  RETURN COALESCE(
    trigger_name = ANY (CAST(NULLIF(current_setting('pgtrigger.ignore', TRUE), '') AS text[])),
    FALSE
  );
END;
$$`;

/** A record that is itself a type may only be of a type that has no schema. */
function isValidType(kind: string): string {
  const parameters = [
    `${kind}_type_id integer`,
    ...(kind === "record" ? ["record_is_type boolean"] : []),
  ];
  const more = kind === "record" ? " AND (NOT record_is_type OR schema_id IS NULL)" : "";
  return `CREATE FUNCTION is_valid_${kind}_type(${parameters.join(", ")})
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  RETURN ${kind}_type_id IS NULL OR EXISTS (
    SELECT 1 FROM lamindb_${kind} WHERE id = ${kind}_type_id AND is_type${more}
  );
END;
$$`;
}

function checks(table: Registry): string[] {
  return table.checks
    .filter(({ postgres, postgresFunction }) =>
      postgres !== undefined && postgresFunction !== undefined
    )
    .map(({ name, postgres }) =>
      `ALTER TABLE ${quote(table.name)} ADD CONSTRAINT ${quote(name)} CHECK (${postgres})`
    );
}

function trigger(kind: string, name: string): string[] {
  const table = `lamindb_${kind}`;
  const [when, condition, body] = name.includes("_on_name_change_")
    ? ["BEFORE UPDATE", "OLD.name IS DISTINCT FROM NEW.name", keepsFormerName]
    : ["BEFORE INSERT OR UPDATE", "NEW.type_id IS NOT NULL", typeGuard(kind)];
  return [
    `CREATE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF _pgtrigger_should_ignore(TG_NAME) THEN
    RETURN NEW;
  END IF;
${body}
  RETURN NEW;
END;
$$`,
    `CREATE TRIGGER ${name} ${when} ON ${table} FOR EACH ROW WHEN (${condition})
EXECUTE FUNCTION ${name}()`,
    `COMMENT ON TRIGGER ${name} ON ${table} IS '${comments[name] ?? ""}'`,
  ];
}

/**
 * No row is its own type, in however many steps. A type may say that its rows stay in one space:
 * its own (`1`), or the one of a uid.
 */
function typeGuard(kind: string): string {
  const refuse = (reason: string) => `RAISE EXCEPTION 'Cannot set type: ${reason}';`;
  return `  IF EXISTS (
    SELECT 1 FROM lamindb_${kind} AS type WHERE type.id = NEW.type_id AND CASE
      WHEN type._aux->>'ss' = '1' THEN type.space_id IS DISTINCT FROM NEW.space_id
      WHEN type._aux ? 'ss' AND type._aux->>'ss' IS NOT NULL THEN
        (SELECT uid FROM lamindb_space WHERE id = NEW.space_id) IS DISTINCT FROM type._aux->>'ss'
    END
  ) THEN
    ${refuse(`${kind} space must match the space that its type asks for`)}
  END IF;
  IF NEW.type_id = NEW.id THEN
    ${refuse(`${kind} cannot be its own type`)}
  END IF;
  IF EXISTS (
    WITH RECURSIVE chain AS (
      SELECT type_id, 1 AS depth FROM lamindb_${kind} WHERE id = NEW.type_id
      UNION ALL
      SELECT above.type_id, chain.depth + 1
      FROM lamindb_${kind} AS above JOIN chain ON above.id = chain.type_id WHERE chain.depth < 100
    )
    SELECT 1 FROM chain WHERE type_id = NEW.id
  ) THEN
    ${refuse("would create a cycle")}
  END IF;`;
}

/** The former name of a feature becomes a synonym, and is noted with the time of the change. */
const keepsFormerName = `  IF COALESCE(NEW.synonyms, '') = '' THEN
    NEW.synonyms := OLD.name;
  ELSIF position(OLD.name IN NEW.synonyms) = 0 THEN
    NEW.synonyms := NEW.synonyms || '|' || OLD.name;
  END IF;
  NEW._aux := CASE jsonb_typeof(NEW._aux) WHEN 'object' THEN NEW._aux ELSE '{}' END || jsonb_build_object(
    'renamed',
    COALESCE(OLD._aux->'renamed', '{}') || jsonb_build_object(
      to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), OLD.name
    )
  );`;
