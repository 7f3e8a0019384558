import { textOf } from '../frame/text.ts';
import { fieldsOf, type RejectField, recordMessages } from './correction.ts';
import type { Reject } from './reject-lines.ts';

interface Props {
  readonly reject: Reject;
  /** Member name -> input text. */
  readonly typed: Readonly<Record<string, string>>;
  readonly isReadOnly: boolean;
  onInput(typed: Readonly<Record<string, string>>): void;
}

/** A rejected record with its invalid values marked and editable. */
export function RejectedRecord({ reject, typed, isReadOnly, onInput }: Props) {
  const fields = fieldsOf(reject);
  const { number, line, file } = reject;
  const input = (name: string, text: string, before: string) => {
    const { [name]: _, ...others } = typed;
    onInput(text === before ? others : { ...others, [name]: text });
  };
  return (
    <fieldset class="reject">
      <legend>
        Record {number}{' '}
        <span class="quiet">
          line {line}
          {file !== undefined && ` of ${file}`}
        </span>
      </legend>
      {recordMessages(reject).map((message) => (
        <p class="wrong" key={message}>
          {message}
        </p>
      ))}
      {fields.length === 0 && (
        <p>
          <code>{textOf(reject.record)}</code> <span class="quiet">is no record: correct it in its file.</span>
        </p>
      )}
      {fields.map((field) => (
        <Field
          key={field.name}
          id={`reject-${number}-${field.name}`}
          field={field}
          text={typed[field.name] ?? field.text}
          isReadOnly={isReadOnly}
          onInput={(text) => input(field.name, text, field.text)}
        />
      ))}
    </fieldset>
  );
}

interface FieldProps {
  readonly id: string;
  readonly field: RejectField;
  readonly text: string;
  readonly isReadOnly: boolean;
  onInput(text: string): void;
}

function Field({ id, field: { name, messages, text: before }, text, isReadOnly, onInput }: FieldProps) {
  const isWrong = messages.length > 0;
  return (
    <div class={`field ${isWrong ? 'faulty' : ''}`}>
      <label for={id}>
        {name}
        {text !== before && <span class="quiet"> was {before === '' ? 'empty' : `“${before}”`}</span>}
      </label>
      <input
        id={id}
        type="text"
        value={text}
        readOnly={isReadOnly}
        aria-invalid={isWrong}
        aria-describedby={isWrong ? `${id}-wrong` : undefined}
        onInput={({ currentTarget }) => onInput(currentTarget.value)}
      />
      {isWrong && (
        <p class="wrong" id={`${id}-wrong`}>
          {messages.join('; ')}
        </p>
      )}
    </div>
  );
}
