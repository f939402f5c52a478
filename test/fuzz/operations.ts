import fc, { type Arbitrary } from 'fast-check'
import type { FastifyInstance } from 'fastify'
import { mostlyMissing, mostlyValid, oddText, type Schema } from './schema-arbitrary.ts'

interface Parameter {
  name: string
  in: string
  required?: boolean
  schema: Schema
}

interface OpenApiOperation {
  parameters?: Parameter[]
  requestBody?: { content: Record<string, { schema: Schema }> }
  responses: Record<string, unknown>
}

export interface Operation {
  name: string
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  path: string
  operation: OpenApiOperation
}

export interface FuzzedRequest {
  operation: Operation
  url: string
  headers: Record<string, string>
  payload?: string
}

/** Answers that never end by themselves are not for a fuzzer that waits for each. */
const isStream = (operation: OpenApiOperation) =>
  JSON.stringify(operation.responses).includes('text/event-stream')

/** Every operation of the OpenAPI document. */
export function operationsOf(app: FastifyInstance): Operation[] {
  const document: { paths: Record<string, Record<string, OpenApiOperation>> } = JSON.parse(
    JSON.stringify(app.swagger()),
  )
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).flatMap(([verb, operation]): Operation[] =>
      isStream(operation)
        ? []
        : [
            {
              name: `${verb.toUpperCase()} ${path}`,
              method: verb.toUpperCase() as Operation['method'],
              path,
              operation,
            },
          ],
    ),
  )
}

const asText = (value: unknown) => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))
/** An address holds well-formed text only; what is not is sent as bytes that mean nothing. */
const encode = (text: string) => (text.isWellFormed() ? encodeURIComponent(text) : '%FF')

const anyHeaders: Arbitrary<Record<string, string>> = fc.record(
  {
    'if-match': fc.oneof(
      { weight: 3, arbitrary: fc.constant('*') },
      { weight: 1, arbitrary: fc.constantFrom('"0"', 'W/"1"', 'nonsense', '') },
    ),
    'idempotency-key': fc.constantFrom('a', 'b', 'x'.repeat(300), 'é'),
    'accept-language': fc.constantFrom('fr', 'en;q=0.1,*', '\t'),
  },
  { requiredKeys: [] },
)

/** Requests of an operation by its own schemas, most of them well-formed, some of them not at all. */
export function requestOf(operation: Operation, ids: Arbitrary<number>): Arbitrary<FuzzedRequest> {
  const { parameters = [], requestBody } = operation.operation
  const inPath = parameters.filter((parameter) => parameter.in === 'path')
  const inQuery = parameters.filter((parameter) => parameter.in === 'query')
  const path = fc.record(
    Object.fromEntries(inPath.map(({ name, schema }) => [name, mostlyValid(schema, ids)])),
  )
  const query = fc.record(
    Object.fromEntries(
      inQuery.map(({ name, schema, required }) => {
        const value = mostlyValid(schema, ids)
        return [name, required ? value : mostlyMissing(value)]
      }),
    ),
  )
  const [[type, body] = ['application/json', { schema: {} }]] = Object.entries(requestBody?.content ?? {})
  const sent: Arbitrary<string | undefined> =
    requestBody === undefined
      ? fc.constant(undefined)
      : type === 'application/json'
        ? fc.oneof(
            {
              weight: 20,
              arbitrary: mostlyValid(body.schema, ids).map((value) => JSON.stringify(value) ?? ''),
            },
            { weight: 1, arbitrary: fc.constantFrom('', '{', 'nul', '[1', '{"__proto__":{"a":1}}') },
          )
        : fc.oneof(oddText, fc.array(fc.array(oddText), { maxLength: 4 }).map(toCsv))

  return fc.record({ path, query, headers: anyHeaders, payload: sent }).map((drawn) => {
    const filled = operation.path.replace(/\{(\w+)\}/g, (_, name: string) =>
      encode(asText((drawn.path as Record<string, unknown>)[name])),
    )
    const pairs = Object.entries(drawn.query)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => `${name}=${encode(asText(value))}`)
    return {
      operation,
      url: pairs.length === 0 ? filled : `${filled}?${pairs.join('&')}`,
      headers: { ...drawn.headers, ...(drawn.payload !== undefined && { 'content-type': type }) },
      ...(drawn.payload !== undefined && { payload: drawn.payload }),
    }
  })
}

function toCsv(rows: string[][]): string {
  return ['login;rio;nom', ...rows.map((row) => row.join(';'))].join('\r\n')
}
