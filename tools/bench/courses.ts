import { bulkCourse } from "./courses/bulk.ts";
import { bucketFilesCourse, bucketLargeCourse } from "./courses/buckets.ts";
import { bucketObjectsCourse } from "./courses/bucket_objects.ts";
import { bucketTableCourse } from "./courses/bucket_table.ts";
import { filesCourse, moreFilesCourse } from "./courses/files.ts";
import { largeCourse } from "./courses/large.ts";
import { lineageCourse } from "./courses/lineage.ts";
import { postgresBulkCourse, postgresCourse } from "./courses/postgres.ts";
import { moreQueryCourse, queryCourse } from "./courses/query.ts";
import { startCourse } from "./courses/start.ts";
import { syncBucketCourse, syncFilesCourse, syncLargeCourse } from "./courses/sync.ts";
import { syncCloneCourse } from "./courses/sync_clone.ts";
import { UsageError } from "./options.ts";
import type { Scale } from "./scale.ts";
import type { Course } from "./scene.ts";
import { names } from "./tool.ts";

/** All courses of a scale. */
export function coursesOf(scale: Scale): Course[] {
  return [
    startCourse(scale),
    largeCourse(scale),
    filesCourse(scale),
    ...(scale.moreFiles > 0 ? [moreFilesCourse(scale)] : []),
    queryCourse(scale),
    ...(scale.moreArtifacts > 0 ? [moreQueryCourse(scale)] : []),
    lineageCourse(scale),
    bulkCourse(scale),
    syncCloneCourse(scale),
    syncLargeCourse(scale),
    syncFilesCourse(scale),
    bucketLargeCourse(scale),
    bucketFilesCourse(scale),
    bucketObjectsCourse(scale),
    bucketTableCourse(scale),
    syncBucketCourse(scale),
    postgresCourse(scale),
    postgresBulkCourse(scale),
  ];
}

/**
 * The courses with only the scenes that are wanted, and what has to happen before them: a folder's
 * scenes follow one another. @throws UsageError at a name that means nothing.
 */
export function chosen(courses: readonly Course[], only: readonly string[]): Course[] {
  if (only.length === 0) return [...courses];
  const scenes = courses.flatMap((course) => course.scenes.map(({ name }) => name));
  const unknown = only.find((name) => !scenes.some((scene) => names(name, scene)));
  if (unknown !== undefined) {
    throw new UsageError(
      `there is no scene '${unknown}' at this scale; --list names them`,
    );
  }
  return courses.flatMap((course) => {
    const isWanted = (name: string) => only.some((one) => names(one, name));
    const wanted = course.scenes.filter(({ name }) => isWanted(name));
    if (wanted.length === 0) return [];
    const last = course.scenes.indexOf(wanted.at(-1)!);
    return [{
      ...course,
      scenes: course.lasting ? wanted : course.scenes.slice(0, last + 1),
    }];
  });
}
