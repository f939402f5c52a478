import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DCLinter } from 'dclint'
import { afterAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { readConfig } from '../../server/config.ts'
import { ConfigSchema } from '../../server/config-schema.ts'
import { makeComposeConf } from '../support/compose-conf.ts'
import { findProgram, skipsWithout } from '../support/find-program.ts'
import { ROOT, readSource } from '../support/repository.ts'

const folder = mkdtempSync(join(tmpdir(), 'callmanager-deploy-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** dclint's taste in the order of lines is not ours: a reader meets first what others depend on. */
const ORDER = Object.fromEntries(
  [
    'require-quotes-in-ports',
    'service-dependencies-alphabetical-order',
    'service-keys-order',
    'services-alphabetical-order',
    'top-level-properties-order',
  ].map((rule) => [rule, 0 as const]),
)

describe('the compose file', () => {
  const text = readSource('deploy/compose.yaml')
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
    expect(readSource('Dockerfile')).toContain(`EXPOSE ${port}\n`)
    const nginx = readSource('deploy/nginx/compose.conf.sh')
    expect(nginx).toContain(`set $callmanager callmanager:${port};`)
    expect(own.HELPDESK_URL).toBe(`http://${/set \$itsmng (.*);/.exec(nginx)?.[1]}`)
  })

  test('gives the server an address of the database, and names of other services', () => {
    const password = 'Letters0AndDigits9'
    const settings = Object.fromEntries(
      Object.entries(own).map(([name, value]) => [
        name,
        value.replace(/\$\{ITSMNG_DB_PASSWORD:[^}]*\}/, password).replace(/\$\{\w+:-\}/, ''),
      ]),
    )
    const { DATABASE_URL, HELPDESK_URL } = readConfig({}, settings)
    const database = services.mariadb.environment
    expect(new URL(DATABASE_URL)).toMatchObject({
      hostname: 'mariadb',
      username: database.MARIADB_USER,
      password,
      pathname: `/${database.MARIADB_DATABASE}`,
    })
    expect(Object.keys(services)).toContain(new URL(HELPDESK_URL).hostname)
  })

  test('starts the server when ITSM-NG has made its tables', () => {
    const made = { 'itsmng-init': { condition: 'service_completed_successfully' } }
    expect(services.callmanager).toMatchObject({ depends_on: made, restart: 'unless-stopped' })
    expect(services.itsmng).toMatchObject({ depends_on: made })
  })

  test('asks for what the manual has one set, and is in the network that it names', () => {
    const manual = readSource('docs/operations.md')
    const asked = new Set([...text.matchAll(/\$\{(\w+)/g)].map(([, name = '']) => name))
    expect([...asked].sort()).toEqual(['HELPDESK_APP_TOKEN', 'ITSMNG_DB_PASSWORD', 'ITSMNG_IMAGE'])
    for (const name of asked) expect(manual).toContain(`\`${name}\``)
    const network = own.TRUSTED_PROXIES?.replace(/\.0\/24$/, '')
    expect(manual).toContain(`${network}.0 to ${network}.255`)
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
    // nginx's image passes over a script that may not be run.
    expect(statSync(join(ROOT, 'deploy/nginx/compose.conf.sh')).mode & 0o111).toBe(0o111)
  })

  test.skipIf(skipsWithout('nginx'))('makes an nginx.conf that nginx starts with alone', () => {
    const etc = join(folder, 'nginx')
    makeComposeConf(etc)
    writeFileSync(join(etc, 'nginx.conf'), `pid ${etc}/pid; events {} http { include ${etc}/conf.d/*.conf; }`)
    const args = ['-t', '-p', etc, '-c', join(etc, 'nginx.conf'), '-e', join(etc, 'error.log')]
    expect(spawnSync(findProgram('nginx') ?? '', args, { encoding: 'utf8' })).toMatchObject({ status: 0 })
  })
})
