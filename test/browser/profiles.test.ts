import { describe, expect, test } from 'vitest'
import type { ProfileRights } from '../../contract/profiles.ts'
import { startApp } from '../support/app.ts'
import { useBrowser } from '../support/browser.ts'
import { PROFILES } from '../support/people.ts'

const server = await startApp()
const browse = useBrowser(() => server.listen())
const PROFILES_API = '/plugins/callmanager/api/v1/profiles'
const OBSERVER = 2
const SELF_SERVICE = 1

async function rightsOf(id: number, token: string): Promise<unknown> {
  return (await server.askAs(token, `${PROFILES_API}/${id}`)).json().rights
}

const put = (id: number, token: string, rights: ProfileRights) =>
  server.askAs(token, `${PROFILES_API}/${id}/rights`, {
    method: 'PUT',
    headers: { 'if-match': '*' },
    payload: rights,
  })

describe('profiles', () => {
  test.each([
    { language: 'en', width: 1280 },
    { language: 'fr', width: 360 },
  ] as const)('are listed, and give rights as their form is ticked ($language)', async (options) => {
    const token = await server.logIn('alice')
    const { page, open, expectAccessible, expectNoSidewaysScroll, shoot } = await browse({
      token,
      ...options,
    })
    const french = options.language === 'fr'
    const box = (name: string) => page.getByRole('checkbox', { name })
    const access = french ? "Accès à l'API/interface CallManager" : 'Access to CallManager API/UI'
    const [look, write] = [
      box(`${access}: ${french ? 'Lecture' : 'Read'}`),
      box(`${access}: ${french ? 'Écriture' : 'Write'}`),
    ]
    const save = page.getByRole('button', { name: french ? 'Sauvegarder' : 'Save' })
    await open('app/profiles')
    await page.getByRole('link', { name: 'Observer' }).waitFor()
    await expectAccessible('profiles')
    await expectNoSidewaysScroll()
    await shoot('profiles')
    await page.getByRole('link', { name: 'Observer' }).click()
    await page.getByRole('heading', { name: 'Observer' }).waitFor()
    await expectAccessible('a profile')
    await expectNoSidewaysScroll()

    // Writing comes with reading, and goes with it.
    await write.check()
    expect(await look.isChecked()).toBe(true)
    await look.uncheck()
    expect(await write.isChecked()).toBe(false)
    await write.check()
    await shoot('profile')
    const sent: string[] = []
    page.on('request', (request) => request.method() === 'PUT' && sent.push(request.url()))
    await save.dblclick()
    await page.locator('.badge-success').waitFor()
    expect(sent).toHaveLength(1)
    const given = { config: { update: false }, access: { read: true, update: true } }
    expect(await rightsOf(OBSERVER, token)).toEqual(given)
    await page.goBack()
    await page
      .getByRole('row', { name: 'Observer' })
      .getByText(french ? 'Lecture, Écriture' : 'Read, Write')
      .waitFor()

    await open(`app/profiles/${SELF_SERVICE}`)
    await page
      .getByText(french ? "Ce profil a l'interface simplifiée" : 'This profile has the simplified')
      .waitFor()
    expect(await look.isDisabled()).toBe(true)
    expect(await save.count()).toBe(0)
    await expectAccessible('a profile without rights')
    await shoot('profile-simplified')
    await put(OBSERVER, token, { config: { update: false }, access: { read: false, update: false } })
  })

  test('that somebody else has changed meanwhile keep the ticks, and tell what is stored now', async () => {
    const token = await server.logIn('alice')
    const { page, open, expectAccessible, shoot } = await browse({ token })
    await open(`app/profiles/${PROFILES.technician}`)
    await page.getByRole('checkbox', { name: 'Config update: Write' }).check()
    await put(PROFILES.technician, token, {
      config: { update: false },
      access: { read: false, update: false },
    })
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Somebody else has changed this meanwhile').waitFor()
    await expectAccessible('changed meanwhile')
    await shoot('profile-changed-meanwhile')
    await page.getByRole('button', { name: 'Read again' }).click()
    await page.getByText('What is stored now').waitFor()
    await page.getByText('Access to CallManager API/UI: None', { exact: true }).waitFor()
    await shoot('profile-read-again')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.locator('.badge-success').waitFor()
    expect(await rightsOf(PROFILES.technician, token)).toMatchObject({ config: { update: true } })
  })

  test('that are slow or fail say so, and are asked for again; who has no right is told', async () => {
    const { page, open, expectAccessible } = await browse({ token: await server.logIn('alice') })
    await page.route(/profiles\?/, (route) => route.abort(), { times: 1 })
    await open('app/profiles')
    await page.getByText('The server does not answer').waitFor()
    await expectAccessible('profiles that fail')
    const { promise, resolve } = Promise.withResolvers<void>()
    await page.route(/profiles\?/, (route) => promise.then(() => route.continue()), { times: 1 })
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByText('Loading …').waitFor()
    resolve()
    await page.getByRole('link', { name: 'Observer' }).waitFor()
    await open('app/profiles/4711')
    await page.getByText('Profile not found').waitFor()

    const { page: charlies, open: charlieOpens } = await browse({ token: await server.logIn('charlie') })
    await charlieOpens('app/profiles')
    await charlies.getByText('Your profile lacks the right “Config update”.').waitFor()
  })

  test('ask before one takes the right from oneself, and then no longer show the page', async () => {
    const token = await server.logIn('alice')
    const { page, open, expectAccessible } = await browse({ token })
    // Otherwise nobody could administer any more.
    await put(PROFILES.technician, token, { config: { update: true }, access: { read: true, update: true } })
    await open(`app/profiles/${PROFILES.superAdmin}`)
    const config = page.getByRole('checkbox', { name: 'Config update: Write' })
    await config.uncheck()
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Take this right from yourself?').waitFor()
    await expectAccessible('losing a right')
    await page.getByRole('button', { name: 'Cancel' }).click()
    expect(await rightsOf(PROFILES.superAdmin, token)).toMatchObject({ config: { update: true } })
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('button', { name: 'Take it away' }).click()
    await page.getByText('You may not see this page').waitFor()
  })
})
