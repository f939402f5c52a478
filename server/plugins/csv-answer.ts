import type { Readable } from 'node:stream'
import { Type } from 'typebox'

/** The answer of a route that sends a CSV file, for its schema. */
export const csvAnswer = (description: string) => ({
  description,
  content: { 'text/csv': { schema: Type.Unsafe<Readable>({ type: 'string', description }) } },
})

/** What makes a browser keep the file rather than show it. */
export const csvHeaders = (name: string) => ({
  'content-type': 'text/csv; charset=utf-8',
  'content-disposition': `attachment; filename="${name}"`,
})
