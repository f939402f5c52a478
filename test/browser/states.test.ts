import { describe, expect, inject, test } from 'vitest'
import { HOST_PROFILES } from '../host/people.ts'
import { ALICE, BOB, startApp, V1 } from '../support/app.ts'
import { useAttached } from '../support/attached.ts'
import { expectFocus, type Tab, useBrowser } from '../support/browser.ts'
import { ticketsIn } from '../support/tickets.ts'

const server = await startApp()
const browse = useBrowser(() => server.listen())
const { addTicket } = ticketsIn(server.services.storage)
const JOHN_DOE = 1
const HTML = { status: 502, contentType: 'text/html', body: '<h1>Bad gateway</h1>' }
const LISTS = '**/api/v1/users/1/tickets?*'

const heading = (page: Tab['page'], name: string | RegExp) => page.getByRole('heading', { name })

describe('a session that ends while somebody types', () => {
  async function typing(language: 'en' | 'fr') {
    const id = await addTicket({ title: 'Typed', users: { requester: [JOHN_DOE] } })
    const token = await server.logIn('alice')
    const tab = await browse({ token, language })
    const { page, open } = tab
    await open(`app/tickets/${id}`)
    await page
      .getByRole('button', { name: language === 'fr' ? 'Ajouter un suivi' : 'Add a followup' })
      .click()
    const text = page.getByRole('textbox', { name: language === 'fr' ? /^Suivi/ : /^Followup/ })
    await text.fill('All of this was typed.')
    await server.askAs(token, '/apirest.php/killSession')
    await page
      .getByRole('button', { name: language === 'fr' ? 'Ajouter le suivi' : 'Add the followup' })
      .click()
    await heading(page, language === 'fr' ? 'Votre session est terminée' : 'Your session has ended').waitFor()
    return { ...tab, id, text }
  }

  test('is renewed above the page, and what was asked is done', async () => {
    const { page, id, expectAccessible, shoot } = await typing('fr')
    await expectAccessible('the session has ended')
    await shoot('session-ended')
    expect(await page.getByLabel('Identifiant').inputValue()).toBe('alice')
    await expectFocus(page.getByLabel('Mot de passe'))
    await page.keyboard.type('wrong')
    await page.keyboard.press('Enter')
    await page.getByText('Identifiant ou mot de passe incorrect').waitFor()
    await page.keyboard.press('Escape')
    await page.getByLabel('Mot de passe').fill(ALICE.password)
    await page.keyboard.press('Enter')
    await page.getByRole('listitem').filter({ hasText: 'All of this was typed.' }).waitFor()
    expect(await page.getByRole('dialog').count()).toBe(0)
    const { followups } = (await server.askAs(await server.logIn('alice'), `${V1}/tickets/${id}`)).json()
    expect(followups.items).toHaveLength(1)
  })

  test('shows nothing of it to somebody else who logs in', async () => {
    const { page, text } = await typing('en')
    await page.getByLabel('Login').fill('bob')
    await page.getByLabel('Password').fill(BOB.password)
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: /^bob/ }).waitFor()
    await page.getByText('Ticket not found').waitFor()
    expect(await text.count()).toBe(0)
  })
})

describe('a server that does not answer as it should', () => {
  const reads = async (page: Tab['page']) => page.getByRole('link', { name: /Second écran/ }).waitFor()

  test('is told of in words, and asked again on request', async () => {
    const { page, open, expectAccessible, shoot } = await browse({
      token: await server.logIn('alice'),
      language: 'fr',
      width: 360,
    })
    const tooMany = {
      status: 429,
      contentType: 'application/problem+json; charset=utf-8',
      headers: { 'retry-after': '7' },
      body: JSON.stringify({
        type: '/problems/too-many-requests',
        title: 'Too many requests',
        status: 429,
        detail: 'at most 60 a minute',
        remedy: 'Wait for the seconds in the Retry-After header.',
        requestId: 'r-1',
      }),
    }
    for (const [answer, told] of [
      [HTML, 'La réponse ne vient pas de Call Manager (502)'],
      [{ ...HTML, status: 200 }, 'La réponse ne vient pas de Call Manager (200)'],
      [tooMany, 'Trop de demandes : 60 par minute au plus'],
      [undefined, 'Le serveur ne répond pas'],
    ] as const) {
      await page.route(LISTS, (route) => (answer ? route.fulfill(answer) : route.abort()))
      await open(`app/tickets?requester=${JOHN_DOE}`)
      await page.getByText(told).waitFor()
      if (answer === tooMany) {
        await page.getByText('(7 secondes)').waitFor()
        await shoot('too-many-requests')
      }
      await expectAccessible(told)
      await page.unroute(LISTS)
      await page.getByRole('button', { name: 'Réessayer' }).click()
      await reads(page)
    }
  })

  test('is waited for, and said to be waited for once it takes long enough to notice', async () => {
    const { page, open } = await browse({ token: await server.logIn('alice') })
    await open(`app/tickets?requester=${JOHN_DOE}`)
    await reads(page)
    await page.clock.install()
    await page.clock.pauseAt(Date.now() + 3_600_000)
    const { promise, resolve } = Promise.withResolvers<void>()
    await page.route('**/api/v1/tickets/*', async (route) => {
      await promise
      await route.continue()
    })
    await page.getByRole('link', { name: /Second écran/ }).click()
    // Enough for the script of the page to be asked for.
    await page.clock.runFor(50)
    await heading(page, /^Ticket \d+$/).waitFor()
    await page.clock.runFor(100)
    expect(await page.getByText('Loading …').count()).toBe(0)
    await page.clock.runFor(100)
    await page.getByText('Loading …').waitFor()
    resolve()
    await heading(page, 'Second écran').waitFor()
    expect(await page.getByText('Loading …').count()).toBe(0)
  })

  test('is asked again by itself once the network is back', async () => {
    const { page, context, open, expectAccessible, shoot } = await browse({
      token: await server.logIn('alice'),
    })
    await open(`app/tickets?requester=${JOHN_DOE}`)
    await reads(page)
    await context.setOffline(true)
    await page.getByText('You are offline.').waitFor()
    await page.getByLabel('Sort by').selectOption('-priority')
    await page.getByText('The server does not answer').waitFor()
    await expectAccessible('offline')
    await shoot('offline')
    await context.setOffline(false)
    await page.getByRole('status').getByText('You are online again.').waitFor({ state: 'attached' })
    await reads(page)
    expect(await page.getByText('You are offline.').count()).toBe(0)
  })

  test('that is ill at the beginning is asked again too', async () => {
    const { page, open, expectAccessible, shoot } = await browse({
      token: await server.logIn('alice'),
      language: 'fr',
    })
    await page.route('**/api/v1/session', (route) => route.fulfill(HTML))
    await open('app/')
    await heading(page, 'Indisponible pour le moment').waitFor()
    await expectAccessible('not begun')
    await shoot('not-begun')
    await page.unroute('**/api/v1/session')
    await page.getByRole('button', { name: 'Réessayer' }).click()
    await page.getByRole('button', { name: /Super-Admin/ }).waitFor()
  })
})

describe('scripts that an upgrade has taken away', () => {
  test('are told of where they are missing, and loaded with the page', async () => {
    const { page, open, expectAccessible } = await browse({ token: await server.logIn('alice') })
    await page.route('**/assets/tickets-page-*', (route) => route.fulfill({ status: 404 }))
    await open(`app/tickets?requester=${JOHN_DOE}`)
    await page.getByText('This page could not be loaded').waitFor()
    await expectAccessible('a missing script')
    await page.unroute('**/assets/tickets-page-*')
    await page.getByRole('button', { name: 'Reload the page' }).click()
    await heading(page, /Doe John/).waitFor()
  })

  test('are told of in two languages where the words are missing', async () => {
    const { page, open, expectAccessible, shoot } = await browse({
      token: await server.logIn('alice'),
      width: 360,
    })
    await page.route('**/assets/words-*', (route) => route.fulfill({ status: 404 }))
    await open('app/')
    await page.getByText('Call Manager n’a pas pu être chargé').waitFor()
    await expectAccessible('no words')
    await shoot('no-words')
    await page.unroute('**/assets/words-*')
    await page.getByRole('button', { name: 'Reload', exact: true }).click()
    await page.getByRole('button', { name: /Super-Admin/ }).waitFor()
  })

  test('are no loss where they only translate', async () => {
    const { page, open } = await browse({ token: await server.logIn('alice'), language: 'fr' })
    await page.route('**/assets/problems-*', (route) => route.fulfill({ status: 404 }))
    await open('app/tickets/999999')
    await page.getByText('Ticket not found').waitFor()
  })
})

describe.skipIf(inject('mariadbSocket') === '')('beside an ITSM-NG', () => {
  const attached = useAttached({}, { HELPDESK_TIMEOUT_SECONDS: '1' })
  const browseBeside = useBrowser(() => attached().app.listen())
  const cookieOf = async (login: string) => ({
    name: `glpi_${'0'.repeat(32)}`,
    value: await attached().host.logIn(login),
    url: await attached().app.listen(),
  })

  test.each(['en', 'fr'] as const)(
    'whoever is unknown logs in there, and comes back (%s)',
    async (language) => {
      const french = language === 'fr'
      const { page, context, open, expectAccessible, shoot } = await browseBeside({ language })
      await open('front/callmanager.php?rio=1234567')
      const way = page.getByRole('link', { name: french ? 'Se connecter à ITSM-NG' : 'Log in to ITSM-NG' })
      const back = encodeURIComponent('/plugins/callmanager/front/callmanager.php?rio=1234567')
      expect(await way.getAttribute('href')).toBe(`/index.php?redirect=${back}`)
      await expectAccessible('log in at the host')
      await shoot('log-in-at-host')
      const again = page.getByRole('button', { name: french ? 'Je suis connecté' : 'I have logged in' })
      await again.click()
      await page.getByText(french ? /personne n’est connecté/ : /nobody is logged in/).waitFor()
      const token = await attached().host.logIn('bob')
      await context.addCookies([
        { name: `glpi_${'0'.repeat(32)}`, value: token, url: await attached().app.listen() },
      ])
      await again.click()
      await page.getByRole('button', { name: /Technician|Technicien/ }).waitFor()
    },
  )

  test('an ill host is told of with what to do, and asked again on request', async () => {
    const { host } = attached()
    const { page, open, expectAccessible, shoot } = await browseBeside({
      token: await host.logIn('bob'),
      language: 'fr',
    })
    try {
      await host.fault('maintenance')
      await open('app/')
      await page.getByText('ITSM-NG est en maintenance').waitFor()
      await page.getByText(/Configuration › Générale › Système/).waitFor()
      await expectAccessible('host in maintenance')
      await shoot('host-ill')
    } finally {
      await host.fault(null)
    }
    await page.getByRole('button', { name: 'Réessayer' }).click()
    await page.getByRole('button', { name: /Technician|Technicien/ }).waitFor()
  })

  test('neither a session that ends nor a host that falls ill loses the ticket that is filled in', async () => {
    const { host, addPerson, app } = attached()
    const caller = await addPerson({
      login: 'caller',
      lastname: "O'Brien",
      memberships: [{ profile: HOST_PROFILES.observer, recursive: 1 }],
    })
    const { page, context, open, expectAccessible } = await browseBeside({ token: await host.logIn('alice') })
    await open(`app/tickets?requester=${caller}`)
    await page.getByRole('button', { name: 'New ticket' }).click()
    await page.getByRole('textbox', { name: /^Title/ }).fill('No dial tone')
    try {
      await host.fault('down')
      await page.getByRole('button', { name: 'Create the ticket' }).click()
      await page.getByText('The helpdesk cannot be reached').waitFor()
    } finally {
      await host.fault(null)
    }
    expect(await page.getByRole('textbox', { name: /^Title/ }).inputValue()).toBe('No dial tone')
    await context.clearCookies()
    await page.getByRole('button', { name: 'Create the ticket' }).click()
    await heading(page, 'Your session has ended').waitFor()
    await expectAccessible('the session at the host has ended')
    const way = page.getByRole('link', { name: 'Log in to ITSM-NG' })
    expect(await way.getAttribute('target')).toBe('_blank')
    await context.addCookies([await cookieOf('alice')])
    await page.getByRole('button', { name: 'I have logged in' }).click()
    const made = page.getByRole('link', { name: /has been created/ })
    await made.waitFor()
    expect(await made.getAttribute('href')).toMatch(/^\/front\/ticket\.form\.php\?id=\d+$/)
    const { counts } = (await app.askAs(await host.logIn('alice'), `${V1}/users/${caller}/tickets`)).json()
    expect(counts.open).toBe(1)
  })
})
