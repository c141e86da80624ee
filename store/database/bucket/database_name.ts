/** The database of an instance in a bucket, as Python names it (COMPAT §14.9). */
export const databaseName = ".lamindb/lamin.db";
