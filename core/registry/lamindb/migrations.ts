import type { Migration } from "../../module.ts";

/** The changes that LaminDB 2.12's schema went through, which Python looks for (COMPAT §2.3). */
export const lamindbMigrations: readonly Migration[] = [
  "0177_squashed",
  "0177_alter_artifactblock_artifact_and_more",
  "0178_v2_2",
  "0179_v2_2_part_2",
  "0180_v2_2_part_3",
  "0181_v2_2_part_4",
  "0182_v2_2_part_5",
  "0183_v2_2_part_6",
  "0184_alter_transformrecord_feature",
  "0185_alter_runrecord_feature",
  "0186_v2_4",
  "0187_v2_4_part_2",
  "0188_remove_record_prevent_record_type_cycle_and_more",
  "0189_v2_6",
  "0190_v2_6_1",
  "0191_artifactschema_unique_slot_schema",
  "0192_v2_9",
  "0193_v2_9_part_2",
  "0193_squashed",
].map((name) => ({ app: "lamindb", name }));
