/** The log line of a rejected record. It is serialized by hand, because a load may reject millions. */
import type { Entry } from '../../loads/ledger.ts';
import { errorsJson } from '../../loads/reject-line.ts';
import { jsonText } from '../../shared/json/json-text.ts';
import { entrySentence } from './wording.ts';

/** @returns the JSON members after level and time */
export function loggedRejection(database: string, noun: string, entry: Entry): string {
  const { number, file, line, id, outcome, errors } = entry;
  const inFile = file === undefined ? '' : `"file":${jsonText(file)},`;
  const key = id === undefined ? '' : `,"id":${JSON.stringify(id)}`;
  return (
    `"database":${jsonText(database)},"record":{"number":${number},${inFile}"line":${line}${key}},` +
    `"outcome":"${outcome}","errors":${errorsJson(errors)},"msg":${jsonText(entrySentence(noun, entry))}`
  );
}
