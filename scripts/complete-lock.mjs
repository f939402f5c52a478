// Run after changing a dependency: gives package-lock.json an entry for each platform's binary package.
// npm leaves out those that its registry did not offer at that moment (mirrors lag behind), and `npm ci` then refuses
// the lock, on every platform. An entry needs no more than a version and the platform that it is for.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { command, root } from './command.mjs'

const systems = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32']
const processors = ['arm64', 'arm', 'ia32', 'ppc64', 'riscv64', 's390x', 'x64']

command(import.meta.url, () => {
  const file = join(root, 'package-lock.json')
  const lock = JSON.parse(readFileSync(file, 'utf8'))
  const missing = Object.values(lock.packages).flatMap((owner) =>
    Object.entries(owner.optionalDependencies ?? {})
      .filter(([name]) => !lock.packages[`node_modules/${name}`])
      .map(([name, version]) => [`node_modules/${name}`, entry(name, version, owner.dev)]),
  )
  const packages = [...Object.entries(lock.packages), ...missing].sort(([a], [b]) => (a < b ? -1 : 1))
  writeFileSync(file, `${JSON.stringify({ ...lock, packages: Object.fromEntries(packages) }, null, 2)}\n`)
  console.log(`Added ${missing.length} packages of other platforms to package-lock.json.`)
})

/** The names all say what they are for: @biomejs/cli-linux-x64-musl, @node-rs/bcrypt-linux-arm-gnueabihf. */
function entry(name, version, dev) {
  const words = name.split('/').at(-1).split('-')
  const os = systems.find((system) => words.includes(system))
  const cpu = processors.find((processor) => words.includes(processor))
  if (!os || !cpu || !/^\d/.test(version))
    throw new Error(`Cannot tell which platform ${name}@${version} is for.`)
  const libc = words.some((word) => word.startsWith('musl'))
    ? ['musl']
    : words.some((word) => word.startsWith('gnu')) && ['glibc']
  return { version, cpu: [cpu], ...(dev && { dev }), ...(libc && { libc }), optional: true, os: [os] }
}
