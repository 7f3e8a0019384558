import { useEffect, useState } from 'preact/hooks';
import type { Entity } from '../frame/description.ts';
import { COMPARISONS, filtersIn, type Query } from './list-state.ts';

interface Props {
  readonly entity: Entity;
  readonly query: Query;
  /** Shows the list with another query, from its first page. */
  onChange(query: Readonly<Record<string, string | undefined>>): void;
}

/** Filters by indexed properties only, so that no list reads a whole table. */
export function Filters({ entity, query, onChange }: Props) {
  const indexed = entity.properties.filter(({ isIndexed }) => isIndexed);
  const [property, setProperty] = useState(indexed[0]?.label ?? '');
  const [suffix, setSuffix] = useState('');
  const [value, setValue] = useState('');
  const { words = null, hasPrefixFilter = false } = indexed.find(({ label }) => label === property) ?? {};
  const comparisons = COMPARISONS.filter((one) => one.suffix !== '.prefix' || hasPrefixFilter);
  const isNull = suffix === '.null';
  const choose = (label: string) => {
    setProperty(label);
    // not every property has the prefix filter
    setSuffix(suffix === '.prefix' ? '' : suffix);
  };
  const add = (event: Event) => {
    event.preventDefault();
    onChange({ [`filter.${property}${suffix}`]: isNull && value === '' ? 'true' : value });
    setValue('');
  };
  return (
    <div class="filters">
      <Search text={query['search'] ?? ''} onChange={(search) => onChange({ search })} />
      <form onSubmit={add}>
        <label>
          <span class="hidden">Property</span>
          <select value={property} onChange={({ currentTarget }) => choose(currentTarget.value)}>
            {indexed.map(({ label }) => (
              <option key={label}>{label}</option>
            ))}
          </select>
        </label>
        <label>
          <span class="hidden">Comparison</span>
          <select value={suffix} onChange={({ currentTarget }) => setSuffix(currentTarget.value)}>
            {comparisons.map((one) => (
              <option key={one.suffix} value={one.suffix}>
                {one.sign}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span class="hidden">Value</span>
          <input
            type="text"
            placeholder={isNull ? 'true' : 'value'}
            list={words === null ? undefined : 'filter-words'}
            value={value}
            required={!isNull}
            onInput={({ currentTarget }) => setValue(currentTarget.value)}
          />
        </label>
        {words !== null && (
          <datalist id="filter-words">
            {words.map((word) => (
              <option key={word} value={word} />
            ))}
          </datalist>
        )}
        <button type="submit">Filter</button>
      </form>
      {filtersIn(query).map(({ name, words: said }) => (
        <span class="chip" key={name}>
          {said}
          <button
            type="button"
            class="plain"
            aria-label={`Remove the filter ${said}`}
            onClick={() => onChange({ [name]: '' })}
          >
            ×
          </button>
        </span>
      ))}
    </div>
  );
}

function Search({ text, onChange }: { readonly text: string; onChange(text: string): void }) {
  const [value, setValue] = useState(text);
  // the Back button of the browser changes the text too
  useEffect(() => setValue(text), [text]);
  const submit = (event: Event) => {
    event.preventDefault();
    onChange(value.trim());
  };
  return (
    <search>
      <form onSubmit={submit}>
        <label>
          <span class="hidden">Search for a key, the beginning of a text, or another indexed value</span>
          <input
            type="search"
            placeholder="key or first letters"
            value={value}
            onInput={({ currentTarget }) => {
              setValue(currentTarget.value);
              if (currentTarget.value === '' && text !== '') {
                onChange('');
              }
            }}
          />
        </label>
        <button type="submit">Search</button>
      </form>
    </search>
  );
}
