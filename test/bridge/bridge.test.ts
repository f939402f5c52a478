import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { VERSION } from '../../server/version.ts'
import { skipsWithout } from '../support/find-program.ts'
import { BRIDGE, installBridge, type Request } from './ask-bridge.ts'

const READ = 1
const UPDATE = 2
const ACCESS = 'plugin_callmanager_access'
const CONFIG = 'plugin_callmanager_config'
const SUPER_ADMIN = 4
const TECHNICIAN = 6
/** What a caller may have typed, or an attacker sent. */
const HOSTILE = `"><script>alert(1)</script>'&<b>👩‍💻`
const ESCAPED = '&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&#039;&amp;&lt;b&gt;👩‍💻'

const AWAY =
  'Call Manager is loading. If this message stays, its server does not answer: reload the page in a moment.'

const right = (profiles_id: number, name: string, rights: number) => ({ profiles_id, name, rights })
const fresh = () => ({
  glpi_profiles: [{ id: SUPER_ADMIN }, { id: TECHNICIAN }],
  glpi_profilerights: [right(SUPER_ADMIN, 'config', READ | UPDATE), right(TECHNICIAN, 'config', 0)],
  glpi_configs: [],
})
const everything = { [ACCESS]: READ | UPDATE, [CONFIG]: UPDATE, profile: READ | UPDATE }
const user = (id = 7) => ['tab', 'PluginCallmanagerUsertab', 'User', id, {}]
const profile = (face: string) => ['tab', 'PluginCallmanagerProfile', 'Profile', 6, { interface: face }]
const methods = (...values: string[]) => ({
  glpi_plugin_callmanager_configs: values.map((value, id) => ({ id, name: 'rio_storage_method', value })),
})

describe.skipIf(skipsWithout('php'))('the bridge', () => {
  const ask = installBridge()
  const granted = async (tables: NonNullable<Request['tables']>) => {
    const answer = await ask({ tables, run: [['plugin_callmanager_install']] })
    const ours = answer.tables.glpi_profilerights?.filter(({ name }) => name === ACCESS || name === CONFIG)
    return { ...answer, ours }
  }

  test('is of the version of the release, which is higher than the predecessor’s', async () => {
    const { results } = await ask({ run: [['plugin_version_callmanager']] })
    expect(results).toMatchObject([
      { name: 'Call Manager Plugin', version: VERSION, license: 'GPL-3.0-or-later' },
    ])
    expect(VERSION).toMatch(/^[2-9]\d*\./)
  })

  test('is under 400 lines', () => {
    const files = ['setup', 'hook', 'front/callmanager', 'front/config.form']
      .concat(['desk', 'element', 'profile', 'usertab'].map((name) => `inc/${name}.class`))
      .map((name) => readFileSync(`${BRIDGE}${name}.php`, 'utf8'))
    expect(files.join('').split('\n').length).toBeLessThan(400)
  })

  describe('installed', () => {
    test('gives both rights to those who may configure the host, and tells their session', async () => {
      const { ours, results, output, session } = await granted(fresh())
      expect(results).toEqual([true])
      expect(ours).toEqual([
        right(SUPER_ADMIN, ACCESS, READ | UPDATE),
        right(TECHNICIAN, ACCESS, 0),
        right(SUPER_ADMIN, CONFIG, UPDATE),
        right(TECHNICIAN, CONFIG, 0),
      ])
      expect(session.glpiactiveprofile).toEqual({
        id: SUPER_ADMIN,
        [ACCESS]: READ | UPDATE,
        [CONFIG]: UPDATE,
      })
      expect(session.glpimenu).toBeUndefined()
      expect(output).toBe('')
    })

    test.each([
      ['no row of ours', []],
      [
        'the rows that the server’s SQL has made',
        [right(TECHNICIAN, ACCESS, 0), right(TECHNICIAN, CONFIG, 0)],
      ],
    ])('where there is %s, has profiles offer and keep both rights', async (_, rows) => {
      const tables = fresh()
      tables.glpi_profilerights.push(...rows, ...rows.map((row) => ({ ...row, profiles_id: SUPER_ADMIN })))
      const listed = ['ProfileRight::getAllPossibleRights']
      const run = [listed, ['plugin_callmanager_install'], listed]
      const { results } = await ask({ tables, possible: ['config'], run })
      expect(results).toEqual([{ config: '' }, true, { config: '', [ACCESS]: '', [CONFIG]: '' }])
    })

    test('twice changes nothing the second time', async () => {
      const once = await granted(fresh())
      expect((await granted(once.tables)).tables).toEqual(once.tables)
    })

    test.each([
      ['keeps what the predecessor’s administrator gave', TECHNICIAN, READ],
      ['gives to an administrator what the predecessor gave to nobody', SUPER_ADMIN, 0],
    ])('over the predecessor %s', async (_title, holder, bits) => {
      const tables = fresh()
      for (const id of [SUPER_ADMIN, TECHNICIAN]) {
        tables.glpi_profilerights.push(right(id, ACCESS, id === TECHNICIAN ? bits : 0), right(id, CONFIG, 0))
      }
      const { ours } = await granted(tables)
      const holders = ours?.filter(({ name, rights }) => name === ACCESS && Number(rights) > 0)
      expect(holders).toEqual([right(holder, ACCESS, bits === 0 ? READ | UPDATE : bits)])
      expect(ours).toContainEqual(right(SUPER_ADMIN, CONFIG, UPDATE))
    })

    test('by the console, where nobody has a session, works too', async () => {
      const { results } = await ask({ session: {}, tables: fresh(), run: [['plugin_callmanager_install']] })
      expect(results).toEqual([true])
    })
  })

  describe('uninstalled', () => {
    const tables = (removes: string) => ({
      ...fresh(),
      glpi_configs: [{ context: 'plugin:callmanager', name: 'uninstall_removes_data', value: removes }],
      glpi_profilerights: [right(SUPER_ADMIN, ACCESS, READ), right(SUPER_ADMIN, 'config', UPDATE)],
      glpi_plugin_callmanager_users: [{ users_id: 7, rio_number: '1234567890' }],
      glpi_plugin_callmanagerx: [],
    })

    test.each(['0', ''])('keeps every RIO, the settings and the rights (%j)', async (removes) => {
      const answer = await ask({ tables: tables(removes), run: [['plugin_callmanager_uninstall']] })
      expect(answer.tables).toEqual(tables(removes))
    })

    test('removes them where the page of the plugin says so, and nobody else’s', async () => {
      const answer = await ask({ tables: tables('1'), run: [['plugin_callmanager_uninstall']] })
      expect(Object.keys(answer.tables).filter((name) => name.includes('callmanager'))).toEqual([
        'glpi_plugin_callmanagerx',
      ])
      expect(answer.tables.glpi_profilerights).toEqual([right(SUPER_ADMIN, 'config', UPDATE)])
      expect(answer.tables.glpi_configs).toEqual([])
    })
  })

  describe('checked', () => {
    test.each([
      ['9.5.13', [true], ''],
      ['10.0.18', [true], ''],
      ['9.4.6', [false], 'Call Manager needs ITSM-NG 1.0 or GLPI 9.5, or later.'],
    ])('on %s answers %j', async (version, results, output) => {
      const answer = await ask({ version, run: [['plugin_callmanager_check_prerequisites']] })
      expect(answer).toMatchObject({ results, output })
    })

    test('is to be configured until the server has made its tables', async () => {
      const run = [['plugin_callmanager_check_config', true]]
      const without = await ask({ run })
      expect(without.results).toEqual([false])
      expect(without.output).toContain('docs/install.md')
      expect(await ask({ run, tables: { glpi_plugin_callmanager_index: [] } })).toMatchObject({
        results: [true],
        output: '',
      })
    })
  })

  describe('in every request', () => {
    test('shows menus to those alone who have the rights', async () => {
      const run = [['plugin_init_callmanager'], ['menu']]
      const alice = await ask({ run, rights: everything })
      expect(alice.hooks).toMatchObject({
        menu_toadd: { callmanager: { helpdesk: 'PluginCallmanagerDesk' } },
        config_page: { callmanager: 'front/config.form.php' },
        csrf_compliant: { callmanager: true },
      })
      expect(alice.results[1]).toMatchObject({ page: '/plugins/callmanager/front/callmanager.php' })
      const charlie = await ask({ run })
      expect(Object.keys(charlie.hooks)).toEqual(['csrf_compliant', 'item_purge'])
      expect(charlie.results[1]).toBe(false)
    })

    test('forgets the RIO and the identifiers of who is purged, and of nobody else', async () => {
      const { hooks } = await ask({ run: [['plugin_init_callmanager']] })
      expect(hooks.item_purge).toEqual({ callmanager: { User: 'plugin_callmanager_forget_user' } })
      const rows = [{ users_id: 7 }, { users_id: 8 }]
      const tables = { glpi_plugin_callmanager_users: rows, glpi_plugin_callmanager_identifiers: rows }
      const left = [{ users_id: 8 }]
      const answer = await ask({ tables, run: [['purge', 7]] })
      expect(Object.values(answer.tables)).toEqual([left, left])
      // Before the server has made its tables there is nothing to forget.
      expect((await ask({ run: [['purge', 7]] })).tables).toEqual([])
    })

    test('asks nothing of users who are added or changed: RIOs are written by our own form and API', async () => {
      const { hooks } = await ask({ run: [['plugin_init_callmanager']], rights: everything })
      expect(
        Object.keys(hooks).filter((name) => name.startsWith('item_') || name.startsWith('pre_')),
      ).toEqual(['item_purge'])
    })
  })

  describe('its desk', () => {
    const page = 'front/callmanager.php'

    test('stands between the host’s header and footer, with what was asked for as it was typed', async () => {
      const query = `rio=${encodeURIComponent(HOSTILE)}&phone[]=1`
      const { output, calls } = await ask({ page, query, rights: everything })
      expect(output).toBe(
        `<header></header>
<callmanager-desk rio="${ESCAPED}" phone="" base="/itsm-ng/plugins/callmanager" root="/itsm-ng" login="host" lang="en" bridge-version="${VERSION}">${AWAY}</callmanager-desk>
<script type="module" src="/itsm-ng/plugins/callmanager/app/elements.js"></script>
<footer></footer>
`,
      )
      expect(calls).toEqual([
        [
          'header',
          'Call Manager',
          '/itsm-ng/plugins/callmanager/front/callmanager.php',
          'helpdesk',
          'PluginCallmanagerDesk',
        ],
      ])
    })

    test('speaks the language of the session, and knows a host without a sub-directory', async () => {
      const session = { glpilanguage: 'fr_FR' }
      const { output } = await ask({ page, session, root: '', rights: everything })
      expect(output).toContain(' base="/plugins/callmanager" root="" login="host" lang="fr"')
    })

    test('says in the host’s words that the server’s script is still to come', async () => {
      const { output } = await ask({ page, words: { [AWAY]: HOSTILE }, rights: everything })
      expect(output).toContain(`">${ESCAPED}</callmanager-desk>`)
    })

    test.each([
      ['who lacks the right', { rights: { [ACCESS]: UPDATE } }, ['refused', ACCESS, READ]],
      ['anybody while the plugin is off', { rights: everything, active: false }, ['not found']],
    ])('is not shown to %s', async (_who, request, call) => {
      expect(await ask({ page, ...request })).toMatchObject({ output: '', calls: [call] })
    })
  })

  describe('its configuration page', () => {
    const page = 'front/config.form.php'
    const tables = { glpi_configs: [] }

    test('shows the settings, and a form with the host’s token of its own', async () => {
      const words = { 'Uninstalling the plugin removes every RIO, the settings and the journal': HOSTILE }
      const { output } = await ask({ page, tables, words, rights: everything })
      expect(output).toContain('<callmanager-settings base="/itsm-ng/plugins/callmanager"')
      expect(output).toContain(`value="1"> ${ESCAPED}</label>`)
      expect(output).toContain('_glpi_csrf_token')
    })

    test('keeps what was chosen by a form that was sent, and changes nothing by an address', async () => {
      const sent = { page, tables, rights: everything, post: { update: '1', uninstall_removes_data: '1' } }
      const kept = await ask(sent)
      expect(kept.calls).toEqual([['back']])
      expect(kept.tables.glpi_configs).toEqual([
        { context: 'plugin:callmanager', name: 'uninstall_removes_data', value: '1' },
      ])
      expect((await ask({ ...sent, tables: kept.tables, post: {} })).output).toContain('value="1" checked>')
      const taken = await ask({ ...sent, tables: kept.tables, post: { update: '1' } })
      expect(taken.tables.glpi_configs).toMatchObject([{ value: '0' }])
      const query = 'update=1&uninstall_removes_data=1'
      expect((await ask({ page, tables, query, rights: everything })).tables).toEqual(tables)
    })

    test.each([
      ['who lacks the right', { rights: { [ACCESS]: READ | UPDATE } }, ['refused', CONFIG, UPDATE]],
      ['anybody while the plugin is off', { rights: everything, active: false }, ['not found']],
    ])('is neither shown to nor used by %s', async (_who, request, call) => {
      const post = { update: '1', uninstall_removes_data: '1' }
      expect(await ask({ page, tables, post, ...request })).toMatchObject({
        output: '',
        calls: [call],
        tables,
      })
    })
  })

  describe('its tab on a user', () => {
    const element = '<callmanager-user-tab user-id="7" base="/itsm-ng/plugins/callmanager"'

    test('shows the element, as often as it is opened', async () => {
      const { output, results } = await ask({ run: [user(), user()], rights: everything })
      expect(output.split(element)).toHaveLength(3)
      expect(results).toEqual([
        ['Call Manager', true],
        ['Call Manager', true],
      ])
    })

    test.each([
      ['without the right', { run: [user()], rights: { [ACCESS]: 0 } }],
      ['on a user who is being made', { run: [user(-1)], rights: everything }],
      [
        'on other things',
        { run: [['tab', 'PluginCallmanagerUsertab', 'Computer', 7, {}]], rights: everything },
      ],
      [
        'where RIOs are logins',
        { run: [user()], rights: everything, tables: methods('custom_table', 'name') },
      ],
      [
        'where they are registration numbers',
        { run: [user()], rights: everything, tables: methods('registration_number') },
      ],
    ])('is not there %s', async (_where, request) => {
      expect(await ask(request)).toMatchObject({ output: '', results: [['', false]] })
    })

    test('goes by the last of the rows that the predecessor’s table allows', async () => {
      const tables = methods('name', 'custom_table')
      const { output } = await ask({ run: [user()], rights: everything, tables })
      expect(output).toContain(element)
    })
  })

  describe('its tab on a profile', () => {
    const matrix = (update: string, config: string, read: string, write: string, access: string) => [
      { rights: { [UPDATE]: update }, label: config, field: CONFIG },
      { rights: { [READ]: read, [UPDATE]: write }, label: access, field: ACCESS },
    ]
    const english = matrix('Update', 'Config update', 'Read', 'Write', 'Access to CallManager API/UI')

    test('shows the two rights in the host’s matrix, in its form and with its token', async () => {
      const { output, calls } = await ask({ run: [profile('central')], rights: everything })
      expect(calls).toEqual([
        ['getFromDB', 'Profile', 6],
        ['matrix', english, true],
      ])
      expect(output).toMatch(
        /^<form method="post" action="\/itsm-ng\/front\/profile\.form\.php">.*name='id' value='6'.*name='update'.*_glpi_csrf_token/s,
      )
    })

    test('shows them to be read to who may not change profiles, and writes nothing by being shown', async () => {
      const tables = fresh()
      const answer = await ask({ run: [profile('central')], rights: { profile: READ }, tables })
      expect(answer.calls).toContainEqual(['matrix', english, false])
      expect(answer.output).toBe('<table></table>')
      expect(answer.tables).toEqual(tables)
    })

    test.each([
      ['on profiles of the simplified interface', { run: [profile('helpdesk')], rights: everything }],
      ['for who may not read profiles', { run: [profile('central')], rights: {} }],
      ['on other things', { run: [['tab', 'PluginCallmanagerProfile', 'User', 6, {}]], rights: everything }],
    ])('is not there %s', async (_where, request) => {
      expect(await ask(request)).toMatchObject({ output: '', results: [['', false]] })
    })
  })
})
