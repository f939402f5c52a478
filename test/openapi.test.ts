import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { OPENAPI_FILE, renderOpenApi } from '../scripts/openapi.ts'

const rendered = await renderOpenApi()
const document = JSON.parse(rendered)

interface Operation {
  name: string
  operation: {
    operationId?: string
    summary?: string
    tags?: string[]
    security?: Record<string, string[]>[]
    parameters?: { name: string; description?: string }[]
    responses: Record<string, { description: string }>
  }
}

const operations: Operation[] = Object.entries<Record<string, Operation['operation']>>(
  document.paths,
).flatMap(([path, item]) =>
  Object.entries(item).map(([verb, operation]) => ({ name: `${verb} ${path}`, operation })),
)

/** Names that say everything. */
const OBVIOUS = ['id', 'name', 'login', 'password', 'status', 'key', 'session', 'database']

/** Every property anywhere in the document that lacks a description, by its path. */
function undescribed(node: unknown, path: string): string[] {
  if (typeof node !== 'object' || node === null) return []
  const properties: [string, { description?: string }][] =
    'properties' in node && typeof node.properties === 'object' ? Object.entries(node.properties ?? {}) : []
  return [
    ...properties
      .filter(([name, schema]) => !OBVIOUS.includes(name) && !schema.description)
      .map(([name]) => `${path}.${name}`),
    ...Object.entries(node).flatMap(([key, value]) => undescribed(value, `${path}.${key}`)),
  ]
}

describe('the OpenAPI document', () => {
  test('is the committed one; `npm run openapi` writes it', () => {
    expect(readFileSync(OPENAPI_FILE, 'utf8')).toBe(rendered)
  })

  test('is version 3.1 and says what it is', () => {
    expect(document.openapi).toMatch(/^3\.1\.\d+$/)
    expect(document.info).toMatchObject({
      title: 'Call Manager',
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    })
    expect(Object.keys(document.components.securitySchemes)).toEqual(['sessionToken', 'sessionCookie'])
  })

  test.each(operations)('names, summarises, secures and files $name', ({ operation }) => {
    expect(operation.operationId).toMatch(/^[a-z][A-Za-z]+$/)
    expect(operation.summary).toMatch(/^[A-Z].+[^.]$/)
    expect(document.tags.map((tag: { name: string }) => tag.name)).toContain(operation.tags?.[0])
    expect(operation.security).toBeInstanceOf(Array)
    for (const scheme of operation.security?.flatMap(Object.keys) ?? []) {
      expect(document.components.securitySchemes).toHaveProperty(scheme)
    }
    for (const parameter of operation.parameters ?? []) expect(parameter.description).toMatch(/.{10,}/)
    for (const response of Object.values(operation.responses)) {
      expect(response.description).not.toBe('Default Response')
      expect(response.description).toMatch(/^[A-Z].{4,}/)
    }
  })

  test('gives each operation an id of its own', () => {
    const ids = operations.map(({ operation }) => operation.operationId)
    expect(new Set(ids).size).toBe(ids.length)
  })

  test('tells of 401 and 403 wherever a session is asked for under api.php', () => {
    const secured = operations.filter(({ name }) => name.includes('/api.php/'))
    expect(secured.length).toBeGreaterThan(0)
    for (const { operation } of secured) {
      expect(Object.keys(operation.responses)).toEqual(
        expect.arrayContaining(['200', '400', '401', '403', '429', '503']),
      )
    }
  })

  test('describes every property whose name does not say it all', () => {
    expect(undescribed(document.paths, 'paths')).toEqual([])
  })
})
