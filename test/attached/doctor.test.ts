import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { readConfig } from '../../server/config.ts'
import { examine } from '../../server/doctor/examine.ts'
import type { Finding } from '../../server/doctor/finding.ts'
import { API } from '../support/app.ts'
import { useAttached } from '../support/attached.ts'
import { ILLS } from './doctor-ills.ts'

describe.skipIf(inject('mariadbSocket') === '')('attached, doctor', () => {
  const attached = useAttached()
  const folder = mkdtempSync(join(tmpdir(), 'callmanager-doctor-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  const environment = (): Record<string, string> => ({
    DATA_DIR: folder,
    DATABASE_URL: attached().account.url,
    HELPDESK_URL: attached().host.url,
  })
  const look = (settings: Record<string, string> = {}, thorough = false): Promise<Finding[]> =>
    examine({ config: readConfig({}, { ...environment(), ...settings }), thorough })
  const ills = (findings: readonly Finding[]) => findings.filter(({ status }) => status !== 'ok')

  beforeAll(async () => {
    const { addPerson, as } = attached()
    await addPerson({ login: 'zoe', rio: '1000001', phone: '0102030405' })
    // The index follows her before it answers.
    const { ask } = await as('bob')
    expect((await ask(`${API}/users/1000001`)).statusCode).toBe(200)
  })

  test.each([false, true])(
    'finds a healthy installation well in everything (thorough: %s)',
    async (thorough) => {
      const findings = await look({}, thorough)
      expect(ills(findings)).toEqual([])
      expect(new Set(findings.map(({ check }) => check)).size).toBeGreaterThanOrEqual(25)
      for (const { remedy } of findings) expect(remedy).toBe('')
    },
  )

  test.each([
    ['ITSM-NG 2.1.3', '9.5.13', '2.1.3'],
    ['ITSM-NG 1.0.0, which names GLPI only', '9.5.2', null, 'GLPI 9.5.2'],
    ['GLPI 10.0.18', '10.0.18', null],
  ])('finds %s well', async (name, base, own, told = name) => {
    const { setConfig, account } = attached()
    await setConfig('version', base)
    if (own === null) await account.asRoot("delete from glpi_configs where name = 'itsmversion'")
    else await setConfig('itsmversion', own)
    const findings = await look()
    await setConfig('version', '9.5.7')
    await setConfig('itsmversion', '1.4.0')
    expect(ills(findings)).toEqual([])
    const host = findings.find(({ check }) => check === 'host')
    expect(host?.what).toBe(`The database is that of ${told}.`)
  })

  test.each(ILLS)('finds that $what, and nothing else', async ({ breaks, mends, settings, found }) => {
    const it = attached()
    try {
      await breaks?.(it)
      const findings = ills(await look(settings?.(it)))
      expect(findings).toMatchObject(
        found.map(([check, status, what, remedy]) => ({
          check,
          status,
          what: expect.stringMatching(what),
          remedy: expect.stringMatching(remedy),
        })),
      )
    } finally {
      await mends?.(it)
    }
  })

  test('finds all well once everything was put right again', async () => {
    expect(ills(await look())).toEqual([])
  })
})
