import { beforeAll, describe, expect, inject, test } from 'vitest'
import { HOST_PROFILES } from '../host/people.ts'
import { V1 } from '../support/app.ts'
import { useAttached } from '../support/attached.ts'
import { useBrowser } from '../support/browser.ts'

const ROOT = '/itsm'

describe.skipIf(inject('mariadbSocket') === '')('beside an ITSM-NG in a sub-directory', () => {
  const attached = useAttached({}, { BASE_PATH: ROOT })
  const browse = useBrowser(() => attached().app.listen(), ROOT)
  let caller = 0

  beforeAll(async () => {
    await attached().setRight(HOST_PROFILES.technician, 'user', 1055)
    caller = await attached().addPerson({
      login: 'zoe',
      lastname: "O'Brien <b>",
      firstname: 'Zoé',
      phone: '04 65 71 12 23',
      rio: '0012345',
      memberships: [{ profile: HOST_PROFILES.selfService, entity: 1 }],
      defaultEntity: 1,
    })
  })

  test.each([
    ['en', 1280],
    ['fr', 360],
  ] as const)("the caller card leads to the host's own pages (%s, %i px)", async (language, width) => {
    const tab = await browse({ token: await attached().host.logIn('bob'), language, width })
    const { page } = tab
    await tab.open('front/callmanager.php?phone=0465711223')
    const card = page.getByRole('article', { name: "O'Brien <b> Zoé" })
    await card.getByText('0012345').waitFor()
    const href = (name: RegExp) => card.getByRole('link', { name }).getAttribute('href')
    expect(await href(/profile|fiche/)).toBe(`${ROOT}/front/user.form.php?id=${caller}`)
    const tickets = new URL((await href(/tickets/)) ?? '', 'http://host')
    expect(tickets.pathname).toBe(`${ROOT}/front/ticket.php`)
    expect(Object.fromEntries(tickets.searchParams)).toMatchObject({
      'criteria[0][field]': '4',
      'criteria[0][searchtype]': 'equals',
      'criteria[0][value]': String(caller),
    })
    await tab.expectAccessible('card beside a host')
    await tab.expectNoSidewaysScroll()
    await tab.shoot('attached-card')
    // What the host keeps to itself is not offered.
    await page.getByRole('button', { name: /Technic/ }).click()
    expect(await page.getByRole('button', { name: /Log out|Déconnexion/ }).count()).toBe(0)
    expect(await page.getByRole('link', { name: /^(Entities|Entités)$/ }).count()).toBe(0)
  })

  test('a ticket is opened by the host, as the agent, for the caller', async () => {
    const { host, ids, db } = attached()
    const tab = await browse({ token: await host.logIn('bob') })
    const { page } = tab
    await tab.open('front/callmanager.php?rio=0012345')
    await page.getByRole('button', { name: 'New ticket for this user' }).click()
    await page.getByLabel('Title').fill('No dial tone')
    await page.getByLabel('Description').fill('Since <b>this</b> morning.')
    await page.getByRole('button', { name: 'Create the ticket' }).dblclick()
    const made = page.getByRole('listitem').getByRole('link', { name: 'No dial tone' })
    await made.waitFor()
    const row = await db.row(
      'select id, users_id_recipient, entities_id, requesttypes_id from glpi_tickets',
      [],
    )
    expect(row).toMatchObject({ users_id_recipient: ids.bob, entities_id: 1, requesttypes_id: 3 })
    expect(await made.getAttribute('href')).toBe(`${ROOT}/front/ticket.form.php?id=${row?.id}`)
    expect(await made.getAttribute('target')).toBe('_blank')
    expect(host.calls.filter(({ method, path }) => method === 'POST' && path === 'Ticket')).toHaveLength(1)
    await page.getByRole('button', { name: 'Add a followup: No dial tone' }).click()
    await page.getByRole('textbox', { name: 'Followup' }).fill('Called back.')
    await page.getByRole('button', { name: 'Add the followup' }).click()
    await expect.poll(() => page.getByRole('textbox', { name: 'Followup' }).count()).toBe(0)
    const followup = await db.row('select content, users_id from glpi_itilfollowups', [])
    expect(followup).toMatchObject({ users_id: ids.bob })
  })

  test.each([
    ['native', `${ROOT}/front/ticket.form.php`],
    ['formcreator_wizard', `${ROOT}/plugins/formcreator/front/wizard.php`],
    ['7', `${ROOT}/plugins/formcreator/front/formdisplay.php`],
  ])('a new ticket leads to the form that Setup chose: %s', async (target, path) => {
    const { settings } = attached().app.services
    await settings.set('ticket_target', target)
    try {
      const token = await attached().host.logIn('bob')
      await expect
        .poll(
          async () => (await attached().app.askAs(token, `${ROOT}${V1}/session`)).json().ticketForm.target,
        )
        .toEqual(target === '7' ? 7 : target)
      const tab = await browse({ token })
      await tab.open('front/callmanager.php?rio=0012345')
      const link = tab.page.getByRole('link', { name: 'New ticket for this user' })
      const address = new URL((await link.getAttribute('href')) ?? '', 'http://host')
      expect(address.pathname).toBe(path)
      const asked = Object.fromEntries(address.searchParams)
      if (target === 'native') {
        expect(asked).toEqual({ _users_id_requester: String(caller), requesttypes_id: '3', entities_id: '1' })
      }
      if (target === '7') expect(asked).toEqual({ id: '7' })
    } finally {
      await settings.set('ticket_target', 'quick')
    }
  })

  test('a person is edited by the host, and what it keeps to itself is a link to it', async () => {
    const { host, db } = attached()
    const tab = await browse({ token: await host.logIn('alice') })
    const { page } = tab
    await tab.open(`app/users/${caller}`)
    const there = page.getByRole('link', { name: 'Open in ITSM-NG' })
    await there.first().waitFor()
    expect(await there.first().getAttribute('href')).toBe(`${ROOT}/front/user.form.php?id=${caller}`)
    await page.getByText('ITSM-NG keeps this itself').waitFor()
    expect(await page.getByLabel('Valid until').getAttribute('readonly')).not.toBeNull()
    for (const button of ['Put in trash bin', 'Set the password', 'Add']) {
      expect(await page.getByRole('button', { name: button, exact: true }).count()).toBe(0)
    }
    await tab.expectAccessible('user beside a host')
    await tab.shoot('attached-user')
    await page.getByLabel('Mobile').fill('06 00 00 12 23')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('Saved', { exact: true }).first().waitFor()
    expect(await db.row('select mobile from glpi_users where id = ?', [caller])).toEqual({
      mobile: '06 00 00 12 23',
    })
    await page.getByRole('tab', { name: 'Call Manager' }).click()
    await page.getByLabel('RIO', { exact: true }).fill('0012346')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByRole('cell', { name: '0012345 → 0012346' }).waitFor()
    await tab.open('app/users/new?rio=0012347')
    await page.getByLabel('Login').fill('new.one')
    expect(await page.getByLabel('Password').count()).toBe(0)
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await page.getByRole('heading', { name: 'new.one', level: 1 }).waitFor()
  })

  test('the settings say what is done in ITSM-NG itself, and why', async () => {
    const tab = await browse({ token: await attached().host.logIn('alice') })
    const { page } = tab
    await tab.open('app/settings')
    const target = page.getByLabel('A new ticket for a caller opens')
    await target.selectOption({ label: 'A form of Formcreator' })
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('The number of a form is needed.').waitFor()
    await page.getByLabel('Number of the form').fill('7')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('status').getByText('Saved').waitFor()
    await tab.expectAccessible('settings beside a host')

    await page.getByRole('tab', { name: 'Where RIOs are kept' }).click()
    await page.getByLabel('New place').selectOption({ label: 'Registration number' })
    await page.getByRole('button', { name: 'Preview' }).click()
    await page.getByText('This is done in ITSM-NG itself').waitFor({ timeout: 25_000 })
    await tab.shoot('attached-method')
    expect(await page.getByRole('button', { name: /^Keep RIOs in/ }).count()).toBe(0)

    await page.getByRole('tab', { name: 'Import and export' }).click()
    await page.getByText('People are imported in ITSM-NG itself; here, RIOs alone can be.').waitFor()
    const buffer = Buffer.from('login;rio\nzoe;0099\nnobody;1\n')
    await page.getByLabel('File *').setInputFiles({ name: 'rios.csv', mimeType: 'text/csv', buffer })
    await page.getByRole('button', { name: 'Try the import' }).click()
    await page.getByRole('cell', { name: 'nobody within your entities has it' }).waitFor()
    await attached().app.services.settings.set('rio_storage_method', 'registration_number')
    await page.getByRole('button', { name: 'Import', exact: true }).click()
    await page.getByText('RIOs of registration_number are a column of its users').waitFor()
    await tab.shoot('attached-import')
  })

  test.each([
    ['en', 1280, /forwards all of Call Manager's paths/, /anybody can read \/metrics, \/readyz/],
    ['fr', 360, /transmet à Call Manager tous ses chemins/, /n’importe qui peut lire \/metrics, \/readyz/],
  ] as const)(
    'the health page tells what the web server forwards, and what it should not (%s, %i px)',
    async (language, width, forwards, open) => {
      // No web server stands before it: whoever asks there asks us, for everything.
      const { app, host, setConfig } = attached()
      await setConfig('url_base', (await app.listen()) + ROOT)
      const tab = await browse({ token: await host.logIn('alice'), language, width })
      const panel = tab.page.getByRole('tabpanel')
      await tab.open('app/settings?tab=health')
      await panel.getByText(open).waitFor()
      await panel.getByText(language === 'fr' ? /sans rien à faire/ : /checks without anything to do/).click()
      await panel.getByText(forwards).waitFor()
      await tab.expectAccessible('health beside a host')
      await tab.expectNoSidewaysScroll()
      await tab.shoot('attached-health')
    },
  )
})
