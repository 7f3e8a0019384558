/** Small components that all screens use. */
import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { ApiError } from './api.ts';
import { type Health, healthMark } from './health.ts';

/** The equivalent command line. */
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

/** An error with advice, which screen readers announce. */
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

/** Explains an empty list, and what to do. */
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

/** A mark with a word, so that the meaning does not depend on colour or shape alone. */
export function HealthMark({ health, word = health }: { readonly health: Health; readonly word?: string }) {
  return (
    <span class={`health ${health}`}>
      <span aria-hidden="true">{healthMark(health)}</span> {word}
    </span>
  );
}

/** A table that scrolls horizontally on narrow screens, independently of the page. */
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
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable section must be reachable with the keyboard
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

/** A heading of a column with figures, which is right-aligned. */
export function Right({ children }: { readonly children: ComponentChildren }) {
  return <span class="right">{children}</span>;
}

/** Several right-aligned headings. */
export function rights(...titles: readonly string[]): readonly ComponentChildren[] {
  return titles.map((title) => <Right key={title}>{title}</Right>);
}

export function Figure({ children }: { readonly children: ComponentChildren }) {
  return <td class="figure">{children}</td>;
}

interface ConfirmedProps {
  readonly label: string;
  /** The effect of the action, in one or more sentences. */
  readonly effect: ComponentChildren;
  readonly isDisabled?: boolean;
  /** The object of the action, if a screen has several buttons with the same label. */
  readonly about?: string;
  onConfirm(): void;
}

/** A button that asks for confirmation, showing its effect. */
export function Confirmed({ label, effect, isDisabled = false, about, onConfirm }: ConfirmedProps) {
  const [state, setState] = useState<'idle' | 'asking' | 'left'>('idle');
  if (state !== 'asking') {
    return (
      <button
        type="button"
        disabled={isDisabled}
        aria-label={about === undefined ? undefined : `${label} ${about} …`}
        ref={state === 'left' ? focus : null}
        onClick={() => setState('asking')}
      >
        {label} …
      </button>
    );
  }
  const confirm = () => {
    setState('idle');
    onConfirm();
  };
  return <Confirmation label={label} effect={effect} onConfirm={confirm} onLeave={() => setState('left')} />;
}

interface ConfirmationProps {
  readonly label: string;
  readonly effect: ComponentChildren;
  readonly isDisabled?: boolean;
  onConfirm(): void;
  onLeave(): void;
}

/** The confirmation of an action, with its effect; Escape cancels it. */
export function Confirmation({ label, effect, isDisabled = false, onConfirm, onLeave }: ConfirmationProps) {
  const opener = useRef(document.activeElement);
  const leave = () => {
    onLeave();
    focus(opener.current as HTMLElement | null);
  };
  const leaveByKey = ({ key }: KeyboardEvent) => {
    if (key === 'Escape') {
      leave();
    }
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the handler receives the keys of the buttons inside
    <div class="confirm" onKeyDown={leaveByKey}>
      <div role="status">{effect}</div>
      <button type="button" class="primary" disabled={isDisabled} ref={isDisabled ? null : focus} onClick={onConfirm}>
        {label}
      </button>
      <button type="button" ref={isDisabled ? focus : null} onClick={leave}>
        Leave it
      </button>
    </div>
  );
}

/** Moves the focus to the new button, since the pressed one is removed. */
function focus(button: HTMLElement | null): void {
  button?.focus();
}

export function Bar({ done, label }: { readonly done: number | undefined; readonly label: string }) {
  return done === undefined ? <progress aria-label={label} /> : <progress aria-label={label} max={1} value={done} />;
}
