import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CLI } from './support/command.ts'
import { COMPILED } from './support/compiled.ts'
import { demoAddress } from './support/demo-address.ts'
import { blocksIn } from './support/manual.ts'
import { readSource } from './support/repository.ts'

/** Commands of the manuals that speak of no host, run as they are written beside a demo that serves. */
const folder = mkdtempSync(join(tmpdir(), 'callmanager-manuals-'))
const data = join(folder, 'data')

const blocks = (manual: string, language: string): string[] => blocksIn(readSource(manual), language)

/** What each manual has typed, and what the reader has or knows already. */
const MANUALS: { manual: string; before?: string; commands: string[] }[] = [
  {
    manual: 'docs/operations.md',
    commands: [
      ...blocks('docs/operations.md', 'sh'),
      // Five fields say when, one as whom.
      ...blocks('docs/operations.md', 'cron').map((line) => line.replace(/^(\S+\s+){6}/, '')),
    ],
  },
  {
    manual: 'README.md',
    commands: blocks('README.md', 'sh').filter((block) => block.includes('curl')),
  },
  {
    manual: 'docs/import.md',
    before: `callmanager export people.csv; callmanager export rios.csv --rios-only
      TOKEN=$(curl -s -u itsm:itsm $URL/apirest.php/initSession | cut -d'"' -f4)`,
    commands: blocks('docs/import.md', 'sh'),
  },
  {
    manual: 'docs/storage-methods.md',
    // The demo's people have administrative numbers, in place of which nothing is put.
    before: `${process.execPath} -e 'new (require("node:sqlite").DatabaseSync)("${data}/callmanager.db").exec(
      "update glpi_users set registration_number = null")'`,
    commands: blocks('docs/storage-methods.md', 'sh'),
  },
]

/** What is another here: places, and numbers that are given as one goes. */
function here(commands: string, address: string): string {
  return commands
    .replaceAll('http://127.0.0.1:8090', address)
    .replaceAll('/opt/callmanager/node_modules/.bin/node /opt/callmanager/dist/server/cli.js', 'callmanager')
    .replaceAll('/var/lib/callmanager', data)
    .replaceAll('/mnt/backup', join(folder, 'mnt'))
    .replace(/(?<=restore )\S+/, '$(ls $DATA_DIR/backups/callmanager-*.db)')
    .replaceAll(/^curl /gm, 'curl -sf ')
    .replace(
      /^curl .*?dryRun=true"/ms,
      'JOB=$($& | grep -o \'"id":[0-9]*\' | head -n 1 | cut -d: -f2); test "$JOB"',
    )
    .replaceAll('jobs/7', 'jobs/$JOB')
    .replace(/^callmanager storage-method change \S+/m, '$& | tee changed')
    .replace('undo 7', '$(grep -o "undo [0-9]*" changed)')
}

describe('the commands of', () => {
  const printed = new Map<string, string>()
  const env = { ...process.env, ...COMPILED, DATA_DIR: data, PORT: '0' }
  const demo = spawn(process.execPath, [CLI, 'demo'], { cwd: folder, env })
  const ended = once(demo, 'exit')

  beforeAll(async () => {
    mkdirSync(join(folder, 'mnt'))
    const address = await demoAddress(demo.stdout)
    const script = [
      'set -eE -o pipefail',
      'trap \'echo "ended with $?: $BASH_COMMAND $*" >&2\' ERR',
      `callmanager() { "${process.execPath}" "${CLI}" "$@"; }`,
      `URL=${address}`,
      ...MANUALS.flatMap(({ manual, before = '', commands }) => [
        `echo '=== ${manual}'`,
        before,
        here(commands.join('\n'), address),
        'echo',
      ]),
    ].join('\n')
    const { stdout } = await promisify(execFile)('bash', ['-c', script], { cwd: folder, env })
    for (const part of stdout.split(/^=== /m).slice(1)) {
      const [manual = '', ...lines] = part.split('\n')
      printed.set(manual, lines.join('\n'))
    }
  })
  afterAll(async () => {
    demo.kill('SIGTERM')
    await ended
    rmSync(folder, { recursive: true })
  })

  test.each(MANUALS)('$manual work, one after another', ({ manual, commands }) => {
    expect(commands.join('')).toMatch(/callmanager|curl/)
    expect(printed.has(manual)).toBe(true)
  })

  test('README.md print what it shows', () => {
    const [shown = ''] = blocks('README.md', 'json')
    expect(JSON.parse(printed.get('README.md') ?? '')).toEqual(JSON.parse(shown))
  })

  test('docs/operations.md leave the backups that it names', () => {
    expect(printed.get('docs/operations.md')).toContain(join(folder, 'mnt', 'a.db'))
    expect(printed.get('docs/operations.md')).toContain('before-restore-')
  })

  test('docs/storage-methods.md end where they began', () => {
    expect(printed.get('docs/storage-methods.md')).toMatch(
      /custom_table .*RIOs are kept here.*Preview, nothing was written.* copied.* put back, 0 not\./s,
    )
  })
})
