// Brings what a checkout needs and has not got: Node 24 (stage 1), then the packages (stage 2).
// It runs on whatever Node the machine has, before anything is installed: so plain JavaScript, no dependency.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, delimiter, dirname, join } from 'node:path'
import { command, root } from './command.mjs'
import { fingerprint, isStamped } from './fingerprint.mjs'

const windows = process.platform === 'win32'
const runtime = join(root, 'runtime')
const runtimeBin = join(runtime, 'node_modules', 'node', 'bin')
const node24 = join(runtimeBin, windows ? 'node.exe' : 'node')

/** Installs what is missing or out of date. Returns the path of Node 24; throws an Error whose message is for people. */
export function setup() {
  installNode()
  installPackages()
  return node24
}

function installNode() {
  const stamp = join(runtime, 'node_modules', '.stamp')
  const print = fingerprint(runtime, ['package.json', 'package-lock.json'])
  if (existsSync(node24) && isStamped(stamp, print)) return

  console.log('Installing Node 24 …')
  npmCi(process.execPath, runtime)
  if (spawnSync(node24, ['--version']).status !== 0) {
    throw new Error(
      `npm ran, yet ${node24} does not start: is npm's setting ignore-scripts on? Then run once: ` +
        'npm ci --prefix runtime --ignore-scripts=false',
    )
  }
  writeFileSync(stamp, print)
}

function installPackages() {
  const stamp = join(root, 'node_modules', '.stamp')
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const print = fingerprint(root, ['package-lock.json'], [JSON.stringify({ dependencies, devDependencies })])
  if (isStamped(stamp, print)) return

  console.log('Installing packages …')
  npmCi(node24, root)
  linkNode()
  writeFileSync(stamp, print)
}

/** npm puts node_modules/.bin first on the PATH of every script, and contributors do: `node` there is then Node 24. */
function linkNode() {
  if (windows) return
  const link = join(root, 'node_modules', '.bin', 'node')
  rmSync(link, { force: true })
  symlinkSync('../../runtime/node_modules/node/bin/node', link)
}

/** Runs `npm ci` itself on the given Node, so that it neither warns of an old engine nor builds for one. */
function npmCi(node, cwd) {
  // NODE_ENV=production would leave out the compiler that `npm start` needs.
  const args = ['ci', '--no-audit', '--no-fund', '--include=dev']
  const npm = process.env.npm_execpath
  const ours = npm && basename(npm) === 'npm-cli.js'
  const options = { cwd, env: withFirstOnPath(dirname(node)), stdio: 'inherit' }
  const { status } = ours
    ? spawnSync(node, [npm, ...args], options)
    : spawnSync('npm', args, { ...options, shell: windows })
  if (status === 0) return
  throw new Error(
    `"npm ${args.join(' ')}" failed in ${cwd}; npm's reason stands above. Most often its registry cannot be reached: ` +
      'check the network and "npm config get registry", then run the same command again.',
  )
}

function withFirstOnPath(folder) {
  const name = Object.keys(process.env).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH'
  return { ...process.env, [name]: [folder, process.env[name]].join(delimiter) }
}

command(import.meta.url, setup)
