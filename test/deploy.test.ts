import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { DCLinter } from 'dclint'
import { Copy, DockerfileParser, type Instruction } from 'dockerfile-ast'
import { validate } from 'dockerfile-utils'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { readConfig } from '../server/config.ts'
import { ConfigSchema } from '../server/config-schema.ts'
import { COMPILED } from './support/compiled.ts'
import { findProgram } from './support/find-program.ts'
import { freePort } from './support/free-port.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8')
const folder = mkdtempSync(join(tmpdir(), 'callmanager-deploy-'))
afterAll(() => rmSync(folder, { recursive: true }))

const NOBODY = 65_534
/** Only root can give files to one account and run a program as another. */
const isRoot = process.getuid?.() === 0
const isBuilt = existsSync(join(ROOT, 'dist', 'server'))

describe('the Dockerfile', () => {
  const text = read('Dockerfile')
  const instructions = DockerfileParser.parse(text).getInstructions()
  const lastStage = instructions.slice(instructions.findLastIndex((one) => one.getKeyword() === 'FROM') + 1)
  const of = (keyword: string) => lastStage.filter((one) => one.getKeyword() === keyword)
  const only = (keyword: string): string => {
    const [one, ...more] = of(keyword)
    if (one === undefined || more.length > 0) throw new Error(`there is not one ${keyword}`)
    return one.getArgumentsContent() ?? ''
  }

  test('says nothing that a builder would take otherwise', () => {
    expect(validate(text)).toEqual([])
  })

  test('ends as an account without rights', () => {
    expect(only('USER')).toBe('node')
  })

  test('copies nothing that is kept from the builder', () => {
    const ignored = read('.dockerignore').split('\n').filter(Boolean)
    const copied = instructions
      .filter((one) => one instanceof Copy && one.getFromFlag() === null)
      .flatMap((one) => words(one).slice(0, -1))
    expect(copied).toContain('package-lock.json')
    for (const path of copied) {
      expect(existsSync(join(ROOT, path))).toBe(true)
      expect(ignored).not.toContain(path)
    }
  })

  describe.skipIf(!isRoot || (!isBuilt && process.env.CI !== 'true'))(
    'done step by step in a plain folder',
    () => {
      const work = join(folder, 'container')
      const data = join(folder, 'data')
      const node = join(folder, 'node')
      const settings: Record<string, string> = { ...COMPILED, DATA_DIR: data, HOST: '127.0.0.1' }

      beforeAll(async () => {
        // Whoever it runs as must be able to read what it runs.
        chmodSync(folder, 0o755)
        cpSync(process.execPath, node)
        settings.PORT = String(await freePort())
        for (const one of lastStage) {
          if (one.getKeyword() === 'COPY') copy(words(one))
          if (one.getKeyword() === 'RUN') run(one.getArgumentsContent() ?? '')
        }
      })

      function copy(parts: string[]): void {
        const to = parts.at(-1) ?? ''
        for (const from of parts.slice(0, -1)) {
          const source = join(ROOT, from.replace(/^\/src\//, ''))
          cpSync(source, to === './' ? join(work, from) : join(work, to), { recursive: true })
        }
      }

      function run(line: string): void {
        const here = line.replaceAll('/data', data).replaceAll('-o node -g node', `-o ${NOBODY} -g ${NOBODY}`)
        // Not what npm keeps for itself: others use it at this moment.
        const { status, stderr } = spawnSync('sh', ['-ec', here.replace(/&& npm cache clean --force/, '')], {
          cwd: work,
          env: { ...process.env, PATH: `${dirname(process.execPath)}:${process.env.PATH}` },
          encoding: 'utf8',
        })
        if (status !== 0) throw new Error(`${line}\n${stderr}`)
      }

      const exec = (json: string): string[] => JSON.parse(json)
      const asNobody = { cwd: work, env: settings, uid: NOBODY, gid: NOBODY }
      const isHealthy = () => {
        const [, ...args] = exec(only('HEALTHCHECK').replace(/^.*?CMD /s, ''))
        return spawnSync(node, args, asNobody).status === 0
      }

      test('serves as somebody who may write to its data alone, and is known to be well', async () => {
        const [, ...args] = [...exec(only('ENTRYPOINT')), ...exec(only('CMD'))]
        const child = spawn(node, args, asNobody)
        const ended = once(child, 'exit')
        for (let tries = 0; !isHealthy() && tries < 40 && child.exitCode === null; tries++) await sleep(250)
        expect(isHealthy()).toBe(true)
        child.kill('SIGTERM')
        expect(await ended).toEqual([0, null])
        expect(isHealthy()).toBe(false)
        const written = spawnSync('find', [work, '-uid', String(NOBODY)], { encoding: 'utf8' })
        expect(written.stdout).toBe('')
        expect(existsSync(join(data, 'callmanager.db'))).toBe(true)
      })
    },
  )
})

describe('the compose file', () => {
  const text = read('deploy/compose.yaml')
  const { services, networks } = parse(text)
  const own: Record<string, string> = services.callmanager.environment

  test('is one that compose takes, with a tag to each image', () => {
    const file = join(folder, 'compose.yaml')
    writeFileSync(file, text.replace(/\$\{ITSMNG_IMAGE:\?[^}]*\}/, 'itsm-ng:2.0'))
    const [result] = new DCLinter({ rules: ORDER, quiet: false, debug: false, exclude: [] }).lintFiles(
      [file],
      false,
    )
    expect(result?.messages).toEqual([])
  })

  test('names settings that there are, and the port that the image listens on', () => {
    expect(Object.keys(ConfigSchema.properties)).toEqual(expect.arrayContaining(Object.keys(own)))
    const port = readConfig({}, {}).PORT
    expect(read('Dockerfile')).toContain(`EXPOSE ${port}\n`)
    expect(read('deploy/nginx/compose.conf.sh')).toContain(`http://callmanager:${port}#`)
  })

  test('lets the server write to its data and to nothing else', () => {
    expect(services.callmanager).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      tmpfs: ['/tmp'],
      volumes: ['data:/data'],
    })
  })

  test('believes the network that nginx is in', () => {
    expect(networks.default.ipam.config).toEqual([{ subnet: own.TRUSTED_PROXIES }])
  })

  test('mounts files that are there', () => {
    const mounted: string[] = services.nginx.volumes.map((one: string) => one.split(':')[0])
    for (const path of mounted) expect(existsSync(join(ROOT, 'deploy', path))).toBe(true)
  })

  test.skipIf(findProgram('nginx') === undefined)('makes an nginx.conf that nginx takes', () => {
    const etc = join(folder, 'nginx')
    mkdirSync(join(etc, 'conf.d'), { recursive: true })
    cpSync(join(ROOT, 'deploy/nginx/callmanager.conf'), join(etc, 'callmanager.shipped'))
    // Names of compose's network, which nginx looks up as it starts.
    const script = read('deploy/nginx/compose.conf.sh')
      .replaceAll('/etc/nginx', etc)
      .replaceAll('callmanager:8090', 'localhost:8090')
      .replaceAll('itsmng:8080', 'localhost:8080')
    expect(spawnSync('sh', { input: script, encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' })
    const made = readFileSync(join(etc, 'callmanager.conf'), 'utf8')
    expect(made).toContain('proxy_pass http://localhost:8090;')
    writeFileSync(join(etc, 'nginx.conf'), `pid ${etc}/pid; events {} http { include ${etc}/conf.d/*.conf; }`)
    const args = ['-t', '-p', etc, '-c', join(etc, 'nginx.conf'), '-e', join(etc, 'error.log')]
    expect(spawnSync(findProgram('nginx') ?? '', args, { encoding: 'utf8' })).toMatchObject({ status: 0 })
  })
})

const systemdAnalyze = findProgram('systemd-analyze')
describe.skipIf(systemdAnalyze === undefined)('the systemd unit', () => {
  const analyze = (...args: string[]) =>
    spawnSync(systemdAnalyze ?? '', args, {
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

/** dclint's taste in the order of lines is not ours: a reader meets first what others depend on. */
const ORDER = Object.fromEntries(
  [
    'require-quotes-in-ports',
    'service-dependencies-alphabetical-order',
    'service-keys-order',
    'services-alphabetical-order',
  ].map((rule) => [rule, 0 as const]),
)

function words(one: Instruction): string[] {
  return (one.getArgumentsContent() ?? '').split(/\s+/)
}
