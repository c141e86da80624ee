/** What the name of a SQLite file ends with whose rows were moved to another database. */
export const setAsideName = ".before-migration";
