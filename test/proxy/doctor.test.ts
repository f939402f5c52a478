import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { readConfig } from '../../server/config.ts'
import { examine } from '../../server/doctor/examine.ts'
import type { Finding } from '../../server/doctor/finding.ts'
import { rightsStatements } from '../../server/helpdesk/itsmng/rights-statements.ts'
import { VERSION } from '../../server/version.ts'
import { useAttached } from '../support/attached.ts'
import { skipsWithout } from '../support/find-program.ts'
import { freePort } from '../support/free-port.ts'
import { PROGRAMS, shipped, startPhp, startProxy } from './proxies.ts'

const BASE_PATH = '/itsm-ng'
const CHECKS = ['plugin', 'proxy', 'proxy pages', 'proxy headers', 'proxy operation', 'host cookie']

const ACTIVE = `insert into glpi_plugins (directory, name, version, state)
  values ('callmanager', 'Call Manager', '${VERSION}', 1)`

/** nginx's words for what goes to Call Manager, in place of the shipped ones. */
const forwarding = (pattern: string, more = 'proxy_set_header X-Forwarded-For $remote_addr;') =>
  `location ~ ${pattern} { proxy_pass http://127.0.0.1:8090; ${more} }`

/** What is wrong, by how nginx, Call Manager and the helpdesk are set up; with all that doctor then finds. */
interface Ill {
  what: string
  conf?: string
  settings?: Record<string, string>
  path?: string
  cookiePath?: string
  nodeDown?: true
  found: [check: string, what: RegExp, remedy: RegExp][]
}

const ILLS: Ill[] = [
  {
    what: 'the plugin’s pages are forwarded to Call Manager',
    conf: forwarding('/plugins/callmanager/'),
    found: [['proxy pages', /forwards the plugin's own pages to Call Manager too/, /app\/ and pbx\//]],
  },
  {
    what: 'only the address of the predecessor is forwarded to Call Manager',
    conf: forwarding('/plugins/callmanager/api\\.php'),
    found: [['proxy', /forwards only some paths to Call Manager; missing: api\/, app\/, pbx\/\./, /Include/]],
  },
  {
    what: 'nothing is forwarded to Call Manager, while the plugin is active',
    conf: '',
    found: [['proxy', /forwards nothing to Call Manager, so its pages there stay empty/, /The old address/]],
  },
  {
    what: 'Call Manager is not where the proxy looks for it',
    nodeDown: true,
    found: [['proxy', /does not reach Call Manager \(502\)/, /Start Call Manager/]],
  },
  {
    what: 'Call Manager, or what stands for it, does not answer, while the helpdesk does',
    conf: forwarding('/plugins/callmanager/', 'return 444;'),
    found: [['proxy', /does not reach Call Manager \(UND_ERR_SOCKET\)/, /Start Call Manager/]],
  },
  {
    what: 'the address redirects to another one',
    conf: 'return 302 https://elsewhere.example.org$request_uri;',
    found: [['proxy', /redirects every request/, /Correct the url_base/]],
  },
  {
    what: 'the web server wants a log-in before anything else',
    conf: 'return 401;',
    found: [['proxy', /asks for a log-in of its own/, /Look with a browser/]],
  },
  {
    what: 'Call Manager takes itself to be in another sub-directory',
    path: '/support',
    found: [
      ['proxy', /expects another sub-directory: its BASE_PATH is "\/itsm-ng"/, /Set BASE_PATH=\/support and/],
    ],
  },
  {
    what: 'the proxy is not trusted',
    settings: { TRUSTED_PROXIES: '' },
    found: [['proxy headers', /TRUSTED_PROXIES is empty/, /127\.0\.0\.1 where both/]],
  },
  {
    what: 'everything is forwarded to Call Manager, and nobody says for whom',
    conf: forwarding('^/(metrics|readyz)', '') + shipped('nginx'),
    found: [['proxy operation', /^At http.*, anybody can read \/metrics, \/readyz\.$/, /X-Forwarded-For/]],
  },
  {
    what: 'a server that is not ready tells browsers of it',
    conf: `location = /readyz { return 503 '{"status":"unavailable","database":"unavailable"}'; } ${shipped('nginx')}`,
    found: [['proxy operation', /^At http.*, anybody can read \/readyz\.$/, /X-Forwarded-For/]],
  },
  {
    what: 'the helpdesk keeps its cookie to pages of its own',
    cookiePath: '/itsm-ng/front',
    found: [
      [
        'host cookie',
        /is limited to \/itsm-ng\/front, while.*\/itsm-ng\/plugins\/callmanager\//,
        /cookie_path = \//,
      ],
    ],
  },
]

describe.skipIf(inject('mariadbSocket') === '' || skipsWithout(...PROGRAMS))(
  'doctor, at the address of browsers',
  () => {
    const attached = useAttached({}, { BASE_PATH, TRUSTED_PROXIES: '127.0.0.1' })
    const folder = mkdtempSync(join(tmpdir(), 'callmanager-doctor-'))
    let node: number
    afterAll(() => rmSync(folder, { recursive: true }))

    beforeAll(async () => {
      node = Number(new URL(await attached().app.listen()).port)
      await attached().account.asRoot(ACTIVE)
    })

    /** What doctor says of an address, where nginx, Call Manager and the helpdesk are as told. */
    async function findings(address: string, settings: Record<string, string> = {}): Promise<Finding[]> {
      const { account, host, setConfig } = attached()
      await setConfig('url_base', address)
      const environment = {
        DATA_DIR: folder,
        DATABASE_URL: account.url,
        HELPDESK_URL: host.url,
        BASE_PATH,
        TRUSTED_PROXIES: '127.0.0.1',
        ...settings,
      }
      const found = await examine({ config: readConfig({}, environment), thorough: false })
      return found.filter(({ check }) => CHECKS.includes(check))
    }
    const ills = (found: readonly Finding[]) => found.filter(({ status }) => status !== 'ok')
    const at = (port: number, path = BASE_PATH) => `http://127.0.0.1:${port}${path}`

    test.each(['nginx', 'apache'] as const)('finds all well behind the shipped %s', async (kind) => {
      const { http } = await startProxy(kind, node, await startPhp())
      expect((await findings(at(http))).map(({ check, status, what }) => [check, status, what])).toEqual([
        ['plugin', 'ok', expect.stringContaining('active and of the same release')],
        ['plugin', 'ok', 'Its rights are registered in the helpdesk.'],
        ['proxy', 'ok', `${at(http)} forwards all of Call Manager's paths to it.`],
        ['proxy headers', 'ok', expect.stringContaining('is trusted')],
        ['proxy operation', 'ok', expect.any(String)],
        ['host cookie', 'ok', "The helpdesk's session cookie reaches Call Manager."],
      ])
    })

    test.each(ILLS)('finds that $what', async ({ conf, settings, path, cookiePath, nodeDown, found }) => {
      const { http } = await startProxy(
        'nginx',
        nodeDown ? await freePort() : node,
        await startPhp(cookiePath),
        conf,
      )
      expect(ills(await findings(at(http, path), settings))).toEqual(
        found.map(([check, what, remedy]) => ({
          check,
          status: 'warning',
          what: expect.stringMatching(what),
          remedy: expect.stringMatching(remedy),
        })),
      )
    })

    describe('with the helpdesk’s menus as they were', () => {
      beforeAll(() => attached().account.asRoot('delete from glpi_plugins'))

      test('lets telephone systems ask our own port', async () => {
        const { http } = await startProxy('nginx', node, await startPhp(), '')
        const found = await findings(at(http))
        expect(ills(found)).toEqual([])
        expect(found.map(({ what }) => what)).toContainEqual(
          expect.stringMatching(/forwards nothing to Call Manager\. Telephone systems ask its own port/),
        )
      })

      test('does not mind an address of the helpdesk that it cannot reach, and says so', async () => {
        const found = await findings('http://127.0.0.1:2/itsm-ng')
        expect(ills(found)).toEqual([])
        expect(found.map(({ what }) => what)).toContainEqual(
          expect.stringMatching(
            /Nothing answers .*127\.0\.0\.1:2\/itsm-ng \(ECONNREFUSED\).*Set PUBLIC_URL to name another/,
          ),
        )
      })

      test.each([
        'http://admin:hunter22@127.0.0.1:2/itsm-ng/',
        'javascript:alert(1)',
        'file:///etc/passwd',
        'nowhere at all',
      ])('neither follows nor repeats what is in it beside an address: %s', async (told) => {
        const found = await findings(told)
        expect(ills(found)).toEqual([])
        expect(JSON.stringify(found)).not.toMatch(/hunter22|alert|passwd|nowhere/)
      })

      test.each(['nowhere at all', `http://h/${'a'.repeat(2500)}`, 'http://admin:22/hunter22@127.0.0.1/'])(
        'says that what the helpdesk calls itself is no address of browsers: %.30s',
        async (told) => {
          const found = await findings(told)
          expect(ills(found)).toEqual([])
          expect(found.map(({ what }) => what)).toContainEqual(
            expect.stringContaining('is not an address that browsers can use'),
          )
        },
      )

      test('knows our answers by our id beside one that the web server gives', async () => {
        const { http } = await startProxy(
          'nginx',
          node,
          await startPhp(),
          `add_header X-Request-Id $request_id always; ${shipped('nginx')}`,
        )
        expect((await findings(at(http))).map(({ what }) => what)).toContainEqual(
          `${at(http)} forwards all of Call Manager's paths to it.`,
        )
      })

      test('minds one that it was told, and asks it rather than the helpdesk’s', async () => {
        const { https, http } = await startProxy('nginx', node, await startPhp())
        expect(ills(await findings('', { PUBLIC_URL: `http://127.0.0.1:${http}` }))).toEqual([])
        expect(ills(await findings(at(http), { PUBLIC_URL: `https://127.0.0.1:${https}` }))).toMatchObject([
          { check: 'proxy', what: expect.stringContaining('(DEPTH_ZERO_SELF_SIGNED_CERT)') },
        ])
      })
    })

    test('finds rights that the plugin has not registered, until somebody does', async () => {
      const { account } = attached()
      await account.asRoot(ACTIVE)
      await account.asRoot("delete from glpi_profilerights where name = 'plugin_callmanager_config'")
      const unregistered = ills(await findings('http://127.0.0.1:2'))
      for (const statement of rightsStatements()) await account.asRoot(statement)
      expect(unregistered).toMatchObject([
        {
          check: 'plugin',
          what: expect.stringContaining('The rights plugin_callmanager_config are not registered'),
        },
      ])
      expect(ills(await findings('http://127.0.0.1:2'))).toEqual([])
    })
  },
)
