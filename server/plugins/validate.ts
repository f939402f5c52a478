import type { FastifySchemaCompiler } from 'fastify'
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import Value from 'typebox/value'

/**
 * Checks requests of `api/v1` by their TypeBox schemas. What comes in an address is text, so `limit=20` is read as the
 * number that its schema asks for; a body says what it means, and nothing in it is guessed.
 */
export const validate: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const check = Compile(schema)
  const isText = httpPart === 'querystring' || httpPart === 'params'
  return (sent: unknown) => {
    const value = isText ? convert(schema, sent) : sent
    if (check.Check(value)) return { value }
    // What was sent is not repeated: it may be an identifier.
    const [problem] = check.Errors(value)
    return {
      error: [
        {
          keyword: problem?.keyword ?? '',
          instancePath: problem?.instancePath ?? '',
          schemaPath: problem?.schemaPath ?? '',
          params: missingIn(problem?.params),
          message: problem?.message ?? 'is not of the expected form',
        },
      ],
    }
  }
}

/** Text as the types of the schema, as long as nothing is lost by it: `1.5` and `0x10` are no integers. */
function convert(schema: TSchema, sent: unknown): unknown {
  const raw = new Map(Object.entries(sent ?? {}))
  const converted = Object.entries(Value.Convert(schema, Object.fromEntries(raw)) ?? {})
  return Object.fromEntries(
    converted.map(([name, value]) => [name, String(value) === String(raw.get(name)) ? value : raw.get(name)]),
  )
}

/** TypeBox names every missing property at once; the answer names the first. */
function missingIn(params: unknown): Record<string, string> {
  if (typeof params !== 'object' || params === null) return {}
  const list =
    'requiredProperties' in params
      ? params.requiredProperties
      : 'additionalProperties' in params
        ? params.additionalProperties
        : []
  const [first] = Array.isArray(list) ? list : []
  return typeof first === 'string' ? { missingProperty: first } : {}
}
