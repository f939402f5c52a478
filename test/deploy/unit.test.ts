import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { findProgram, skipsWithout } from '../support/find-program.ts'
import { ROOT, readSource } from '../support/repository.ts'

const folder = mkdtempSync(join(tmpdir(), 'callmanager-deploy-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe.skipIf(skipsWithout('systemd-analyze'))('the systemd unit', () => {
  const analyze = (...args: string[]) =>
    spawnSync(findProgram('systemd-analyze') ?? '', args, {
      encoding: 'utf8',
      env: { ...process.env, SYSTEMD_LOG_LEVEL: 'warning' },
    })

  test('holds nothing that systemd does not know', () => {
    const unit = join(folder, 'callmanager.service')
    const here = readSource('deploy/callmanager.service').replace(
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
    expect(readSource('docs/install.md')).toContain(`rates its exposure at ${exposure} (OK)`)
  })
})
