import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fastifyStatic from '@fastify/static'
import type { FastifyPluginAsync } from 'fastify'
import { AppError } from '../domain/errors.ts'
import { securePages } from './security.ts'

/** Where the build puts the pages: beside the folder of the built program, or in dist/ when the sources run. */
const BUILT = new URL(import.meta.url.endsWith('.ts') ? '../../dist/web/' : '../web/', import.meta.url)

interface Options {
  /** The host's sub-directory on this origin; empty for none. */
  root: string
  /** Whether people log in here, rather than at a host. */
  logsIn: boolean
}

interface Chunk {
  file: string
  imports?: string[]
}

/**
 * The pages: one shell for every address, which loads the app; and the assets, whose names change with what they hold.
 * Registered at `…/plugins/callmanager`.
 */
export const webPages: FastifyPluginAsync<Options> = async (pages, { root, logsIn }) => {
  await securePages(pages)
  const base = `${root}/plugins/callmanager`
  const built = readBuilt(base)
  await pages.register(fastifyStatic, {
    root: fileURLToPath(new URL('assets/', BUILT)),
    prefix: '/app/assets/',
    preCompressed: true,
    immutable: true,
    maxAge: '365d',
    index: false,
    decorateReply: false,
    // Only what the build has made is there, whatever an address is made up of.
    wildcard: false,
  })
  pages.get('/app/assets/*', { schema: { hide: true } }, async () => {
    throw new AppError('route-unknown')
  })
  const shell = (language: string) => `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>Call Manager</title>
<link rel="icon" href="data:,">
${built.preloads('app/main.tsx')}
<script type="module" src="${built.url('app/main.tsx')}"></script>
</head>
<body>
<callmanager-app page base="${base}" root="${root}" login="${logsIn ? 'here' : 'host'}"></callmanager-app>
<noscript>Call Manager needs JavaScript. Call Manager a besoin de JavaScript.</noscript>
</body>
</html>
`
  for (const url of ['/app', '/app/*', '/front/callmanager.php']) {
    pages.get(url, { schema: { hide: true } }, async (request, reply) => {
      demandBuilt(built)
      const french = /^fr\b/i.test(request.headers['accept-language'] ?? '')
      return reply.type('text/html; charset=utf-8').send(shell(french ? 'fr' : 'en'))
    })
  }
  // The address that pages of the host load; the file behind it has another name with each release.
  pages.get('/app/elements.js', { schema: { hide: true } }, async (_request, reply) => {
    demandBuilt(built)
    return reply.type('text/javascript; charset=utf-8').send(`import "${built.url('elements.tsx')}"\n`)
  })
}

type Built = ReturnType<typeof readBuilt>

function demandBuilt(built: Built): void {
  if (!built.complete) throw new AppError('pages-missing')
}

/** What Vite says that it has made. Sources that were never built still answer telephone systems. */
function readBuilt(base: string) {
  const chunks = { ...readManifest('elements'), ...readManifest('app') }
  const chunk = (name: string): Chunk => chunks[name] ?? { file: '' }
  const url = (name: string) => `${base}/app/${chunk(name).file}`
  return {
    complete: Object.keys(chunks).length > 0,
    url,
    /** What an entry imports, so that the browser need not read it first to know. */
    preloads: (name: string) =>
      (chunk(name).imports ?? []).map((one) => `<link rel="modulepreload" href="${url(one)}">`).join('\n'),
  }
}

function readManifest(name: string): Record<string, Chunk> {
  try {
    return JSON.parse(readFileSync(new URL(`${name}.json`, BUILT), 'utf8'))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {}
    throw error
  }
}
