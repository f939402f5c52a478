// The walls between the rooms: each must stand (an offending line is refused) and have its door (an honest one passes).
import { spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')
const imports = 'lint/style/noRestrictedImports'
const line = (module: string) => `export { a } from '${module}'\n`

const walls = [
  { wall: 'web → server', in: 'web/lib', refuses: line('../../server/app.ts'), rule: imports },
  { wall: 'web → Node', in: 'web/lib', refuses: line('node:fs'), rule: imports },
  { wall: 'contract → ours', in: 'contract', refuses: line('../server/app.ts'), rule: imports },
  { wall: 'contract → packages', in: 'contract', refuses: line('fastify'), rule: imports },
  { wall: 'domain → framework', in: 'server/domain', refuses: line('fastify'), rule: imports },
  { wall: 'domain → plugins', in: 'server/domain', refuses: line('@fastify/helmet'), rule: imports },
  { wall: 'domain → SQL', in: 'server/domain', refuses: line('kysely'), rule: imports },
  { wall: 'domain → driver', in: 'server/domain', refuses: line('mysql2/promise'), rule: imports },
  { wall: 'domain → files', in: 'server/domain', refuses: line('node:fs/promises'), rule: imports },
  { wall: 'domain → network', in: 'server/domain', refuses: line('node:net'), rule: imports },
  { wall: 'domain → processes', in: 'server/domain', refuses: line('node:child_process'), rule: imports },
  { wall: 'domain → settings', in: 'server/domain', refuses: line('../config.ts'), rule: imports },
  ...['plugins', 'routes', 'helpdesk', 'storage', 'pbx', 'events'].map((room) => ({
    wall: `domain → ${room}`,
    in: 'server/domain',
    refuses: line(`../${room}/x.ts`),
    rule: imports,
  })),
  {
    wall: 'late import',
    in: 'server/domain',
    refuses: "export const a = () => import('node:fs')\n",
    rule: imports,
  },
  {
    wall: 'type import',
    in: 'server/routes',
    refuses: "export type { A } from '../storage/a.ts'\n",
    rule: imports,
  },
  { wall: 'routes → storage', in: 'server/routes', refuses: line('../storage/storage.ts'), rule: imports },
  { wall: 'routes → SQL', in: 'server/routes', refuses: line('kysely'), rule: imports },
  { wall: 'helpdesk → driver', in: 'server/helpdesk', refuses: line('mysql2'), rule: imports },
  { wall: 'identifiers → driver', in: 'server/identifiers', refuses: line('node:sqlite'), rule: imports },
  { wall: 'pbx → SQL', in: 'server/pbx', refuses: line('kysely'), rule: imports },
  { wall: 'server → driver', in: 'server', refuses: line('node:sqlite'), rule: imports },
  {
    wall: 'environment',
    in: 'server',
    refuses: 'export const a = process.env.A\n',
    rule: 'lint/style/noProcessEnv',
  },
  { wall: 'console', in: 'server', refuses: "console.log('a')\n", rule: 'lint/suspicious/noConsole' },
  { wall: 'any', in: 'server', refuses: 'export type A = any\n', rule: 'lint/suspicious/noExplicitAny' },
  { wall: 'default export', in: 'server', refuses: 'export default 1\n', rule: 'lint/style/noDefaultExport' },
  {
    wall: 'barrel file',
    in: 'server',
    refuses: "export * from './a.ts'\n",
    rule: 'lint/performance/noBarrelFile',
  },
  {
    wall: 'floating promise',
    in: 'server',
    refuses: 'export async function a() {}\na()\n',
    rule: 'lint/nursery/noFloatingPromises',
  },
  {
    wall: '.returning()',
    in: 'server/storage',
    refuses: "export const a = (q: { returning(column: string): number }) => q.returning('id')\n",
    rule: 'plugin',
  },
]

const use = (module: string) => `import { a } from '${module}'\n\nexport const b = [a]\n`
const doors = [
  { door: 'web → contract', file: 'web/lib/a.ts', passes: use('../../contract/a.ts') },
  { door: 'contract → typebox', file: 'contract/a.ts', passes: use('typebox') },
  { door: 'contract → itself', file: 'contract/b.ts', passes: use('./a.ts') },
  { door: 'domain → contract', file: 'server/domain/a.ts', passes: use('../../contract/events/a.ts') },
  { door: 'domain → hashing', file: 'server/domain/b.ts', passes: use('node:crypto') },
  { door: 'routes → domain', file: 'server/routes/a.ts', passes: use('../domain/a.ts') },
  { door: 'storage → driver', file: 'server/storage/a.ts', passes: use('node:sqlite') },
  { door: 'helpdesk → SQL', file: 'server/helpdesk/a.ts', passes: use('kysely') },
  { door: 'identifiers → SQL', file: 'server/identifiers/a.ts', passes: use('kysely') },
  { door: 'tests → storage', file: 'server/routes/a.test.ts', passes: use('../storage/storage.ts') },
  { door: 'config → environment', file: 'server/config.ts', passes: 'export const a = process.env.A\n' },
  { door: 'cli → console', file: 'server/cli.ts', passes: "console.log('a')\n" },
]

describe('the linter', () => {
  const folder = mkdtempSync(join(tmpdir(), 'callmanager-walls-'))
  const refused = walls.map((row, index) => ({ ...row, file: join(row.in, `offence-${index}.ts`) }))
  const found = new Map<string, string[]>()

  // One run over all snippets, in a small project of their own: Biome's start is what takes time.
  beforeAll(() => {
    for (const path of ['biome.json', 'scripts/lint']) {
      cpSync(join(root, path), join(folder, path), { recursive: true })
    }
    for (const { file, refuses } of refused) write(file, refuses)
    for (const { file, passes } of doors) write(file, passes)

    const biome = join(root, 'node_modules/@biomejs/biome/bin/biome')
    const args = [biome, 'lint', '--vcs-enabled=false', '--reporter=json', '--max-diagnostics=none']
    const { stdout } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' })
    for (const { category, location } of JSON.parse(stdout).diagnostics) {
      const file = location.path
      found.set(file, [...(found.get(file) ?? []), category])
    }
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  function write(file: string, code: string) {
    mkdirSync(join(folder, dirname(file)), { recursive: true })
    writeFileSync(join(folder, file), code)
  }

  test.each(refused)('refuses $wall: $refuses', ({ file, rule }) => {
    expect(found.get(file)).toContain(rule)
  })

  test.each(doors)('lets pass $door', ({ file }) => {
    expect(found.get(file) ?? []).toEqual([])
  })
})

describe('our own sources', () => {
  const rooms = ['contract', 'server', 'web', 'bench', 'test', 'scripts']
  const files = rooms
    .filter((room) => existsSync(join(root, room)))
    .flatMap((room) =>
      readdirSync(join(root, room), { recursive: true, encoding: 'utf8' }).map((file) => join(room, file)),
    )
  const server = files.filter((file) => file.startsWith('server/') && file.endsWith('.ts'))
  const holding = (text: string) =>
    server.filter((file) => readFileSync(join(root, file), 'utf8').includes(text))

  test('never use .returning(), which MariaDB ignores', () => {
    expect(holding('.returning(')).toEqual([])
  })

  test('read process.env in config.ts only', () => {
    expect(holding('process.env').filter((file) => !file.endsWith('.test.ts'))).toEqual(
      server.filter((file) => file === 'server/config.ts'),
    )
  })

  test('have no drawer for odds and ends', () => {
    expect(files.filter((file) => /^(utils?|helpers?)\.\w+$/.test(basename(file)))).toEqual([])
  })
})
