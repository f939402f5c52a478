import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, inject, test } from 'vitest'
import { HOST_PROFILES } from '../host/people.ts'
import { useAttached } from '../support/attached.ts'
import { type Tab, useBrowser } from '../support/browser.ts'
import { skipsWithout } from '../support/find-program.ts'
import { freePort } from '../support/free-port.ts'
import { looksOf } from '../support/looks.ts'
import { type Look, startHostPages } from './host-pages.ts'
import { PROGRAMS, startProxy } from './proxies.ts'

const ROOT = '/itsm-ng'
const READ = 1
const UPDATE = 2
const RIGHTS = {
  alice: {
    plugin_callmanager_access: READ | UPDATE,
    plugin_callmanager_config: UPDATE,
    profile: READ | UPDATE,
  },
  bob: { plugin_callmanager_access: READ | UPDATE },
  charlie: {},
}
const LOOKS = ['1.x', '2.x'] as const
/** What the host rewrites where it reads an address or a form. */
const HOSTILE = `0012'<b>`

/** What stands in place of an element until the script of the server arrives. */
const AWAY = {
  en: 'Call Manager is loading. If this message stays, its server does not answer: reload the page in a moment.',
  fr: 'Call Manager se charge. Si ce message reste, son serveur ne répond pas : rechargez la page dans un instant.',
}
/** By how much what scrolls in the host's page is too wide. */
const SIDEWAYS = `(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)(document.querySelector('.main-container'))`

const field = (page: Page) => page.getByLabel('RIO', { exact: true })
const save = (page: Page) => page.getByRole('button', { name: /^(Save|Sauvegarder)$/ }).click()
const card = (page: Page, name: string) => page.getByRole('article', { name })
const callManager = (page: Page) => page.getByRole('link', { name: 'Call Manager', exact: true })
/** What is seen of an element's own content, rather than of what its script makes of it. */
const ownText = (page: Page, tag: string) =>
  page.evaluate<string>(`document.querySelector('${tag}').innerText`)
const openTab = (page: Page, name: string) =>
  page.locator('#tabs > ul').getByRole('link', { name, exact: true }).click()

describe.skipIf(inject('mariadbSocket') === '' || skipsWithout(...PROGRAMS))(
  'pages of a host behind nginx',
  () => {
    const attached = useAttached({}, { BASE_PATH: ROOT, TRUSTED_PROXIES: '127.0.0.1' })
    let pages: Awaited<ReturnType<typeof startHostPages>>
    let origin = ''
    let away = ''
    let caller = 0
    let other = 0
    const browse = useBrowser(async () => origin, ROOT)

    beforeAll(async () => {
      pages = await startHostPages()
      const node = Number(new URL(await attached().app.listen()).port)
      origin = `http://127.0.0.1:${(await startProxy('nginx', node, pages.port)).http}`
      away = `http://127.0.0.1:${(await startProxy('nginx', await freePort(), pages.port)).http}`
      const memberships = [{ profile: HOST_PROFILES.selfService, entity: 1 }]
      const zoe = {
        login: 'zoe',
        lastname: 'Colin',
        firstname: 'Zoé',
        phone: '04 65 71 12 23',
        rio: '0012345',
      }
      caller = await attached().addPerson({ ...zoe, memberships })
      other = await attached().addPerson({ login: 'yann', lastname: 'Roux', rio: HOSTILE, memberships })
    })

    interface Visit {
      look: Look
      language?: 'en' | 'fr'
      width?: number
      origin?: string
    }

    /** A browser of somebody who has logged in at the host. */
    async function visit(login: keyof typeof RIGHTS, { look, ...options }: Visit): Promise<Tab> {
      const token = await attached().host.logIn(login)
      pages.admit(token, { look, rights: RIGHTS[login], language: options.language ?? 'en' })
      return browse({ token, ...options })
    }
    const userForm = () => `${ROOT}/front/user.form.php?id=${caller}`
    const desk = (query = '') => `${ROOT}/plugins/callmanager/front/callmanager.php${query}`
    const CONFIG = `${ROOT}/plugins/callmanager/front/config.form.php`

    describe.each(LOOKS)('that look as ITSM-NG %s does', (look) => {
      test('lead to the desk by their menu, which finds whoever has the RIO that is typed', async () => {
        const tab = await visit('bob', { look })
        const { page } = tab
        const answer = await page.goto(`${ROOT}/front/central.php`)
        // Whatever of ours were an inline script or style would be complained of.
        expect(answer?.headers()['content-security-policy']).toBe("default-src 'self'")
        await callManager(page).click()
        await page.locator('callmanager-desk').getByRole('combobox').fill('0012345')
        await card(page, 'Colin Zoé').getByRole('link', { name: '04 65 71 12 23' }).waitFor()
        expect(await page.title()).toBe('ITSM-NG - Call Manager')
        expect(await ownText(page, 'callmanager-desk')).toBe('')
        expect(
          await card(page, 'Colin Zoé').getByRole('link', { name: 'View profile' }).getAttribute('href'),
        ).toBe(userForm())
        await tab.shoot(`pages-${look}-desk`)
      })

      test('show the settings, with the host’s own form below', async () => {
        const tab = await visit('alice', { look })
        const { page } = tab
        await page.goto(`${ROOT}/front/central.php`)
        await page.getByRole('link', { name: 'Plugins' }).click()
        const days = page.getByLabel('Journal of look-ups: days kept')
        await days.fill(look === '1.x' ? '55' : '66')
        await page.locator('callmanager-settings').getByRole('button', { name: 'Save' }).click()
        await page.getByRole('status').getByText('Saved').waitFor()
        await tab.shoot(`pages-${look}-settings`)

        const form = page.locator('form[action$="config.form.php"]')
        // The only one that says what uninstalling does.
        const box = page.getByRole('checkbox', { name: /uninstall/i })
        for (const removes of [true, false]) {
          expect(await box.isChecked()).toBe(!removes)
          await box.setChecked(removes)
          await Promise.all([
            page.waitForResponse((response) => response.request().method() === 'POST'),
            form.getByRole('button', { name: 'Save' }).click(),
          ])
          await expect.poll(() => box.isChecked()).toBe(removes)
          expect(await days.inputValue()).toBe(look === '1.x' ? '55' : '66')
        }
      })

      test('load the tab of a user by script, as often as they like', async () => {
        const tab = await visit('bob', { look })
        const { page } = tab
        await page.goto(userForm())
        await openTab(page, 'Call Manager')
        const shows = async (rio: string) => {
          await field(page).waitFor()
          expect(await field(page).inputValue()).toBe(rio)
          expect(await page.locator('callmanager-user-tab').count()).toBe(1)
        }
        await shows('0012345')
        await field(page).fill('0012346')
        await save(page)
        await page.getByRole('cell', { name: '0012345 → 0012346' }).waitFor()
        await tab.shoot(`pages-${look}-user`)
        for (const script of ['reloadTab()', 'reloadTab(); reloadTab()']) {
          await Promise.all([page.waitForResponse(/common\.tabs\.php/), page.evaluate(script)])
          await shows('0012346')
        }
        await field(page).fill('half typed')
        await openTab(page, 'User')
        expect(await field(page).isVisible()).toBe(false)
        await openTab(page, 'Call Manager')
        await shows('half typed')
        await field(page).fill('0012345')
        await save(page)
        await page.getByRole('cell', { name: '0012346 → 0012345' }).first().waitFor()
        await Promise.all([page.waitForResponse(/common\.tabs\.php/), page.evaluate('reloadTab()')])
        await shows('0012345')
        await page.getByRole('button', { name: 'Remove' }).click()
        await page.getByRole('dialog').waitFor()
        await tab.shoot(`pages-${look}-dialog`)
      })

      test('give rights by the tab of a profile', async () => {
        const tab = await visit('alice', { look })
        const { page } = tab
        await page.goto(`${ROOT}/front/profile.form.php?id=${HOST_PROFILES.technician}`)
        await openTab(page, 'Call Manager')
        const write = page.getByRole('row', { name: /Access to CallManager/ }).getByLabel('Write')
        const before = await write.isChecked()
        await write.setChecked(!before)
        await tab.shoot(`pages-${look}-profile`)
        await Promise.all([
          page.waitForResponse((answer) => answer.request().method() === 'POST'),
          save(page),
        ])
        await openTab(page, 'Call Manager')
        expect(await write.isChecked()).toBe(!before)
      })

      test('fit a narrow window, in French', async () => {
        const tab = await visit('alice', { look, language: 'fr', width: 360 })
        const { page } = tab
        const fits = async (name: string) => {
          await tab.expectNoSidewaysScroll()
          expect(await page.evaluate(SIDEWAYS)).toBe(0)
          await tab.shoot(`pages-${look}-${name}`)
        }
        await page.goto(desk('?rio=0012345'))
        await card(page, 'Colin Zoé').getByText('Aucun ticket ouvert').waitFor()
        await fits('desk')
        await page.goto(CONFIG)
        await page.getByLabel('Pays par défaut').waitFor()
        await page.getByText('Désinstaller le plugin supprime tous les RIO').waitFor()
        await fits('settings')
        await page.goto(userForm())
        await openTab(page, 'Call Manager')
        await page.getByRole('heading', { name: 'Identifiants' }).waitFor()
        await fits('user')
        await page.goto(`${ROOT}/front/profile.form.php?id=${HOST_PROFILES.technician}`)
        await openTab(page, 'Call Manager')
        await page.getByText('Mise à jour de la configuration').waitFor()
        await fits('profile')
      })

      test('stay, and say so, when Node does not answer', async () => {
        const language = look === '1.x' ? 'fr' : 'en'
        const tab = await visit('alice', { look, language, origin: away })
        const { page } = tab
        const ways = {
          'callmanager-desk': desk('?rio=0012345'),
          'callmanager-settings': CONFIG,
          'callmanager-user-tab': userForm(),
        }
        for (const [tag, path] of Object.entries(ways)) {
          const script = page.waitForResponse(/elements\.js/)
          await page.goto(path)
          if (path === userForm()) await openTab(page, 'Call Manager')
          expect((await script).status()).toBe(502)
          expect(await ownText(page, tag)).toBe(AWAY[language])
          expect(await page.locator('#sample').isVisible()).toBe(true)
          await tab.shoot(`pages-${look}-away-${tag}`)
        }
      })
    })

    test('leave the looks of our elements alone, and those leave theirs', async () => {
      const visits = await Promise.all((['plain', ...LOOKS] as const).map((look) => visit('alice', { look })))
      const everywhere = <Seen>(see: (page: Page) => Promise<Seen>) =>
        Promise.all(visits.map(({ page }) => see(page)))
      const theirs = await everywhere(async (page) => {
        await page.goto(`${ROOT}/front/central.php`)
        return looksOfSample(page)
      })
      // Else they were not dressed.
      expect(new Set(theirs.map(String)).size).toBe(3)

      const ways: Record<string, (page: Page) => Promise<void>> = {
        'callmanager-desk': async (page) => {
          await page.goto(desk('?rio=0012345'))
          await card(page, 'Colin Zoé').getByText('No ticket is open.').waitFor()
        },
        'callmanager-settings': async (page) => {
          await page.goto(CONFIG)
          await page.getByRole('option', { name: 'Phone' }).waitFor({ state: 'attached' })
        },
        'callmanager-user-tab': async (page) => {
          await page.goto(`${ROOT}/front/user.form.php?id=${other}`)
          await openTab(page, 'Call Manager')
          await page.getByText('No change of the RIO is written down.').waitFor()
          await page.getByRole('cell', { name: 'Call Manager' }).waitFor()
        },
      }
      for (const [tag, show] of Object.entries(ways)) {
        const [alone, ...among] = await everywhere(async (page) => {
          await show(page)
          await page.evaluate(`document.querySelector('${tag}').style.width = '900px'`)
          const ours = await looksOf(page, tag)
          await page.evaluate(`document.querySelector('${tag}').style.width = ''`)
          return ours
        })
        expect(alone?.length).toBeGreaterThan(20)
        expect(among, tag).toEqual([alone, alone])
        expect(await everywhere(looksOfSample), `around ${tag}`).toEqual(theirs)
      }
    })

    test('need not be loaded again once Node answers: a tab that is comes to life', async () => {
      const { page } = await visit('bob', { look: '1.x' })
      const script = '**/app/elements.js'
      await page.route(script, (route) => route.fulfill({ status: 502, contentType: 'text/html', body: '…' }))
      await page.goto(userForm())
      await openTab(page, 'Call Manager')
      await page.getByText(AWAY.en).waitFor()
      await page.unroute(script)
      await page.evaluate('reloadTab()')
      await field(page).waitFor()
    })

    test('open the desk on whoever the address names, as it was typed there', async () => {
      const { page } = await visit('bob', { look: '2.x' })
      const ways = { '?rio=0012345': 'Colin Zoé', '?phone=%2B33465711223': 'Colin Zoé' }
      for (const [query, name] of Object.entries({
        ...ways,
        [`?rio=${encodeURIComponent(HOSTILE)}`]: 'Roux',
      })) {
        await page.goto(desk(query))
        await card(page, name).waitFor()
      }
    })

    test('are shown to nobody without the right', async () => {
      const { page } = await visit('charlie', { look: '1.x' })
      await page.goto(`${ROOT}/front/central.php`)
      expect(await callManager(page).count()).toBe(0)
      expect((await page.request.get(desk())).status()).toBe(403)
      const bob = await visit('bob', { look: '1.x' })
      await bob.page.goto(desk())
      expect(await bob.page.getByRole('link', { name: 'Plugins' }).count()).toBe(0)
      expect((await bob.page.request.get(CONFIG)).status()).toBe(403)
    })
  },
)

/** What each thing that the host itself has on a page looks like, in every way there is. */
const looksOfSample = (page: Page): Promise<string[]> =>
  page.evaluate(`[...document.querySelectorAll('#sample, #sample *')].map((part) => {
    const styles = getComputedStyle(part)
    return part.tagName + ' ' + [...styles].map((name) => name + ': ' + styles[name]).join('; ')
  })`)
