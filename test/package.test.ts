import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { list } from 'tar'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { VERSION } from '../server/version.ts'
import { COMPILED } from './support/compiled.ts'
import { demoAddress } from './support/demo-address.ts'
import { IN_CI } from './support/find-program.ts'
import { ROOT, readSource } from './support/repository.ts'
import { WITH_NODE } from './support/with-node.ts'

const folder = mkdtempSync(join(tmpdir(), 'callmanager-npm-'))
const empty = join(folder, 'empty')
const PACKED = `callmanager-${VERSION}.tgz`
const env = { ...WITH_NODE, ...COMPILED, PORT: '0' }
const running = new Set<() => void>()

afterAll(() => {
  for (const stop of running) stop()
  rmSync(folder, { recursive: true, force: true })
})

describe.skipIf(!existsSync(join(ROOT, 'dist', 'server')) && !IN_CI)('the npm package', () => {
  const files: string[] = []

  beforeAll(async () => {
    const { status, stderr } = spawnSync('npm', ['pack', '--silent', '--pack-destination', folder], {
      cwd: ROOT,
      encoding: 'utf8',
    })
    if (status !== 0) throw new Error(stderr)
    await list({ file: join(folder, PACKED), onReadEntry: ({ path }) => files.push(path) })
    mkdirSync(empty)
    // Most of it set-up has fetched a moment ago.
    const options = ['--prefer-offline', '--ignore-scripts=false', '--no-audit', '--no-fund']
    const install = ['install', ...options, `../${PACKED}`]
    const installed = spawnSync('npm', install, { cwd: empty, env, encoding: 'utf8' })
    if (installed.status !== 0) throw new Error(installed.stderr)
  })

  test('holds the program and its pages, and neither sources nor tests', () => {
    expect(files).toEqual(
      expect.arrayContaining([
        'package/bin/callmanager.mjs',
        'package/dist/server/cli.js',
        'package/LICENSE',
        // What the manuals and doctor name.
        'package/.env.example',
        'package/docs/install.md',
        'package/deploy/nginx/callmanager.conf',
        'package/deploy/apache/callmanager.conf',
        'package/deploy/callmanager.service',
        'package/bridge/callmanager/setup.php',
      ]),
    )
    expect(files.some((file) => /^package\/dist\/web\/assets\/.*\.js\.br$/.test(file))).toBe(true)
    expect(files.filter((file) => /\.tsx?$|test|\.env$|plugins|\.tgz$/.test(file))).toEqual([])
  })

  test.each(['docs/install.md', 'docs/operations.md'])('is called in %s what it is called', (manual) => {
    expect(readSource(manual)).toContain(`npm install --global ./${PACKED}`)
  })

  test('serves the demo by npx, installed in an empty folder', async () => {
    // npx stands between: what it has started is ended with it, as by Ctrl-C.
    const child = spawn('npx', ['callmanager', 'demo'], { cwd: empty, env, detached: true })
    const end = (signal: NodeJS.Signals) => child.pid !== undefined && process.kill(-child.pid, signal)
    running.add(() => child.exitCode === null && child.signalCode === null && end('SIGKILL'))
    const address = await demoAddress(child.stdout)
    const logIn = await fetch(`${address}/apirest.php/initSession`, {
      headers: { authorization: `Basic ${btoa('tech:tech')}` },
    })
    const { session_token } = (await logIn.json()) as { session_token: string }
    const headers = { 'session-token': session_token }
    const found = await fetch(`${address}/plugins/callmanager/api.php/users/1234567890`, { headers })
    expect(await found.json()).toMatchObject({ users: [{ id: 1, rio: '1234567890' }] })
    expect((await fetch(`${address}/plugins/callmanager/app/`)).status).toBe(200)
    const ended = once(child, 'exit')
    end('SIGINT')
    await ended
    await expect.poll(() => fetch(address).catch(() => 'nobody')).toBe('nobody')
    expect(readdirSync(join(empty, 'data', 'demo'))).toContain('callmanager.db')
  })

  test('says where it has not been built', () => {
    const unbuilt = join(folder, 'unbuilt')
    cpSync(join(ROOT, 'bin'), join(unbuilt, 'bin'), { recursive: true })
    const { status, stderr } = spawnSync(process.execPath, [join(unbuilt, 'bin/callmanager.mjs')], {
      encoding: 'utf8',
    })
    expect([status, stderr]).toEqual([
      1,
      'Call Manager is not built yet. Run: npm run setup && npm run build\n',
    ])
  })

  test('says on an older Node that it needs a newer one', () => {
    const pretend = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.9.0' } })`
    const { status, stderr } = spawnSync(
      process.execPath,
      [
        '--import',
        `data:text/javascript,${encodeURIComponent(pretend)}`,
        join(ROOT, 'bin/callmanager.mjs'),
        'demo',
      ],
      { encoding: 'utf8' },
    )
    expect(status).toBe(1)
    expect(stderr).toMatch(/^Call Manager needs Node\.js 24 or later; this is 20\.9\.0\. .*\n$/)
  })
})
