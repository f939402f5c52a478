import { beforeAll, describe, expect, test } from 'vitest'
import type { TestApp } from './app.ts'
import { CALLERS, type Case, RIOS, type Row } from './authorization-matrix.ts'

export interface Operation {
  name: string
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  security: unknown
}

export function operationsOf({ app }: TestApp): Operation[] {
  const { paths = {} } = app.swagger()
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item ?? {}).map(([verb, operation]) => ({
      name: `${verb.toUpperCase()} ${path}`,
      method: verb.toUpperCase() as Operation['method'],
      security: (operation as { security?: unknown }).security,
    })),
  )
}

/** Asks every operation as each of the callers. `logIn` answers a new session of Bob's or Charlie's. */
export function askEveryOperation(
  operations: readonly Operation[],
  matrix: Readonly<Record<string, Row>>,
  { app, logIn }: { app(): TestApp; logIn(login: string): Promise<string> },
): void {
  describe.each(operations)('$name', ({ name, method }) => {
    const row = matrix[name]
    // Killing a session must not take it from the next one.
    let tokens: Record<Case, string>
    beforeAll(async () => {
      tokens = {
        'no session': '',
        'no right': await logIn('charlie'),
        'out of scope': await logIn('bob'),
        'in scope': await logIn('bob'),
      }
    })

    test.each(CALLERS.map((caller, index) => [caller, index] as const))('%s', async (caller, index) => {
      if (row === undefined) throw new Error(`${name} has no row in the matrix`)
      const [within, outside] = row.scope ?? RIOS
      const scope = caller === 'out of scope' ? outside : within
      const body = typeof row.body === 'function' ? row.body(scope) : row.body
      const answer = await app().ask(row.url.replace('{scope}', scope), {
        method,
        headers: { ...row.headers, ...(tokens[caller] !== '' && { 'session-token': tokens[caller] }) },
        ...(body !== undefined && { payload: body }),
      })
      expect(answer.statusCode).toBe(row.statuses[index])
      if (row.tells === undefined) return
      if (caller === 'in scope') expect(answer.body).toContain(row.tells)
      else expect(answer.body).not.toContain(row.tells)
    })
  })
}
