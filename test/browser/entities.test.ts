import { describe, expect, test } from 'vitest'
import { startApp } from '../support/app.ts'
import { expectFocus, useBrowser } from '../support/browser.ts'

const server = await startApp()
const browse = useBrowser(() => server.listen())
const ENTITIES = '/plugins/callmanager/api/v1/entities'
const HOSTILE = 'O’Brien <b>&amp; 👩‍💻'

async function pathOf(name: string): Promise<string | undefined> {
  const { items } = (await server.askAs(await server.logIn('alice'), `${ENTITIES}?limit=100`)).json()
  return items.find((one: { name: string; path: string }) => one.name === name)?.path
}

describe('entities', () => {
  test.each([
    { language: 'en', width: 1280 },
    { language: 'fr', width: 360 },
  ] as const)('are searched, added, renamed, moved and deleted ($language)', async (options) => {
    const { page, open, expectAccessible, expectNoSidewaysScroll, shoot } = await browse({
      token: await server.logIn('alice'),
      ...options,
    })
    const french = options.language === 'fr'
    const name = `${HOSTILE} ${options.language}`
    const button = (en: string, fr: string) =>
      page.getByRole('button', { name: french ? fr : en, exact: true })
    const nameField = page.getByRole('dialog').getByLabel(/^(Name|Nom)/)
    const above = page.getByRole('combobox', { name: french ? 'Comme enfant de' : 'As child of' })
    await open('app/entities')
    await page.getByRole('row', { name: 'Villefranche' }).first().waitFor()
    await expectAccessible('entities')
    await expectNoSidewaysScroll()
    await shoot('entities')

    await button('Add below Root entity', 'Ajouter sous Root entity').click()
    await button('Add', 'Ajouter').click()
    await page.getByText(french ? 'Ce champ est obligatoire.' : 'This field is needed.').waitFor()
    await nameField.fill(name)
    await expectAccessible('a new entity')
    await shoot('entity-new')
    const sent: string[] = []
    page.on('request', (request) => request.method() === 'POST' && sent.push(request.url()))
    await button('Add', 'Ajouter').dblclick()
    await page.getByRole('rowheader', { name }).waitFor()
    expect(sent).toHaveLength(1)

    const edit = button(`Edit ${name}`, `Modifier ${name}`)
    await edit.click()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await expectFocus(edit)
    await edit.click()
    await above.fill('villefr')
    await page
      .getByRole('option', { name: /Villefranche/ })
      .first()
      .waitFor()
    await shoot('entity-move')
    await page
      .getByRole('option', { name: /Villefranche/ })
      .first()
      .click()
    await nameField.fill(`${name} 2`)
    await shoot('entity-edit')
    await button('Save', 'Sauvegarder').click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect(await pathOf(`${name} 2`)).toMatch(/Villefranche > /)

    await page.getByRole('textbox').fill('brien 👩‍💻')
    await page.getByRole('row').nth(1).getByText('> O’Brien <b>').waitFor()
    await expectAccessible('entities found')
    await expectNoSidewaysScroll()
    await page
      .getByRole('button', { name: french ? /^Modifier / : /^Edit / })
      .first()
      .click()
    await button('Delete', 'Supprimer').click()
    await expectAccessible('deleting an entity')
    await button('Delete', 'Supprimer').click()
    await page.getByText(french ? 'Aucun chemin ne contient ces mots.' : 'No path has these words.').waitFor()

    // What is in use stays, and the reason is told.
    await page.getByRole('textbox').fill('')
    await page
      .getByRole('button', {
        name: french ? /Modifier Sous-préfecture de Villefranche/ : /Edit Sous-préfecture de Villefranche/,
      })
      .first()
      .click()
    await nameField.fill('Root entity')
    await button('Delete', 'Supprimer').click()
    await button('Delete', 'Supprimer').click()
    await page.getByText(french ? 'elle contient des entités' : 'there are entities in it').waitFor()
    await shoot('entity-in-use')
  })

  test('that somebody else has renamed meanwhile keep what was typed', async () => {
    const token = await server.logIn('alice')
    const { page, open, expectAccessible } = await browse({ token })
    const made = await server.askAs(token, ENTITIES, {
      method: 'POST',
      payload: { name: 'Brest', parentId: 0 },
    })
    await open('app/entities')
    await page.getByRole('button', { name: 'Edit Brest' }).click()
    await page.getByRole('dialog').getByLabel(/^Name/).fill('Villefranche')
    await server.askAs(token, `${ENTITIES}/${made.json().id}`, {
      method: 'PATCH',
      headers: { 'if-match': '*' },
      payload: { name: 'Brest-sur-Mer' },
    })
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Somebody else has changed this meanwhile').waitFor()
    await expectAccessible('an entity changed meanwhile')
    await page.getByRole('button', { name: 'Read again' }).click()
    await page.getByText('What is stored now: Root entity > Brest-sur-Mer.').waitFor()
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect(await pathOf('Brest-sur-Mer')).toBeUndefined()
  })

  test('and locations are seen by everyone who looks up, and changed by who may', async () => {
    const { page, open, expectAccessible, shoot } = await browse({ token: await server.logIn('bob') })
    await page.route(/entities\?/, (route) => route.abort(), { times: 1 })
    await open('app/entities')
    await page.getByText('The server does not answer').waitFor()
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('rowheader', { name: 'Villefranche' }).waitFor()
    expect(await page.getByRole('button', { name: /Edit|Add/ }).count()).toBe(0)

    const alices = await browse({ token: await server.logIn('alice') })
    await alices.open('app/entities')
    await alices.page.getByRole('tab', { name: 'Locations' }).click()
    await alices.page.getByRole('button', { name: 'Add a location' }).click()
    await alices.page.getByRole('dialog').getByLabel(/^Name/).fill('Bureau 404')
    await alices.page.getByLabel('Also for the entities below').check()
    await alices.shoot('location-new')
    await alices.page.getByRole('dialog').getByRole('button', { name: 'Add', exact: true }).click()
    await alices.page.getByRole('rowheader', { name: 'Bureau 404' }).waitFor()
    await alices.expectAccessible('locations')
    await alices.shoot('locations')
    await page.getByRole('tab', { name: 'Locations' }).click()
    await page.getByRole('rowheader', { name: 'Bureau 404' }).waitFor()
    await expectAccessible('locations of Bob')
    await shoot('locations-bob')
  })
})
