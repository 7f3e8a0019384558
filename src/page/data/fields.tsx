import type { ComponentChildren } from 'preact';
import type { RecordError } from '../frame/api.ts';
import type { Property } from '../frame/description.ts';
import type { Texts } from './form.ts';

interface Props {
  readonly properties: readonly Property[];
  readonly texts: Texts;
  /** Errors, which are shown beside their properties. */
  readonly errors: readonly RecordError[];
  readonly isReadOnly?: boolean;
  /** Additional content beside a property, such as a link. */
  note?(property: Property): ComponentChildren;
  onInput(label: string, text: string): void;
}

export function Fields({ properties, texts, errors, isReadOnly = false, note, onInput }: Props) {
  return (
    <div class="fields">
      {properties.map((property) => {
        const { label, isRequired } = property;
        const wrong = errors.filter((one) => one.property === label);
        const id = `field-${label}`;
        return (
          <div class="field" key={label}>
            <label for={id}>
              {label}
              {isRequired && property.isWritable && !isReadOnly && <span class="quiet required"> required</span>}
            </label>
            <Input
              id={id}
              property={property}
              text={texts[label] ?? ''}
              isReadOnly={isReadOnly || !property.isWritable}
              isWrong={wrong.length > 0}
              onInput={(text) => onInput(label, text)}
            />
            {note !== undefined && <span class="note">{note(property)}</span>}
            {wrong.length > 0 && (
              <p class="wrong" id={`${id}-wrong`}>
                {wrong.map(({ message }) => message).join('; ')}
              </p>
            )}
          </div>
        );
      })}
    </div>
  );
}

interface InputProps {
  readonly id: string;
  readonly property: Property;
  readonly text: string;
  readonly isReadOnly: boolean;
  readonly isWrong: boolean;
  onInput(text: string): void;
}

function Input({ id, property, text, isReadOnly, isWrong, onInput }: InputProps) {
  const common = {
    id,
    'aria-invalid': isWrong,
    'aria-describedby': isWrong ? `${id}-wrong` : undefined,
    value: text,
  };
  const words = property.kind === 'boolean' ? ['true', 'false'] : property.words;
  if (words !== null) {
    return (
      <select {...common} disabled={isReadOnly} onChange={({ currentTarget }) => onInput(currentTarget.value)}>
        <option value="">no value</option>
        {[...new Set([...words, ...(text === '' ? [] : [text])])].map((word) => (
          <option key={word}>{word}</option>
        ))}
      </select>
    );
  }
  const isLong = property.kind === 'json' || text.length > 80 || text.includes('\n');
  return isLong ? (
    <textarea
      {...common}
      rows={Math.min(text.split('\n').length + 1, 12)}
      readOnly={isReadOnly}
      onInput={({ currentTarget }) => onInput(currentTarget.value)}
    />
  ) : (
    <input
      {...common}
      type="text"
      placeholder={property.kind === 'instant' ? '2026-01-31T12:00:00Z' : property.kind === 'date' ? '2026-01-31' : ''}
      readOnly={isReadOnly}
      onInput={({ currentTarget }) => onInput(currentTarget.value)}
    />
  );
}
