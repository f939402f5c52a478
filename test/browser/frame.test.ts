import { describe, expect, test } from 'vitest'
import { ALICE, startApp, V1 } from '../support/app.ts'
import { useBrowser } from '../support/browser.ts'

const server = await startApp()
const browse = useBrowser(() => server.listen())

describe('what every page stands in', () => {
  test.each(['en', 'fr'] as const)('logs in, shows who one is, and logs out again (%s)', async (language) => {
    const { page, open, expectAccessible, shoot } = await browse({ language })
    await open('app/')
    await page.getByRole('heading', { name: language === 'fr' ? 'Connexion' : 'Log in' }).waitFor()
    await expectAccessible('login')
    await shoot('login')
    await page.getByLabel(language === 'fr' ? 'Identifiant' : 'Login').fill('itsm')
    await page.getByLabel(language === 'fr' ? 'Mot de passe' : 'Password').fill('itsm')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Call Manager' }).waitFor()
    await expectAccessible('desk')
    await page.getByRole('button', { name: /Super-Admin/ }).click()
    await expectAccessible('you')
    await shoot('you')
    await page.getByRole('button', { name: language === 'fr' ? 'Déconnexion' : 'Log out' }).click()
    await page.getByRole('heading', { name: language === 'fr' ? 'Connexion' : 'Log in' }).waitFor()
    expect(await page.locator('html').getAttribute('lang')).toBe(language)
  })

  test('speaks the language of one’s account rather than the browser’s, and switches it', async () => {
    const { page, open } = await browse({ token: await server.logIn('alice') })
    await open('app/')
    await page.getByRole('button', { name: /Super-Admin/ }).click()
    await page.getByLabel('Language').selectOption('fr')
    await page.getByRole('button', { name: 'Déconnexion' }).waitFor()
    await page.reload()
    await page.getByRole('link', { name: 'Utilisateurs' }).waitFor()
    expect(await page.locator('html').getAttribute('lang')).toBe('fr')
    await page.getByRole('button', { name: /Super-Admin/ }).click()
    await page.getByLabel('Langue').selectOption('en')
    await page.getByRole('link', { name: 'Users' }).waitFor()
  })

  test('asks for a new session until there is one, and goes on where one was', async () => {
    const token = await server.logIn('alice')
    const { page, open } = await browse({ token })
    await open('app/users/10')
    await page.getByLabel('First name').fill('Zoé')
    await server.askAs(token, `${V1}/session`, { method: 'DELETE' })
    await page.getByRole('button', { name: 'Save' }).click()
    const dialog = page.getByRole('dialog', { name: 'Your session has ended' })
    await dialog.waitFor()
    // A browser takes the second of them for its own.
    for (const _ of [1, 2, 3]) await page.keyboard.press('Escape')
    await dialog.getByLabel('Password').fill(ALICE.password)
    await dialog.getByRole('button', { name: 'Log in' }).click()
    await page.getByText('Saved', { exact: true }).first().waitFor()
    expect((await server.askAs(await server.logIn('alice'), `${V1}/users/10`)).json().firstname).toBe('Zoé')
  })

  test('logs out whose session has ended already', async () => {
    const token = await server.logIn('alice')
    const { page, open } = await browse({ token })
    await open('app/')
    await page.getByRole('button', { name: /Super-Admin/ }).click()
    await server.askAs(token, `${V1}/session`, { method: 'DELETE' })
    await page.getByRole('button', { name: 'Log out' }).click()
    await page.getByRole('heading', { name: 'Log in' }).waitFor()
  })

  test('shows what is to be seen from where one has switched to', async () => {
    const token = await server.logIn('alice')
    await server.askAs(token, `${V1}/session`, { method: 'PATCH', payload: { entityId: 5 } })
    const { page, open } = await browse({ token })
    await open('app/users')
    await page.getByRole('row', { name: /Leclerc/ }).waitFor()
    expect(await page.getByRole('row', { name: /Arnaud/ }).count()).toBe(0)
    await page.getByRole('button', { name: /Super-Admin/ }).click()
    await page.locator('#you').getByLabel('Entity').selectOption({ label: 'Root entity and below' })
    await page.getByRole('row', { name: /Arnaud/ }).waitFor()
  })

  test('fits a narrow window', async () => {
    const { page, open, expectAccessible, expectNoSidewaysScroll, shoot } = await browse({
      token: await server.logIn('itsm'),
      width: 360,
    })
    await open('app/')
    await page.getByRole('button', { name: 'Menu' }).click()
    await page.getByRole('link', { name: 'Users' }).waitFor()
    await expectAccessible('menu')
    await expectNoSidewaysScroll()
    await shoot('menu')
  })

  test('tells somebody without the right which one is missing', async () => {
    const { page, open, expectAccessible } = await browse({ token: await server.logIn('charlie') })
    await open('app/')
    await page.getByText('Your profile lacks the right “Access to CallManager API/UI”.').waitFor()
    await expectAccessible('no right')
  })

  test('is as dark as the system is, or as somebody chooses', async () => {
    const { page, open } = await browse({ token: await server.logIn('itsm'), theme: 'dark' })
    await open('app/')
    await page.getByRole('main').waitFor()
    const ground = () =>
      page.evaluate(
        `getComputedStyle(document.querySelector('callmanager-app').shadowRoot.querySelector('.app')).backgroundColor`,
      )
    const dark = await ground()
    await page.emulateMedia({ colorScheme: 'light' })
    expect(await ground()).not.toBe(dark)
    await page.getByRole('button', { name: /Super-Admin/ }).click()
    await page.getByLabel('Theme').selectOption('Dark')
    await expect.poll(ground).toBe(dark)
  })

  test('knows no other page', async () => {
    const { page, open, expectAccessible } = await browse({ token: await server.logIn('itsm') })
    await open('app/nothing-here')
    await page.getByText('There is no such page').waitFor()
    await expectAccessible('not found')
  })
})
