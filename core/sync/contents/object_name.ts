import { objectName } from "../../artifact/storage_key.ts";
import type { Instance } from "../../instance/instance.ts";

/** Where the bytes of an artifact lie once they came, as its row says it. */
export interface ObjectPlace {
  readonly storage_id: number;
  readonly _real_key: string;
  readonly _key_is_virtual: true;
  readonly _overwrite_versions: false;
}

export { objectName as objectNameOf };

/** The place in the target of an object, for the rows of the artifacts that have it. */
export function placeOf(target: Instance, object: string): ObjectPlace {
  return {
    storage_id: target.storage.id,
    _real_key: object,
    _key_is_virtual: true,
    _overwrite_versions: false,
  };
}
