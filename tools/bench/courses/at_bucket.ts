import { bucketKeys } from "../servers.ts";
import { rcloneEnvironment } from "../tools/rclone.ts";
import type { Place } from "../tool.ts";
import type { Bucket } from "../servers.ts";

/** A place whose commands know the bucket and its keys. */
export function atBucket(place: Place, bucket: Bucket): Place {
  return {
    ...place,
    bucket,
    environment: {
      ...bucketKeys,
      AWS_DEFAULT_REGION: "us-east-1",
      ...rcloneEnvironment(bucket.endpoint),
    },
  };
}
