/** Records from a JSON array of objects, read token by token. */
import { type ParsedTokenInfo as Token, Tokenizer, TokenParser, TokenType } from '@streamparser/json';
import { MeridianError, messageOf } from '../../errors.ts';
import { exactNumber, isJsonObject, isTooDeep, TOO_DEEP } from './json-value.ts';
import type { OpenSource, RawRecord } from './source.ts';
import { TextFault, type TextInput } from './text.ts';

export function openJson(input: TextInput): OpenSource {
  return { columns: undefined, records: records(input), progress: input.progress, close: input.close };
}

class ExactTokenizer extends Tokenizer {
  protected override parseNumber(text: string): number {
    // the token parser puts the value of a number token where it belongs, whatever its type
    return exactNumber(text) as number;
  }
}

async function* records({ name, chunks }: TextInput): AsyncGenerator<RawRecord[]> {
  let line = 1;
  let startLine = 1;
  let number = 0;
  let depth = 0;
  let isOpened = false;
  let found: RawRecord[] = [];
  const fault = (what: string) => new MeridianError('source', `${name}, line ${line}: ${what}`);

  const tokenizer = new ExactTokenizer();
  const parser = new TokenParser({ paths: ['$.*'], keepStack: false });
  tokenizer.onToken = (token: Token) => {
    if (!isOpened && token.token !== TokenType.LEFT_BRACKET) {
      throw fault('the file does not hold a JSON array. For one object a line, use --format ndjson.');
    }
    isOpened = true;
    if (depth === 1) {
      startLine = line;
    }
    if (token.token === TokenType.LEFT_BRACE || token.token === TokenType.LEFT_BRACKET) {
      depth++;
    } else if (token.token === TokenType.RIGHT_BRACE || token.token === TokenType.RIGHT_BRACKET) {
      depth--;
    }
    parser.write(token);
  };
  parser.onValue = ({ value: record }) => {
    number++;
    if (isTooDeep(record)) {
      found.push({ number, line: startLine, record: null, problem: TOO_DEEP });
      return;
    }
    found.push(
      isJsonObject(record)
        ? { number, line: startLine, record }
        : { number, line: startLine, record, problem: 'The record is not a JSON object' },
    );
  };
  const rethrow = (error: Error) => {
    throw error;
  };
  tokenizer.onError = rethrow;
  parser.onError = rethrow;

  try {
    for await (const chunk of chunks) {
      // a line at a time, so that every token is met on its own line
      for (const [index, piece] of chunk.split('\n').entries()) {
        if (index > 0) {
          tokenizer.write('\n');
          line++;
        }
        if (piece !== '') {
          tokenizer.write(piece);
        }
      }
      yield found;
      found = [];
    }
    if (!parser.isEnded) {
      throw fault('the file ends before its JSON array does.');
    }
  } catch (error) {
    yield found;
    if (error instanceof MeridianError) {
      throw error;
    }
    throw fault(error instanceof TextFault ? `${error.message}.` : `the JSON is broken (${messageOf(error)}).`);
  }
}
