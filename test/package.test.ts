import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { extract, list } from 'tar'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { VERSION } from '../server/version.ts'
import { COMPILED } from './support/compiled.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'callmanager-npm-'))
const home = join(folder, 'node_modules', 'callmanager')
const bin = join(home, 'bin', 'callmanager.mjs')
const running = new Set<() => void>()

afterAll(() => {
  for (const stop of running) stop()
  rmSync(folder, { recursive: true, force: true })
})

describe.skipIf(!existsSync(join(ROOT, 'dist', 'server')) && process.env.CI !== 'true')(
  'the npm package',
  () => {
    const files: string[] = []

    beforeAll(async () => {
      const { status, stderr } = spawnSync('npm', ['pack', '--silent', '--pack-destination', folder], {
        cwd: ROOT,
        encoding: 'utf8',
      })
      if (status !== 0) throw new Error(stderr)
      const archive = join(folder, `callmanager-${VERSION}.tgz`)
      mkdirSync(home, { recursive: true })
      await extract({ file: archive, cwd: home, strip: 1 })
      await list({ file: archive, onReadEntry: ({ path }) => files.push(path) })
      // What it says that it needs, and nothing else.
      const { dependencies } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'))
      for (const name of Object.keys(dependencies)) {
        const link = join(folder, 'node_modules', name)
        mkdirSync(dirname(link), { recursive: true })
        symlinkSync(join(ROOT, 'node_modules', name), link)
      }
    })

    test('holds the program and its pages, and neither sources nor tests', () => {
      expect(files).toEqual(
        expect.arrayContaining([
          'package/bin/callmanager.mjs',
          'package/dist/server/cli.js',
          'package/LICENSE',
        ]),
      )
      expect(files.some((file) => /^package\/dist\/web\/assets\/.*\.js\.br$/.test(file))).toBe(true)
      expect(files.filter((file) => /\.tsx?$|test/.test(file))).toEqual([])
    })

    test('serves the demo from an empty folder', async () => {
      const cwd = join(folder, 'empty')
      mkdirSync(cwd)
      const child = spawn(process.execPath, [bin, 'demo'], { cwd, env: { ...COMPILED, PORT: '0' } })
      running.add(() => child.kill('SIGKILL'))
      const address = await printedAddress(child.stdout)
      const logIn = await fetch(`${address}/apirest.php/initSession`, {
        headers: { authorization: `Basic ${btoa('tech:tech')}` },
      })
      const { session_token } = (await logIn.json()) as { session_token: string }
      const headers = { 'session-token': session_token }
      const found = await fetch(`${address}/plugins/callmanager/api.php/users/1234567890`, { headers })
      expect(await found.json()).toMatchObject({ users: [{ id: 1, rio: '1234567890' }] })
      expect((await fetch(`${address}/plugins/callmanager/app/`)).status).toBe(200)
      child.kill('SIGTERM')
      expect(await once(child, 'exit')).toEqual([0, null])
    })

    test('says on an older Node that it needs a newer one', () => {
      const pretend = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.9.0' } })`
      const { status, stderr } = spawnSync(
        process.execPath,
        ['--import', `data:text/javascript,${encodeURIComponent(pretend)}`, bin, 'demo'],
        { encoding: 'utf8' },
      )
      expect(status).toBe(1)
      expect(stderr).toMatch(/^Call Manager needs Node\.js 24 or later; this is 20\.9\.0\. .*\n$/)
    })
  },
)

async function printedAddress(stdout: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: stdout })) {
    const [, address] = /runs at (http:\S+)/.exec(line) ?? []
    if (address !== undefined) return address
  }
  throw new Error('the demo did not start')
}
