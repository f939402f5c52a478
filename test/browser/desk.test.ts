import type { Locator, Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { VERSION } from '../../server/version.ts'
import { startApp, V1 } from '../support/app.ts'
import { expectFocus, useBrowser } from '../support/browser.ts'
import { openHostPage } from '../support/host-page.ts'

// Typed by machines, a minute holds more searches than people make.
const server = await startApp({ LOOKUPS_PER_MINUTE: '100000' })
const browse = useBrowser(() => server.listen())
const HOSTILE = `O'Brien <b>"&amp; 👩‍💻`
const LONG = `${'9'.repeat(254)}Z`

const field = (page: Page) => page.getByRole('combobox')
const options = (page: Page) => page.getByRole('option')
/** The button is usable once all of the caller is there, as is its key. */
const ready = (page: Page) =>
  page.getByRole('button', { name: /^(New ticket|Nouveau ticket)/, disabled: false })
const card = (page: Page, name: string | RegExp) => page.getByRole('article', { name })
/** What is read aloud to who does not look. */
const said = (page: Page, text: string | RegExp) =>
  page.locator('[role=status].visually-hidden').filter({ hasText: text }).waitFor({ state: 'attached' })

const alice = await server.logIn('alice')
const bob = await server.logIn('bob')
const ask = (path: string, method: 'POST' | 'PUT', payload: object) =>
  server.askAs(alice, `${V1}/${path}`, { method, payload })

describe('the desk', () => {
  test.each([
    ['en', 1280],
    ['fr', 360],
  ] as const)('finds as one types, and lets one choose by keyboard (%s, %i px)', async (language, width) => {
    const tab = await browse({ token: alice, language, width })
    const { page } = tab
    await tab.open('app/')
    await field(page).waitFor()
    await expectFocus(field(page))
    await tab.shoot('desk-empty')
    await page.keyboard.type('ro')
    await options(page).nth(1).waitFor()
    await said(page, language === 'fr' ? '2 personnes trouvées' : '2 people found')
    await tab.expectAccessible('hits')
    await tab.expectNoSidewaysScroll()
    await tab.shoot('desk-hits')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await card(page, 'Roux Thierry').waitFor()
    // All that the issue of a caller card is about, before anything else is opened.
    await card(page, 'Roux Thierry').getByText('1228904').waitFor()
    await tab.expectAccessible('card')
    await tab.expectNoSidewaysScroll()
    await tab.shoot('desk-card')
    await page.keyboard.press('Escape')
    await options(page).nth(1).waitFor()
    expect(await field(page).inputValue()).toBe('ro')
    await expectFocus(field(page))
  })

  test.each([
    ['a RIO', '1340083'],
    ['a RIO in another spelling', '13 40-083'],
    ['a number in another spelling', '+33 4.65.71.12.23'],
    ['a name in any order and letter case', 'PASCAL rob'],
    ['a login', 'pascal.robin'],
    ['an address', 'pascal.robin@example.org'],
  ])('opens the card of the only hit at once, by %s', async (_, typed) => {
    const tab = await browse({ token: alice })
    await tab.open('app/')
    await field(tab.page).fill(typed)
    await card(tab.page, 'Robin Pascal').waitFor()
  })

  test.each(['pascal.robin', 'rob', 'ro'])('gives the keys to the card after Enter (%s)', async (typed) => {
    const tab = await browse({ token: alice })
    const { page } = tab
    await tab.open('app/')
    await field(page).waitFor()
    await page.keyboard.type(typed)
    if (typed === 'ro') await options(page).nth(1).waitFor()
    await page.keyboard.press('Enter')
    await ready(page).waitFor()
    expect(await field(page).evaluate((input) => input.matches(':focus'))).toBe(false)
    await page.keyboard.press('n')
    await page.getByLabel('Title').waitFor()
  })

  test('offers a choice where several people share what was typed', async () => {
    const tab = await browse({ token: alice })
    await tab.open('front/callmanager.php?phone=4521')
    await options(tab.page).nth(1).waitFor()
    expect(await tab.page.getByRole('article').count()).toBe(0)
    await options(tab.page).filter({ hasText: 'Girard' }).click()
    await card(tab.page, 'Girard Isabelle').waitFor()
  })

  test('shows what is open for the caller, and what is closed behind', async () => {
    const tab = await browse({ token: alice })
    const { page } = tab
    await tab.open('front/callmanager.php?rio=1234567890')
    const doe = card(page, 'Doe John')
    await doe.getByRole('link', { name: /La messagerie ne répond plus/ }).waitFor()
    expect(await doe.getByRole('heading', { name: 'Open tickets (3)' }).count()).toBe(1)
    await doe.getByText('tech and Réseaux et téléphonie').waitFor()
    await doe.getByText('2 solved or closed tickets').click()
    await expect.poll(() => doe.getByRole('listitem').count()).toBe(5)
    await tab.expectAccessible('card with closed tickets')
    const links = (name: RegExp) => doe.getByRole('link', { name }).getAttribute('href')
    expect(await links(/View tickets/)).toBe('/plugins/callmanager/app/tickets?requester=1')
    expect(await links(/View profile/)).toBe('/plugins/callmanager/app/users/1')
    expect(await links(/messagerie/)).toBe('/plugins/callmanager/app/tickets/5')
    expect(await links(/\+1234567890/)).toBe('tel:+1234567890')
  })

  test.each([
    ['?rio=1234567890', 'Doe John'],
    ['?phone=%2B1234567890', 'Doe John'],
    ['?phone=+1234567890', 'Doe John'],
    ['?phone=sip:0465711223@pbx.example.org', 'Robin Pascal'],
  ])('opens on the caller of %s', async (query, name) => {
    const tab = await browse({ token: alice })
    await tab.open(`front/callmanager.php${query}`)
    await card(tab.page, name).waitFor()
  })

  test('takes a RIO in the address whole: one that only begins so is somebody else', async () => {
    const tab = await browse({ token: alice })
    await tab.open('front/callmanager.php?rio=12289')
    await tab.page.getByRole('heading', { name: 'Nobody has the RIO 12289' }).waitFor()
    await tab.expectAccessible('nobody')
  })

  test.each(['../../../status.php', 'a/b?c=d#e', '%2e%2e%2f'])(
    'asks for a RIO from the address as a value, never as a way: %s',
    async (rio) => {
      const tab = await browse({ token: alice })
      const asked: URL[] = []
      tab.page.on('request', (request) => asked.push(new URL(request.url())))
      await tab.open(`front/callmanager.php?rio=${encodeURIComponent(rio)}`)
      await tab.page.getByRole('heading', { name: `Nobody has the RIO ${rio}` }).waitFor()
      const below = /^\/plugins\/callmanager\/(app\/|api\/v1\/|front\/callmanager\.php$)/
      expect(asked.filter(({ pathname }) => !below.test(pathname))).toEqual([])
      expect(asked.some(({ searchParams }) => [...searchParams.values()].includes(rio))).toBe(true)
    },
  )

  test('says when the telephone system sends the name of a variable', async () => {
    const tab = await browse({ token: alice })
    await tab.open('front/callmanager.php?phone=%5BNumber%5D')
    await tab.page.getByText('The telephone system has not filled in the number').waitFor()
    await tab.expectAccessible('unfilled')
  })

  test('goes back and forth by the browser, and keeps its place when it is loaded again', async () => {
    const tab = await browse({ token: alice })
    const { page } = tab
    await tab.open('app/')
    await field(page).fill('ro')
    await options(page).first().click()
    await card(page, 'Robin Pascal').waitFor()
    await page.reload()
    await card(page, 'Robin Pascal').waitFor()
    await page.goBack()
    await options(page).nth(1).waitFor()
    await page.goForward()
    await card(page, 'Robin Pascal').waitFor()
    // And types for somebody else.
    await field(page).fill('thierry.roux')
    await card(page, 'Roux Thierry').waitFor()
    await expect.poll(() => new URL(page.url()).search).toBe('?q=thierry.roux')
  })

  test('shows what people have typed as they have typed it', async () => {
    const made = await ask('users', 'POST', {
      login: 'hostile',
      lastname: HOSTILE,
      firstname: '<i>x</i>',
      rio: LONG,
      entityId: 0,
    })
    const id = made.json().id
    await ask('tickets', 'POST', { requesterId: id, title: HOSTILE, description: 'x', type: 'incident' })
    const tab = await browse({ token: alice, width: 360 })
    await tab.open(`front/callmanager.php?rio=${LONG}`)
    const shown = card(tab.page, `${HOSTILE} <i>x</i>`)
    await shown.getByText(LONG).waitFor()
    await shown.getByRole('link', { name: HOSTILE }).waitFor()
    await tab.expectNoSidewaysScroll()
    await tab.shoot('desk-hostile')
    await field(tab.page).fill('<b>')
    await tab.page
      .getByText(/found|Nobody/)
      .first()
      .waitFor()
  })

  test('never lets a late answer replace a newer one', async () => {
    const tab = await browse({ token: alice })
    const { page } = tab
    await tab.open('app/')
    await field(page).waitFor()
    await page.route('**/search?q=roux*', async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 1500))
      await route.continue().catch(() => undefined)
    })
    await field(page).fill('roux')
    await page.waitForTimeout(300)
    await field(page).fill('robin')
    await card(page, 'Robin Pascal').waitFor()
    await page.waitForTimeout(1800)
    expect(await card(page, 'Roux Thierry').count()).toBe(0)
    expect(await card(page, 'Robin Pascal').count()).toBe(1)
  })

  test('does not leave somebody on the page who is not whom one looks for now', async () => {
    const { page, open } = await browse({ token: alice })
    await open('app?q=john+doe')
    await page.getByRole('heading', { name: 'Doe John' }).waitFor()
    await page.route('**/api/v1/search?*', () => undefined)
    await page.locator('#q').fill('arnaud')
    await page.getByRole('heading', { name: 'Doe John' }).waitFor({ state: 'detached' })
    await page.getByText('Loading …').waitFor()
  })

  test('says when the server does not answer, and tries again on request', async () => {
    const tab = await browse({ token: alice })
    const { page } = tab
    await tab.open('app/')
    await field(page).waitFor()
    await page.route('**/search?*', (route) => route.abort())
    await field(page).fill('roux')
    await page.getByText('The server does not answer').waitFor()
    await tab.expectAccessible('unreachable')
    await tab.shoot('desk-unreachable')
    await page.unroute('**/search?*')
    await page.getByRole('button', { name: 'Try again' }).click()
    await card(page, 'Roux Thierry').waitFor()
    expect(await field(page).inputValue()).toBe('roux')
  })

  test('finds for Bob only whom his entity holds', async () => {
    const tab = await browse({ token: bob })
    await tab.open('app/')
    await field(tab.page).fill('robin pascal')
    await tab.page.getByRole('heading', { name: /Nobody/ }).waitFor()
    await field(tab.page).fill('thierry.roux')
    await card(tab.page, 'Roux Thierry').waitFor()
  })

  test('lists its shortcuts', async () => {
    const tab = await browse({ token: alice })
    const { page } = tab
    await tab.open('app/')
    await page.getByRole('button', { name: 'Shortcuts' }).focus()
    await page.keyboard.press('?')
    await page.getByRole('dialog').waitFor()
    await tab.expectAccessible('shortcuts')
    await page.keyboard.press('Escape')
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0)
    await page.keyboard.press('/')
    await expectFocus(field(page))
    // In the field it is a sign like any other.
    await page.keyboard.type('?/n')
    expect(await field(page).inputValue()).toBe('?/n')
  })
})

describe('the caller card', () => {
  test.each([
    ['en', 1280],
    ['fr', 360],
  ] as const)('opens one ticket, however often one clicks (%s, %i px)', async (language, width) => {
    const tab = await browse({ token: alice, language, width })
    const { page } = tab
    const french = language === 'fr'
    const title = `No dial tone, ${language}`
    await tab.open('front/callmanager.php?rio=1340083')
    await card(page, 'Robin Pascal').waitFor()
    await ready(page).waitFor()
    // Nobody types after a call: the keys are the card's.
    await page.keyboard.press('n')
    await page.getByLabel(french ? 'Titre' : 'Title').fill(title)
    await page.getByLabel('Description').fill('Since this morning.')
    await tab.expectAccessible('new ticket')
    await tab.expectNoSidewaysScroll()
    await tab.shoot('desk-new-ticket')
    await page.getByRole('button', { name: french ? 'Créer le ticket' : 'Create the ticket' }).dblclick()
    const made = card(page, 'Robin Pascal').getByRole('link', { name: title })
    await made.first().waitFor()
    await tab.expectAccessible('made')
    const { items } = (await server.askAs(alice, `${V1}/users/${await idOf('1340083')}/tickets`)).json()
    const same = items.filter((ticket: { title: string }) => ticket.title === title)
    expect(same).toHaveLength(1)
    const { source, author, requesters } = (await server.askAs(alice, `${V1}/tickets/${same[0].id}`)).json()
    expect([source, author.name, requesters.length]).toEqual(['Phone', 'alice', 1])
  })

  test('adds a followup on the spot', async () => {
    const tab = await browse({ token: alice })
    const { page } = tab
    await tab.open('front/callmanager.php?rio=1234567890')
    await page.getByRole('button', { name: 'Add a followup: Second écran' }).click()
    const content = page.getByRole('textbox', { name: 'Followup' })
    await content.fill('It has been ordered.')
    await tab.expectAccessible('followup')
    await tab.shoot('desk-followup')
    await page.getByRole('button', { name: 'Add the followup' }).dblclick()
    await expect.poll(() => content.count()).toBe(0)
    const { items } = (await server.askAs(alice, `${V1}/tickets/4/followups`)).json()
    expect(
      items.filter(({ content }: { content: string }) => content === 'It has been ordered.'),
    ).toHaveLength(1)
  })
})

/** Whoever has a RIO. */
async function idOf(rio: string): Promise<number> {
  return (await server.askAs(alice, `${V1}/search?q=${rio}`)).json().items[0].user.id
}

describe('an unknown RIO', () => {
  test('gets a new user', async () => {
    const tab = await browse({ token: alice, language: 'fr' })
    const { page } = tab
    await tab.open('front/callmanager.php?rio=7654321')
    await page.getByRole('button', { name: 'Créer un utilisateur avec ce RIO' }).click()
    await page.getByLabel('Nom de famille').fill('Petit')
    await page.getByLabel('Identifiant', { exact: true }).fill('thierry.roux')
    await tab.expectAccessible('create')
    await tab.shoot('desk-create')
    const submit = page.getByRole('button', { name: 'Créer l’utilisateur' })
    await submit.click()
    // The login is taken: told beside it, and nothing is lost.
    await page.locator('[aria-invalid=true]').waitFor()
    expect(await page.getByLabel('Nom de famille').inputValue()).toBe('Petit')
    await page.getByLabel('Identifiant', { exact: true }).fill('lea.petit')
    await submit.dblclick()
    await card(page, 'Petit').waitFor()
    await card(page, 'Petit').getByText('7654321').waitFor()
  })

  test('is attached to somebody who is there', async () => {
    const tab = await browse({ token: alice })
    const { page } = tab
    await tab.open('front/callmanager.php?rio=1112223')
    await page.getByRole('button', { name: 'Attach this RIO to an existing person' }).click()
    await page.getByLabel('Whose RIO is it?').fill('robin')
    await tab.expectAccessible('attach')
    await page.getByRole('button', { name: /Robin Pascal/ }).click()
    await page.getByText('It replaces their RIO 1340083.').waitFor()
    await tab.expectAccessible('attach confirmation')
    await tab.shoot('desk-attach')
    await page.getByRole('button', { name: 'Attach the RIO' }).click()
    await card(page, 'Robin Pascal').getByText('1112223').waitFor()
  })

  test('is nobody’s to give for who may not', async () => {
    const tab = await browse({ token: bob })
    await tab.open('front/callmanager.php?rio=5550001')
    await tab.page.getByRole('heading', { name: 'Nobody has the RIO 5550001' }).waitFor()
    const { can } = (await server.askAs(bob, `${V1}/session`)).json()
    const offered = (name: RegExp) => tab.page.getByRole('button', { name }).count()
    expect(await offered(/^Create/)).toBe(can.createUsers ? 1 : 0)
    expect(await offered(/^Attach/)).toBe(can.writeRio ? 1 : 0)
  })
})

/** Run in the page. */
const looksOf: Parameters<Locator['evaluate']>[0] = (element) => {
  const { fontStyle, color, letterSpacing, backgroundColor, textTransform } =
    element.ownerDocument.defaultView.getComputedStyle(element)
  return { fontStyle, color, letterSpacing, backgroundColor, textTransform }
}

describe('the desk as an element in a page of the host', () => {
  const element =
    '<callmanager-desk base="/plugins/callmanager" root="" login="host" rio="1217840"></callmanager-desk>'

  test('is what it is on our own page, whatever the styles around, and leaves those alone', async () => {
    const [own, there] = await Promise.all([browse({ token: alice }), browse({ token: alice })])
    await own.open('front/callmanager.php?rio=1217840')
    await openHostPage(there.page, element)
    const looks = async (page: Page) => {
      const shown = card(page, 'Girard Isabelle')
      await shown.getByText('1217840').waitFor()
      const parts = [shown.getByRole('heading', { level: 2 }), shown.getByRole('button').first(), field(page)]
      return Promise.all(parts.map((one) => one.evaluate(looksOf)))
    }
    const ours = await looks(own.page)
    expect(ours[0]).toMatchObject({ fontStyle: 'normal' })
    expect(await looks(there.page)).toEqual(ours)
    await there.shoot('element-desk')
    const around = await there.page.getByText('ITSM-NG').first().evaluate(looksOf)
    expect(around).toMatchObject({ fontStyle: 'italic', color: 'rgb(204, 0, 204)' })
    // The page's title and address are the host's.
    expect(await there.page.title()).toBe('ITSM-NG')
  })

  test.each([
    ['en', VERSION, 0, ''],
    ['en', '1.9.0', 1, 'of release 1.9.0, the server of'],
    ['fr', '1.9.0', 1, 'de la version 1.9.0, le serveur de la'],
  ] as const)(
    'says in one line when the plugin is of another release (%s, %s)',
    async (lang, of, lines, said) => {
      const tab = await browse({ token: alice, language: lang })
      await openHostPage(tab.page, element.replace(' root', ` lang="${lang}" bridge-version="${of}" root`))
      await card(tab.page, 'Girard Isabelle').waitFor()
      expect(await tab.page.getByText(said || 'of release').count()).toBe(lines)
      await tab.expectAccessible('another release')
      if (lines > 0) await tab.shoot('element-other-release')
    },
  )

  test('works when a script takes it away and puts it back, as tabs of the host do', async () => {
    const { page } = await browse({ token: alice })
    await openHostPage(page, element)
    await card(page, 'Girard Isabelle').waitFor()
    await page.evaluate(`(() => {
      const element = document.querySelector('callmanager-desk')
      const parent = element.parentElement
      element.remove()
      parent.innerHTML = element.outerHTML
    })()`)
    await card(page, 'Girard Isabelle').waitFor()
    await field(page).fill('roux thierry')
    await card(page, 'Roux Thierry').waitFor()
    await page.getByRole('link', { name: 'View profile' }).waitFor()
  })
})
