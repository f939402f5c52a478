import { describe, expect, test } from 'vitest'
import { ALICE, startApp, V1 } from '../support/app.ts'
import { type Tab, useBrowser } from '../support/browser.ts'
import { ticketsIn } from '../support/tickets.ts'

const server = await startApp()
const browse = useBrowser(() => server.listen())
const { addTickets, addTicket, addFollowup } = ticketsIn(server.services.storage)
const alice = await server.logIn('alice')

const HOSTILE = `<b>O'Brien</b> & "👩‍💻" <script>alert(1)</script>`
const JOHN_DOE = 1
/** Thierry Roux, who has no ticket in the demo. */
const THIERRY = 11

const ticketsOf = async (id: number, query = '') =>
  (await server.askAs(alice, `${V1}/users/${id}/tickets?${query}`)).json()

const link = (page: Tab['page'], name: string | RegExp) => page.getByRole('link', { name }).first()

describe('the tickets of a person', () => {
  test.each([
    ['en', 1280],
    ['fr', 360],
  ] as const)('are listed, filtered and opened, and Back leads back (%s, %i px)', async (language, width) => {
    const french = language === 'fr'
    const { page, open, expectAccessible, expectNoSidewaysScroll, shoot } = await browse({
      token: alice,
      language,
      width,
    })
    await open(`app/tickets?requester=${JOHN_DOE}`)
    await page
      .getByRole('heading', { name: french ? 'Tickets de Doe John' : 'Tickets of Doe John' })
      .waitFor()
    const { items, counts } = await ticketsOf(JOHN_DOE)
    expect(await page.locator('tbody tr').count()).toBe(items.length)
    const byStatus = page.getByRole('list', { name: french ? 'Tickets par statut' : 'Tickets by status' })
    await byStatus.getByText(french ? 'Clos' : 'Closed').waitFor()
    await expectAccessible('tickets')
    await expectNoSidewaysScroll()
    await shoot('tickets')

    await page.getByLabel(french ? 'Afficher' : 'Show', { exact: true }).selectOption('open')
    await expect.poll(() => page.locator('tbody tr').count()).toBe(counts.open)
    await page.goBack()
    await expect.poll(() => page.locator('tbody tr').count()).toBe(items.length)

    const [newest] = items
    await link(page, newest.title).click()
    await page.getByRole('heading', { name: newest.title }).waitFor()
    expect(new URL(page.url()).pathname).toBe(`/plugins/callmanager/app/tickets/${newest.id}`)
    await page.goBack()
    await page
      .getByRole('heading', { name: french ? 'Tickets de Doe John' : 'Tickets of Doe John' })
      .waitFor()
  })

  test('come in pages, in the order that was asked for', async () => {
    await addTickets(
      Array.from({ length: 60 }, (_, index) => ({
        title: `Paged ${index}`,
        date: `2026-02-01 08:00:${String(index).padStart(2, '0')}`,
        users: { requester: [THIERRY] },
      })),
    )
    const { page, open } = await browse({ token: alice })
    await open(`app/tickets?requester=${THIERRY}`)
    await page.getByLabel('Sort by').selectOption('openedAt')
    await link(page, /Paged 0$/).waitFor()
    await link(page, 'Next page').click()
    await link(page, /Paged 25$/).waitFor()
    await link(page, 'Next page').click()
    await link(page, /Paged 59$/).waitFor()
    expect(await page.getByRole('link', { name: 'Next page' }).count()).toBe(0)
    await page.goBack()
    await link(page, /Paged 25$/).waitFor()
    await link(page, 'First page').click()
    await link(page, /Paged 0$/).waitFor()
  })

  test('are said to be none, and a first one is made once although its answer was lost', async () => {
    const { page, open, expectAccessible, shoot } = await browse({ token: alice })
    await open(`app/tickets?requester=${ALICE.id}`)
    await page.getByText('There is no ticket yet.').waitFor()
    await page.getByRole('button', { name: 'New ticket' }).click()
    await page.getByRole('button', { name: 'Create the ticket' }).click()
    await page.getByText('This field is needed.').waitFor()
    await page.getByRole('textbox', { name: /^Title/ }).fill(HOSTILE)
    await page.getByLabel('Description').fill('  Since this morning.\n\tTwice.')
    await page.getByLabel('Urgency').selectOption('5')
    const category = page.getByRole('combobox', { name: 'Category' })
    await category.fill('teleph')
    const fitting = page.getByRole('option', { name: 'Téléphonie > Poste fixe' })
    await fitting.waitFor()
    // It stands in the list of all as well, which is there first.
    await page.getByRole('option', { name: 'Guichets' }).waitFor({ state: 'detached' })
    await fitting.waitFor()
    await expectAccessible('a list to search in')
    await shoot('new-ticket')
    await category.press('ArrowDown')
    await category.press('ArrowDown')
    await category.press('Enter')
    await expect.poll(() => category.inputValue()).toBe('Poste fixe')

    // The ticket is made, and nobody hears of it.
    await page.route('**/api/v1/tickets', async (route) => {
      await route.fetch()
      await route.abort()
    })
    await page.getByRole('button', { name: 'Create the ticket' }).dblclick()
    await page.getByText('The server does not answer').waitFor()
    await page.unroute('**/api/v1/tickets')
    await page.getByRole('button', { name: 'Create the ticket' }).click()
    await link(page, /Ticket \d+ has been created/).waitFor()
    const { items } = await ticketsOf(ALICE.id)
    expect(items).toMatchObject([{ title: HOSTILE, urgency: 5, category: { name: 'Poste fixe' } }])
    await link(page, /Brien/).waitFor()
  })

  test('tell beside the field what is wrong with it, in the reader’s language', async () => {
    const { page, open, expectAccessible, shoot } = await browse({ token: alice, language: 'fr', width: 360 })
    await open(`app/tickets?requester=${JOHN_DOE}`)
    await page.getByRole('button', { name: 'Nouveau ticket' }).click()
    await page.getByRole('textbox', { name: /^Titre/ }).fill('Trop long')
    await page.getByLabel('Description').fill('é'.repeat(40_000))
    await page.getByRole('button', { name: 'Créer le ticket' }).click()
    await page.getByText('C’est trop à la fois').waitFor()
    expect(await page.getByLabel('Description').inputValue()).toHaveLength(40_000)
    const category = page.getByRole('combobox', { name: 'Catégorie' })
    await category.fill('guich')
    await page.getByRole('option', { name: 'Guichets' }).click()
    await page.getByLabel('Description').fill('court')
    await page.getByRole('button', { name: 'Créer le ticket' }).click()
    await page.getByText('Cette catégorie n’existe pas dans l’entité du ticket.').waitFor()
    await expectAccessible('a refused field')
    await shoot('new-ticket')
  })

  test('need somebody whose they are', async () => {
    const { page, open } = await browse({ token: alice, language: 'fr' })
    await open('app/tickets')
    await page.getByText('Cherchez une personne').waitFor()
    await open('app/tickets?requester=999999')
    await page.getByText('Utilisateur introuvable').waitFor()
  })
})

describe('a ticket', () => {
  test.each([
    ['en', 1280],
    ['fr', 360],
  ] as const)('shows all there is of it as it was typed (%s, %i px)', async (language, width) => {
    const french = language === 'fr'
    const id = await addTicket({
      title: `${HOSTILE} ${'x'.repeat(180)}`,
      content: `${HOSTILE}\n  second line\n${'y'.repeat(300)}`,
      users: { requester: [JOHN_DOE, THIERRY], assigned: [2] },
      users_id_recipient: 2,
      priority: 6,
      urgency: 5,
      itilcategories_id: 5,
      status: 4,
    })
    for (let index = 0; index < 30; index++)
      await addFollowup(id, 2, `Said ${index} ${HOSTILE}`, index === 29 ? 1 : 0)
    const { page, open, expectAccessible, expectNoSidewaysScroll, shoot } = await browse({
      token: alice,
      language,
      width,
    })
    await open(`app/tickets/${id}`)
    await page.getByRole('heading', { name: HOSTILE }).waitFor()
    await page.getByText('second line').waitFor()
    await page.getByText(french ? 'En attente' : 'Pending').waitFor()
    await page.getByText(french ? 'Majeure' : 'Major').waitFor()
    await page.getByText(french ? 'Privé' : 'Private', { exact: true }).waitFor()
    // As in Great Britain, which is where this browser is.
    await page
      .getByText(french ? /1 janv\. 2026, 09:00/ : /1 Jan 2026, 09:00/)
      .first()
      .waitFor()
    await expectAccessible('ticket')
    await expectNoSidewaysScroll()
    await shoot('ticket')
    expect(await page.getByText(/^Said \d/).count()).toBe(25)
    await page.getByRole('button', { name: french ? 'Afficher les plus anciens' : 'Show older ones' }).click()
    await expect.poll(() => page.getByText(/^Said \d/).count()).toBe(30)
    await link(page, french ? /^Tickets de Doe/ : /^Tickets of Doe/).click()
    await page.getByRole('heading', { name: /Doe John/ }).waitFor()
  })

  test('gets one followup, however often one clicks, and keeps what is typed while the network is gone', async () => {
    const id = await addTicket({ title: 'Followed', users: { requester: [JOHN_DOE] } })
    const { page, context, open, expectAccessible } = await browse({ token: alice, width: 360 })
    await open(`app/tickets/${id}`)
    await page.getByText('No followup yet.').waitFor()
    await page.getByRole('button', { name: 'Add a followup' }).click()
    await page.getByRole('textbox', { name: /^Followup/ }).fill('Called back.')
    await page.getByRole('checkbox', { name: /^Private/ }).check()
    await context.setOffline(true)
    await page.getByRole('button', { name: 'Add the followup' }).click()
    await page.getByText('The server does not answer').waitFor()
    await expectAccessible('a followup that could not be sent')
    await context.setOffline(false)
    await page.getByRole('button', { name: 'Add the followup' }).dblclick()
    await page.getByRole('listitem').filter({ hasText: 'Called back.' }).waitFor()
    const { followups } = (await server.askAs(alice, `${V1}/tickets/${id}`)).json()
    expect(followups.items).toMatchObject([{ content: 'Called back.', private: true }])
  })

  test('that Bob may not see, or that is gone, is not found', async () => {
    const id = await addTicket({ title: 'Elsewhere', entity: 0, users: { requester: [JOHN_DOE] } })
    const { page, open, expectAccessible } = await browse({
      token: await server.logIn('bob'),
      language: 'fr',
    })
    await open(`app/tickets/${id}`)
    await page.getByText('Ticket introuvable').waitFor()
    await expectAccessible('no such ticket')
  })
})
