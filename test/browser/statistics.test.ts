import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { startApp, V1 } from '../support/app.ts'
import { useBrowser } from '../support/browser.ts'

const server = await startApp()
const browse = useBrowser(() => server.listen())
const HOUR_MS = 3_600_000
const VILLEFRANCHE = 5

/** Calls of thirty days, more of them in the middle of the day; some find nobody, some several. */
async function lookUp(): Promise<number> {
  const { storage } = server.services
  const rows = Array.from({ length: 24 * 30 }, (_, hoursAgo) => hoursAgo).flatMap((hoursAgo) => {
    const time = new Date(Date.now() - hoursAgo * HOUR_MS)
    const isOpen = time.getUTCHours() >= 7 && time.getUTCHours() < 17 && time.getUTCDay() % 6 !== 0
    return Array.from({ length: isOpen ? 2 + ((hoursAgo * 7) % 6) : 0 }, (_, call) => ({
      looked_up_at: time.getTime(),
      users_id: [101, 102, 2, 4, 9999][(hoursAgo + call) % 5] ?? 2,
      impersonator_id: 0,
      entities_id: call % 3 === 0 ? VILLEFRANCHE : 0,
      address: '127.0.0.1',
      kind: 'rio',
      identifier_masked: '1***',
      hits: (hoursAgo + call) % 9 === 0 ? 3 : (hoursAgo + call) % 4 === 0 ? 0 : 1,
    }))
  })
  await storage.write('normal', (tx) => storage.insertMany(tx, 'glpi_plugin_callmanager_lookups', rows))
  return rows.length
}

describe('statistics', () => {
  test('say so where nobody was looked up, where they fail, and where the dates are none', async () => {
    const { page, open, expectAccessible, shoot } = await browse({ token: await server.logIn('alice') })
    await page.route(/statistics\?/, (route) => route.abort(), { times: 1 })
    await open('app/statistics')
    await page.getByText('The server does not answer').waitFor()
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByText(/^Nobody was looked up in this period/).waitFor()
    await expectAccessible('no statistics')
    await shoot('statistics-empty')
    await page.getByLabel('Period').selectOption({ label: 'Dates of your own' })
    await page.getByLabel('To', { exact: true }).fill('2020-01-01')
    await page.getByText('The end lies before the beginning.').waitFor()
    await page.getByLabel('From', { exact: true }).fill('2019-01-01')
    await page.getByText(/^Nobody was looked up in this period/).waitFor()
    await page.getByRole('tab', { name: 'By hour' }).click()
    await page.getByText('By hour, 93 days are shown at most.').waitFor()
    await expectAccessible('too many hours')
  })

  test.each([
    { language: 'en', width: 1280 },
    { language: 'fr', width: 360 },
  ] as const)('are drawn, and told by a table of the same numbers ($language)', async (options) => {
    const french = options.language === 'fr'
    const token = await server.logIn('alice')
    if (!french) await lookUp()
    const { page, open, expectAccessible, expectNoSidewaysScroll, shoot } = await browse({
      token,
      ...options,
    })
    const tab = (en: string, fr: string) => page.getByRole('tab', { name: french ? fr : en })
    const table = page.getByText(french ? 'Les nombres en tableau' : 'The numbers as a table')
    const counted = async (by: string) =>
      (await server.askAs(token, `${V1}/statistics?by=${by}&timeZone=Europe/Paris`)).json()

    await open('app/statistics')
    await page.getByRole('img').waitFor()
    await shoot('statistics-day')
    const { totals, items } = await counted('day')
    const number = new Intl.NumberFormat(options.language)
    expect(await page.getByRole('img').getAttribute('aria-label')).toContain(number.format(totals.total))
    await table.click()
    await page.getByRole('row').nth(1).waitFor()
    expect(await page.getByRole('row').count()).toBe(items.length + 1)
    const last = await page.getByRole('row').last().getByRole('cell').allTextContents()
    const { found, several, none, total } = items.at(-1)
    expect(last).toEqual([found, several, none, total].map((one) => number.format(one)))
    await expectAccessible('statistics by day')
    await expectNoSidewaysScroll()

    await tab('By hour', 'Par heure').click()
    await page.getByRole('img').waitFor()
    await shoot('statistics-hour')
    await tab('By agent', 'Par agent').click()
    await page.getByRole('img').waitFor()
    await shoot('statistics-agent')
    await expectAccessible('statistics by agent')
    await tab('By entity', 'Par entité').click()
    await page.getByRole('img').waitFor()
    await expectNoSidewaysScroll()
    await shoot('statistics-entity')

    await page.getByRole('combobox', { name: french ? /^Entité/ : /^Entity/ }).fill('villefranche')
    const filtered = page.waitForResponse(/entityId=5/)
    await page.getByRole('option', { name: /Villefranche$/ }).click()
    await filtered
    expect(new URL(page.url()).searchParams.get('entity')).toBe(String(VILLEFRANCHE))
    const downloads = page.waitForEvent('download')
    await page.getByRole('button', { name: french ? 'Télécharger en CSV' : 'Download as CSV' }).click()
    const text = await readFile(await (await downloads).path(), 'utf8')
    expect(text.split('\r\n')).toHaveLength(3)
    expect(text).toContain(french ? '"Entité";"Une personne trouvée"' : '"Entity","One person found"')

    // What is looked at can be kept and opened again.
    await page.reload()
    await page.getByRole('img').waitFor()
    expect(await tab('By entity', 'Par entité').getAttribute('aria-selected')).toBe('true')
  })

  test('tell a bar under the pointer, follow the window, and can be read in high contrast', async () => {
    const { page, open, shoot, expectAccessible } = await browse({ token: await server.logIn('alice') })
    await open('app/statistics?by=day&days=7')
    await page.getByRole('img').hover()
    await page.locator('.chart-legend strong').first().waitFor()
    await page.evaluate("localStorage.setItem('callmanager.theme', 'contrast')")
    await page.reload()
    await page.getByRole('img').waitFor()
    await expectAccessible('statistics in high contrast')
    await shoot('statistics-contrast')
    const width = async () => (await page.locator('canvas').boundingBox())?.width ?? 0
    const wide = await width()
    await page.setViewportSize({ width: 500, height: 800 })
    await expect.poll(width).toBeLessThan(Math.min(wide, 500))
  })
})
