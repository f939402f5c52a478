import { beforeEach, describe, expect, test } from 'vitest'
import { secret, startApp, type TestApp } from '../support/app.ts'
import { expectFocus, useBrowser } from '../support/browser.ts'

const FIRST = { login: "O'Brien", password: secret('the-first-of-the-passwords') }
const PLACES = [
  {
    language: 'en',
    width: 360,
    code: 'Set-up code',
    login: 'Login',
    password: 'Password',
    again: 'Password again',
    make: 'Make the account',
    needed: 'This field is needed.',
    short: 'The password needs at least 8 characters.',
    differ: 'The two passwords differ.',
    refused: /The code is wrong, used or older/,
    unreachable: 'The server does not answer',
    done: 'The account is made',
    logIn: 'Log in',
    manual: 'API manual',
  },
  {
    language: 'fr',
    width: 1280,
    code: "Code d'installation",
    login: 'Identifiant',
    password: 'Mot de passe',
    again: 'Mot de passe, à nouveau',
    make: 'Créer le compte',
    needed: 'Ce champ est obligatoire.',
    short: 'Le mot de passe doit avoir au moins 8 caractères.',
    differ: 'Les deux mots de passe sont différents.',
    refused: /Le code est faux, déjà utilisé/,
    unreachable: 'Le serveur ne répond pas',
    done: 'Le compte est créé',
    logIn: 'Se connecter',
    manual: "Manuel de l'API",
  },
] as const

describe('setting up', () => {
  let server: TestApp
  let code: string
  const browse = useBrowser(() => server.listen())

  beforeEach(async () => {
    server = await startApp({}, false)
    code = secret((await server.services.helpdesk.logins?.newSetupCode()) ?? '')
  })

  test.each(PLACES)(
    'makes the first account by the link, and leads to the way in ($language)',
    async (say) => {
      const { page, open, expectAccessible, expectNoSidewaysScroll, shoot } = await browse(say)
      const field = (label: string) => page.getByLabel(new RegExp(`^${label}( \\*)?$`))
      const make = page.getByRole('button', { name: say.make })
      await open(`app/setup#${code}`)
      await make.waitFor()
      expect(new URL(page.url()).hash).toBe('')
      expect(await field(say.code).inputValue()).toBe(code)
      await expectAccessible('set-up')
      await shoot('set-up')

      // Typing begins in the first field that the link has not filled in.
      await expectFocus(field(say.login))
      await page.keyboard.type(`  ${FIRST.login} `)
      await make.click()
      expect(await page.getByText(say.needed).count()).toBe(2)
      await expectFocus(field(say.password))
      await page.keyboard.type('short')
      await field(say.again).fill('other')
      await make.click()
      await page.getByText(say.short).waitFor()
      await expectAccessible('set-up with errors')
      await expectNoSidewaysScroll()
      await field(say.password).fill(FIRST.password)
      await make.click()
      await page.getByText(say.differ).waitFor()
      await field(say.again).fill(FIRST.password)

      await field(say.code).fill('not-the-code')
      await make.click()
      await page.getByText(say.refused).waitFor()
      await shoot('set-up-refused')
      await page.route('**/api/v1/setup', (route) => route.abort(), { times: 1 })
      await field(say.code).fill(` ${code} `)
      await make.click()
      await page.getByText(say.unreachable).waitFor()

      await make.dblclick()
      await page.getByRole('heading', { name: say.done }).waitFor()
      expect(await page.locator('pre').textContent()).toContain(
        `curl -u 'O'\\''Brien' '${await server.listen()}/apirest`,
      )
      expect(await page.getByRole('link', { name: say.manual }).getAttribute('href')).toMatch(/\/api\/docs$/)
      await expectAccessible('set up')
      await expectNoSidewaysScroll()
      await shoot('set-up-done')

      await page.getByRole('link', { name: say.logIn }).click()
      await page.getByLabel(say.login).fill(FIRST.login)
      await page.getByLabel(say.password).fill(FIRST.password)
      await page.keyboard.press('Enter')
      await page.getByRole('button', { name: /Super-Admin/ }).waitFor()
      await open('app/setup')
      await page
        .getByText(say.language === 'fr' ? 'Call Manager est installé' : 'Call Manager is set up')
        .waitFor()
      await expectAccessible('set up already')
    },
  )

  test('takes the code of a link that is pasted into the open page', async () => {
    const { page, open } = await browse()
    await open('app/setup')
    await page.getByText('Make the first account.').waitFor()
    await page.evaluate(`location.hash = '${code}'`)
    await page.waitForURL(/setup$/)
    expect(await page.getByLabel(/^Set-up code/).inputValue()).toBe(code)
  })
})
