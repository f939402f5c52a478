import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { findProgram, lacks } from '../support/find-program.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8')
const folder = mkdtempSync(join(tmpdir(), 'callmanager-deploy-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Without it the program takes some 40 MB more under load. */
const OPTION = '--max-semi-space-size=2'
test.each([
  'server/cli.ts',
  'bin/callmanager.mjs',
  'scripts/start.mjs',
  'Dockerfile',
  'deploy/callmanager.service',
  'docs/install.md',
])('%s starts Node with the option that keeps it small', (file) => expect(read(file)).toContain(OPTION))

describe.skipIf(lacks('systemd-analyze'))('the systemd unit', () => {
  const analyze = (...args: string[]) =>
    spawnSync(findProgram('systemd-analyze') ?? '', args, {
      encoding: 'utf8',
      env: { ...process.env, SYSTEMD_LOG_LEVEL: 'warning' },
    })

  test('holds nothing that systemd does not know', () => {
    const unit = join(folder, 'callmanager.service')
    const here = read('deploy/callmanager.service').replace(
      '/opt/callmanager/node_modules/.bin/node',
      process.execPath,
    )
    writeFileSync(unit, here)
    expect(analyze('verify', '--man=no', unit)).toMatchObject({ status: 0, stderr: '' })
  })

  test('keeps the exposure that the manual names', () => {
    const file = join(ROOT, 'deploy/callmanager.service')
    const { stdout } = analyze('security', '--offline=true', file)
    const exposure = /Overall exposure level for callmanager\.service: (\S+) OK/.exec(stdout)?.[1]
    expect(exposure).toBeDefined()
    expect(read('docs/install.md')).toContain(`rates its exposure at ${exposure} (OK)`)
  })
})
