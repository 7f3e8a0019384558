/** A workbook: its sheets, and the parts that their cells refer to. */
import { posix } from 'node:path';
import { MeridianError, messageOf } from '../../../shared/errors.ts';
import type { ExaminedContent } from '../examined-file.ts';
import { type Archive, openArchive } from '../zip/archive.ts';
import { kindOfFormat, type NumberKind } from './dates.ts';
import { SharedStrings } from './shared-strings.ts';
import { attribute, readWholeXml } from './xml.ts';

export interface Sheet {
  readonly name: string;
  readonly isHidden: boolean;
  /** Its path in the archive. */
  readonly path: string;
}

export interface Workbook {
  readonly sheets: readonly Sheet[];
  readonly archive: Archive;
  /** Whether dates are counted from 1904. */
  readonly is1904: boolean;
  /** The meaning of a cell's number, by style. */
  readonly kinds: readonly NumberKind[];
  readonly strings: SharedStrings;
}

/** The references of a workbook part: id -> type and path. */
type Relations = ReadonlyMap<string, { readonly type: string; readonly path: string }>;

/** @throws MeridianError `source` if it is damaged, or not a workbook */
export async function openWorkbook(content: ExaminedContent): Promise<Workbook> {
  const archive = await openArchive(content);
  try {
    return await readWorkbook(archive);
  } catch (error) {
    throw new MeridianError(
      'source',
      `${content.name} is an Excel workbook that cannot be read: ${messageOf(error)}. Open it in a spreadsheet program, and save it again.`,
      { cause: error },
    );
  }
}

async function readWorkbook(archive: Archive): Promise<Workbook> {
  const path = ofType(await relationsOf(archive, ''), 'officeDocument') ?? 'xl/workbook.xml';
  if (path.endsWith('.bin')) {
    throw new Error('it is a binary workbook (.xlsb)');
  }
  const relations = await relationsOf(archive, path);
  const sheets: Sheet[] = [];
  let is1904 = false;
  await readWholeXml(archive.bytesOf(path), {
    opened(name, attributes) {
      if (name === 'workbookPr') {
        is1904 = /^(?:1|true)$/.test(attribute(attributes, 'date1904') ?? '');
      } else if (name === 'sheet') {
        const relation = relations.get(attribute(attributes, 'id') ?? '');
        // a chart can be a sheet of its own
        if (relation !== undefined && relation.type === 'worksheet') {
          const isHidden = (attributes['state'] ?? 'visible') !== 'visible';
          sheets.push({ name: attributes['name'] ?? '', isHidden, path: relation.path });
        }
      }
    },
  });
  const [styles, strings] = [ofType(relations, 'styles'), ofType(relations, 'sharedStrings')];
  return {
    sheets,
    archive,
    is1904,
    kinds: styles === undefined ? [] : await kindsIn(archive, styles),
    strings: new SharedStrings(strings === undefined ? nothing() : archive.bytesOf(strings)),
  };
}

async function* nothing(): AsyncGenerator<Buffer> {
  // no cell contains text
}

/** @param part the path of a part; empty for the workbook as a whole */
async function relationsOf(archive: Archive, part: string): Promise<Relations> {
  const folder = posix.dirname(part);
  const path = posix.join(folder, '_rels', `${posix.basename(part)}.rels`);
  const relations = new Map<string, { readonly type: string; readonly path: string }>();
  await readWholeXml(archive.bytesOf(path), {
    opened(name, { Id = '', Type = '', Target = '' }) {
      if (name === 'Relationship') {
        const target = Target.startsWith('/') ? Target.slice(1) : posix.join(folder, Target);
        relations.set(Id, { type: posix.basename(Type), path: target });
      }
    },
  });
  return relations;
}

function ofType(relations: Relations, type: string): string | undefined {
  return [...relations.values()].find((one) => one.type === type)?.path;
}

async function kindsIn(archive: Archive, path: string): Promise<NumberKind[]> {
  const codes = new Map<number, string>();
  const kinds: NumberKind[] = [];
  let isOfCells = false;
  await readWholeXml(archive.bytesOf(path), {
    opened(name, attributes) {
      const number = Number(attributes['numFmtId'] ?? 0);
      if (name === 'numFmt') {
        codes.set(number, attributes['formatCode'] ?? '');
      } else if (name === 'cellXfs') {
        isOfCells = true;
      } else if (name === 'xf' && isOfCells) {
        kinds.push(kindOfFormat(number, codes.get(number)));
      }
    },
    closed(name) {
      isOfCells &&= name !== 'cellXfs';
    },
  });
  return kinds;
}
