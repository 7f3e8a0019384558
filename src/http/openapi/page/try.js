/** A page that lists the operations of /openapi.json and sends requests to them. Texts are set as text, never as HTML. */

const main = document.querySelector('#operations');
const token = document.querySelector('#token');
const find = document.querySelector('#find');

const element = (name, properties = {}, ...children) => {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
};

function field(label, input) {
  return element('label', {}, `${label} `, input);
}

function parameterInput({ name, required, schema = {}, description = '' }) {
  if (schema.enum === undefined) {
    return element('input', { name, required, placeholder: description });
  }
  const options = ['', ...schema.enum].map((value) => element('option', { value }, String(value)));
  return element('select', { name, required }, ...options);
}

/** An example record with an empty value for each member. */
function exampleOf(schema = {}) {
  const members = Object.keys(schema.properties ?? {}).map((name) => [name, null]);
  return JSON.stringify(Object.fromEntries(members), null, 2);
}

function credentials() {
  const text = token.value.trim();
  return text === '' ? {} : { authorization: `Bearer ${text}` };
}

function requestOf(path, method, parameters, form) {
  const values = new FormData(form);
  const query = new URLSearchParams();
  const headers = {};
  let filled = path;
  for (const { name, in: place } of parameters) {
    const value = String(values.get(name) ?? '');
    if (place === 'path') {
      filled = filled.replace(`{${name}}`, encodeURIComponent(value));
    } else if (value !== '' && place === 'query') {
      query.set(name, value);
    } else if (value !== '') {
      headers[name] = value;
    }
  }
  const body = values.get(' body');
  const type = values.get(' type');
  const url = query.size === 0 ? filled : `${filled}?${query}`;
  return [
    url,
    {
      method: method.toUpperCase(),
      headers: { ...headers, ...credentials(), ...(body === null ? {} : { 'content-type': type }) },
      ...(body === null ? {} : { body }),
    },
  ];
}

async function send(path, method, parameters, form, output) {
  const [url, options] = requestOf(path, method, parameters, form);
  output.textContent = `${options.method} ${url}\n…`;
  try {
    const response = await fetch(url, options);
    const text = await response.text();
    const headers = ['etag', 'location'].flatMap((name) =>
      response.headers.has(name) ? [`${name}: ${response.headers.get(name)}`] : [],
    );
    output.textContent = [
      `${options.method} ${url}`,
      `${response.status} ${response.statusText}`,
      ...headers,
      '',
      pretty(text),
    ].join('\n');
  } catch (error) {
    output.textContent = `${options.method} ${url}\nThe request failed: ${error.message}`;
  }
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    // not JSON
    return text;
  }
}

function operationElement(path, method, { summary, description = '', parameters = [], requestBody }) {
  const output = element('pre', { tabIndex: 0 });
  const inputs = parameters.map((one) => field(`${one.name} (${one.in})`, parameterInput(one)));
  const [[type, content] = []] = Object.entries(requestBody?.content ?? {});
  const body =
    type === undefined
      ? []
      : [
          element('input', { name: ' type', type: 'hidden', value: type }),
          field(`Body (${type})`, element('textarea', { name: ' body', rows: 10, value: exampleOf(content.schema) })),
        ];
  const form = element('form', {}, ...inputs, ...body, element('button', {}, 'Send'));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    send(path, method, parameters, form, output);
  });
  const heading = element('summary', {}, element('code', {}, `${method.toUpperCase()} ${path}`), ` ${summary}`);
  return element('details', {}, heading, element('p', {}, description), form, output);
}

let operations = [];

function show() {
  const wanted = find.value.toLowerCase();
  const found = operations.filter(({ path, method, one }) =>
    `${method} ${path} ${one.summary}`.toLowerCase().includes(wanted),
  );
  main.replaceChildren(...found.map(({ path, method, one }) => operationElement(path, method, one)));
  if (found.length === 0) {
    main.textContent = 'No operation has this text in its path or summary.';
  }
}

/** Loads the description, which needs a token like the API itself. */
async function describe() {
  const given = token.value.trim();
  const response = await fetch('/openapi.json', { headers: credentials() });
  const answer = await response.json();
  if (given !== token.value.trim()) {
    return;
  }
  if (!response.ok) {
    operations = [];
    main.textContent = response.status === 401 ? 'Enter a token to read the description.' : answer.detail;
    return;
  }
  operations = Object.entries(answer.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, one]) => ({ path, method, one })),
  );
  show();
}

find.addEventListener('input', show);
token.addEventListener('change', describe);
describe();
