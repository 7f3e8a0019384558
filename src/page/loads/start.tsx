/** The form for a new load: the dropped or chosen files, each with its table and preview, and the button that loads them. */
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useFrame } from '../frame/context.ts';
import { Bar, Command, Empty, Problem } from '../frame/parts.tsx';
import { hashOf } from '../frame/place.ts';
import { formatBytes } from '../frame/text.ts';
import { useAction } from '../frame/use-answer.ts';
import { type Chosen, type LoadOptions, optionQuery, populateCommand, tableFor } from './files.ts';
import { FilePreview, Hint } from './preview.tsx';
import { type Reading, SETTINGS } from './reading.ts';
import { upload } from './upload.ts';

const CONFLICTS: Readonly<Record<string, string>> = {
  '': 'as the configuration says',
  reject: 'reject the record',
  update: 'update the row',
};

const NOTHING: Reading = {};

/** @param children the content between the form and the command at the bottom of the screen */
export function StartLoad({ children }: { readonly children: ComponentChildren }) {
  const { description, place, describeAgain } = useFrame();
  const [chosen, setChosen] = useState<readonly Chosen[]>([]);
  const [options, setOptions] = useState<LoadOptions>({ onConflict: '', allOrNothing: false, dryRun: false });
  const [sent, setSent] = useState<number>();
  const action = useAction();
  // includes tables of databases that do not exist yet, which the first load creates
  const tables = description.tables;
  const { table: named } = place.query;
  const isNamed = named !== undefined && tables.includes(named);
  const add = (files: FileList | null | undefined) => {
    const all = [...(files ?? [])].map((file) => ({
      file,
      table: isNamed ? named : tableFor(file.name, tables),
    }));
    setChosen([...chosen, ...all]);
  };
  const change = (index: number, table: string | undefined) =>
    setChosen(chosen.flatMap((one, at) => (at !== index ? [one] : table === undefined ? [] : [{ ...one, table }])));
  const start = (event: Event) => {
    event.preventDefault();
    void action.run(async () => {
      setSent(0);
      try {
        const { run } = await upload(chosen, optionQuery(options), setSent);
        describeAgain();
        location.hash = hashOf(['loads', run]);
      } finally {
        setSent(undefined);
      }
    });
  };
  return (
    <>
      <form onSubmit={start}>
        {named !== undefined && !isNamed && <Empty>There is no table {named} to load a file into.</Empty>}
        <DropZone onFiles={add} />
        {chosen.map(({ file, table }, index) => (
          <div class="chosen" key={`${index} ${file.name}`}>
            <strong>{file.name}</strong> <span class="quiet">{formatBytes(file.size)}</span>
            <label>
              into{' '}
              <select value={table} required onChange={({ currentTarget }) => change(index, currentTarget.value)}>
                <option value="">choose a table</option>
                {tables.map((name) => (
                  <option key={name}>{name}</option>
                ))}
              </select>
            </label>
            <button type="button" class="plain" onClick={() => change(index, undefined)}>
              Remove
            </button>
            <div class="preview">
              {table === '' ? (
                <span class="quiet">Choose the table that it is loaded into.</span>
              ) : (
                <FilePreview file={file} table={table} reading={options.reading ?? NOTHING} />
              )}
            </div>
          </div>
        ))}
        {chosen.length > 0 && <Options options={options} onChange={setOptions} />}
        <Problem error={action.error} />
        {action.error !== undefined && <Hint sentence={action.error.message} />}
        {sent !== undefined && <Bar done={sent} label="How much is uploaded" />}
        <p class="actions">
          <button
            type="submit"
            class="primary"
            disabled={action.isRunning || chosen.length === 0 || chosen.some(({ table }) => table === '')}
          >
            {options.dryRun ? 'Try without writing' : 'Start the load'}
          </button>
        </p>
      </form>
      {children}
      <Command>
        {populateCommand(
          chosen.map(({ file, table }) => ({ name: file.name, table })),
          options,
        )}
      </Command>
    </>
  );
}

function DropZone({ onFiles }: { onFiles(files: FileList | null | undefined): void }) {
  const [isOver, setOver] = useState(false);
  // accept files that are dropped anywhere: outside the drop zone, the browser would open the file instead of the page
  useEffect(() => {
    const drop = (event: DragEvent) => {
      event.preventDefault();
      setOver(false);
      onFiles(event.dataTransfer?.files);
    };
    const over = (event: DragEvent) => {
      event.preventDefault();
      setOver(true);
    };
    const leave = ({ relatedTarget }: DragEvent) => setOver(relatedTarget !== null);
    addEventListener('drop', drop);
    addEventListener('dragover', over);
    addEventListener('dragleave', leave);
    return () => {
      removeEventListener('drop', drop);
      removeEventListener('dragover', over);
      removeEventListener('dragleave', leave);
    };
  });
  return (
    <label class={`drop ${isOver ? 'over' : ''}`}>
      <span>Drop files here, or choose them</span>
      <span class="quiet">CSV, TSV, JSON, NDJSON, XLSX, Parquet; also compressed, or in zip archives</span>
      <input
        type="file"
        multiple
        onChange={({ currentTarget }) => {
          onFiles(currentTarget.files);
          currentTarget.value = '';
        }}
      />
    </label>
  );
}

interface OptionsProps {
  readonly options: LoadOptions;
  onChange(options: LoadOptions): void;
}

function Options({ options, onChange }: OptionsProps) {
  return (
    <fieldset>
      <legend>Options</legend>
      <label>
        A record whose row is there already:{' '}
        <select
          value={options.onConflict}
          onChange={({ currentTarget }) => onChange({ ...options, onConflict: currentTarget.value })}
        >
          {Object.entries(CONFLICTS).map(([value, words]) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </select>
      </label>
      <label>
        <input
          type="checkbox"
          checked={options.allOrNothing}
          onChange={({ currentTarget }) => onChange({ ...options, allOrNothing: currentTarget.checked })}
        />{' '}
        All or nothing: one reject reverts the load
      </label>
      <label>
        <input
          type="checkbox"
          checked={options.dryRun}
          onChange={({ currentTarget }) => onChange({ ...options, dryRun: currentTarget.checked })}
        />{' '}
        Dry run: write nothing
      </label>
      <ReadingSettings reading={options.reading ?? NOTHING} onChange={(reading) => onChange({ ...options, reading })} />
    </fieldset>
  );
}

interface ReadingProps {
  readonly reading: Reading;
  onChange(reading: Reading): void;
}

/** Settings for all files. A change reloads their previews. */
function ReadingSettings({ reading, onChange }: ReadingProps) {
  return (
    <details>
      <summary>How the files are read, where detection is wrong</summary>
      <div class="fields">
        {SETTINGS.map(({ name, label, example }) => (
          <div class="field" key={name}>
            <label for={`reading-${name}`}>{label}</label>
            <ReadingSetting
              name={name}
              example={example}
              text={reading[name] ?? ''}
              onChange={(text) => onChange({ ...reading, [name]: text })}
            />
          </div>
        ))}
      </div>
    </details>
  );
}

interface SettingProps {
  readonly name: string;
  readonly example: string;
  readonly text: string;
  onChange(text: string): void;
}

/** A field that reports its input when the focus leaves it, so that not every keystroke sends a request. The input survives rerendering. */
function ReadingSetting({ name, example, text, onChange }: SettingProps) {
  const [typed, setTyped] = useState(text);
  return (
    <input
      id={`reading-${name}`}
      type="text"
      placeholder={example}
      value={typed}
      onInput={({ currentTarget }) => setTyped(currentTarget.value)}
      onChange={({ currentTarget }) => onChange(currentTarget.value.trim())}
    />
  );
}
