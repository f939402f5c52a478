import fc, { type Arbitrary } from 'fast-check'

/** The part of JSON schema that our contracts use. */
export interface Schema {
  type?: string | string[]
  const?: unknown
  enum?: unknown[]
  anyOf?: Schema[]
  allOf?: Schema[]
  pattern?: string
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  items?: Schema
  minItems?: number
  maxItems?: number
  properties?: Record<string, Schema>
  patternProperties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: boolean | Schema
}

/** Text as people and attackers send it. */
export const oddText: Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.constantFrom(
    '',
    ' ',
    "O'Brien",
    '<b>bold</b>',
    '👩‍💻',
    '%',
    '_',
    '*',
    '../../etc/passwd',
    "'; drop table glpi_users; --",
    '\u0000',
    '\ud800',
    '\u202e1234',
    '0123456789',
    '+33 1 99 00 12 34',
    '=1+1',
    'null',
    '-1',
    '1e400',
    '9007199254740993',
    'é'.repeat(255),
    'x'.repeat(256),
    '👩‍💻'.repeat(200),
    '9'.repeat(3000),
  ),
)

const oddValue: Arbitrary<unknown> = fc.oneof(
  oddText,
  fc.constantFrom<unknown>(null, true, false, -1, 0, 1.5, 2 ** 31, 2 ** 53, 1e308, [], {}, [[]], { id: 1 }),
  fc.jsonValue({ maxDepth: 2 }),
)

/** Values of a schema, most of them valid: what the fields of a request are filled with. */
function valid(schema: Schema, ids: Arbitrary<number>): Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum)
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map((one) => valid(one, ids)))
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type
  switch (type) {
    case 'string': {
      if (schema.pattern !== undefined) return fc.stringMatching(new RegExp(schema.pattern))
      const text = fc.string({ unit: 'grapheme', minLength: schema.minLength ?? 0, maxLength: 30 })
      return fc.oneof({ weight: 2, arbitrary: text }, { weight: 1, arbitrary: oddText })
    }
    case 'integer':
    case 'number': {
      const min = Math.max(schema.minimum ?? -1000, -1_000_000)
      const max = Math.min(schema.maximum ?? 1000, 1_000_000)
      return fc.oneof(fc.integer({ min, max: Math.max(min, max) }), ids)
    }
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    case 'array':
      return fc.array(valid(schema.items ?? {}, ids), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 4, 4),
      })
    case 'object':
      return objectOf(schema, ids)
    default:
      return oddValue
  }
}

/** Many properties at once leave little that is well-formed, so what may be missing mostly is. */
export function mostlyMissing(value: Arbitrary<unknown>): Arbitrary<unknown> {
  return fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value })
}

function objectOf(schema: Schema, ids: Arbitrary<number>): Arbitrary<unknown> {
  const model = Object.entries(schema.properties ?? {}).map(([name, one]) => {
    const value = mostlyValid(one, ids)
    return [name, schema.required?.includes(name) ? value : mostlyMissing(value)]
  })
  return fc.record(Object.fromEntries(model))
}

/** One value in twenty is of another kind altogether. */
export function mostlyValid(schema: Schema, ids: Arbitrary<number>): Arbitrary<unknown> {
  return fc.oneof({ weight: 19, arbitrary: valid(schema, ids) }, { weight: 1, arbitrary: oddValue })
}
