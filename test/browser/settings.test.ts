import { describe, expect, test } from 'vitest'
import { startApp, type TestApp, V1 } from '../support/app.ts'
import { useBrowser } from '../support/browser.ts'
import { openHostPage } from '../support/host-page.ts'

const server = await startApp()
const browse = useBrowser(() => server.listen())
const alice = await server.logIn('alice')

/** A server's first job waits until the thread is there that works on jobs. */
const PATIENTLY = { timeout: 25_000 }

const settings = async (token = alice, { askAs }: Pick<TestApp, 'askAs'> = server) =>
  (await askAs(token, `${V1}/settings`)).json()
const change = (payload: object) =>
  server.askAs(alice, `${V1}/settings`, { method: 'PATCH', payload, headers: { 'if-match': '*' } })
const reunion = Object.keys((await settings()).countries)[0] ?? ''

describe('the settings', () => {
  test('are changed one by one; only what differs is sent', async () => {
    const { page, open, expectAccessible, shoot } = await browse({ token: alice })
    const sent: unknown[] = []
    page.on('request', (request) => request.method() === 'PATCH' && sent.push(request.postDataJSON()))
    await open('app/settings')
    const save = page.getByRole('button', { name: 'Save' })
    await page.getByLabel('Shared RIOs').waitFor()
    await page.getByText('Root entity > La Réunion').waitFor()
    await expectAccessible('settings')
    await shoot('settings')
    expect(await save.isDisabled()).toBe(true)

    await page.getByLabel('Journal of look-ups: days kept').fill('0')
    await save.click()
    await page.getByText('A whole number from 1 to 3650 is needed.').waitFor()
    await page.getByLabel('Journal of look-ups: days kept').fill('90')
    await page.getByLabel('Shared RIOs').selectOption({ label: 'Refused' })
    await page.getByRole('combobox', { name: 'Add an entity' }).fill('Villefr')
    await page
      .getByRole('option', { name: /Villefranche/ })
      .first()
      .click()
    await page.getByLabel(/^Country of .*Villefranche/).selectOption('BE')
    await page.getByRole('button', { name: 'Take away the country of Root entity > La Réunion' }).click()
    await expectAccessible('settings that are not saved')
    await save.dblclick()
    await page.getByRole('status').getByText('Saved').waitFor()
    expect(sent).toEqual([
      { sharedRios: 'refused', journalRetentionDays: 90, countries: { 5: 'BE', [reunion]: null } },
    ])
    expect(await settings()).toMatchObject({ sharedRios: 'refused', countries: { 5: 'BE' } })
  })

  test('that somebody else has changed meanwhile are read again, and what was typed stays', async () => {
    const { page, open, expectAccessible, shoot } = await browse({ token: alice, language: 'fr', width: 360 })
    await open('app/settings')
    const days = page.getByLabel('Journal des recherches : jours conservés')
    await days.fill('77')
    await change({ sharedRios: 'allowed', journalRetentionDays: 55, phoneRequestSource: 4 })
    await page.getByRole('button', { name: 'Sauvegarder' }).click()
    await page.getByRole('button', { name: 'Relire' }).click()
    await page
      .getByRole('status')
      .getByText(/Source de la demande/)
      .waitFor()
    await expectAccessible('settings changed meanwhile')
    await shoot('settings-changed')
    expect(await days.inputValue()).toBe('77')
    await page.getByRole('button', { name: 'Sauvegarder' }).click()
    await page.getByText('Sauvegardé', { exact: true }).first().waitFor()
    expect(await settings()).toMatchObject({ sharedRios: 'allowed', journalRetentionDays: 77 })
  })
})

describe('where RIOs are kept', async () => {
  const it = await startApp()
  const token = await it.logIn('alice')

  const origin = await it.listen()

  test('is previewed, and stays as it is until it is confirmed', async () => {
    const { page, open, expectAccessible, shoot } = await browse({ token, origin })
    await it.people.addUser({ login: "o'brien", rio: 'x y', registration_number: '<b>other</b>' })
    await open('app/settings?tab=storage')
    const panel = page.getByRole('tabpanel')
    await panel.getByText('In use').waitFor()
    await panel.getByLabel('New place').selectOption({ label: 'Registration number' })
    await panel.getByRole('button', { name: 'Preview' }).dblclick()
    await panel.getByText('RIOs that would be copied').waitFor(PATIENTLY)
    await panel.getByText('have another value in the new place').waitFor()
    await panel.getByRole('columnheader', { name: 'Reason' }).waitFor()
    await expectAccessible('a preview')
    await panel.getByRole('button', { name: 'Keep RIOs in: Registration number' }).click()
    await page.getByText(/^The RIO of \d+ people cannot be copied/).waitFor()
    await expectAccessible('the question')
    await shoot('method-question')
    await page.keyboard.press('Escape')
    // Another choice makes the preview one of something else.
    await panel.getByLabel('Replace what else stands there').check()
    await panel.getByText('RIOs that would be copied').waitFor({ state: 'detached' })
    expect((await it.askAs(token, `${V1}/storage-method`)).json().method).toBe('custom_table')
  })

  test('is changed, and taken back after a reload', async () => {
    const { page, open, expectAccessible, expectNoSidewaysScroll, shoot } = await browse({ token, origin })
    await open('app/settings?tab=storage')
    const panel = page.getByRole('tabpanel')
    await panel.getByLabel('New place').selectOption({ label: 'Registration number' })
    await panel.getByRole('button', { name: 'Preview' }).click()
    await panel.getByRole('button', { name: 'Keep RIOs in: Registration number' }).click(PATIENTLY)
    await page.getByRole('dialog').getByRole('button', { name: 'Keep them there' }).click()
    await panel.getByText('RIOs copied').waitFor(PATIENTLY)
    await panel.locator('.here').getByText('Registration number', { exact: true }).waitFor()
    await expectAccessible('a change')
    await shoot('method-changed')
    // What is previewed next is what is offered then, not what was chosen before.
    await panel.getByRole('button', { name: 'Preview' }).click()
    await panel.getByRole('button', { name: 'Keep RIOs in: Plugin dedicated table' }).waitFor(PATIENTLY)
    await page.getByRole('tab', { name: 'Settings' }).click()
    // The settings know of it already.
    await page.getByLabel('Journal of look-ups: days kept').fill('91')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('status').getByText('Saved').waitFor()

    await page.reload()
    await page.getByRole('tab', { name: 'Where RIOs are kept' }).click()
    await panel.getByRole('button', { name: 'Undo the change' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Undo the change' }).click()
    await panel.getByText('Put back', { exact: true }).waitFor(PATIENTLY)
    await panel.locator('.here').getByText('Plugin dedicated table').waitFor()
    await page.setViewportSize({ width: 360, height: 800 })
    await expectNoSidewaysScroll()
  })

  test('shows a job that is under way as it gets on, and cancels it', async () => {
    const { page, open, expectAccessible, shoot } = await browse({ token, origin })
    const begun = await it.askAs(token, `${V1}/storage-method/preview`, {
      method: 'POST',
      payload: { to: 'name' },
    })
    const { id } = begun.json()
    // Another process holds it.
    const set = (row: object) =>
      it.services.storage.write('full', (tx) =>
        tx
          .updateTable('glpi_plugin_callmanager_jobs')
          .set({ lease_owner: 'another', lease_until: Date.now() + 600_000, finished_at: null, ...row })
          .where('id', '=', id)
          .execute(),
      )
    await set({ state: 'running', total: 43, done: 7 })
    await open('app/settings?tab=storage')
    await page.getByText('7 of 43').waitFor()
    await expectAccessible('a job at work')
    await shoot('job-at-work')
    expect(await page.getByRole('button', { name: 'Preview' }).count()).toBe(0)
    await set({ done: 30 })
    await page.getByText('30 of 43').waitFor()
    // Where no stream comes through, it is asked for.
    await page.route('**/events', (route) => route.abort())
    await page.reload()
    await set({ done: 35 })
    await page.getByText('35 of 43').waitFor()
    await page.route(`**/jobs/${id}`, (route) =>
      route.request().method() === 'GET' ? route.abort() : route.continue(),
    )
    await page.getByText('The server does not answer').waitFor()
    await page.unroute(`**/jobs/${id}`)
    await page.getByRole('button', { name: 'Cancel this job' }).click()
    await page.getByText('It was cancelled.').waitFor()
  })

  test('is not changed to logins without saying that people log in by them', async () => {
    const { page, open, expectAccessible, shoot } = await browse({
      token,
      origin,
      language: 'fr',
      width: 360,
    })
    await open('app/settings?tab=storage')
    const panel = page.getByRole('tabpanel')
    await panel.getByRole('button', { name: 'Prévisualiser' }).click()
    await panel.getByRole('button', { name: /^Conserver les RIO dans/ }).click(PATIENTLY)
    const dialog = page.getByRole('dialog')
    const go = dialog.getByRole('button', { name: 'Les conserver là' })
    expect(await go.isDisabled()).toBe(true)
    await dialog.getByRole('checkbox').check()
    await expectAccessible('the question about logins')
    await shoot('method-logins')
    await go.click()
    await panel.locator('.here').getByText("Identifiant de l'utilisateur", { exact: true }).waitFor(PATIENTLY)
    await shoot('method-logins-done')
  })
})

describe('an import', () => {
  const PEOPLE = [
    'login;nom;prénom;rio;courriel;couleur',
    "sean;O'Brien;<b>Sean</b>;7654321;sean@example.org;red",
    'zoe;Zoë;👩‍💻;0012;zoe@example.org;blue',
    'bad;Bad;Bad;1;no mail address;',
  ].join('\n')
  const file = (text: string) => ({ name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from(text) })

  test('is tried, then made; what was refused is told', async () => {
    const { page, open, expectAccessible, expectNoSidewaysScroll, shoot } = await browse({ token: alice })
    await open('app/settings?tab=transfer')
    const panel = page.getByRole('tabpanel')
    await panel.getByText('None in the last 90 days.').waitFor()
    await panel.getByRole('button', { name: 'Try the import' }).click()
    await panel.getByText('Choose a file first.').waitFor()
    await panel.getByLabel('File *').setInputFiles(file('a;b\n1;2\n'))
    await panel.getByRole('button', { name: 'Try the import' }).click()
    await panel.getByText('The header row names none of the columns').waitFor()
    await expectAccessible('an import that is refused')

    await panel.getByLabel('File *').setInputFiles(file(PEOPLE))
    await panel.getByRole('button', { name: 'Try the import' }).dblclick()
    await panel.getByText('Nothing was written.').waitFor(PATIENTLY)
    await panel.getByText('it is not a mail address').waitFor()
    await panel.getByText('couleur').waitFor()
    await expectAccessible('a dry run')
    await shoot('import-dry-run')
    expect((await server.askAs(alice, `${V1}/search?q=sean`)).json().items).toEqual([])
    await panel.getByRole('button', { name: 'Import', exact: true }).click()
    await panel.getByText('Done, but for what was refused.').waitFor(PATIENTLY)
    const [report] = await Promise.all([
      page.waitForEvent('download'),
      panel.getByRole('link', { name: 'Whole report (CSV)' }).click(),
    ])
    expect(report.suggestedFilename()).toMatch(/^job-\d+-report\.csv$/)
    await panel
      .getByRole('row', { name: /^Import Done/ })
      .getByRole('button', { name: 'Details' })
      .click()
    await expectAccessible('recent jobs')
    await shoot('import-done')
    await page.setViewportSize({ width: 360, height: 800 })
    await expectNoSidewaysScroll()
    await shoot('import-done-narrow')

    await panel.getByLabel('What', { exact: true }).nth(1).selectOption('rios')
    const [people] = await Promise.all([
      page.waitForEvent('download'),
      panel.getByRole('link', { name: 'Download (CSV)' }).click(),
    ])
    expect(people.suggestedFilename()).toBe('users.csv')
    expect(people.url()).toContain('mode=rios')
  })

  test('that takes long can be given up, and a failing network loses nothing', async () => {
    const { page, open, expectAccessible, expectNoSidewaysScroll, shoot } = await browse({
      token: alice,
      language: 'fr',
      width: 360,
    })
    await open('app/settings?tab=transfer')
    const panel = page.getByRole('tabpanel')
    await panel.getByLabel('Fichier *').setInputFiles(file(PEOPLE))
    await page.route('**/imports?*', () => {})
    await panel.getByRole('button', { name: "Essayer l'import" }).click()
    await panel.getByText('Envoi du fichier…').waitFor()
    await expectAccessible('an upload')
    await panel.getByRole('button', { name: 'Annuler' }).click()
    await page.unroute('**/imports?*')
    await page.route('**/imports?*', (route) => route.abort())
    await panel.getByRole('button', { name: "Essayer l'import" }).click()
    await panel.getByText('Le serveur ne répond pas').waitFor()
    await page.unroute('**/imports?*')
    await panel.getByRole('button', { name: "Essayer l'import" }).click()
    await panel.getByText("Rien n'a été écrit.").waitFor(PATIENTLY)
    await panel.getByText('ce n’est pas une adresse de courriel').waitFor()
    await panel.getByText('Colonnes inconnues ignorées : couleur.').waitFor()
    await expectAccessible('a dry run in French')
    await expectNoSidewaysScroll()
    await shoot('import-dry-run')
  })
})

describe('health', () => {
  test.each(['en', 'fr'] as const)(
    'tells how the installation is, and who shares a RIO (%s)',
    async (language) => {
      const english = language === 'en'
      await server.people.addUser({
        login: `twin.a.${language}`,
        realname: '<b>Twin</b>',
        rio: `00-${language}`,
      })
      await server.people.addUser({ login: `twin.b.${language}`, realname: "O'Twin", rio: `00-${language}` })
      const { page, open, expectAccessible, expectNoSidewaysScroll, shoot } = await browse({
        token: alice,
        language,
        width: english ? 1280 : 360,
      })
      await open('app/settings?tab=health')
      const panel = page.getByRole('tabpanel')
      await panel.getByRole('heading', { name: english ? 'What was found' : 'Constats' }).waitFor()
      await panel.getByRole('link', { name: '<b>Twin</b>' }).first().waitFor()
      await panel.getByText(english ? /checks without anything to do/ : /sans rien à faire/).click()
      await panel
        .getByText(english ? 'The tables are of this release.' : 'Les tables sont de cette version.')
        .waitFor()
      await expectAccessible('health')
      await expectNoSidewaysScroll()
      await shoot('health')
    },
  )

  test('that cannot be read says so, and is read again', async () => {
    const { page, open, expectAccessible } = await browse({ token: alice })
    await page.route('**/api/v1/health', (route) => route.abort())
    await open('app/settings?tab=health')
    await page.getByText('The server does not answer').waitFor()
    await expectAccessible('health that cannot be read')
    await page.unroute('**/api/v1/health')
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('heading', { name: 'Identifier index' }).waitFor()
  })
})

describe('the settings as an element in a page of the host', () => {
  test('show what our own page shows, by keyboard as well', async () => {
    const { page, shoot } = await browse({ token: alice })
    await openHostPage(
      page,
      '<callmanager-settings base="/plugins/callmanager" root="" login="host"></callmanager-settings>',
    )
    await page.getByLabel('Shared RIOs').waitFor()
    await shoot('element-settings')
    await page.getByRole('tab', { name: 'Settings' }).focus()
    await page.keyboard.press('End')
    await page.getByRole('heading', { name: 'Identifier index' }).waitFor()
    await page.keyboard.press('ArrowLeft')
    await page.getByRole('heading', { name: 'Recent jobs' }).waitFor()
    await shoot('element-transfer')
    await page.keyboard.press('ArrowLeft')
    await page.getByText('In use').waitFor()
    await shoot('element-storage')
    expect(await page.evaluate('location.search')).toBe('')
  })
})
