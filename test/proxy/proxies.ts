import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { closeAfterFile } from '../support/after-file.ts'
import { findProgram } from '../support/find-program.ts'
import { freePort } from '../support/free-port.ts'

const SHIPPED = { nginx: 'nginx', apache: 'apache' } as const
export type Kind = keyof typeof SHIPPED
const MODULES = '/usr/lib/apache2/modules'
const STARTS_WITHIN_MS = 10_000

/** Where each program is; undefined where it is not installed. */
export const PROGRAMS = {
  nginx: findProgram('nginx'),
  apache: findProgram('apache2'),
  php: findProgram('php'),
  openssl: findProgram('openssl'),
}

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
  const child = spawn(PROGRAMS.php ?? '', ['-S', `127.0.0.1:${port}`, ...pages], { stdio: 'ignore' })
  return started(child, port)
}

/** What we ship for a web server. */
export const shipped = (kind: Kind): string =>
  readFileSync(new URL(`../../deploy/${SHIPPED[kind]}/callmanager.conf`, import.meta.url), 'utf8')

/** How docs/install.md has it included: what stands there is what is tried. */
function included(kind: Kind, ours: string): string {
  const manual = readFileSync(new URL('../../docs/install.md', import.meta.url), 'utf8')
  const line = new RegExp(`^\`\`\`${kind}\\n(.*)\\n\`\`\`$`, 'm').exec(manual)?.[1]
  if (line === undefined) throw new Error(`docs/install.md says nothing of ${kind}`)
  return line.replace(`/opt/callmanager/deploy/${SHIPPED[kind]}/callmanager.conf`, ours)
}

/**
 * The shipped file, or another, in a server of the host's: all that is not led to Call Manager goes to PHP. Answers its
 * ports, with TLS and without.
 */
export async function startProxy(
  kind: Kind,
  node: number,
  php: number,
  conf = shipped(kind),
): Promise<{ http: number; https: number }> {
  const own = newFolder()
  mkdirSync(join(own, 'tmp'))
  const ours = join(own, 'callmanager.conf')
  writeFileSync(ours, conf.replaceAll('127.0.0.1:8090', `127.0.0.1:${node}`))
  makeCertificate(own)
  const ports = { http: await freePort(), https: await freePort() }
  const around = { own, ours, php, ...ports }
  const server = join(own, 'server.conf')
  writeFileSync(server, kind === 'nginx' ? nginxAround(around) : apacheAround(around))
  const [program, args] =
    kind === 'nginx'
      ? [PROGRAMS.nginx, ['-p', own, '-c', server, '-e', join(own, 'error.log')]]
      : [PROGRAMS.apache, ['-d', own, '-f', server, '-D', 'FOREGROUND']]
  const child = spawn(program ?? '', args)
  child.stderr.on('data', (text) => console.error(String(text)))
  await started(child, ports.http)
  return ports
}

interface Around {
  own: string
  ours: string
  php: number
  http: number
  https: number
}

const nginxAround = ({ own, ours, php, http, https }: Around) => `
daemon off; user root; worker_processes 1; pid ${own}/pid;
events {}
http {
  access_log off;
  client_body_temp_path ${own}/tmp/a; proxy_temp_path ${own}/tmp/b; fastcgi_temp_path ${own}/tmp/c;
  uwsgi_temp_path ${own}/tmp/d; scgi_temp_path ${own}/tmp/e;
  server {
    listen 127.0.0.1:${http};
    listen 127.0.0.1:${https} ssl;
    ssl_certificate ${own}/cert.pem; ssl_certificate_key ${own}/key.pem;
    ${included('nginx', ours)}
    location / { proxy_pass http://127.0.0.1:${php}; }
  }
}
`

const apacheAround = ({ own, ours, php, http, https }: Around) =>
  `
ServerName localhost
PidFile ${own}/pid
ErrorLog ${own}/error.log
Listen 127.0.0.1:${http}
Listen 127.0.0.1:${https}
${['mpm_event', 'authz_core', 'proxy', 'proxy_http', 'headers', 'ssl', 'socache_shmcb']
  .map((name) => `LoadModule ${name}_module ${MODULES}/mod_${name}.so`)
  .join('\n')}
Mutex file:${own}/tmp
<VirtualHost 127.0.0.1:${http} 127.0.0.1:${https}>
  ${included('apache', ours)}
  ProxyPass / http://127.0.0.1:${php}/
</VirtualHost>
<VirtualHost 127.0.0.1:${https}>
  SSLEngine on
  SSLCertificateFile ${own}/cert.pem
  SSLCertificateKeyFile ${own}/key.pem
  ${included('apache', ours)}
  ProxyPass / http://127.0.0.1:${php}/
</VirtualHost>
`.replace(` 127.0.0.1:${https}>`, '>')

function makeCertificate(own: string): void {
  const args = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost'
  const { status, stderr } = spawnSync(
    PROGRAMS.openssl ?? '',
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
