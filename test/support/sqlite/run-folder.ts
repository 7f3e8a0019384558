/** Names the folder of a run in which migrated database files are kept: Jest's globalSetup makes it, and workers inherit its name. */
export const RUN_FOLDER_VARIABLE = 'MERIDIAN_TEST_FOLDER';
