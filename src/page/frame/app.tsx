/** The app: the user, the current address, and the states that the server publishes. */
import { useCallback, useEffect, useErrorBoundary, useMemo, useState } from 'preact/hooks';
import { unknownIn } from './addresses.ts';
import { ask, onUnauthenticated, read } from './api.ts';
import { type Frame, FrameContext, useFrame, type Who } from './context.ts';
import type { Description } from './description.ts';
import { Login } from './login.tsx';
import { Navigation } from './navigation.tsx';
import { useOwnScreens } from './own-screens.ts';
import { Empty, Problem, Waiting } from './parts.tsx';
import { hashOf, placeOf } from './place.ts';
import { type Screen, screenAt, servedScreens } from './screen.ts';
import { follow, type StreamState } from './stream.ts';
import { asApiError, useAnswer } from './use-answer.ts';

/** The number of values of a state that are kept for charts. */
const MAX_HISTORY = 600;

interface AppProps {
  readonly screens: readonly Screen[];
  readonly states: readonly string[];
  /** The argument of the screens of modules. */
  readonly parts: object;
}

export function App(props: AppProps) {
  const who = useAnswer<Who>('/api/session');
  const { reload } = who;
  // a session can end at any request; the address is kept, so that the login returns to it
  useEffect(() => onUnauthenticated(reload), [reload]);
  const [inside, setInside] = useState<Who>();
  const isOut = who.value?.role === null;
  useEffect(() => {
    if (who.value !== undefined && who.value.role !== null) {
      setInside(who.value);
    }
  }, [who.value]);
  const leave = () => {
    setInside(undefined);
    reload();
  };
  if (inside === undefined && who.error !== undefined) {
    return (
      <main>
        <Problem error={who.error} />
        <button type="button" onClick={who.reload}>
          Try again
        </button>
      </main>
    );
  }
  return (
    <>
      {isOut && <Login hasEnded={inside !== undefined} onDone={reload} />}
      {inside === undefined && !isOut && <Waiting />}
      {inside !== undefined && (
        // what was typed is kept for the same user
        <div key={`${inside.role} ${inside.name}`} hidden={isOut}>
          <Inside {...props} who={inside} isOut={isOut} onEnd={reload} onLeave={leave} />
        </div>
      )}
    </>
  );
}

interface InsideProps extends AppProps {
  readonly who: Who;
  /** Whether the session has ended. */
  readonly isOut: boolean;
  onEnd(): void;
  onLeave(): void;
}

function Inside({ screens, states, parts, who, isOut, onEnd, onLeave }: InsideProps) {
  const place = usePlace();
  const description = useAnswer<Description>('/api/description');
  const own = useOwnScreens(description.value?.screens, screens, parts);
  // the stream is reopened only if the list of states changes
  const ownStates = own?.states.join();
  const followed = useMemo(() => (ownStates ? [...states, ...(own?.states ?? [])] : states), [states, ownStates]);
  const live = useStream(isOut ? undefined : followed, onEnd);
  if (description.value === undefined || own === undefined) {
    return description.error === undefined ? <Waiting /> : <Problem error={description.error} />;
  }
  const frame: Frame = { who, place, description: description.value, describeAgain: description.reload, ...live };
  const served = servedScreens([...screens, ...own.screens], description.value.operations);
  const screen = screenAt(served, place) ?? UNKNOWN;
  const leave = async () => {
    await ask('DELETE', '/api/session');
    onLeave();
  };
  return (
    <FrameContext.Provider value={frame}>
      <button type="button" class="skip" onClick={skipToContent}>
        Skip to the content
      </button>
      <Navigation screens={served} current={screen.title} onLeave={leave} />
      <main id="content" tabIndex={-1}>
        {own.errors.map((error) => (
          <Problem key={error.message} error={error} />
        ))}
        <Shown key={place.path.join('/')} screen={screen} />
      </main>
    </FrameContext.Provider>
  );
}

/** Shown if no screen has the name in the address, which is mistyped or from another project or version. */
const UNKNOWN: Screen = { name: '', title: 'No such screen', Content: NoSuchScreen };

function NoSuchScreen() {
  const [name = ''] = useFrame().place.path;
  return (
    <>
      <h1>No such screen</h1>
      <Empty>This server has no screen “{name}”. The head of the page names those that it has.</Empty>
    </>
  );
}

/** Renders a screen so that a failure does not affect the others. */
function Shown({ screen: { name, title, addresses, Content } }: { readonly screen: Screen }) {
  const { place } = useFrame();
  const [error] = useErrorBoundary();
  if (error !== undefined) {
    return <Problem error={asApiError(error)} />;
  }
  const unknown = addresses === undefined ? [] : unknownIn(addresses, place);
  if (unknown === undefined) {
    return (
      <>
        <h1>{title}</h1>
        <Empty>
          This screen has nothing at “{place.path.slice(1).join('/')}”. <a href={hashOf([name])}>All of it</a>
        </Empty>
      </>
    );
  }
  return (
    <>
      {unknown.map((parameter) => (
        <p class="incomplete" key={parameter} role="status">
          ▲ The address has “{parameter}”, which this screen does not know and ignores.
        </p>
      ))}
      <Content />
    </>
  );
}

/** The hash of the URL is the address, so a link cannot use it to name an element. */
function skipToContent(): void {
  document.getElementById('content')?.focus();
}

function usePlace() {
  const [place, setPlace] = useState(() => placeOf(location.hash));
  useEffect(() => {
    const change = () => setPlace(placeOf(location.hash));
    addEventListener('hashchange', change);
    // the hash may have changed before the listener was added
    change();
    return () => removeEventListener('hashchange', change);
  }, []);
  return place;
}

type Live = Pick<Frame, 'live' | 'history' | 'now' | 'stream'>;

/** @param states nothing is followed if it is `undefined` @param onEnd called when the session has ended */
function useStream(states: readonly string[] | undefined, onEnd: () => void): Live {
  const [stream, setStream] = useState<StreamState>('connecting');
  const [values, setValues] = useState<Omit<Live, 'stream'>>({ live: {}, history: {}, now: performance.now() });
  const receive = useCallback((name: string, value: unknown) => {
    const at = performance.now();
    setValues(({ live, history }) => ({
      live: { ...live, [name]: value },
      history: { ...history, [name]: [...(history[name] ?? []), { at, value }].slice(-MAX_HISTORY) },
      now: at,
    }));
  }, []);
  const change = useCallback((state: StreamState) => {
    setStream(state);
    if (state === 'paused' || state === 'lost') {
      setValues(interrupted);
    }
  }, []);
  useEffect(() => {
    const refused = async () => {
      // a failed check is repeated at the next refusal
      const who = await read<Who>('/api/session').catch(() => undefined);
      if (who?.role === null) {
        onEnd();
      }
    };
    return (
      states &&
      follow('/api/events', states, { stateChanged: change, received: receive, refused: () => void refused() })
    );
  }, [states, change, receive, onEnd]);
  return { ...values, stream };
}

/** Ends the history of all states, so that charts have a gap while nothing is received. */
function interrupted({ history, ...values }: Omit<Live, 'stream'>): Omit<Live, 'stream'> {
  const end = { at: performance.now(), value: undefined };
  return { ...values, history: Object.fromEntries(Object.entries(history).map(([name, of]) => [name, [...of, end]])) };
}
