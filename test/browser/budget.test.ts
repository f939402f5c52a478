import { expect, test } from 'vitest'
import { startApp } from '../support/app.ts'
import { useBrowser } from '../support/browser.ts'

const server = await startApp()
const browse = useBrowser(() => server.listen())

test.each(['en', 'fr'] as const)(
  'the desk can be used after six requests and 45 kB of script and style (%s)',
  async (language) => {
    const { page, open } = await browse({ token: await server.logIn('itsm'), language })
    const asked: { url: string; bytes: Promise<number>; kept: boolean }[] = []
    page.on('response', (response) => {
      const request = response.request()
      const isCode = ['script', 'stylesheet'].includes(request.resourceType())
      const size = async () => (isCode ? (await request.sizes()).responseBodySize : 0)
      asked.push({ url: request.url(), bytes: size(), kept: request.resourceType() === 'script' })
    })
    await open('app/')
    await page.getByRole('combobox').waitFor()
    const sizes = await Promise.all(asked.map(({ bytes }) => bytes))
    expect(asked.map(({ url }) => url).length).toBeLessThanOrEqual(6)
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(45_000)
    expect(sizes.some((size) => size > 0)).toBe(true)

    // All that has a hash in its name is kept for good.
    const scripts = asked.filter(({ kept }) => kept).map(({ url }) => url)
    for (const url of scripts) {
      const { headers } = await server.ask(new URL(url).pathname)
      expect(headers['cache-control']).toBe('public, max-age=31536000, immutable')
    }
  },
)
