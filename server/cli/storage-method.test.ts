import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { callmanager } from '../../test/support/command.ts'
import { EMBEDDED } from '../../test/support/embedded.ts'
import { peopleIn } from '../../test/support/people.ts'
import { openServices } from '../services.ts'

const folder = mkdtempSync(join(tmpdir(), 'callmanager-method-'))
afterAll(() => rmSync(folder, { recursive: true }))

const run = (...args: string[]) =>
  callmanager(['storage-method', ...args], {
    DATA_DIR: folder,
  })

// Each command is a process of its own.
const TIMEOUT = { timeout: 120_000 }

test('the method is shown, previewed, changed and taken back', TIMEOUT, async () => {
  const quiet = { info: () => {}, error: () => {} }
  const url = `file:${join(folder, 'callmanager.db')}`
  const services = await openServices({ ...EMBEDDED, DATABASE_URL: url }, quiet)
  await peopleIn(services.storage).addUsers(3, (n) => ({ login: `person ${n}`, rio: `${n}`.repeat(7) }))
  await services.close()

  expect(await run()).toEqual({
    code: 0,
    stdout: `custom_table         filled for 3 of 3 people  ← RIOs are kept here
name                 filled for 3 of 3 people
registration_number  filled for 0 of 3 people
`,
    stderr: '',
  })
  expect((await run('preview', 'name')).stdout).toBe(
    `Preview, nothing was written: 3 copied, 0 the same already, 0 without RIO, 0 not copied.
3 people would log in by their RIO from then on.
`,
  )
  expect(await run('change', 'name')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^changesLogins: /),
  })
  const changed = await run('change', 'name', '--changes-logins')
  expect(changed).toMatchObject({ code: 0, stdout: expect.stringMatching(/^3 copied, 0 the same/) })
  const [id = ''] = /\d+$/m.exec(changed.stdout) ?? []
  expect((await run()).stdout).toMatch(/^name .*kept here$/m)
  expect(await run('undo', id)).toEqual({ code: 0, stdout: '3 put back, 0 not.\n', stderr: '' })
  expect((await run()).stdout).toMatch(/^custom_table .*kept here$/m)
})

test.each([[['change', 'elsewhere']], [['undo', 'x']], [['preview', 'name', 'more']]])(
  '%j is answered with the usage',
  async (args) => {
    expect(await run(...args)).toMatchObject({ code: 1, stderr: expect.stringMatching(/^Usage: /) })
  },
)
