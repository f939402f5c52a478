// npm test: everything that is checked, one after another, and one line at the end that says how it went.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { build } from './build.mjs'
import { command, root } from './command.mjs'
import { setup } from './setup.mjs'

const tally = { passed: 0, failed: 0, skipped: 0 }

command(import.meta.url, () => {
  const node24 = step('setup', setup)
  if (node24) {
    const tool = (...args) => runTool(node24, args)
    step('types', () => tool('typescript/bin/tsc', '--noEmit'))
    step('types of the pages', () => tool('typescript/bin/tsc', '--noEmit', '-p', 'web'))
    step('lint', () => tool('@biomejs/biome/bin/biome', 'check', '--error-on-warnings'))
    step('dead code', () => tool('knip/bin/knip.js'))
    step('build', () => build(node24))
    vitest(tool)
  }
  process.exitCode = tally.failed > 0 ? 1 : 0
  console.log(`${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped`)
})

/** A check counts as one test. A failed one does not keep the next from running. */
function step(name, run) {
  console.log(`\n— ${name}`)
  try {
    const result = run()
    tally.passed++
    return result
  } catch (error) {
    console.error(error.message)
    tally.failed++
  }
}

function runTool(node24, [path, ...args]) {
  const { status, signal } = spawnSync(node24, [join(root, 'node_modules', path), ...args], {
    cwd: root,
    stdio: 'inherit',
  })
  if (status !== 0) throw new Error(`${path} ended with ${signal ?? `exit code ${status}`}`)
}

function vitest(tool) {
  console.log('\n— tests')
  const folder = mkdtempSync(join(tmpdir(), 'callmanager-test-'))
  const json = join(folder, 'report.json')
  let failure
  try {
    tool('vitest/vitest.mjs', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${json}`)
  } catch (error) {
    failure = error
  }
  const ran = count(json, failure)
  rmSync(folder, { recursive: true, force: true })
  if (ran) return
  console.error(failure?.message ?? 'No test ran.')
  tally.failed++
}

/** Adds vitest's report to the tally. False when the report does not explain why vitest failed, or holds no test. */
function count(json, failure) {
  const report = readReport(json)
  if (!report) return false
  const failedBefore = tally.failed
  const ranBefore = tally.passed + tally.failed
  for (const file of report.testResults) {
    const tests = file.assertionResults
    const failed = tests.filter((test) => test.status === 'failed').length
    tally.passed += tests.filter((test) => test.status === 'passed').length
    // A file that failed to load, or a hook that failed, fails no test of its own.
    tally.failed += failed === 0 && file.status === 'failed' ? 1 : failed
    nameSkipped(
      relative(root, file.name),
      tests.filter((test) => !['passed', 'failed'].includes(test.status)),
    )
  }
  if (failure && tally.failed === failedBefore) return false
  return tally.passed + tally.failed > ranBefore
}

function readReport(json) {
  try {
    return JSON.parse(readFileSync(json, 'utf8'))
  } catch {
    return undefined
  }
}

/** One line for each group of skipped tests, so that what a machine lacks is named rather than only counted. */
function nameSkipped(file, tests) {
  const groups = new Map()
  for (const { ancestorTitles, title } of tests) {
    const name = ancestorTitles.join(' › ') || title
    groups.set(name, (groups.get(name) ?? 0) + 1)
  }
  tally.skipped += tests.length
  for (const [name, number] of groups) console.log(`skipped: ${file} › ${name} (${number})`)
}
