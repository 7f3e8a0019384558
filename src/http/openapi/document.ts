/** The OpenAPI 3.1 description of all routes. */
import type { AnswerDescription, Operation, Route, Schema } from '../../config/route.ts';
import { version } from '../../shared/project.ts';
import { PROBLEM } from '../problem.ts';
import { mediaTypesOf } from '../route/body.ts';
import { openApiPath, parametersIn } from '../route/path.ts';

const PROBLEM_SCHEMA: Schema = {
  type: 'object',
  description: 'RFC 9457 problem details',
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', description: 'As on the command line, or of the request' },
    detail: { type: 'string', description: 'What happened, and what to do' },
    instance: { type: 'string', description: 'The id of the request, which the log has as well' },
    errors: {
      type: 'array',
      description: 'What is wrong with each property, as in a reject',
      items: {
        type: 'object',
        properties: { property: { type: ['string', 'null'] }, code: { type: 'string' }, message: { type: 'string' } },
        required: ['property', 'code', 'message'],
      },
    },
  },
  required: ['type', 'title', 'status', 'code', 'detail', 'instance'],
};

/** Responses that any route may have, besides its own. */
const COMMON: Readonly<Record<number, string>> = {
  400: 'The request cannot be read',
  429: 'Too many requests',
  500: 'The server has failed',
  503: 'A database cannot be used now',
};

const OF_TOKENS: Readonly<Record<number, string>> = {
  401: 'A token is missing or not valid',
  403: 'The role is too weak',
};

const OF_BODIES: Readonly<Record<number, string>> = {
  408: 'The body took too long to arrive',
  413: 'The body is too large',
  415: 'The body is of another type',
  422: 'The body breaks rules',
};

export async function openApiDocument(routes: readonly Route[]): Promise<Record<string, unknown>> {
  const operations = (
    await Promise.all(routes.map((route) => route.operations?.() ?? Promise.resolve([route as Operation])))
  ).flat();
  const paths = Map.groupBy(operations, ({ path }) => openApiPath(path));
  const entries = [...paths].map(([path, group]) => [
    path,
    Object.fromEntries(group.map((one) => [one.method.toLowerCase(), describe(one)])),
  ]);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Meridian',
      version,
      description: 'Several databases, the references between them, and what loads them.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    tags: [...new Set(operations.map(({ tag }) => tag))].map((name) => ({ name })),
    paths: Object.fromEntries(entries),
    components: {
      schemas: { Problem: PROBLEM_SCHEMA },
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'Made by npx meridian token create' },
        session: { type: 'apiKey', in: 'cookie', name: 'meridian_session' },
      },
    },
  };
}

function describe(operation: Operation): Record<string, unknown> {
  const { id, summary, description, tag, role, body } = operation;
  const isPublic = role === 'public';
  const sentences = [description, isPublic ? undefined : `Needs the role ${role}.`].filter((one) => one !== undefined);
  return {
    operationId: id,
    summary,
    tags: [tag],
    ...(sentences.length === 0 ? {} : { description: sentences.join(' ') }),
    parameters: parametersOf(operation),
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: body.isOptional !== true,
            content: Object.fromEntries(mediaTypesOf(body).map((type) => [type, { schema: body.schema }])),
          },
        }),
    responses: responsesOf(operation),
    // the empty alternative is for requests from this machine
    security: isPublic ? [{}] : [{ token: [] }, { session: [] }, {}],
    'x-role': role,
  };
}

function parametersOf({ path, params = {}, query = {}, headers = {} }: Operation): Record<string, unknown>[] {
  const ofPath = parametersIn(path).map((name) => parameter('path', name, params[name] ?? { type: 'string' }, true));
  const ofQuery = Object.entries(query).map(([name, schema]) =>
    parameter('query', name, schema, schema['required'] === true),
  );
  const ofHeaders = Object.entries(headers).map(([name, schema]) =>
    parameter('header', name, schema, schema['required'] === true),
  );
  return [...ofPath, ...ofQuery, ...ofHeaders];
}

const NO_ZERO_BYTE = '^[^\\u0000]*$';

function parameter(place: string, name: string, given: Schema, required: boolean): Record<string, unknown> {
  const { description, required: _, ...described } = given;
  const isFreeText = place === 'query' && given['type'] === 'string' && !('enum' in given) && !('pattern' in given);
  const schema = isFreeText ? { ...described, pattern: NO_ZERO_BYTE } : described;
  return { in: place, name, required, schema, ...(description === undefined ? {} : { description }) };
}

function responsesOf({ role, body, answers }: Operation): Record<string, unknown> {
  const problems = { ...COMMON, ...(role === 'public' ? {} : OF_TOKENS), ...(body === undefined ? {} : OF_BODIES) };
  const common = Object.entries(problems).map(([status, text]) => [status, problem(text)]);
  const own = Object.entries(answers).map(([status, answer]) => [
    status,
    Number(status) >= 400 && answer.schema === undefined ? problem(answer.description) : answerOf(answer),
  ]);
  return Object.fromEntries([...common, ...own]);
}

function problem(description: string): Record<string, unknown> {
  return { description, content: { [PROBLEM]: { schema: { $ref: '#/components/schemas/Problem' } } } };
}

function answerOf({
  description,
  schema,
  mediaType = 'application/json',
  otherMediaTypes = [],
  headers = {},
}: AnswerDescription) {
  const others = otherMediaTypes.map((type) => [type, { schema: { type: 'string' } }]);
  const described = Object.entries(headers).map(([name, text]) => [
    name,
    { description: text, schema: { type: 'string' } },
  ]);
  return {
    description,
    ...(described.length === 0 ? {} : { headers: Object.fromEntries(described) }),
    ...(schema === undefined ? {} : { content: { [mediaType]: { schema }, ...Object.fromEntries(others) } }),
  };
}
