import { spawnSync } from 'node:child_process'
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { mo } from 'gettext-parser'
import { Engine } from 'php-parser'
import { extract, list } from 'tar'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { VERSION } from '../server/version.ts'
import { BRIDGE, php } from '../test/bridge/ask-bridge.ts'
import { skipsWithout } from '../test/support/find-program.ts'
import { packBridge } from './bridge.mjs'

const folder = mkdtempSync(join(tmpdir(), 'callmanager-packed-'))
const unpacked = join(folder, 'unpacked')
afterAll(() => rmSync(folder, { recursive: true }))

const sources = globSync('**/*.php', { cwd: BRIDGE }).sort()
/** What the parser lets pass: parameters that are properties, types of two kinds, and functions, which look like any other. */
const OF_PHP_8 =
  /\((?:[^()]*[,\s])?(?:public|protected|private)\s+[^()]*\$|[(,]\s*\??\w+\|\w|\b(?:str_contains|str_starts_with|str_ends_with|array_is_list|get_debug_type|fdiv)\s*\(/
/** Throws where code is not of PHP 7.4, the oldest that hosts run on. */
function demandOld(code: string): void {
  new Engine({ parser: { version: '7.4', suppressErrors: false } }).parseCode(code, 'one.php')
  const found = OF_PHP_8.exec(code)
  if (found !== null) throw new Error(`of PHP 8: ${found[0]}`)
}

describe('the plugin that is packed', () => {
  let archive = ''
  beforeAll(async () => {
    archive = packBridge(folder)
    mkdirSync(unpacked)
    await extract({ file: archive, cwd: unpacked })
  })

  test('is one folder, named for the release, with nothing but what the host needs', async () => {
    expect(basename(archive)).toBe(`callmanager-${VERSION}.tgz`)
    const files: string[] = []
    await list({ file: archive, onReadEntry: ({ path }) => files.push(path) })
    const expected = [...sources, 'LICENSE', 'locales/fr_FR.mo'].map((name) => `callmanager/${name}`)
    expect(files.sort()).toEqual(expected.sort())
  })

  test('is the same, byte for byte, whenever it is packed', () => {
    const [other, before] = [mkdtempSync(join(folder, 'again-')), readFileSync(archive)]
    expect(readFileSync(packBridge(other)).equals(before)).toBe(true)
  })

  test('speaks French wherever it speaks', () => {
    const { translations } = mo.parse(readFileSync(join(unpacked, 'callmanager/locales/fr_FR.mo')))
    const said = sources.flatMap((name) =>
      [...readFileSync(join(BRIDGE, name), 'utf8').matchAll(/__\(\s*'([^']*)',\s*'callmanager'\s*\)/g)].map(
        ([, text = '']) => text,
      ),
    )
    expect(said.length).toBeGreaterThan(5)
    expect(
      Object.keys(translations[''] ?? {})
        .filter(Boolean)
        .sort(),
    ).toEqual([...new Set(said)].sort())
  })
})

describe('PHP', () => {
  test.each(sources)('of 7.4 is all that %s is written in', (name) => {
    demandOld(readFileSync(join(BRIDGE, name), 'utf8'))
  })

  test.each([
    'match ($a) { 1 => 2 };',
    '$a?->b();',
    'f(name: 1);',
    'class A { public function __construct(private $a) {} }',
    'function f(int|string $a) {}',
    'enum A { case B; }',
    'str_contains($a, $b);',
  ])('of 8 is noticed: %s', (code) => {
    expect(() => demandOld(`<?php\n${code}`)).toThrow()
  })

  test.skipIf(skipsWithout('php'))('that is installed finds nothing wrong', () => {
    for (const name of sources) {
      const { status, stdout } = spawnSync(php, ['-l', join(BRIDGE, name)], { encoding: 'utf8' })
      expect(status, stdout).toBe(0)
    }
  })
})
