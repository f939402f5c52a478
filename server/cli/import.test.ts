import type { ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { reading } from '../../test/kill/checks.ts'
import { ending, startCommand } from '../../test/support/command.ts'

const root = mkdtempSync(join(tmpdir(), 'callmanager-import-'))
const children = new Set<ChildProcess>()
afterAll(() => {
  for (const child of children) child.kill('SIGKILL')
  rmSync(root, { recursive: true })
})

let folders = 0
function newFolder(): string {
  const folder = join(root, String(++folders))
  mkdirSync(folder)
  return folder
}

function callmanager(folder: string, args: string[], input = '') {
  const child = startCommand(args, { DATA_DIR: folder }, folder)
  children.add(child)
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  return { child, ended: ending(child).finally(() => children.delete(child)) }
}

const run = (folder: string, args: string[], input?: string) => callmanager(folder, args, input).ended

test('a file is tried, imported, imported again, and what was refused is told', async () => {
  const folder = newFolder()
  const file = join(folder, 'people.csv')
  writeFileSync(file, 'login;rio;actif\nci.one;1;oui\n;2;oui\nci.two;3;perhaps\n')
  const dry = await run(folder, ['import', 'people.csv', '--dry-run'])
  expect(dry).toMatchObject({
    code: 1,
    stdout: 'Dry run, nothing was written: 3 lines: 1 created, 0 changed, 0 unchanged, 2 refused.\n',
  })
  const done = await run(folder, ['import', 'people.csv'])
  expect(done).toEqual({
    code: 1,
    stdout: '3 lines: 1 created, 0 changed, 0 unchanged, 2 refused.\n',
    stderr:
      '  line 3, login: it is empty, so nobody is named\n  line 4, actif: it is neither yes nor no\nAll of them are in people.csv.report.csv.\n',
  })
  expect(readFileSync(`${file}.report.csv`, 'utf8').split('\n')).toHaveLength(4)

  const good = 'login;rio\nci.one;1\nci.two;3\n'
  expect(await run(folder, ['import', '-'], good)).toEqual({
    code: 0,
    stdout: '2 lines: 1 created, 0 changed, 1 unchanged, 0 refused.\n',
    stderr: '',
  })
  expect((await run(folder, ['import', '-', '--rios-only'], good)).stdout).toMatch(/2 unchanged/)

  expect((await run(folder, ['export', '--rios-only', '--no-bom'])).stdout).toBe(
    'login;rio\r\nci.one;1\r\nci.two;3\r\n',
  )
  expect(await run(folder, ['export', 'out.csv'])).toEqual({ code: 0, stdout: '', stderr: '' })
  expect((await run(folder, ['import', 'out.csv'])).stdout).toMatch(/0 created, 0 changed, 2 unchanged/)
})

test.each([
  [['import'], /^Usage: callmanager import FILE/],
  [['import', 'one.csv', 'two.csv'], /^Usage/],
  [['import', 'x.csv', '--match', 'name'], /cannot be read|^Usage/],
  [['import', 'x.csv', '--entity', 'Lyon'], /^Usage/],
  [['import', 'missing.csv'], /cannot be read/],
  [['import', '-'], /the file is empty/],
  [['import', '-', '--entity', '4711'], /no such entity/],
  [['export', 'a', 'b'], /^Usage: callmanager export/],
  [['export', join('missing', 'folder', 'x.csv')], /cannot be written/],
])('%j is told in a sentence', async (args, sentence) => {
  const { code, stdout, stderr } = await run(newFolder(), args)
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toMatch(sentence)
  expect(stderr).not.toMatch(/\bat .*:\d+:\d+/)
})

test('what was killed goes on where it stopped when it is started again', { timeout: 90_000 }, async () => {
  const folder = newFolder()
  const lines = Array.from({ length: 20_000 }, (_, n) => `ci.killed.${n},${7_000_000 + n}`)
  writeFileSync(join(folder, 'many.csv'), ['login,rio', ...lines].join('\n'))
  const database = join(folder, 'callmanager.db')
  const done = () => {
    try {
      return Number(
        reading(database, (db) =>
          db.prepare('select max(done) as done from glpi_plugin_callmanager_jobs').get(),
        )?.done ?? 0,
      )
    } catch {
      // Not made yet.
      return 0
    }
  }
  const first = callmanager(folder, ['import', 'many.csv'])
  while (!existsSync(database) || done() < 1000) await sleep(10)
  first.child.kill('SIGKILL')
  await first.ended
  const before = done()
  expect(before).toBeLessThan(20_000)

  const second = await run(folder, ['import', 'many.csv'])
  expect(second).toMatchObject({
    code: 0,
    stdout: `Going on behind line ${before + 1}, where it stopped.\n20000 lines: 20000 created, 0 changed, 0 unchanged, 0 refused.\n`,
  })
})
