/** Small parts that all screens are made of. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { ApiError } from './api.ts';
import { type Health, healthMark } from './health.ts';

/** The same on the command line. */
export function Command({ children }: { readonly children: string }) {
  const [isCopied, setCopied] = useState(false);
  const copy = () => void navigator.clipboard?.writeText(children).then(() => setCopied(true));
  return (
    <footer class="command">
      <span class="quiet">On the command line</span>
      <code>{children}</code>
      <button type="button" class="plain" onClick={copy} onBlur={() => setCopied(false)}>
        {isCopied ? 'Copied' : 'Copy'}
      </button>
    </footer>
  );
}

/** What went wrong, with what to do, read out by screen readers. */
export function Problem({ error }: { readonly error: ApiError | undefined }) {
  if (error === undefined) {
    return null;
  }
  const others = error.errors.filter(({ message }) => !error.message.includes(message));
  return (
    <div class="problem" role="alert">
      <p>{error.message}</p>
      {others.length > 0 && (
        <ul>
          {others.map(({ property, message }) => (
            <li key={`${property} ${message}`}>{message}</li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** Why there is nothing, and what to do. */
export function Empty({ children }: { readonly children: ComponentChildren }) {
  return <p class="empty">{children}</p>;
}

export function Waiting() {
  return (
    <p class="quiet" role="status">
      Reading …
    </p>
  );
}

/** A mark and a word, so that neither colour nor shape says it alone. */
export function HealthMark({ health }: { readonly health: Health }) {
  return (
    <span class={`health ${health}`}>
      <span aria-hidden="true">{healthMark(health)}</span> {health}
    </span>
  );
}

/** A table that scrolls sideways by itself where the screen is narrow. */
export function Table({
  label,
  head,
  children,
}: {
  readonly label: string;
  readonly head: readonly ComponentChildren[];
  readonly children: ComponentChildren;
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached with the keyboard
    <section class="scroll" aria-label={label} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {head.map((cell, index) => (
              <th scope="col" key={index}>
                {cell}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </section>
  );
}

/** A heading over figures, which are aligned to the right. */
export function Right({ children }: { readonly children: ComponentChildren }) {
  return <span class="right">{children}</span>;
}

export function Figure({ children }: { readonly children: ComponentChildren }) {
  return <td class="figure">{children}</td>;
}

/** A button that first shows what it will do. */
export function Confirmed({
  label,
  effect,
  isDisabled = false,
  onConfirm,
}: {
  readonly label: string;
  /** What it will do, in a sentence or more. */
  readonly effect: ComponentChildren;
  readonly isDisabled?: boolean;
  onConfirm(): void;
}) {
  const [isAsking, setAsking] = useState(false);
  if (!isAsking) {
    return (
      <button type="button" disabled={isDisabled} onClick={() => setAsking(true)}>
        {label} …
      </button>
    );
  }
  const confirm = () => {
    setAsking(false);
    onConfirm();
  };
  return (
    <div class="confirm">
      <div role="status">{effect}</div>
      <button type="button" class="primary" onClick={confirm}>
        {label}
      </button>
      <button type="button" onClick={() => setAsking(false)}>
        Leave it
      </button>
    </div>
  );
}

export function Bar({ done, label }: { readonly done: number | undefined; readonly label: string }) {
  return done === undefined ? <progress aria-label={label} /> : <progress aria-label={label} max={1} value={done} />;
}
