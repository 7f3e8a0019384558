import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError, ask } from './api.ts';
import { Problem } from './parts.tsx';
import { useAction } from './use-answer.ts';

/** Asks for a token, with which the server opens a session whose cookie scripts cannot read. */
export function Login({ hasEnded, onDone }: { readonly hasEnded: boolean; onDone(): void }) {
  const [token, setToken] = useState('');
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const action = useAction();
  const submit = async (event: Event) => {
    event.preventDefault();
    await action.run(async () => {
      await ask('POST', '/api/session', { body: { token } }).catch(inWordsOfPage);
      onDone();
    });
  };
  return (
    <main class="login">
      <h1>Meridian</h1>
      {hasEnded && <p role="status">The session has ended. Log in with the same token to continue what was typed.</p>}
      <form onSubmit={submit}>
        <label for="token">Token</label>
        <input
          id="token"
          ref={field}
          name="token"
          type="password"
          autocomplete="current-password"
          required
          value={token}
          onInput={({ currentTarget }) => setToken(currentTarget.value)}
        />
        <button type="submit" class="primary" disabled={action.isRunning}>
          Log in
        </button>
        <Problem error={action.error} />
      </form>
      <p class="quiet">
        Make a token on the server with <code>npx meridian token create --role operate</code>. The session lasts up to
        12 hours, and ends when the token is revoked.
      </p>
    </main>
  );
}

/** Rewords the error of the server, which explains how programs send a token. */
function inWordsOfPage(error: unknown): never {
  throw error instanceof ApiError && error.status === 401
    ? new ApiError(
        401,
        'This token is not valid: it is unknown, expired or revoked. Copy it whole, from mrd_ to its end.',
      )
    : error;
}
