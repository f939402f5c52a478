import type { Page } from 'playwright-core'

/** What the styles of a helpdesk's own pages do to everything on them. */
const HOST_STYLES = `
  * { box-sizing: content-box; letter-spacing: 1px; }
  html { font-size: 10px; }
  body { margin: 0; font: italic 11px serif; color: #c0c; background: #ffe; text-align: center; line-height: 3; }
  table, td, th { border: 3px dotted lime !important; padding: 20px !important; }
  button, input, select, textarea { background: yellow !important; border-radius: 0 !important; text-transform: uppercase; float: right; }
  h1, h2, h3, p, ul, li, dl { margin: 40px !important; font-size: 30px !important; list-style: square !important; }
  a { color: red !important; }
  .panel, .badge, .notice, .button, .hits, .card, .field, .hint, .tabs { display: none !important; }
`

/** Shows a page as a helpdesk makes them: its own styles, its own element of ours, our script by its address that stays. */
export async function openHostPage(page: Page, element: string): Promise<void> {
  const base = '/plugins/callmanager'
  const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>ITSM-NG</title>
<style>${HOST_STYLES}</style></head>
<body><header>ITSM-NG</header><main>${element}</main>
<script type="module" src="${base}/app/elements.js"></script></body></html>`
  await page.route('**/front/host-page.php*', (route) =>
    route.fulfill({ contentType: 'text/html', body: html }),
  )
  await page.goto('front/host-page.php')
}
