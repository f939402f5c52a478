import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { closeAfterFile } from '../support/after-file.ts'
import { makeComposeConf } from '../support/compose-conf.ts'
import { findProgram } from '../support/find-program.ts'
import { freePort } from '../support/free-port.ts'
import { blocksIn } from '../support/manual.ts'
import { readSource } from '../support/repository.ts'

/** GLPI is served from its public/ from 10.0.7 on, and its index.php asked for all that is no file there. */
export const KINDS = [
  'nginx',
  'apache',
  'nginx of a GLPI',
  'apache of a GLPI',
  'nginx of the compose file',
] as const
type Server = 'nginx' | 'apache'
type Kind = (typeof KINDS)[number]
const MODULES = '/usr/lib/apache2/modules'
const STARTS_WITHIN_MS = 10_000

/** What tests of web servers run. */
export const PROGRAMS = ['nginx', 'apache2', 'php', 'openssl']

/** A folder of one server; not one for all, since files share this module and each ends with its own. */
function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'callmanager-proxy-'))
  closeAfterFile(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A host's own pages: begins a session, and says which address PHP was asked for. */
export function startPhp(cookiePath = '/'): Promise<number> {
  const router = join(newFolder(), 'router.php')
  writeFileSync(
    router,
    `<?php header('content-type: text/plain'); echo 'PHP ' . $_SERVER['REQUEST_URI'];
    header('set-cookie: glpi_${'0'.repeat(32)}=begun; path=${cookiePath}; HttpOnly');`,
  )
  return servePhp(router)
}

/** PHP's own server, with the pages of a folder (`-t`, and it) or a script that answers everything. */
export async function servePhp(...pages: string[]): Promise<number> {
  const port = await freePort()
  // It tells of every request, and waits until somebody listens.
  const child = spawn(findProgram('php') ?? '', ['-S', `127.0.0.1:${port}`, ...pages], { stdio: 'ignore' })
  return started(child, port)
}

/** What we ship for a web server. */
export const shipped = (server: Server): string => readSource(`deploy/${server}/callmanager.conf`)

const MANUAL = readSource('docs/install.md')

/** How docs/install.md has the shipped file included: what stands there is what is tried. */
function included(server: Server, ours: string): string {
  const [line, ...more] = blocksIn(MANUAL, server)
  if (line === undefined || more.length > 0) throw new Error(`docs/install.md has not one block of ${server}`)
  return line.replace(`/opt/callmanager/deploy/${server}/callmanager.conf`, ours)
}

const AROUND: Record<Kind, { server: Server; around: (facts: Facts) => string }> = {
  nginx: { server: 'nginx', around: (facts) => nginxAround(facts, nginxRoot(facts)) },
  apache: { server: 'apache', around: (facts) => apacheAround(facts, apacheRoot(facts)) },
  'nginx of a GLPI': { server: 'nginx', around: (facts) => nginxAround(facts, nginxPublic(facts)) },
  'apache of a GLPI': { server: 'apache', around: (facts) => apacheAround(facts, apachePublic(facts)) },
  'nginx of the compose file': { server: 'nginx', around: composeAround },
}

/**
 * The shipped file, or another, in a server of the host's: all that is not forwarded to Call Manager goes to PHP. Answers its
 * ports, with TLS and without.
 */
export async function startProxy(
  kind: Kind,
  node: number,
  php: number,
  conf = shipped(AROUND[kind].server),
): Promise<{ http: number; https: number }> {
  const { server, around } = AROUND[kind]
  const own = newFolder()
  mkdirSync(join(own, 'tmp'))
  mkdirSync(join(own, 'public'))
  // The web server hands it to PHP; that it is there is all that counts.
  writeFileSync(join(own, 'public', 'index.php'), '')
  const ours = join(own, 'callmanager.conf')
  writeFileSync(ours, conf.replaceAll('127.0.0.1:8090', `127.0.0.1:${node}`))
  makeCertificate(own)
  const ports = { http: await freePort(), https: await freePort() }
  const main = join(own, 'server.conf')
  writeFileSync(main, around({ own, ours, node, php, ...ports }))
  const [program, args] =
    server === 'nginx'
      ? [findProgram('nginx'), ['-p', own, '-c', main, '-e', join(own, 'error.log')]]
      : [findProgram('apache2'), ['-d', own, '-f', main, '-D', 'FOREGROUND']]
  const child = spawn(program ?? '', args)
  child.stderr.on('data', (text) => console.error(String(text)))
  await started(child, ports.http)
  return ports
}

interface Facts {
  own: string
  ours: string
  node: number
  php: number
  http: number
  https: number
}

const nginxHttp = (own: string, servers: string) => `
daemon off; user root; worker_processes 1; pid ${own}/pid;
events {}
http {
  access_log off;
  client_body_temp_path ${own}/tmp/a; proxy_temp_path ${own}/tmp/b; fastcgi_temp_path ${own}/tmp/c;
  uwsgi_temp_path ${own}/tmp/d; scgi_temp_path ${own}/tmp/e;
  ${servers}
}
`

const nginxListens = ({ own, http, https }: Facts) => `
  listen 127.0.0.1:${http};
  listen 127.0.0.1:${https} ssl;
  ssl_certificate ${own}/cert.pem; ssl_certificate_key ${own}/key.pem;
`

const nginxAround = (facts: Facts, host: string) =>
  nginxHttp(facts.own, `server { ${nginxListens(facts)} ${included('nginx', facts.ours)} ${host} }`)

const nginxRoot = ({ php }: Facts) => `
  location ~ \\.php(/|$) { proxy_pass http://127.0.0.1:${php}; }
  location / { proxy_pass http://127.0.0.1:${php}; }
`

const nginxPublic = ({ own, php }: Facts) => `
  root ${own}/public;
  location / { try_files $uri /index.php$is_args$args; }
  location ~ ^/index\\.php$ { proxy_pass http://127.0.0.1:${php}; }
`

function composeAround(facts: Facts): string {
  const { own, node, php } = facts
  const made = makeComposeConf(own)
    .replace('listen 80;', nginxListens(facts))
    .replace('callmanager:8090', `127.0.0.1:${node}`)
    .replace('itsmng:8080', `127.0.0.1:${php}`)
  return nginxHttp(own, made)
}

/** The modules that the manual has enabled, and those that a host has. */
const apacheModules = () => [
  ...(/`a2enmod ([^`]+)`/.exec(MANUAL)?.[1] ?? '').split(' '),
  ...['mpm_event', 'authz_core', 'ssl', 'socache_shmcb', 'rewrite'],
]

const apacheAround = ({ own, ours, php, http, https }: Facts, host: string) => `
ServerName localhost
PidFile ${own}/pid
ErrorLog ${own}/error.log
Listen 127.0.0.1:${http}
Listen 127.0.0.1:${https}
${apacheModules()
  .map((name) => `LoadModule ${name}_module ${MODULES}/mod_${name}.so`)
  .join('\n')}
Mutex file:${own}/tmp
# As a host's PHP-FPM is asked for scripts.
<FilesMatch "\\.php$">
  SetHandler "proxy:http://127.0.0.1:${php}"
</FilesMatch>
<VirtualHost 127.0.0.1:${http}>
  ${included('apache', ours)}
  ${host}
</VirtualHost>
<VirtualHost 127.0.0.1:${https}>
  SSLEngine on
  SSLCertificateFile ${own}/cert.pem
  SSLCertificateKeyFile ${own}/key.pem
  ${included('apache', ours)}
  ${host}
</VirtualHost>
`

const apacheRoot = ({ php }: Facts) => `ProxyPass / http://127.0.0.1:${php}/`

const apachePublic = ({ own }: Facts) => `
  DocumentRoot ${own}/public
  <Directory ${own}/public>
    Require all granted
    RewriteEngine On
    RewriteCond %{REQUEST_FILENAME} !-f
    RewriteRule ^(.*)$ index.php [QSA,L]
  </Directory>
`

function makeCertificate(own: string): void {
  const args = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost'
  const { status, stderr } = spawnSync(
    findProgram('openssl') ?? '',
    [...args.split(' '), '-keyout', join(own, 'key.pem'), '-out', join(own, 'cert.pem')],
    { encoding: 'utf8' },
  )
  if (status !== 0) throw new Error(`openssl made no certificate: ${stderr}`)
}

async function started(child: ChildProcess, port: number): Promise<number> {
  const ended = once(child, 'exit')
  closeAfterFile(async () => {
    child.kill('SIGTERM')
    await ended
  })
  for (const deadline = performance.now() + STARTS_WITHIN_MS; ; await sleep(30)) {
    if (await answers(port)) return port
    if (child.exitCode !== null || performance.now() > deadline) throw new Error(`nothing listens on ${port}`)
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true))
    socket.on('error', () => resolve(false))
    socket.on('connect', () => socket.end())
  })
}
