/** Finds a name that stands twice in one object of JSON, of which a parser keeps the last and says nothing. */
import { Tokenizer, TokenType } from '@streamparser/json';

/** @param json text that is JSON @returns the first name that is doubled */
export function doubledName(json: string): string | undefined {
  const open: Set<string>[] = [];
  let text = '';
  let doubled: string | undefined;
  const tokenizer = new Tokenizer();
  tokenizer.onToken = ({ token, value }) => {
    if (token === TokenType.LEFT_BRACE) {
      open.push(new Set());
    } else if (token === TokenType.RIGHT_BRACE) {
      open.pop();
    } else if (token === TokenType.STRING) {
      text = String(value);
    } else if (token === TokenType.COLON) {
      const names = open.at(-1);
      doubled ??= names?.has(text) ? text : undefined;
      names?.add(text);
    }
  };
  tokenizer.write(json);
  return doubled;
}
