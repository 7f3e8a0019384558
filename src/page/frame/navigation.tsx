import { useEffect } from 'preact/hooks';
import { useFrame } from './context.ts';
import { hashOf } from './place.ts';
import type { Screen } from './screen.ts';
import type { StreamState } from './stream.ts';

const STREAM_WORDS: Readonly<Record<StreamState, string>> = {
  connecting: 'connecting …',
  live: 'live',
  paused: 'paused',
  lost: 'connection lost, trying again …',
};

export function Navigation({
  screens,
  current,
  onLeave,
}: {
  readonly screens: readonly Screen[];
  readonly current: string;
  onLeave(): void;
}) {
  const { who, stream } = useFrame();
  useEffect(() => {
    document.title = `${current} · Meridian`;
  }, [current]);
  return (
    <header class="top">
      <a class="name" href="#/">
        Meridian
      </a>
      <nav aria-label="Screens">
        {screens.map(({ name, title }) => (
          <a key={name} href={hashOf([name])} aria-current={title === current ? 'page' : undefined}>
            {title}
          </a>
        ))}
      </nav>
      <p class="who">
        <span class={`stream ${stream}`} role="status">
          {STREAM_WORDS[stream]}
        </span>
        <span>
          {who.isLocal ? 'this machine' : who.name} ({who.role})
        </span>
        {!who.isLocal && (
          <button type="button" class="plain" onClick={onLeave}>
            Log out
          </button>
        )}
      </p>
    </header>
  );
}
