import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, matchesGlob, relative } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Copy, DockerfileParser, type Instruction } from 'dockerfile-ast'
import { validate } from 'dockerfile-utils'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { VERSION } from '../../server/version.ts'
import { COMPILED } from '../support/compiled.ts'
import { IN_CI } from '../support/find-program.ts'
import { freePort } from '../support/free-port.ts'
import { blocksIn } from '../support/manual.ts'
import { ROOT, readSource } from '../support/repository.ts'
import { WITH_NODE } from '../support/with-node.ts'

const folder = mkdtempSync(join(tmpdir(), 'callmanager-deploy-'))
afterAll(() => rmSync(folder, { recursive: true }))

const NOBODY = 65_534
/** Two installations and a build: most of a minute, and more where npm has to fetch. */
const BUILDS_WITHIN_MS = 300_000
/** Only root can give files to one account and run a program as another. */
const isRoot = process.getuid?.() === 0
/** What the builder gets of a checkout, and what it has made of that. */
const context = join(folder, 'context')

/** The commands of the first block behind a heading, one a line; what stands behind # is said to the reader. */
const block = (manual: string, after: string): string[] => {
  const [text = ''] = blocksIn(readSource(manual).split(after)[1] ?? '', 'console')
  return commandsIn(text.replaceAll(/ +#.*$/gm, ''))
}
const commandsIn = (text: string): string[] => text.split(/\n| && /).filter(Boolean)

describe('the Dockerfile', () => {
  const text = readSource('Dockerfile')
  const instructions = DockerfileParser.parse(text).getInstructions()
  const last = instructions.findLastIndex((one) => one.getKeyword() === 'FROM')
  const [firstStage, lastStage] = [instructions.slice(0, last), instructions.slice(last + 1)]
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

  const ignored = readSource('.dockerignore').split('\n').filter(Boolean)
  const isKept = (path: string) => ignored.some((pattern) => matchesGlob(path, pattern))

  test('keeps from the builder what is secret, or made here', () => {
    for (const path of [
      '.env',
      'deploy/.env',
      'node_modules',
      'dist',
      'data',
      'bridge/callmanager-2.0.0.tgz',
    ]) {
      expect(isKept(path), path).toBe(true)
    }
  })

  // Where another user runs it by hand; in CI it is root's.
  describe.skipIf(!isRoot && !IN_CI)('done step by step in plain folders', () => {
    const work = join(folder, 'container')
    const data = join(folder, 'data')
    const node = join(folder, 'node')
    const settings: Record<string, string> = { ...COMPILED, DATA_DIR: data, HOST: '127.0.0.1' }

    beforeAll(async () => {
      // Whoever it runs as must be able to read what it runs.
      chmodSync(folder, 0o755)
      cpSync(process.execPath, node)
      settings.PORT = String(await freePort())
      cpSync(ROOT, context, { recursive: true, filter: (path) => !isKept(relative(ROOT, path)) })
      for (const one of [...firstStage, ...lastStage]) {
        const from = one instanceof Copy ? one.getFromFlag()?.getValue() : null
        const [paths, to] = [words(one).filter((word) => !word.startsWith('--')), words(one).at(-1) ?? '']
        if (one.getKeyword() === 'COPY' && to !== '.') copy(paths.slice(0, -1), to, from === 'build')
        if (one.getKeyword() === 'RUN') {
          run(one.getArgumentsContent() ?? '', firstStage.includes(one) ? context : work)
        }
      }
    }, BUILDS_WITHIN_MS)

    function copy(paths: string[], to: string, isBuilt: boolean): void {
      for (const path of paths) {
        const source = join(context, isBuilt ? path.replace(/^\/src\//, '') : path)
        cpSync(source, to === './' ? join(work, path) : join(work, to), { recursive: true })
      }
    }

    function run(line: string, cwd: string): void {
      const here = line.replaceAll('/data', data).replaceAll('-o node -g node', `-o ${NOBODY} -g ${NOBODY}`)
      // Not what npm keeps for itself: others use it at this moment. And no word of tests to what builds.
      const { status, stderr } = spawnSync('sh', ['-ec', here.replace(/&& npm cache clean --force/, '')], {
        cwd,
        env: { ...WITH_NODE, NODE_ENV: undefined },
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

    test('builds as the manual has it built, to be a service as the manual makes it one', () => {
      const ran = commandsIn(
        firstStage.find((one) => one.getKeyword() === 'RUN')?.getArgumentsContent() ?? '',
      )
      const [clone, enter, ...build] = block('docs/install.md', '## 1. Call Manager')
      expect([clone, enter]).toEqual([
        expect.stringMatching(/^git clone \S+ \/opt\/callmanager$/),
        'cd /opt/callmanager',
      ])
      expect(build).toEqual(ran)
      expect(block('docs/install.md', '## Updating')).toEqual([enter, 'git pull', ...ran])

      const units = join(folder, 'units')
      mkdirSync(units)
      const here = (line: string) =>
        line.replaceAll('/opt/callmanager', context).replaceAll('/etc/systemd/system', units)
      const service = block('docs/install.md', '### As a service').map(here)
      // The account and systemd's part are this machine's own: they are only told.
      const told = 'useradd() { echo useradd "$@"; }; systemctl() { echo systemctl "$@"; }'
      expect(spawnSync('sh', ['-ec', [told, ...service].join('\n')], { encoding: 'utf8' })).toMatchObject({
        stdout: 'useradd --system callmanager\nsystemctl enable --now callmanager\n',
        status: 0,
      })
      const unit = readFileSync(join(units, 'callmanager.service'), 'utf8')
      expect(unit).toContain('\nUser=callmanager\n')
      const [program = '', ...args] = here(/^ExecStart=(.*) serve$/m.exec(unit)?.[1] ?? '').split(' ')
      expect(spawnSync(program, [...args, '--version'], { encoding: 'utf8' })).toMatchObject({
        stdout: `${VERSION}\n`,
      })
    })
  })
})

function words(one: Instruction): string[] {
  return (one.getArgumentsContent() ?? '').split(/\s+/)
}
