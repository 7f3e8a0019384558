/** What is wrong with a page whose commands were run. */
import { FAILS } from './not-run.ts';
import { isShown } from './output.ts';
import type { RanCommand, RanStep } from './run-page.ts';

/** Each as a sentence with the line of the page. */
export function problemsOf(steps: readonly RanStep[]): string[] {
  return steps.flatMap(({ commands, expected }) => {
    const printed = commands.map(({ output }) => output).join('');
    const isMissing = expected !== undefined && !isShown(expected.text, printed);
    return [
      ...commands
        .filter(isWrong)
        .map(({ line, text, exitCode, output }) => `line ${line}: ${text} exits with ${exitCode}:\n${output}`),
      ...(isMissing
        ? [`line ${expected.line}: the page shows\n${expected.text}and the commands print\n${printed}`]
        : []),
    ];
  });
}

function isWrong({ text, exitCode }: RanCommand): boolean {
  return exitCode !== (FAILS.find(({ pattern }) => pattern.test(text))?.code ?? 0);
}
