import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { ALICE, startApp, V1 } from '../support/app.ts'
import { useBrowser } from '../support/browser.ts'

const server = await startApp()
const browse = useBrowser(() => server.listen())
const alice = await server.logIn('alice')
const bob = await server.logIn('bob')
const HOSTILE = `O'Brien <b>"&amp; 👩‍💻`
const LONG = `${'9'.repeat(254)}Z`

const row = (page: Page, name: string) => page.getByRole('row').filter({ hasText: name })
/** What is read aloud to who does not look. */
const said = (page: Page, text: string | RegExp) =>
  page.locator('[role=status].visually-hidden').filter({ hasText: text }).waitFor({ state: 'attached' })
const change = (id: number, payload: object) =>
  server.askAs(alice, `${V1}/users/${id}`, { method: 'PATCH', headers: { 'if-match': '*' }, payload })
const read = async (id: number) => (await server.askAs(alice, `${V1}/users/${id}`)).json()

describe('the list of users', () => {
  test.each([
    ['en', 1280],
    ['fr', 360],
  ] as const)('finds as one types, filters, sorts and leafs through (%s, %i px)', async (language, width) => {
    const tab = await browse({ token: alice, language, width })
    const { page } = tab
    const french = language === 'fr'
    await tab.open('app/users')
    await row(page, 'Arnaud').waitFor()
    await tab.expectAccessible('list')
    await tab.expectNoSidewaysScroll()
    await tab.shoot('users')

    const search = page.getByLabel(french ? 'Rechercher' : 'Search')
    await search.pressSequentially('lefevre el')
    await row(page, 'Lefèvre').waitFor()
    await said(page, french ? '1 personne' : '1 person')
    await page.waitForURL(/\?q=lefevre\+el$/)
    await tab.expectAccessible('search')
    await search.fill('nobody at all')
    await page
      .getByText(french ? 'Personne ne correspond à votre saisie.' : 'Nobody fits what you typed.')
      .waitFor()
    await page.goBack()
    await row(page, 'Arnaud').waitFor()
    expect(await search.inputValue()).toBe('')

    await page.getByLabel('RIO', { exact: true }).selectOption('without')
    await row(page, 'Vidal').waitFor()
    expect(await row(page, 'Arnaud').count()).toBe(0)
    await page
      .getByRole('main')
      .getByRole('combobox', { name: french ? 'Entité' : 'Entity' })
      .fill('villef')
    await page.getByRole('option', { name: /Villefranche$/ }).click()
    await page.waitForURL(/rio=without&entityId=5$/)
    await row(page, 'Leclerc').waitFor()
    await page.reload()
    await row(page, 'Vidal').waitFor()
    await tab.shoot('users-filtered')
    await page.getByLabel(french ? 'Compte' : 'Account').selectOption('false')
    await page
      .getByText(french ? 'Personne ne correspond à ces filtres.' : 'Nobody fits these filters.')
      .waitFor()

    await tab.open('app/users?sort=-login')
    await row(page, 'Masson').waitFor()
    await page.getByRole('button', { name: french ? 'Page suivante' : 'Next page' }).click()
    await row(page, 'Arnaud').waitFor({ state: 'detached' })
    await row(page, 'Barbier').waitFor()
    await page.getByRole('button', { name: french ? 'Page précédente' : 'Previous page' }).click()
    await row(page, 'Masson').waitFor()
    await page.goBack()
    await row(page, 'Barbier').waitFor()
    await page.reload()
    await page.getByRole('link', { name: french ? 'Première page' : 'First page' }).click()
    await row(page, 'Masson').waitFor()
  })

  test('leafs on from the list that is shown, however fast one clicks', async () => {
    const { page, open } = await browse({ token: alice })
    await page.route('**/api/v1/users?*', async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 400))
      await route.continue()
    })
    await open('app/users?sort=login')
    const next = page.getByRole('button', { name: 'Next page' })
    await next.dblclick()
    await row(page, 'Arnaud').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Previous page' }).click()
    await row(page, 'Arnaud').waitFor()
    await page.getByLabel('Sorted by').selectOption('name')
    await next.click({ force: true })
    await page.waitForTimeout(1000)
    expect(await page.getByText('Value refused').count()).toBe(0)
  })

  test('takes none for the likeliest entity before what was typed is answered', async () => {
    const { page, open } = await browse({ token: alice })
    await open('app/users')
    const entity = page.getByRole('main').getByRole('combobox', { name: 'Entity' })
    await entity.click()
    await page.getByRole('option', { name: /^Root entity$/ }).waitFor()
    await entity.pressSequentially('villef')
    await entity.press('Enter')
    await page.getByRole('option', { name: /^Root entity$/ }).waitFor({ state: 'detached' })
    await page.getByRole('option', { name: /Villefranche$/ }).waitFor()
    await entity.press('Enter')
    await page.waitForURL(/entityId=5$/)
  })

  test('sorts by a click on a heading, and shows what people typed as they typed it', async () => {
    await change(33, { lastname: HOSTILE })
    const { page, open } = await browse({ token: alice })
    await open('app/users')
    await page.getByRole('button', { name: 'Login' }).click()
    await page.getByRole('columnheader', { name: 'Login', exact: true }).waitFor()
    expect(await page.getByRole('columnheader', { name: 'Login' }).getAttribute('aria-sort')).toBe(
      'ascending',
    )
    await page.getByLabel('Search').fill('siobhan')
    await page.getByRole('link', { name: HOSTILE }).waitFor()
    await change(33, { lastname: "O'Brien" })
  })

  test('offers no Add to who may not, says what fails, and tries again', async () => {
    const { page, open, expectAccessible } = await browse({ token: bob })
    await page.route('**/api/v1/users?*', (route) => route.abort())
    await open('app/users')
    await page.getByText('The server does not answer').waitFor()
    await expectAccessible('failed')
    await page.unroute('**/api/v1/users?*')
    await page.route('**/api/v1/users?*', async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 400))
      await route.continue()
    })
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByText('Loading').waitFor()
    await row(page, 'Vidal').waitFor()
    expect(await page.getByRole('link', { name: 'Add' }).count()).toBe(0)
  })
})

describe('a new user', () => {
  test.each([
    ['en', 1280],
    ['fr', 360],
  ] as const)('is added once, with the RIO that called (%s, %i px)', async (language, width) => {
    const tab = await browse({ token: alice, language, width })
    const { page } = tab
    const french = language === 'fr'
    const label = (en: string, fr: string) =>
      page.getByRole('main').getByLabel(french ? fr : en, { exact: true })
    const rio = french ? LONG : '2040608'
    const login = `${language}.new`
    await tab.open(`app/users/new?rio=${rio}&phone=0465714040`)
    expect(await page.getByLabel('RIO', { exact: true }).inputValue()).toBe(rio)
    expect(await label('Phone', 'Téléphone').inputValue()).toBe('0465714040')
    await tab.expectAccessible('new user')
    await tab.expectNoSidewaysScroll()
    await tab.shoot('user-new')

    const add = page.getByRole('button', { name: french ? 'Ajouter' : 'Add', exact: true })
    await label('Login *', 'Identifiant *').fill('alice')
    await label('Last name', 'Nom de famille').fill(HOSTILE)
    await label('Default email', 'Courriel par défaut').fill('nobody')
    await add.click()
    await page
      .getByText(french ? 'Chaque adresse a la forme nom@domaine.' : 'Each has the form name@domain.')
      .waitFor()
    await label('Default email', 'Courriel par défaut').fill(`${login}@example.org`)
    await add.click()
    await page.getByText(french ? 'L’identifiant est déjà utilisé.' : 'The login is in use.').waitFor()
    await tab.expectAccessible('refused')
    await tab.shoot('user-new-refused')

    await label('Login *', 'Identifiant *').fill(login)
    await label('Password', 'Mot de passe').fill('a long password')
    await label('Profile', 'Profil').selectOption('Technician')
    await page
      .getByRole('main')
      .getByRole('combobox', { name: french ? 'Entité' : 'Entity' })
      .fill('accueil')
    await page.getByRole('option', { name: /Accueil du public$/ }).click()
    const sent: string[] = []
    page.on('request', (request) => request.method() === 'POST' && sent.push(request.url()))
    await add.dblclick()
    await page.waitForURL(/app\/users\/\d+$/)
    await page.getByRole('heading', { name: HOSTILE, level: 1 }).waitFor()
    expect(sent).toHaveLength(1)
    const made = await read(Number(page.url().split('/').at(-1)))
    expect(made).toMatchObject({ login, rio, lastname: HOSTILE, phone: '0465714040', entity: { id: 6 } })
    expect(made.profiles).toMatchObject([{ name: 'Technician', entity: { id: 6 }, recursive: false }])
    await tab.expectNoSidewaysScroll()
  })

  test('types the RIO once where it is the login', async () => {
    await server.services.settings.set('rio_storage_method', 'name')
    const { page, open } = await browse({ token: alice })
    await open('app/users/new?rio=7654321')
    await page.getByText('RIOs are kept as logins: this is both.').waitFor()
    expect(await page.getByLabel('Login').count()).toBe(0)
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await page.getByRole('heading', { name: '7654321', level: 1 }).waitFor()
    await server.services.settings.set('rio_storage_method', 'custom_table')
  })
})

describe('the page of a user', () => {
  test.each([
    ['en', 1280],
    ['fr', 360],
  ] as const)('is edited by two without a word lost (%s, %i px)', async (language, width) => {
    const french = language === 'fr'
    const tab = await browse({ token: alice, language, width })
    const { page } = tab
    const label = (en: string, fr: string) =>
      page.getByRole('main').getByLabel(french ? fr : en, { exact: true })
    const save = page.getByRole('button', { name: french ? 'Sauvegarder' : 'Save', exact: true })
    await tab.open('app/users/24')
    await label('Mobile', 'Téléphone mobile').waitFor()
    await tab.expectAccessible('user')
    await tab.expectNoSidewaysScroll()
    await tab.shoot('user')

    await label('Mobile', 'Téléphone mobile').fill('06 00 00 10 24')
    await label('First name', 'Prénom').fill(`Val ${language}`)
    await change(24, { firstname: `Valou ${language}`, phone2: `12${width}` })
    await save.click()
    await page
      .getByText(
        french ? 'Quelqu’un d’autre a modifié cette personne' : 'Somebody else has changed this person',
      )
      .waitFor()
    await page
      .getByText(french ? `Enregistré entre-temps : Valou fr` : 'Meanwhile stored: Valou en')
      .waitFor()
    expect(await label('Phone 2', 'Téléphone 2').inputValue()).toBe(`12${width}`)
    await tab.expectAccessible('changed meanwhile')
    await tab.shoot('user-changed')
    await save.click()
    await said(page, french ? 'Sauvegardé' : 'Saved')
    expect(await read(24)).toMatchObject({
      firstname: `Val ${language}`,
      mobile: '06 00 00 10 24',
      phone2: `12${width}`,
    })
    await change(24, { mobile: '' })

    await page.getByRole('tab', { name: french ? 'Historique' : 'Historical' }).click()
    await row(page, `Valou ${language} → Val ${language}`).waitFor()
    await tab.expectAccessible('history')
    await tab.expectNoSidewaysScroll()
    await tab.shoot('user-history')
    await page.reload()
    await row(page, `Valou ${language} → Val ${language}`).waitFor()
  })

  test('gives and takes profiles, a password and the way to log in', async () => {
    const { page, open } = await browse({ token: alice })
    const id = (
      await server.askAs(alice, `${V1}/users`, { method: 'POST', payload: { login: 'held' } })
    ).json().id
    await open(`app/users/${id}`)
    await page.getByRole('main').getByLabel('Profile').selectOption('Technician')
    await page.getByRole('combobox', { name: 'In the entity' }).fill('réunion')
    await page.getByRole('option', { name: /La Réunion$/ }).click()
    await page.getByLabel('Recursive').check()
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await page.getByRole('button', { name: 'Remove Technician in La Réunion' }).waitFor()
    await page.getByRole('button', { name: 'Remove Self-Service in Root entity' }).click()
    await said(page, 'The authorization is removed')
    expect((await read(id)).profiles).toMatchObject([
      { name: 'Technician', entity: { id: 7 }, recursive: true },
    ])

    await page.getByLabel('New password').fill('short')
    await page.getByRole('button', { name: 'Set the password' }).click()
    await page.getByText('It has 8 to 255 characters.').waitFor()
    await page.getByLabel('New password').fill('long enough')
    await page.getByRole('button', { name: 'Set the password' }).click()
    await said(page, 'The password is set')

    await page.getByLabel('Active', { exact: true }).uncheck()
    await page.getByLabel('Valid until').fill('2030-01-02T12:30')
    await page.getByRole('button', { name: 'Add an email' }).click()
    await page.getByLabel('Default email').fill('one@example.org')
    await page.getByLabel('Email 2').fill('two@example.org')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await said(page, 'Saved')
    expect(await read(id)).toMatchObject({
      active: false,
      emails: ['one@example.org', 'two@example.org'],
      account: { enabled: false, endDate: '2030-01-02T11:30:00Z' },
    })
  })

  test('goes to the bin, back, and away for good', async () => {
    const { page, open, expectAccessible, shoot } = await browse({ token: alice, language: 'fr' })
    const id = (
      await server.askAs(alice, `${V1}/users`, { method: 'POST', payload: { login: 'gone' } })
    ).json().id
    await open(`app/users/${id}`)
    const press = (name: string) => page.getByRole('button', { name }).click()
    const confirm = (name: string) => page.getByRole('dialog').getByRole('button', { name }).click()
    await press('Mettre à la corbeille')
    await page.getByRole('dialog', { name: 'Mettre gone à la corbeille ?' }).waitFor()
    await expectAccessible('bin')
    await shoot('user-bin')
    await page.keyboard.press('Escape')
    await press('Mettre à la corbeille')
    await confirm('Mettre à la corbeille')
    await page.getByText('Cette personne est dans la corbeille').waitFor()
    await change(id, { firstname: 'Changed meanwhile' })
    await press('Restaurer')
    await press('Réessayer')
    await page.getByRole('heading', { name: 'Changed meanwhile' }).waitFor()
    await press('Restaurer')
    await said(page, 'Restauré')
    await press('Mettre à la corbeille')
    await confirm('Mettre à la corbeille')
    await press('Supprimer définitivement')
    await confirm('Supprimer définitivement')
    await page.getByRole('heading', { name: 'Utilisateurs' }).waitFor()
    expect((await server.askAs(alice, `${V1}/users/${id}`)).statusCode).toBe(404)
    await open(`app/users/${id}`)
    await page.getByRole('alert').waitFor()
    await expectAccessible('gone')
  })

  test('says that a year of too many digits is none', async () => {
    const { page, open } = await browse({ token: alice })
    await open('app/users/33')
    const from = page.locator('input[type=datetime-local]').first()
    await from.fill('20256-01-01T00:00')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('It lies between 1970 and 2038.').waitFor()
  })

  test('tells what a directory keeps, what one may not, and what failed', async () => {
    await server.people.changeUser(35, { authtype: 3 })
    const { page, open, expectAccessible, shoot } = await browse({ token: alice })
    await open('app/users/35')
    await page.getByText('A directory keeps this account').waitFor()
    expect(await page.getByLabel('Last name').getAttribute('readonly')).not.toBeNull()
    await shoot('user-directory')
    await expectAccessible('directory')
    await open(`app/users/${ALICE.id}`)
    await page.getByLabel('Active', { exact: true }).uncheck()
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('You would lock yourself out.').waitFor()
    await page.route('**/api/v1/users/*', (route) =>
      route.request().method() === 'PATCH' ? route.abort() : route.continue(),
    )
    await page.getByRole('button', { name: 'Undo what I typed' }).click()
    await page.getByLabel('Phone', { exact: true }).fill('1')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('The server does not answer').waitFor()
    expect(await page.getByLabel('Phone', { exact: true }).inputValue()).toBe('1')
    await open('app/users/31?tab=rio')
    await page.getByText('This person has no RIO.').waitFor()
  })

  test('asks before a login changes that is the RIO', async () => {
    await server.services.settings.set('rio_storage_method', 'name')
    const { page, open } = await browse({ token: alice })
    await open('app/users/30')
    await page.getByLabel('Login').fill('remi.colin2')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('Tick the box to save: the RIO changes').waitFor()
    await page.getByLabel('Change the RIO as well').check()
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await said(page, 'Saved')
    expect(await read(30)).toMatchObject({ login: 'remi.colin2', rio: 'remi.colin2' })
    await change(30, { login: 'remi.colin', changesRio: true })
    await server.services.settings.set('rio_storage_method', 'custom_table')
  })
})
