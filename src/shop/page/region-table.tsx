import {
  Empty,
  Figure,
  formatCount,
  formatSeconds,
  HealthMark,
  hashOf,
  rights,
  Table,
  useLive,
  useMayWrite,
} from '../../page/module.tsx';
import type { Central } from './central-state.ts';
import { isKnown, type Region, type RegionState, type Regions, regionVerdict } from './region-state.ts';

/** An action on a region. Without an effect to confirm, it is executed immediately. */
export interface Turn {
  readonly region: string;
  readonly verb: 'pause' | 'resume' | 'disconnect' | 'reconnect';
  readonly label: string;
  readonly effect?: string;
}

/** The path of the action below that of the region. */
export function turnPath(verb: Turn['verb']): string {
  return verb === 'pause' || verb === 'resume' ? `relay/${verb}` : verb;
}

interface Props {
  readonly regions: Regions['regions'];
  readonly isBusy: boolean;
  onTurn(turn: Turn): void;
}

export function RegionTable({ regions, isBusy, onTurn }: Props) {
  const mayWrite = useMayWrite();
  if (Object.keys(regions).length === 0) {
    return (
      <Empty>
        There is no region. Add one below, or name some in <code>REGIONS</code>.
      </Empty>
    );
  }
  const head = [
    'Region',
    'State',
    ...rights('Orders', 'Stock', 'Not shipped', 'Delay'),
    'Relay',
    'What to do',
    ...(mayWrite ? ['Relay and connection'] : []),
  ];
  return (
    <Table label="Regions" head={head}>
      {Object.entries(regions).map(([name, region]) => (
        <RegionRow key={name} name={name} region={region}>
          {mayWrite && (
            <td class="buttons">{isKnown(region) && <Turns name={name} {...{ region, isBusy, onTurn }} />}</td>
          )}
        </RegionRow>
      ))}
    </Table>
  );
}

interface RowProps {
  readonly name: string;
  readonly region: Region;
  readonly children: preact.ComponentChildren;
}

/** The row of a region. Figures are empty without a database, and unknown if it cannot be read. */
function RegionRow({ name, region, children }: RowProps) {
  const central = useLive<Central>('central').value;
  const { health, advice } = regionVerdict(name, region, central?.regions[name]);
  const known = isKnown(region) ? region : undefined;
  const text = (value: string) => (region === null ? '—' : value);
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>
        <HealthMark health={health} />
      </td>
      <Figure>
        {known === undefined ? (
          text('unknown')
        ) : (
          <a href={hashOf(['data', `orders.${name}`, 'order'])}>{formatCount(known.orders)}</a>
        )}
      </Figure>
      <Figure>{text(formatCount(known?.onHand))}</Figure>
      <Figure>{text(formatCount(known?.unshipped))}</Figure>
      <Figure>{text(formatSeconds(known?.lagSeconds))}</Figure>
      <td>{text(known?.relay ?? 'unknown')}</td>
      <td class="prose">{advice}</td>
      {children}
    </tr>
  );
}

interface TurnsProps {
  readonly name: string;
  readonly region: RegionState;
  readonly isBusy: boolean;
  onTurn(turn: Turn): void;
}

function Turns({ name, region: { relay, isDisconnected }, isBusy, onTurn }: TurnsProps) {
  const pausing: Turn =
    relay === 'paused'
      ? { region: name, verb: 'resume', label: 'Resume' }
      : {
          region: name,
          verb: 'pause',
          label: 'Pause',
          effect: `No relay ships anything of ${name} until it is resumed, whatever process it runs in. Orders are placed there all the same, and wait.`,
        };
  const cutting: Turn = isDisconnected
    ? { region: name, verb: 'reconnect', label: 'Reconnect' }
    : {
        region: name,
        verb: 'disconnect',
        label: 'Disconnect',
        effect: `Nothing that this server ships of ${name} reaches central until it is reconnected, as if the network were down. Its relay fails and tries again; orders are placed there all the same.`,
      };
  return (
    <>
      {[pausing, cutting].map((turn) => (
        <button
          key={turn.verb}
          type="button"
          class="small"
          disabled={isBusy}
          aria-label={`${turn.label} ${name}${turn.effect === undefined ? '' : ' …'}`}
          onClick={() => onTurn(turn)}
        >
          {turn.label}
          {turn.effect !== undefined && ' …'}
        </button>
      ))}
    </>
  );
}
