import { spawnSync } from 'node:child_process'
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { VERSION } from '../../server/version.ts'
import { skipsWithout } from '../support/find-program.ts'
import { blocksIn } from '../support/manual.ts'
import { ROOT, readSource } from '../support/repository.ts'
import { WITH_NODE } from '../support/with-node.ts'
import { php } from './ask-bridge.ts'

const MANUAL = readSource('docs/bridge.md')
const folder = mkdtempSync(join(tmpdir(), 'callmanager-bridge-'))
const packed = join(ROOT, 'bridge', `callmanager-${VERSION}.tgz`)
const wasThere = existsSync(packed)
afterAll(() => {
  rmSync(folder, { recursive: true })
  if (!wasThere) rmSync(packed, { force: true })
})

/** With this machine's places for the manual's. */
const commands = (language: string): string =>
  blocksIn(MANUAL, language)
    .join('')
    .replaceAll('/var/www/itsm-ng', folder)
    .replaceAll('~', join(folder, 'home'))

describe.skipIf(skipsWithout('php'))('docs/bridge.md', () => {
  test('ends, command by command, with a plugin that PHP can read in the plugins of the helpdesk', () => {
    const plugins = join(folder, 'plugins')
    for (const made of ['plugins', 'home']) mkdirSync(join(folder, made))
    const run = (script: string, cwd: string) =>
      expect(spawnSync('sh', ['-ec', script], { cwd, env: WITH_NODE, encoding: 'utf8' })).toMatchObject({
        status: 0,
      })
    expect(commands('sh')).toBe('npm run bridge\n')
    run(commands('sh'), ROOT)
    // On the machine of the helpdesk it lies wherever it was copied to.
    expect(MANUAL).toContain(`packs \`${relative(ROOT, packed)}\``)
    const console = () => run(commands('console'), dirname(packed))
    console()
    // And over an older one, of which no page may be left.
    writeFileSync(join(plugins, 'callmanager/front/rio.form.php'), '<?php')
    console()
    expect(readdirSync(plugins)).toEqual(['callmanager'])
    const files = globSync('**/*.php', { cwd: plugins })
    expect(files).not.toContain('callmanager/front/rio.form.php')
    expect(existsSync(join(folder, 'home/callmanager-before/front/rio.form.php'))).toBe(true)
    expect(files).toContain('callmanager/setup.php')
    for (const file of files) {
      expect(spawnSync(php, ['-l', join(plugins, file)]).status).toBe(0)
    }
    const setup = readFileSync(join(plugins, 'callmanager/setup.php'), 'utf8')
    expect(setup).toContain(`'PLUGIN_CALLMANAGER_VERSION', '${VERSION}'`)
  })
})
