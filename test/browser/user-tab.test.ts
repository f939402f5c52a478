import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { startApp, V1 } from '../support/app.ts'
import { useBrowser } from '../support/browser.ts'
import { looksOf } from '../support/looks.ts'

const server = await startApp()
const browse = useBrowser(() => server.listen())
const alice = await server.logIn('alice')
const bob = await server.logIn('bob')
const HOSTILE = `O'Brien <b>"&amp; 👩‍💻`

const said = (page: Page, text: string | RegExp) =>
  page.locator('[role=status].visually-hidden').filter({ hasText: text }).waitFor({ state: 'attached' })
const put = (id: number, rio: string) =>
  server.askAs(alice, `${V1}/users/${id}/rio`, {
    method: 'PUT',
    headers: { 'if-match': '*' },
    payload: { rio, changesLogin: true },
  })
const rioOf = async (id: number) => (await server.askAs(alice, `${V1}/users/${id}/rio`)).json().rio
const looks = (page: Page) => looksOf(page, 'callmanager-user-tab')
const field = (page: Page) => page.getByLabel('RIO', { exact: true })

describe('the tab of Call Manager in the form of a user', () => {
  test.each([
    ['en', 1280],
    ['fr', 360],
  ] as const)('writes a RIO, tells who shares it, and takes it away (%s, %i px)', async (language, width) => {
    const french = language === 'fr'
    const tab = await browse({ token: alice, language, width })
    const { page, context } = tab
    await context.grantPermissions(['clipboard-read', 'clipboard-write'])
    const press = (name: string) => page.getByRole('button', { name, exact: true }).click()
    const save = () => press(french ? 'Sauvegarder' : 'Save')
    await tab.open('app/users/31?tab=rio')
    await field(page).waitFor()
    await page.getByText(french ? 'Cette personne n’a pas de RIO.' : 'This person has no RIO.').waitFor()
    await tab.shoot('user-tab-empty')
    await field(page).fill('1395538')
    const sent: string[] = []
    page.on('request', (request) => request.method() === 'PUT' && sent.push(request.url()))
    await page.getByRole('button', { name: french ? 'Sauvegarder' : 'Save', exact: true }).dblclick()
    await said(page, french ? 'Sauvegardé' : 'Saved')
    expect(sent).toHaveLength(1)
    await page.getByRole('link', { name: 'Henry Paule' }).waitFor()
    await page.getByText(french ? 'Numéro du ministère' : 'Number of the Interior ministry').waitFor()
    await page.getByRole('cell', { name: '– → 1395538' }).first().waitFor()
    await tab.expectAccessible('shared RIO')
    await tab.expectNoSidewaysScroll()
    await tab.shoot('user-tab')
    await press(french ? 'Copier' : 'Copy')
    await said(page, french ? 'Copié' : 'Copied')
    expect(await page.evaluate('navigator.clipboard.readText()')).toMatch(
      /^http:\/\/127.*\/plugins\/callmanager\/front\/callmanager\.php\?rio=1395538$/,
    )

    await field(page).fill(HOSTILE)
    await save()
    await page.getByText(HOSTILE.toLowerCase(), { exact: true }).waitFor()
    await field(page).fill('x'.repeat(256))
    await save()
    await page
      .getByText(french ? 'Le texte dépasse 255 caractères.' : 'It is longer than 255 characters.')
      .waitFor()
    await tab.expectAccessible('refused RIO')
    await page.reload()
    expect(await field(page).inputValue()).toBe(HOSTILE)
    await press(french ? 'Retirer' : 'Remove')
    await page.getByRole('dialog').waitFor()
    await tab.expectAccessible('asks')
    await page
      .getByRole('dialog')
      .getByRole('button', { name: french ? 'Retirer' : 'Remove' })
      .click()
    await said(page, french ? 'Le RIO est retiré' : 'The RIO is removed')
    expect(await rioOf(31)).toBe('')
  })

  test('checks a portability code against the numbers of its person', async () => {
    const { page, open } = await browse({ token: alice })
    await open('app/users/40?tab=rio')
    await page.getByText('Its control key fits none of the numbers').waitFor()
    await page.getByText("Portability code of a phone line (operator's RIO)").waitFor()
  })

  test('tells two who edit one RIO of one another, and loses nothing', async () => {
    const tab = await browse({ token: alice })
    const { page } = tab
    await tab.open('app/users/30?tab=rio')
    await field(page).fill('mine')
    await put(30, 'theirs')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('Somebody else has changed this RIO meanwhile').waitFor()
    await page.locator('.notice').getByText('theirs', { exact: true }).waitFor()
    expect(await field(page).inputValue()).toBe('mine')
    await tab.expectAccessible('met')
    await tab.shoot('user-tab-met')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await said(page, 'Saved')
    expect(await rioOf(30)).toBe('mine')
    await put(30, 'theirs')
    await field(page).fill('mine again')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByRole('button', { name: 'Keep theirs' }).click()
    expect(await field(page).inputValue()).toBe('theirs')
    await put(30, '1406649')
  })

  test('says why a RIO cannot be written, and what fails', async () => {
    const technician = await browse({ token: bob, language: 'fr' })
    await technician.open('app/users/30?tab=rio')
    await technician.page.getByText('Vous ne pouvez pas modifier ce RIO').waitFor()
    await technician.page.getByText(/^Le profil n’a pas /).waitFor()
    expect(await technician.page.getByRole('button', { name: 'Sauvegarder', exact: true }).count()).toBe(0)
    await technician.expectAccessible('not writable')
    await technician.shoot('user-tab-read-only')
    await technician.open('app/users/21?tab=rio')
    await technician.page.getByText('Utilisateur introuvable').waitFor()

    const { page, open } = await browse({ token: alice, language: 'fr' })
    await open('app/users/30?tab=rio')
    await field(page).waitFor()
    await page.route('**/api/v1/users/30/rio', (route) => route.abort())
    await field(page).fill('kept')
    await page.getByRole('button', { name: 'Sauvegarder', exact: true }).click()
    await page.getByText('Le serveur ne répond pas').waitFor()
    expect(await field(page).inputValue()).toBe('kept')
    await page.unroute('**/api/v1/users/30/rio')
    await server.people.changeUser(30, { authtype: 3 })
    await server.services.settings.set('rio_storage_method', 'registration_number')
    await page.reload()
    await page.getByText('Le compte, et le RIO avec lui, appartient à un annuaire.').waitFor()
    await server.people.changeUser(30, { authtype: 1 })
    await server.services.settings.set('rio_storage_method', 'custom_table')
  })

  test('asks before a RIO changes that is the login', async () => {
    await server.services.settings.set('rio_storage_method', 'name')
    const { page, open } = await browse({ token: alice })
    await open('app/users/30?tab=rio')
    await page.getByText('Kept as the login of this person.').waitFor()
    expect(await page.getByRole('button', { name: 'Remove' }).count()).toBe(0)
    await field(page).fill('remi.new')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('Tick the box to save: the person then logs in').waitFor()
    await page.getByLabel('The person logs in by this RIO from now on').check()
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await said(page, 'Saved')
    await page.getByRole('cell', { name: 'remi.colin → remi.new' }).waitFor()
    await page.getByRole('tab', { name: 'User' }).click()
    await page.getByLabel('Login').waitFor()
    expect(await page.getByLabel('Login').inputValue()).toBe('remi.new')
    await put(30, 'remi.colin')
    await server.services.settings.set('rio_storage_method', 'custom_table')
  })
})

describe('the same as an element of a page of the host', () => {
  const ELEMENT = `<callmanager-user-tab user-id="28" base="/plugins/callmanager" root="" login="host" lang="en"
    theme="light"></callmanager-user-tab>`
  const HOSTILE_CSS = `
    html { font: italic 30px/3 serif; letter-spacing: 4px; text-transform: uppercase; direction: rtl }
    * { color: lime !important; font-family: cursive !important; font-size: 22px; box-sizing: content-box; padding: 7px; margin: 3px; text-align: center; visibility: visible; float: left; line-height: 3; letter-spacing: 3px; border: 1px solid red; background: white }
    table { border: 9px solid; display: inline } td { padding: 40px } button { display: none } input { width: 3px } a { color: red }
    callmanager-user-tab { text-indent: 30px }`
  const hostPage = (
    css: string,
  ) => `<!doctype html><html lang="en"><head><title>Host</title><style>${css}</style>
    <script type="module" src="/plugins/callmanager/app/elements.js"></script></head>
    <body><main style="all: initial; display: block; width: 900px"><h1 style="all: initial">User</h1>${ELEMENT}</main></body></html>`

  async function openHost(css: string) {
    const tab = await browse({ token: alice })
    await tab.page.route('**/front/user.form.php', (route) =>
      route.fulfill({ contentType: 'text/html', body: hostPage(css) }),
    )
    await tab.page.goto('/front/user.form.php')
    await tab.page.getByRole('cell', { name: '+33465711228' }).waitFor()
    return tab
  }
  test('shows somebody else when the page says so', async () => {
    const { page } = await openHost('')
    const rio = field(page)
    await rio.fill('typed for the one before')
    await page.evaluate(`document.querySelector('callmanager-user-tab').setAttribute('user-id', '1')`)
    await page.getByRole('cell', { name: '+1234567890' }).first().waitFor()
    expect(await rio.inputValue()).toBe('1234567890')
  })

  test('looks the same whatever the styles of the page around', async () => {
    const plain = await openHost('')
    const hostile = await openHost(HOSTILE_CSS)
    await plain.expectAccessible('element')
    await hostile.shoot('user-tab-hostile')
    expect(await looks(hostile.page)).toEqual(await looks(plain.page))
  })

  test('works again where a script takes it out and puts it back', async () => {
    const { page } = await openHost('')
    await page.evaluate(`globalThis.kept = document.querySelector('callmanager-user-tab'); kept.remove()`)
    await page.getByLabel('RIO', { exact: true }).waitFor({ state: 'detached' })
    await page.evaluate(`document.querySelector('main').append(kept)`)
    await page.getByRole('link', { name: 'Henry Paule' }).waitFor()
    await field(page).fill('1395539')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await said(page, 'Saved')
    expect(await rioOf(28)).toBe('1395539')
    await put(28, '1395538')
    await page.evaluate(
      `kept.setAttribute('user-id', '99999'); kept.remove(); document.querySelector('main').append(kept)`,
    )
    await page.getByText('This user does not exist, or lies outside of your entities.').waitFor()
  })
})
